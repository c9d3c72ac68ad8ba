/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_server/web.h"

#include "base/escape.h"
#include "facts/html.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void sapp_web_open(void *data)
{
    struct sapp_server_client *const client = data;
    struct sapp_web *web = malloc(sizeof(*web));
    client->state = web;
    if (web == NULL) {
        sapp_conn_close(client->conn, 0);
        return;
    }
    web->length = 0;
    web->renegotiating = false;
    web->head_only = false;
    web->file = -1;
}

void sapp_web_release(struct sapp_server_client *client)
{
    struct sapp_web *const web = client->state;
    if (web != NULL && web->file >= 0)
        close(web->file);
    free(web);
}

/* The original says nothing of a client that leaves after the handshake, and when quiet nothing at all. */
void sapp_web_closed(void *data, const struct sapp_conn_closed *closed)
{
    struct sapp_server_client *const client = data;
    const bool failed = !closed->handshake_done || closed->end == SAPP_END_TLS;
    if (failed && !client->server->quiet)
        sapp_server_client_report(client, closed);
    ERR_clear_error();
    sapp_server_client_leave(client, closed);
}

static void send_memory(struct sapp_server_client *client, BIO *memory)
{
    char *text = NULL;
    const long length = BIO_get_mem_data(memory, &text);
    if (length > 0)
        (void)sapp_conn_write(client->conn, text, (size_t)length);
    sapp_server_client_finish(client);
}

void sapp_web_refuse(struct sapp_server_client *client, const struct sapp_http_request *request, const char *status,
                     const char *before, const char *after)
{
    const struct sapp_web *const web = client->state;
    BIO *memory = BIO_new(BIO_s_mem());
    if (memory == NULL) {
        sapp_conn_close(client->conn, 0);
        return;
    }
    (void)BIO_printf(memory, "HTTP/1.0 %s\r\nContent-type: text/plain\r\n\r\n", status);
    if (!web->head_only) {
        const size_t slash = request->target_length > 0 && request->target[0] == '/' ? 1 : 0;
        (void)BIO_puts(memory, before);
        sapp_escape_print(memory, request->target + slash, request->target_length - slash);
        (void)BIO_printf(memory, "%s\r\n", after);
    }
    send_memory(client, memory);
    BIO_free(memory);
}

void sapp_web_send_page(struct sapp_server_client *client)
{
    const struct sapp_web *const web = client->state;
    struct sapp_facts facts = {0};
    char *text = NULL;
    BIO *memory = BIO_new(BIO_s_mem());
    if (memory != NULL && sapp_server_client_gather(client, &facts))
        sapp_html_status_page(memory, &facts, client->server->contexts.main);
    const size_t length = memory != NULL ? (size_t)BIO_get_mem_data(memory, &text) : 0;
    const char *const body = web->head_only && length > 0 ? memmem(text, length, "\r\n\r\n", 4) : NULL;
    if (length > 0)
        (void)sapp_conn_write(client->conn, text, body != NULL ? (size_t)(body - text) + 4 : length);
    sapp_facts_clear(&facts);
    BIO_free(memory);
    sapp_server_client_finish(client);
}

static bool check_method(struct sapp_server_client *client, const struct sapp_http_request *request)
{
    struct sapp_web *const web = client->state;
    web->head_only = request->method == SAPP_HTTP_HEAD;
    if (request->method != SAPP_HTTP_OTHER)
        return true;
    sapp_web_refuse(client, &(struct sapp_http_request){0}, "501 Not Implemented", "only GET and HEAD are answered",
                    "");
    return false;
}

bool sapp_web_read(struct sapp_server_client *client, struct sapp_http_request *request)
{
    struct sapp_web *const web = client->state;
    web->length += sapp_conn_read(client->conn, web->data + web->length, sizeof(web->data) - web->length);
    switch (sapp_http_parse(web->data, web->length, sizeof(web->data), request)) {
    case SAPP_HTTP_COMPLETE:
        client->heard_out = sapp_http_is_whole(web->data, web->length);
        return check_method(client, request);
    case SAPP_HTTP_TOO_LONG:
        sapp_web_refuse(client, &(struct sapp_http_request){0}, "414 URI Too Long", "the request line is too long", "");
        return false;
    case SAPP_HTTP_INCOMPLETE:
        break;
    }
    return false;
}
