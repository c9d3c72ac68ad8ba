/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/report.h"
#include "facts/brief.h"
#include "relay/relay.h"
#include "s_server/server.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Without a mode option: what one client sends goes to standard output, and standard input to that client. Handshakes
 * run side by side, so that a silent client holds nobody up; whoever is done first is relayed, the others wait.
 */

enum {
    QUIT_LINGER_MS = 2000,
    WAITING = 64 /* clients that may wait for their turn or their handshake; the system keeps further ones */
};

struct sapp_relay_mode {
    struct sapp_server *server;
    struct sapp_relay *relay;
    struct sapp_server_client *attached;         /* NULL: nobody */
    struct sapp_server_client *waiting[WAITING]; /* after their handshake, the first in [0] */
    size_t waiting_count;
    const char *last_word; /* "DONE" or "ERROR": printed when the client's data is out */
    bool connection_over;  /* the attached client's connection has ended */
    bool quitting;
};

static struct sapp_relay_mode *mode_of(struct sapp_server_client *client)
{
    return client->server->relay;
}

static void report(struct sapp_server_client *client)
{
    struct sapp_server *const server = client->server;
    const bool brief = server->args->output.brief;
    const bool whole = server->text == server->io->out;
    struct sapp_facts facts;
    if (!brief && !whole)
        return;
    const bool good = sapp_server_client_gather(client, &facts);
    if (good && brief)
        sapp_brief_report(server->io->err, &facts, &server->style);
    if (good && whole)
        sapp_text_server_report(server->text, &facts, &server->style);
    sapp_facts_clear(&facts);
}

static void attach(struct sapp_relay_mode *mode, struct sapp_server_client *client)
{
    mode->attached = client;
    mode->last_word = NULL;
    mode->connection_over = false;
    sapp_server_pause(mode->server, true);
    report(client);
    sapp_conn_want_read(client->conn, true);
    sapp_relay_attach(mode->relay, client->conn);
}

static void attach_next(struct sapp_relay_mode *mode)
{
    if (mode->waiting_count == 0) {
        sapp_server_pause(mode->server, false);
        return;
    }
    struct sapp_server_client *const client = mode->waiting[0];
    mode->waiting_count--;
    memmove(mode->waiting, mode->waiting + 1, mode->waiting_count * sizeof(struct sapp_server_client *));
    attach(mode, client);
}

static void forget_waiting(struct sapp_relay_mode *mode, const struct sapp_server_client *client)
{
    for (size_t i = 0; i < mode->waiting_count; i++) {
        if (mode->waiting[i] != client)
            continue;
        mode->waiting_count--;
        memmove(mode->waiting + i, mode->waiting + i + 1,
                (mode->waiting_count - i) * sizeof(struct sapp_server_client *));
        return;
    }
}

/* "DONE" or "ERROR": before what standard error tells of it, unless payload still waits to be written. */
static void print_word(struct sapp_relay_mode *mode)
{
    if (mode->last_word == NULL)
        return;
    (void)BIO_printf(mode->server->text, "%s\n", mode->last_word);
    (void)BIO_flush(mode->server->text);
    mode->last_word = NULL;
}

static void print_line(struct sapp_server *server, const char *line)
{
    (void)BIO_printf(server->text, "%s\n", line);
    (void)BIO_flush(server->text);
}

/* Lets the attached client go; its connection may still send what waits. */
static void detach(struct sapp_relay_mode *mode)
{
    struct sapp_server_client *const client = mode->attached;
    mode->attached = NULL;
    sapp_relay_detach(mode->relay);
    print_word(mode);
    print_line(mode->server, "shutting down SSL");
    if (mode->connection_over)
        sapp_server_client_end(client);
    else if (mode->quitting)
        sapp_conn_close(client->conn, QUIT_LINGER_MS);
    else
        sapp_server_client_finish(client);
    print_line(mode->server, "CONNECTION CLOSED");
    if (!mode->quitting)
        attach_next(mode);
}

static void on_output_done(void *data)
{
    struct sapp_relay_mode *const mode = data;
    if (mode->attached != NULL)
        detach(mode);
}

static void set_word(struct sapp_relay_mode *mode, const char *last_word)
{
    mode->last_word = last_word;
    if (sapp_relay_pending_output(mode->relay) == 0)
        print_word(mode);
}

static void end_attached(struct sapp_relay_mode *mode, const char *last_word)
{
    set_word(mode, last_word);
    sapp_relay_finish(mode->relay);
}

/* Ends the program: what the attached client sent and is to get is moved, the others are dropped. */
static void quit(struct sapp_relay_mode *mode)
{
    struct sapp_server *const server = mode->server;
    mode->quitting = true;
    set_word(mode, "DONE");
    (void)BIO_puts(server->io->err, "shutdown accept socket\n");
    sapp_server_close_listener(server);
    struct sapp_server_client *next;
    for (struct sapp_server_client *client = server->clients; client != NULL; client = next) {
        next = client->next;
        if (client != mode->attached)
            sapp_server_client_expel(client);
    }
    sapp_relay_finish(mode->relay);
}

static void on_input_ended(void *data)
{
    struct sapp_relay_mode *const mode = data;
    if (mode->server->args->relay.ign_eof || mode->quitting)
        return;
    /* "s_server -quiet <file" gives the file to a client; those that come later get nothing, as ever. */
    if (mode->server->quiet)
        end_attached(mode, NULL);
    else
        quit(mode);
}

/* The clients are served on: "s_server | head -1" reads the port and goes. */
static void on_output_gone(void *data, int saved_errno)
{
    const struct sapp_relay_mode *const mode = data;
    struct sapp_failure failure = {0};
    if (saved_errno == EPIPE)
        return;
    sapp_fail(&failure, SAPP_FAILURE_IO, "cannot write to standard output: %s", strerror(saved_errno));
    sapp_server_tell(mode->server, &failure);
}

static void run_handshake(struct sapp_relay_mode *mode)
{
    struct sapp_server *const server = mode->server;
    sapp_report_errors(server->io->err);
    const bool good = sapp_conn_run_handshake(mode->attached->conn);
    (void)BIO_printf(server->text, "SSL_do_handshake -> %d\n", good ? 1 : -1);
    (void)BIO_flush(server->text);
    sapp_report_errors(server->io->err);
}

static void request_certificate(struct sapp_relay_mode *mode)
{
    struct sapp_server *const server = mode->server;
    SSL *ssl = sapp_conn_ssl(mode->attached->conn);
    SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL);
    if (SSL_verify_client_post_handshake(ssl) == 1) {
        run_handshake(mode);
        return;
    }
    (void)BIO_puts(server->text, "Failed to initiate request\n");
    (void)BIO_flush(server->text);
    sapp_report_errors(server->io->err);
}

static void renegotiate(struct sapp_relay_mode *mode, bool with_certificate)
{
    (void)sapp_server_client_renegotiate(mode->attached, with_certificate);
    run_handshake(mode);
}

/* Breaks the connection on purpose: text that is no TLS record, past libssl. */
static void send_plain_text(struct sapp_relay_mode *mode)
{
    static const char text[] = "Lets print some clear text\n";
    const ssize_t written = write(sapp_conn_fd(mode->attached->conn), text, sizeof(text) - 1);
    (void)written;
}

/* The letters are those of openssl-s_server(1). S and P are sent to the client as well, as they always were. */
static bool on_command(void *data, char letter)
{
    struct sapp_relay_mode *const mode = data;
    SSL *ssl = sapp_conn_ssl(mode->attached->conn);
    switch (letter) {
    case 'Q':
        quit(mode);
        return true;
    case 'q':
        end_attached(mode, "DONE");
        return true;
    case 'r':
    case 'R':
        renegotiate(mode, letter == 'R');
        return true;
    case 'k':
    case 'K':
        (void)SSL_key_update(ssl, letter == 'K' ? SSL_KEY_UPDATE_REQUESTED : SSL_KEY_UPDATE_NOT_REQUESTED);
        run_handshake(mode);
        return true;
    case 'c':
        request_certificate(mode);
        return true;
    case 'S':
        sapp_text_server_statistics(mode->server->text, mode->server->contexts.main);
        return false;
    case 'P':
        send_plain_text(mode);
        return false;
    default:
        return false;
    }
}

static const struct sapp_relay_events relay_events = {
    .command = on_command,
    .input_ended = on_input_ended,
    .output_done = on_output_done,
    .output_gone = on_output_gone,
};

bool sapp_relay_mode_open(struct sapp_server *server)
{
    const struct sapp_s_server_args *const args = server->args;
    const bool commands = !server->quiet && !args->relay.nocommands;
    struct sapp_relay_mode *mode = calloc(1, sizeof(*mode));
    if (mode == NULL)
        return sapp_fail(server->failure, SAPP_FAILURE_INTERNAL, "out of memory");
    const struct sapp_relay_options options = {
        .events = &relay_events,
        .data = mode,
        .letters = commands ? "QqSP" : NULL,
        .lone = commands ? "RrKkc" : NULL,
        .crlf = args->relay.crlf,
    };
    mode->server = server;
    server->relay = mode;
    mode->relay = sapp_relay_new(server->loop, server->io, &options, server->failure);
    return mode->relay != NULL;
}

void sapp_relay_mode_close(struct sapp_server *server)
{
    if (server->relay == NULL)
        return;
    sapp_relay_free(server->relay->relay);
    free(server->relay);
    server->relay = NULL;
}

static void on_handshake_done(void *data)
{
    struct sapp_server_client *const client = data;
    struct sapp_relay_mode *const mode = mode_of(client);
    if (mode->attached == NULL) {
        attach(mode, client);
        return;
    }
    sapp_conn_want_read(client->conn, false);
    if (mode->waiting_count < WAITING)
        mode->waiting[mode->waiting_count++] = client;
    else
        sapp_server_client_expel(client);
}

/*
 * The original tells when a read brought no data but something of the protocol, such as a key update's answer; of a
 * handshake it tells when it is over.
 */
static void on_readable(void *data)
{
    struct sapp_server_client *const client = data;
    struct sapp_relay_mode *const mode = mode_of(client);
    const uint64_t before = sapp_conn_received(client->conn);
    if (mode->attached != client)
        return;
    const bool output_waits = sapp_relay_pending_output(mode->relay) > 0;
    sapp_relay_readable(mode->relay);
    if (output_waits || mode->attached != client || sapp_conn_received(client->conn) != before ||
        sapp_conn_is_closed(client->conn) || sapp_conn_is_half_closed(client->conn) ||
        SSL_in_init(sapp_conn_ssl(client->conn)) != 0)
        return;
    (void)BIO_puts(mode->server->text, "Read BLOCK\n");
    (void)BIO_flush(mode->server->text);
}

static void on_writable(void *data)
{
    struct sapp_server_client *const client = data;
    if (mode_of(client)->attached == client)
        sapp_relay_writable(mode_of(client)->relay);
}

static void on_half_closed(void *data)
{
    struct sapp_server_client *const client = data;
    struct sapp_relay_mode *const mode = mode_of(client);
    if (mode->attached == client)
        end_attached(mode, "DONE");
}

static void on_closed(void *data, const struct sapp_conn_closed *closed)
{
    struct sapp_server_client *const client = data;
    struct sapp_relay_mode *const mode = mode_of(client);
    if (mode->attached == client) {
        mode->connection_over = true;
        if (mode->last_word == NULL && closed->end != SAPP_END_OWN)
            set_word(mode, "ERROR");
        sapp_server_client_report(client, closed);
        sapp_relay_finish(mode->relay);
        return;
    }
    forget_waiting(mode, client);
    if (!closed->handshake_done) {
        if (closed->end != SAPP_END_OWN)
            (void)BIO_puts(client->server->io->err, "ERROR\n");
        sapp_server_client_report(client, closed);
        print_line(client->server, "shutting down SSL\nCONNECTION CLOSED");
    }
    ERR_clear_error();
    sapp_server_client_leave(client, closed);
}

const struct sapp_server_mode sapp_relay_server_mode = {
    .events =
        {
            .handshake_done = on_handshake_done,
            .readable = on_readable,
            .writable = on_writable,
            .half_closed = on_half_closed,
            .closed = on_closed,
        },
};
