/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_client/client.h"

#include "base/release.h"
#include "base/report.h"

#include <errno.h>
#include <openssl/err.h>
#include <string.h>
#include <unistd.h>

enum {
    REQUEST_WAIT_MS = 200, /* -json: how long a request on standard input is waited for */
    SCRATCH = 16384
};

/* Payload that nobody gets. */
static size_t drop_payload(struct sapp_s_client *client)
{
    unsigned char scratch[SCRATCH];
    return sapp_conn_read(client->conn, scratch, sizeof(scratch));
}

static void note_first_byte(struct sapp_s_client *client)
{
    int64_t *const first_byte = &client->facts.given.timings.first_byte_us;
    if (*first_byte < 0)
        *first_byte = sapp_clock_us() - client->handshake_end_us;
}

/* Releases from 3.2 on say so in one more line, and end with status 0; those from 3.6 on keep libssl's reason back. */
static void fail_command(struct sapp_s_client *client, const char *what)
{
    const bool forgiving = sapp_release_is_at_least(3, 2);
    const int status = client->status;
    struct sapp_failure failure = {0};
    if (forgiving)
        BIO_puts(client->io->err, "ERROR\n");
    sapp_fail(&failure, SAPP_FAILURE_IO, "%s is not possible: %s", what, sapp_openssl_reason());
    if (sapp_release_is_at_least(3, 6))
        ERR_clear_error();
    sapp_s_client_tell(client, &failure);
    if (forgiving)
        client->status = status;
    sapp_s_client_end(client);
}

static void renegotiate(struct sapp_s_client *client)
{
    BIO_puts(client->io->err, "RENEGOTIATING\n");
    ERR_clear_error();
    if (SSL_renegotiate(sapp_conn_ssl(client->conn)) != 1 || !sapp_conn_run_handshake(client->conn))
        fail_command(client, "renegotiation");
}

static void update_keys(struct sapp_s_client *client, int type)
{
    BIO_puts(client->io->err, "KEYUPDATE\n");
    ERR_clear_error();
    client->key_update_pending = type == SSL_KEY_UPDATE_REQUESTED;
    if (SSL_key_update(sapp_conn_ssl(client->conn), type) != 1 || !sapp_conn_run_handshake(client->conn))
        fail_command(client, "a key update");
}

static void quit(struct sapp_s_client *client)
{
    client->says_done = true;
    sapp_s_client_end(client);
}

static bool on_command(void *data, char letter)
{
    struct sapp_s_client *const client = data;
    switch (letter) {
    case 'Q':
        quit(client);
        break;
    case 'R':
        renegotiate(client);
        break;
    case 'K':
        update_keys(client, SSL_KEY_UPDATE_REQUESTED);
        break;
    default:
        update_keys(client, SSL_KEY_UPDATE_NOT_REQUESTED);
        break;
    }
    return true;
}

static void on_input_ended(void *data)
{
    struct sapp_s_client *const client = data;
    if (client->phase == SAPP_S_CLIENT_REQUEST) {
        if (sapp_relay_input_count(client->relay) == 0)
            sapp_s_client_end(client);
    } else if (!client->args->relay.ign_eof) {
        quit(client);
    }
}

static void on_first_byte(void *data)
{
    note_first_byte(data);
}

static void on_output_done(void *data)
{
    sapp_s_client_output_done(data);
}

/* Whoever read our output has seen enough; scripts rely on the exit status 0. */
static void on_output_gone(void *data, int saved_errno)
{
    struct sapp_s_client *const client = data;
    if (saved_errno != EPIPE && saved_errno != ECONNRESET) {
        struct sapp_failure failure = {0};
        sapp_fail(&failure, SAPP_FAILURE_IO, "cannot write to standard output: %s", strerror(saved_errno));
        sapp_s_client_tell(client, &failure);
    }
    if (client->phase == SAPP_S_CLIENT_RELAY)
        sapp_s_client_end(client);
}

const struct sapp_relay_events sapp_s_client_relay_events = {
    .command = on_command,
    .input_ended = on_input_ended,
    .first_byte = on_first_byte,
    .output_done = on_output_done,
    .output_gone = on_output_gone,
};

static void on_no_request(void *data)
{
    struct sapp_s_client *const client = data;
    if (sapp_relay_input_count(client->relay) == 0)
        sapp_s_client_end(client);
}

/* With -json the connection serves to be looked at: nothing is waited for but the answer to a request that is there. */
static void await_request(struct sapp_s_client *client)
{
    struct sapp_failure failure = {0};
    client->phase = SAPP_S_CLIENT_REQUEST;
    if (client->args->relay.no_interactive || isatty(client->io->in_fd) ||
        !sapp_timer_start(client->loop, &client->timer, REQUEST_WAIT_MS, on_no_request, client, &failure)) {
        sapp_failure_clear(&failure);
        sapp_s_client_end(client);
        return;
    }
    sapp_relay_attach(client->relay, client->conn);
}

void sapp_s_client_exchange(struct sapp_s_client *client)
{
    if (client->reconnects_left > 0) {
        BIO_puts(client->out, "drop connection and then reconnect\n");
        (void)BIO_flush(client->out);
        sapp_s_client_end(client);
    } else if (client->args->output.json) {
        await_request(client);
    } else {
        client->phase = SAPP_S_CLIENT_RELAY;
        sapp_relay_attach(client->relay, client->conn);
    }
}

/* A read that brought no data is told where the original always does: after K, and all along with -nbio_test. */
static void note_empty_read(struct sapp_s_client *client)
{
    const bool answered = client->key_update_pending && SSL_has_pending(sapp_conn_ssl(client->conn)) == 0;
    if (answered)
        client->key_update_pending = false;
    else if (!client->args->relay.nbio_test || sapp_relay_pending_output(client->relay) > 0 ||
             sapp_conn_is_half_closed(client->conn) || sapp_conn_is_closed(client->conn))
        return;
    BIO_puts(client->out, "read R BLOCK\n");
    (void)BIO_flush(client->out);
}

void sapp_s_client_readable(struct sapp_s_client *client)
{
    const bool had_ticket = client->got_ticket;
    switch (client->phase) {
    case SAPP_S_CLIENT_RELAY:
        if (sapp_relay_readable(client->relay) == 0 && client->got_ticket == had_ticket)
            note_empty_read(client);
        break;
    case SAPP_S_CLIENT_REQUEST:
        if (drop_payload(client) == 0)
            break;
        note_first_byte(client);
        sapp_s_client_end(client);
        break;
    default:
        (void)drop_payload(client);
        if (client->phase == SAPP_S_CLIENT_TICKET && client->got_ticket)
            sapp_s_client_end_with_session(client);
        break;
    }
}
