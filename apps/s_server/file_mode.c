/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/escape.h"
#include "http/files.h"
#include "s_server/web.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* -WWW and -HTTP: answers with files below the current directory, the first with a header of its own. */

enum {
    CHUNK_SIZE = 64 * 1024,
    HEADER_SIZE = 16 * 1024 /* of a file that holds its own; longer ones are cut */
};

static void refuse(struct sapp_server_client *client, const struct sapp_http_request *request,
                   enum sapp_file_status status)
{
    switch (status) {
    case SAPP_FILE_MISSING:
        sapp_web_refuse(client, request, "404 Not Found", "Error opening '", "' mode='r'");
        break;
    case SAPP_FILE_BAD_NAME:
        sapp_web_refuse(client, request, "403 Forbidden", "'", "' is an invalid path");
        break;
    case SAPP_FILE_UPWARD:
        sapp_web_refuse(client, request, "403 Forbidden", "'", "' contains '..' or ':'");
        break;
    case SAPP_FILE_OUTSIDE:
        sapp_web_refuse(client, request, "403 Forbidden", "'", "' leads out of the directory");
        break;
    case SAPP_FILE_DIRECTORY:
        sapp_web_refuse(client, request, "403 Forbidden", "'", "' is a directory");
        break;
    case SAPP_FILE_FORBIDDEN:
        sapp_web_refuse(client, request, "403 Forbidden", "Error opening '", "' mode='r'");
        break;
    case SAPP_FILE_ERROR:
    case SAPP_FILE_OPEN:
        sapp_web_refuse(client, request, "500 Internal Server Error", "Error opening '", "' mode='r'");
        break;
    }
}

static void finish(struct sapp_server_client *client)
{
    struct sapp_web *const web = client->state;
    close(web->file);
    web->file = -1;
    sapp_server_client_finish(client);
}

/* What libssl and the buffer did not take is read from the file again. Returns false when sending must wait or is over.
 */
static bool send_chunk(struct sapp_server_client *client, char *buffer, size_t header_length)
{
    const struct sapp_web *const web = client->state;
    const size_t room = CHUNK_SIZE - header_length;
    const ssize_t got = read(web->file, buffer + header_length, room);
    const size_t length = header_length + (got > 0 ? (size_t)got : 0);
    const size_t taken = length > 0 ? sapp_conn_write(client->conn, buffer, length) : 0;
    const bool at_end = got < (ssize_t)room; /* of a regular file */
    if (sapp_conn_is_closed(client->conn) || (at_end && taken == length)) {
        finish(client);
        return false;
    }
    if (taken == length)
        return true;
    if (lseek(web->file, -(off_t)(length - taken), SEEK_CUR) < 0)
        finish(client);
    return false;
}

static void send_file(struct sapp_server_client *client, const char *header, size_t header_length)
{
    char buffer[CHUNK_SIZE];
    memcpy(buffer, header, header_length);
    while (send_chunk(client, buffer, header_length))
        header_length = 0;
}

/* HEAD of a file that holds its own header. A file without one has nothing to answer it with. */
static void send_own_header(struct sapp_server_client *client)
{
    const struct sapp_web *const web = client->state;
    char buffer[HEADER_SIZE];
    const ssize_t got = read(web->file, buffer, sizeof(buffer));
    if (got > 0)
        (void)sapp_conn_write(client->conn, buffer, sapp_http_response_header(buffer, (size_t)got));
    finish(client);
}

static void print_name(struct sapp_server_client *client, const struct sapp_http_request *request)
{
    BIO *const err = client->server->io->err;
    char name[256];
    if (client->server->quiet)
        return;
    /* One write for usual names, since standard error is not buffered. */
    BIO *line = BIO_new(BIO_s_mem());
    if (line == NULL)
        return;
    (void)BIO_puts(line, "FILE:");
    sapp_escape_print(line, request->target + 1, request->target_length - 1);
    (void)BIO_puts(line, "\n");
    int length;
    while ((length = BIO_read(line, name, sizeof(name))) > 0)
        (void)BIO_write(err, name, length);
    BIO_free(line);
}

static void answer(struct sapp_server_client *client, const struct sapp_http_request *request)
{
    struct sapp_web *const web = client->state;
    const char *const name = request->target + 1;
    if (request->target_length == 0 || request->target[0] != '/' || !request->has_version) {
        sapp_web_refuse(client, request, "400 Bad Request", "'", "' is an invalid file name");
        return;
    }
    if (sapp_http_target_is(request, "/stats")) {
        sapp_web_send_page(client);
        return;
    }
    const enum sapp_file_status status = sapp_file_open(name, request->target_length - 1, &web->file);
    if (status != SAPP_FILE_OPEN) {
        refuse(client, request, status);
        return;
    }
    print_name(client, request);
    if (web->head_only && client->server->args->http.raw_files) {
        send_own_header(client);
        return;
    }
    char header[96] = "";
    if (!client->server->args->http.raw_files)
        snprintf(header, sizeof(header), "HTTP/1.0 200 ok\r\nContent-type: %s\r\n\r\n",
                 sapp_file_type(name, request->target_length - 1));
    const size_t header_length = strlen(header);
    if (!web->head_only) {
        send_file(client, header, header_length);
        return;
    }
    (void)sapp_conn_write(client->conn, header, header_length);
    finish(client);
}

static void on_readable(void *data)
{
    struct sapp_server_client *const client = data;
    const struct sapp_web *const web = client->state;
    struct sapp_http_request request;
    if (web->file >= 0)
        sapp_conn_want_read(client->conn, false);
    else if (sapp_web_read(client, &request))
        answer(client, &request);
}

static void on_writable(void *data)
{
    struct sapp_server_client *const client = data;
    const struct sapp_web *const web = client->state;
    if (web->file >= 0)
        send_file(client, "", 0);
}

const struct sapp_server_mode sapp_file_server_mode = {
    .events =
        {
            .handshake_done = sapp_web_open,
            .readable = on_readable,
            .writable = on_writable,
            .half_closed = sapp_server_client_finish,
            .closed = sapp_web_closed,
        },
    .release = sapp_web_release,
};
