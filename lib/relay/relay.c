/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "relay/relay.h"

#include "args/features.h"
#include "relay/input.h"
#include "relay/output.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    READ_SIZE = 64 * 1024, /* a pipe's */
    READ_AHEAD = 64 * 1024 /* about four records of the largest size */
};

struct sapp_relay {
    struct sapp_loop *loop;
    struct sapp_relay_options options;
    struct sapp_conn *conn; /* NULL: none is attached */

    int in_fd;
    bool terminal;
    struct sapp_watch in_watch;
    struct sapp_timer first_timer; /* the first look at the input for a new connection */
    unsigned char *chunk;          /* READ_SIZE for a read, and twice that much for its CR LF form */
    const unsigned char *pending;  /* input that the connection has not taken: in `chunk` */
    size_t pending_length;
    const unsigned char *held; /* input behind a command that the peer has to answer: in `chunk`; NULL: none waits */
    size_t held_length;
    uint64_t in_count;
    bool in_mid_line; /* the last byte of the input was no line end */
    bool ended;
    bool ended_told;

    struct sapp_output output;
    bool had_payload; /* of this connection */
    bool gone_told;
    bool finishing;
};

static void tell_ended(void *data)
{
    struct sapp_relay *const relay = data;
    if (relay->conn == NULL)
        return;
    relay->ended_told = true;
    if (relay->options.events->input_ended != NULL)
        relay->options.events->input_ended(relay->options.data);
}

static void end_input(struct sapp_relay *relay)
{
    relay->ended = true;
    sapp_watch_stop(&relay->in_watch);
    if (relay->pending_length == 0)
        tell_ended(relay);
}

/* Gives what waits to the connection. Returns true when nothing waits any more. */
static bool push_input(struct sapp_relay *relay)
{
    if (relay->pending_length > 0) {
        const size_t taken = sapp_conn_write(relay->conn, relay->pending, relay->pending_length);
        relay->pending += taken;
        relay->pending_length -= taken;
    }
    return relay->pending_length == 0;
}

/* Runs the commands at the beginning of what was read; returns how many bytes they were. */
static size_t run_commands(struct sapp_relay *relay, const unsigned char *data, size_t length)
{
    const struct sapp_relay_options *const options = &relay->options;
    size_t done = 0;
    if (relay->in_mid_line || options->events->command == NULL)
        return 0;
    while (sapp_input_is_command(options->letters, options->lone, relay->terminal, data + done, length - done)) {
        if (!options->events->command(options->data, (char)data[done]))
            break;
        if (relay->conn == NULL)
            return length;
        done += sapp_input_line(data + done, length - done);
        if (sapp_conn_is_renegotiating(relay->conn))
            break;
    }
    return done;
}

/*
 * What stands behind a renegotiation in the input, be it the end, waits until the peer has agreed or refused: who asks
 * for one wants to see that.
 */
static bool hold(struct sapp_relay *relay, const unsigned char *data, size_t length)
{
    if (!sapp_conn_is_renegotiating(relay->conn))
        return false;
    relay->held = data;
    relay->held_length = length;
    sapp_watch_stop(&relay->in_watch);
    return true;
}

static void take_input(struct sapp_relay *relay, const unsigned char *data, size_t length)
{
    const size_t skipped = run_commands(relay, data, length);
    data += skipped;
    length -= skipped;
    if (relay->conn == NULL || hold(relay, data, length))
        return;
    relay->in_mid_line = length > 0 && data[length - 1] != '\n';
    relay->pending = data;
    relay->pending_length = length;
    if (relay->options.crlf) {
        unsigned char *const converted = relay->chunk + READ_SIZE;
        relay->pending_length = sapp_input_to_crlf(data, length, converted);
        relay->pending = converted;
    }
    if (!push_input(relay))
        sapp_watch_stop(&relay->in_watch);
}

static void on_input(void *data, unsigned int ready)
{
    struct sapp_relay *const relay = data;
    (void)ready;
    const ssize_t got = read(relay->in_fd, relay->chunk, READ_SIZE);
    if (got > 0) {
        relay->in_count += (uint64_t)got;
        take_input(relay, relay->chunk, (size_t)got);
    } else if (got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
        end_input(relay);
    }
}

static void watch_input(struct sapp_relay *relay)
{
    struct sapp_failure failure = {0};
    if (relay->options.no_input || relay->ended || sapp_watch_active(&relay->in_watch))
        return;
    /* A closed descriptor is an input without a byte; sapp_relay_attach() tells. */
    if (!sapp_watch_start(relay->loop, &relay->in_watch, relay->in_fd, SAPP_READ, on_input, relay, &failure))
        relay->ended = true;
    sapp_failure_clear(&failure);
}

/* What waits already is read before anything from the peer: with /dev/null the end comes first, each time. */
static void look_first(void *data)
{
    struct sapp_relay *const relay = data;
    struct pollfd wanted = {.fd = relay->in_fd, .events = POLLIN};
    if (relay->conn == NULL)
        return;
    if (relay->ended)
        tell_ended(relay);
    else if (sapp_watch_active(&relay->in_watch) && poll(&wanted, 1, 0) > 0)
        on_input(relay, SAPP_READ);
}

void sapp_relay_writable(struct sapp_relay *relay)
{
    if (relay->conn == NULL || !push_input(relay))
        return;
    if (relay->ended && !relay->ended_told)
        tell_ended(relay);
    else
        watch_input(relay);
}

static void take_held(struct sapp_relay *relay)
{
    const unsigned char *const held = relay->held;
    if (held == NULL || relay->conn == NULL || sapp_conn_is_renegotiating(relay->conn))
        return;
    relay->held = NULL;
    watch_input(relay);
    take_input(relay, held, relay->held_length);
}

static void tell_gone(struct sapp_relay *relay)
{
    if (relay->output.error == 0 || relay->gone_told)
        return;
    relay->gone_told = true;
    if (relay->options.events->output_gone != NULL)
        relay->options.events->output_gone(relay->options.data, relay->output.error);
}

static void tell_done(struct sapp_relay *relay)
{
    if (!relay->finishing || relay->output.length > 0)
        return;
    relay->finishing = false;
    if (relay->options.events->output_done != NULL)
        relay->options.events->output_done(relay->options.data);
}

static void on_output_changed(void *data)
{
    struct sapp_relay *const relay = data;
    if (relay->conn != NULL)
        sapp_conn_want_read(relay->conn, true);
    tell_gone(relay);
    tell_done(relay);
}

static void note_payload(struct sapp_relay *relay)
{
    if (relay->had_payload)
        return;
    relay->had_payload = true;
    if (relay->options.events->first_byte != NULL)
        relay->options.events->first_byte(relay->options.data);
}

static size_t read_payload(struct sapp_relay *relay)
{
    if (relay->conn == NULL || relay->output.length > 0)
        return 0;
    unsigned char *const room = sapp_output_room(&relay->output);
    const size_t got = sapp_conn_read(relay->conn, room, sapp_output_size);
    if (got == 0)
        return 0;
    note_payload(relay);
    sapp_output_write(&relay->output, got);
    if (relay->output.length > 0 && relay->conn != NULL)
        sapp_conn_want_read(relay->conn, false);
    tell_gone(relay);
    return got;
}

size_t sapp_relay_readable(struct sapp_relay *relay)
{
    const size_t got = read_payload(relay);
    take_held(relay);
    return got;
}

struct sapp_relay *sapp_relay_new(struct sapp_loop *loop, struct sapp_io *io, const struct sapp_relay_options *options,
                                  struct sapp_failure *failure)
{
    struct sapp_relay *relay = calloc(1, sizeof(*relay));
    if (relay != NULL)
        relay->chunk = malloc(3 * (size_t)READ_SIZE);
    if (relay == NULL || relay->chunk == NULL || !sapp_output_open(&relay->output, loop, io->out_fd, io->out)) {
        sapp_relay_free(relay);
        sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for the relay");
        return NULL;
    }
    relay->loop = loop;
    relay->options = *options;
    relay->in_fd = io->in_fd;
    relay->terminal = isatty(io->in_fd) == 1;
    relay->output.changed = on_output_changed;
    relay->output.data = relay;
    return relay;
}

/*
 * One read(2) brings several records then. Not when somebody watches the transport, to whom each read is told, nor
 * where the kernel has the records.
 */
static void read_ahead(struct sapp_conn *conn)
{
    SSL *const ssl = sapp_conn_ssl(conn);
    bool kernel = false;
#if SAPP_HAVE_KTLS
    kernel = (SSL_get_options(ssl) & SSL_OP_ENABLE_KTLS) != 0;
#endif
    if (kernel || BIO_get_callback_ex(sapp_conn_bio(conn)) != NULL)
        return;
    SSL_set_default_read_buffer_len(ssl, READ_AHEAD);
    SSL_set_read_ahead(ssl, 1);
}

void sapp_relay_attach(struct sapp_relay *relay, struct sapp_conn *conn)
{
    struct sapp_failure failure = {0};
    relay->conn = conn;
    relay->had_payload = false;
    relay->finishing = false;
    read_ahead(conn);
    if (relay->output.length > 0)
        sapp_conn_want_read(conn, false);
    if (relay->options.no_input)
        return;
    watch_input(relay);
    if (!sapp_timer_start(relay->loop, &relay->first_timer, 0, look_first, relay, &failure))
        look_first(relay);
    sapp_failure_clear(&failure);
}

void sapp_relay_detach(struct sapp_relay *relay)
{
    relay->conn = NULL;
    relay->pending_length = 0;
    relay->held = NULL;
    sapp_watch_stop(&relay->in_watch);
    sapp_timer_stop(&relay->first_timer);
}

uint64_t sapp_relay_input_count(const struct sapp_relay *relay)
{
    return relay->in_count;
}

size_t sapp_relay_pending_output(const struct sapp_relay *relay)
{
    return relay->output.length;
}

void sapp_relay_finish(struct sapp_relay *relay)
{
    relay->finishing = true;
    tell_done(relay);
}

bool sapp_relay_output_is_gone(const struct sapp_relay *relay)
{
    return relay->output.error != 0;
}

void sapp_relay_free(struct sapp_relay *relay)
{
    if (relay == NULL)
        return;
    sapp_relay_detach(relay);
    sapp_output_close(&relay->output);
    free(relay->chunk);
    free(relay);
}
