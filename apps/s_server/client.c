/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_server/server.h"

#include "base/report.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    LINGER_MS = 10 * 60 * 1000, /* for a slow reader; -max_time may be shorter */
    DRAIN_IDLE_MS = 500,        /* for a client that still sends when it was answered */
    DRAIN_MS = 5000
};

void sapp_server_tell(struct sapp_server *server, struct sapp_failure *failure)
{
    sapp_failure_report(server->io->err, "s_server", failure);
    sapp_failure_clear(failure);
}

static void link_client(struct sapp_server_client *client)
{
    struct sapp_server *const server = client->server;
    client->next = server->clients;
    if (client->next != NULL)
        client->next->previous = client;
    server->clients = client;
}

static void unlink_client(struct sapp_server_client *client)
{
    if (client->previous != NULL)
        client->previous->next = client->next;
    else
        client->server->clients = client->next;
    if (client->next != NULL)
        client->next->previous = client->previous;
}

/* Clients at a Unix socket have no address. */
static void tell_of(const struct sapp_server_client *client, const struct sapp_failure *failure)
{
    char address[SAPP_ADDRESS_TEXT_SIZE];
    struct sapp_failure named = {0};
    if (client->peer.storage.ss_family == AF_UNIX)
        sapp_fail_about(&named, failure, "a client");
    else
        sapp_fail_about(&named, failure, "client %s", sapp_address_text(&client->peer, address));
    sapp_server_tell(client->server, &named);
}

static void on_max_time(void *data)
{
    struct sapp_server_client *const client = data;
    struct sapp_server *const server = client->server;
    struct sapp_failure failure = {0};
    sapp_fail(&failure, SAPP_FAILURE_TIMEOUT, "a connection lasted longer than %g s (-max_time)",
              (double)server->args->timeout.max_time / 1000);
    tell_of(client, &failure);
    sapp_failure_clear(&failure);
    sapp_server_client_expel(client);
}

static bool open_connection(struct sapp_server_client *client, int fd, struct sapp_failure *failure)
{
    struct sapp_server *const server = client->server;
    const struct sapp_s_server_args *const args = server->args;
    const struct sapp_conn_options options = {
        .events = &server->mode->events,
        .data = client,
        .handshake_timeout_ms = args->timeout.handshake_timeout_given ? args->timeout.handshake_timeout : 0,
        .request_follows = server->mode != &sapp_relay_server_mode,
        .nbio_test = args->relay.nbio_test,
    };
    SSL *ssl = SSL_new(server->contexts.main);
    if (ssl == NULL) {
        close(fd);
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for a connection");
    }
    SSL_set_accept_state(ssl);
    client->conn = sapp_conn_new(server->loop, ssl, fd, &options, failure);
    if (client->conn == NULL)
        return false;
    sapp_trace_attach(&server->contexts.trace, ssl);
    if (args->debug.debug)
        sapp_conn_watch_bio(client->conn, sapp_trace_bio, &server->contexts.trace);
    return !args->timeout.max_time_given ||
           sapp_timer_start(server->loop, &client->end_timer, args->timeout.max_time, on_max_time, client, failure);
}

void sapp_server_client_start(struct sapp_server *server, int fd, const struct sapp_address *peer)
{
    struct sapp_server_client *client = calloc(1, sizeof(*client));
    if (client == NULL) {
        close(fd);
        return;
    }
    client->server = server;
    client->peer = *peer;
    link_client(client);
    if (server->args->relay.nbio && !server->quiet)
        (void)BIO_puts(server->io->err, "Turned on non blocking io\n");
    struct sapp_failure failure = {0};
    if (open_connection(client, fd, &failure)) {
        sapp_conn_start(client->conn);
        return;
    }
    sapp_server_tell(server, &failure);
    sapp_server_client_end(client);
}

static void free_client(struct sapp_server_client *client)
{
    if (client->server->mode->release != NULL)
        client->server->mode->release(client);
    sapp_timer_stop(&client->end_timer);
    sapp_conn_free(client->conn);
    unlink_client(client);
    free(client);
}

/* Files that were written for it. The clients are served all the same. */
static void check_files(struct sapp_server *server)
{
    struct sapp_failure failure = {0};
    if (!sapp_trace_check_keylog(&server->contexts.trace, &failure))
        sapp_server_tell(server, &failure);
    if (!sapp_trace_check_messages(&server->contexts.trace, &failure))
        sapp_server_tell(server, &failure);
}

void sapp_server_client_end(struct sapp_server_client *client)
{
    struct sapp_server *const server = client->server;
    free_client(client);
    check_files(server);
    if (server->ending && server->clients == NULL)
        sapp_loop_stop(server->loop);
}

static void on_drained(void *data)
{
    sapp_server_client_end(data);
}

void sapp_server_client_leave(struct sapp_server_client *client, const struct sapp_conn_closed *closed)
{
    const bool may_send = closed->end == SAPP_END_OWN && !client->at_once && !sapp_conn_is_half_closed(client->conn);
    if (!may_send || (client->heard_out && !sapp_conn_has_unread(client->conn))) {
        sapp_server_client_end(client);
        return;
    }
    sapp_timer_stop(&client->end_timer);
    sapp_conn_drain(client->conn, DRAIN_IDLE_MS, DRAIN_MS, on_drained);
}

void sapp_server_client_expel(struct sapp_server_client *client)
{
    client->at_once = true;
    sapp_conn_close(client->conn, 0);
}

void sapp_server_clients_end(struct sapp_server *server)
{
    struct sapp_server_client *next;
    for (struct sapp_server_client *client = server->clients; client != NULL; client = next) {
        next = client->next;
        free_client(client);
    }
}

void sapp_server_client_finish(void *data)
{
    struct sapp_server_client *const client = data;
    sapp_conn_close(client->conn, LINGER_MS);
}

void sapp_server_client_report(struct sapp_server_client *client, const struct sapp_conn_closed *closed)
{
    BIO *const err = client->server->io->err;
    const struct sapp_failure *const failure = closed->failure;
    const bool in_queue = ERR_peek_error() != 0;
    if (closed->end == SAPP_END_OWN || closed->end == SAPP_END_CLOSE_NOTIFY)
        return;
    const long result = SSL_get_verify_result(sapp_conn_ssl(client->conn));
    if (!closed->handshake_done && result != X509_V_OK)
        BIO_printf(err, "verify error:%s\n", X509_verify_cert_error_string(result));
    sapp_report_errors(err);
    if (failure->kind != SAPP_FAILURE_NONE && (!closed->handshake_done || !in_queue))
        tell_of(client, failure);
}

int sapp_server_client_renegotiate(struct sapp_server_client *client, bool with_certificate)
{
    SSL *const ssl = sapp_conn_ssl(client->conn);
    const unsigned long resumption = SSL_OP_NO_SESSION_RESUMPTION_ON_RENEGOTIATION;
    if (with_certificate) {
        SSL_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE, NULL);
        /* A client that resumes its session in the new handshake, as libssl's does, would not be asked. */
        SSL_set_options(ssl, resumption);
    } else if ((SSL_CTX_get_options(SSL_get_SSL_CTX(ssl)) & resumption) == 0) {
        SSL_clear_options(ssl, resumption);
    }
    return SSL_renegotiate(ssl);
}

bool sapp_server_client_gather(struct sapp_server_client *client, struct sapp_facts *facts)
{
    const struct sapp_output_args *const output = &client->server->args->output;
    sapp_facts_start(facts, "s_server");
    if (output->keymatexport_given) {
        facts->given.keymat_label = output->keymatexport;
        facts->given.keymat_length = output->keymatexportlen;
    }
    facts->given.timings.handshake_us = sapp_conn_handshake_us(client->conn);
    struct sapp_failure failure = {0};
    const bool good = sapp_facts_gather(facts, sapp_conn_ssl(client->conn), &failure);
    if (!good)
        sapp_server_tell(client->server, &failure);
    return good;
}
