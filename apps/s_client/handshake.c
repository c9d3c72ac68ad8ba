/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_client/client.h"

#include "sni/sni.h"

#include <unistd.h>

static void on_handshake_done(void *data)
{
    struct sapp_s_client *const client = data;
    client->handshake_end_us = sapp_clock_us();
    client->facts.given.timings.handshake_us = sapp_conn_handshake_us(client->conn);
    client->facts.given.npn_status = client->alpn.npn_status;
    sapp_s_client_report(client);
    sapp_s_client_exchange(client);
}

static void on_readable(void *data)
{
    sapp_s_client_readable(data);
}

static void on_writable(void *data)
{
    struct sapp_s_client *const client = data;
    sapp_relay_writable(client->relay);
}

static void on_half_closed(void *data)
{
    sapp_s_client_half_closed(data);
}

static void on_closed(void *data, const struct sapp_conn_closed *closed)
{
    sapp_s_client_closed(data, closed);
}

static const struct sapp_conn_events events = {
    .handshake_done = on_handshake_done,
    .readable = on_readable,
    .writable = on_writable,
    .half_closed = on_half_closed,
    .closed = on_closed,
};

static SSL *make_ssl(struct sapp_s_client *client, struct sapp_failure *failure)
{
    const struct sapp_s_client_args *const args = client->args;
    const char *const named = sapp_s_client_names_host(client) ? client->target.host : NULL;
    const char *const host = args->network.unix_given ? args->network.unix : named;
    SSL *const ssl = SSL_new(client->ctx);
    if (ssl == NULL) {
        sapp_fail(failure, SAPP_FAILURE_INTERNAL, "libssl cannot make a connection");
        return NULL;
    }
    SSL_set_connect_state(ssl);
    if (client->session != NULL && SSL_set_session(ssl, client->session) != 1) {
        sapp_fail(failure, SAPP_FAILURE_INPUT, "libssl refuses the session of -sess_in '%s'",
                  args->session.sess_in != NULL ? args->session.sess_in : "");
        SSL_free(ssl);
        return NULL;
    }
    if (sapp_sni_client_apply(&args->sni, host, args->output.json ? NULL : client->io->err, ssl, failure))
        return ssl;
    SSL_free(ssl);
    return NULL;
}

bool sapp_s_client_handshake(struct sapp_s_client *client, struct sapp_failure *failure)
{
    const struct sapp_s_client_args *const args = client->args;
    const struct sapp_conn_options options = {
        .events = &events,
        .data = client,
        .handshake_timeout_ms = args->timeout.handshake_timeout_given ? args->timeout.handshake_timeout : 0,
        .nbio_test = args->relay.nbio_test,
    };
    client->phase = SAPP_S_CLIENT_HANDSHAKE;
    client->got_ticket = client->key_update_pending = client->peer_closed = client->says_done = client->done = false;
    SSL *const ssl = make_ssl(client, failure);
    if (ssl == NULL) {
        close(client->connected.fd);
        return false;
    }
    client->conn = sapp_conn_new(client->loop, ssl, client->connected.fd, &options, failure);
    if (client->conn == NULL)
        return false;
    sapp_trace_attach(&client->trace, ssl);
    if (args->debug.debug)
        sapp_conn_watch_bio(client->conn, sapp_trace_bio, &client->trace);
    sapp_conn_start(client->conn);
    return true;
}
