/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_client/client.h"

#include "args/features.h"
#include "base/release.h"

#include <openssl/err.h>

enum {
    WORD_WAIT_MS = 200, /* and twice as long as the handshake took: what the server says after it comes next */
    SEND_WAIT_MS = 24 * 3600 * 1000, /* for a slow peer to take the last bytes; -max_time may end it sooner */
    CLOSE_WAIT_MS = 500              /* for the peer's own end, so that its last bytes meet no closed socket */
};

static void come_to_rest(struct sapp_s_client *client)
{
    sapp_relay_detach(client->relay);
    sapp_timer_stop(&client->timer);
    client->phase = SAPP_S_CLIENT_OVER;
    sapp_relay_finish(client->relay);
}

static void on_drained(void *data)
{
    come_to_rest(data);
}

static void begin_closing(struct sapp_s_client *client)
{
    client->phase = SAPP_S_CLIENT_CLOSING;
    sapp_timer_stop(&client->timer);
    if (client->says_done)
        BIO_puts(client->io->err, "DONE\n");
    client->says_done = false;
    sapp_conn_close(client->conn, SEND_WAIT_MS);
}

static void on_word_wait_over(void *data)
{
    begin_closing(data);
}

void sapp_s_client_end_with_session(struct sapp_s_client *client)
{
    begin_closing(client);
}

/*
 * TLS 1.3 servers send sessions after the handshake: they may still be on their way. So may the alert of a server that
 * asked for a certificate and does not take ours, or none; a ticket tells that it does.
 */
static bool awaits_word(const struct sapp_s_client *client)
{
    const bool wanted = client->reconnects_left > 0 || client->args->session.sess_out_given ||
                        sapp_facts_asked_certificate(&client->facts);
    return wanted && !client->got_ticket && SSL_version(sapp_conn_ssl(client->conn)) == TLS1_3_VERSION;
}

void sapp_s_client_end(struct sapp_s_client *client)
{
    struct sapp_failure failure = {0};
    if (client->phase >= SAPP_S_CLIENT_TICKET || client->peer_closed)
        return;
    sapp_relay_detach(client->relay);
    sapp_timer_stop(&client->timer);
    if (client->reconnects_left > 0)
        sapp_s_client_keep_session(client);
    const int64_t wait_ms = WORD_WAIT_MS + 2 * sapp_conn_handshake_us(client->conn) / 1000;
    if (awaits_word(client) &&
        sapp_timer_start(client->loop, &client->timer, wait_ms, on_word_wait_over, client, &failure)) {
        client->phase = SAPP_S_CLIENT_TICKET;
        sapp_conn_want_read(client->conn, true);
        return;
    }
    sapp_failure_clear(&failure);
    begin_closing(client);
}

void sapp_s_client_half_closed(struct sapp_s_client *client)
{
    if (client->phase == SAPP_S_CLIENT_RELAY) {
        client->peer_closed = true;
        sapp_relay_detach(client->relay);
        sapp_relay_finish(client->relay);
    } else {
        begin_closing(client);
    }
}

void sapp_s_client_output_done(struct sapp_s_client *client)
{
    if (client->phase == SAPP_S_CLIENT_OVER) {
        client->done = true;
        return;
    }
    BIO_puts(client->out, "closed\n");
    (void)BIO_flush(client->out);
    begin_closing(client);
}

static bool was_in_order(const struct sapp_s_client *client)
{
    return (SSL_get_shutdown(sapp_conn_ssl(client->conn)) & SSL_RECEIVED_SHUTDOWN) != 0;
}

static void print_errno(struct sapp_s_client *client, const struct sapp_conn_closed *closed, bool had_errors)
{
    const bool silent_eof = closed->end == SAPP_END_EOF && !had_errors && !was_in_order(client);
    /* The original's handshake is the first step of a write. */
    if (closed->end != SAPP_END_RESET && !silent_eof)
        return;
    if (client->args->output.brief && closed->handshake_done && !closed->writing)
        BIO_puts(client->io->err, "CONNECTION CLOSED BY SERVER\n");
    else
        BIO_printf(client->io->err, "%s:errno=%d\n", closed->writing || !closed->handshake_done ? "write" : "read",
                   closed->saved_errno);
}

static void name_server(const struct sapp_s_client *client, struct sapp_failure *failure,
                        const struct sapp_failure *from)
{
    const struct sapp_facts_given *const given = &client->facts.given;
    if (given->port != NULL)
        sapp_fail_about(failure, from, "'%s' port %s", given->host, given->port);
    else
        sapp_fail_about(failure, from, "'%s'", given->host);
}

static void explain_eof(const struct sapp_s_client *client, struct sapp_failure *failure)
{
    struct sapp_failure eof = {0};
    sapp_fail(&eof, SAPP_FAILURE_IO, "the server closed the connection without close_notify");
    sapp_hint(&eof, "what was received may be cut short%s",
              SAPP_HAVE_CONF_3_0 ? "; -ignore_unexpected_eof takes this for a proper end" : "");
    name_server(client, failure, &eof);
    sapp_failure_clear(&eof);
}

static void end_handshake(struct sapp_s_client *client, const struct sapp_conn_closed *closed)
{
    struct sapp_failure failure = {0};
    const bool had_errors = ERR_peek_error() != 0;
    name_server(client, &failure, closed->failure);
    if (closed->end == SAPP_END_EOF && was_in_order(client))
        BIO_puts(client->out, "closed\n");
    sapp_s_client_tell(client, &failure);
    print_errno(client, closed, had_errors);
    sapp_s_client_report(client);
}

static void end_relay(struct sapp_s_client *client, const struct sapp_conn_closed *closed)
{
    struct sapp_failure failure = {0};
    const bool had_errors = ERR_peek_error() != 0;
    if (closed->failure->kind != SAPP_FAILURE_NONE)
        name_server(client, &failure, closed->failure);
    else if (closed->end == SAPP_END_EOF)
        explain_eof(client, &failure);
    const int status = client->status;
    if (failure.kind != SAPP_FAILURE_NONE)
        sapp_s_client_tell(client, &failure);
    /* To libssl 1.1.1 this is no error, and scripts have the exit status 0 for it. */
    if (closed->end == SAPP_END_EOF && !sapp_release_is_at_least(3, 0))
        client->status = status;
    print_errno(client, closed, had_errors);
}

void sapp_s_client_closed(struct sapp_s_client *client, const struct sapp_conn_closed *closed)
{
    const enum sapp_s_client_phase phase = client->phase;
    if (phase == SAPP_S_CLIENT_OVER)
        return;
    if (phase == SAPP_S_CLIENT_CLOSING && closed->end == SAPP_END_OWN) {
        sapp_conn_drain(client->conn, CLOSE_WAIT_MS, CLOSE_WAIT_MS, on_drained);
        return;
    }
    if (phase == SAPP_S_CLIENT_HANDSHAKE) {
        client->reconnects_left = 0;
        end_handshake(client, closed);
    } else if (phase == SAPP_S_CLIENT_RELAY || phase == SAPP_S_CLIENT_REQUEST ||
               (phase == SAPP_S_CLIENT_TICKET && closed->end == SAPP_END_TLS)) {
        end_relay(client, closed);
    }
    ERR_clear_error();
    come_to_rest(client);
}

void sapp_s_client_time_over(const struct sapp_s_client *client, struct sapp_failure *failure)
{
    sapp_failure_clear(failure);
    sapp_fail(failure, SAPP_FAILURE_TIMEOUT, "the connection was not over after %g s (-max_time)",
              (double)client->args->timeout.max_time / 1000);
}

void sapp_s_client_stop(struct sapp_s_client *client)
{
    struct sapp_failure failure = {0};
    const bool established = sapp_conn_is_established(client->conn);
    sapp_s_client_time_over(client, &failure);
    client->reconnects_left = 0;
    client->phase = SAPP_S_CLIENT_OVER;
    sapp_relay_detach(client->relay);
    sapp_timer_stop(&client->timer);
    sapp_s_client_tell(client, &failure);
    if (established)
        sapp_conn_close(client->conn, 0);
    else
        sapp_s_client_report(client);
    client->done = true;
}
