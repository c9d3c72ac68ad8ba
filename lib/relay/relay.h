/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_RELAY_RELAY_H
#define SAPP_RELAY_RELAY_H

#include "args/relay.h"
#include "base/failure.h"
#include "base/io.h"
#include "conn/conn.h"
#include "loop/loop.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Moves bytes between the program's standard streams and one TLS connection at a time, on the loop, with bounded memory
 * both ways: while standard output is stuck the connection is not read, and while the connection is stuck standard
 * input is not read. The relay outlives connections: a server attaches one after the other.
 *
 * The owner of the connection forwards two of its events: call sapp_relay_readable() in `readable` and
 * sapp_relay_writable() in `writable`. SIGPIPE must be ignored (sapp_conn_ignore_sigpipe()).
 */

struct sapp_relay;

/*
 * What happens; every member may be NULL. `data` is the owner's. Inside each of them the relay may be detached, but not
 * freed.
 *   command: a line of the input begins with one of the letters, or is one of the lone ones. Return true to take it:
 *            the rest of its line is dropped then; or false to have the line sent as data.
 *   input_ended: standard input is at its end, or cannot be read. Comes once, after the last of its bytes was given to
 *            the connection. With ign_eof the owner leaves the connection alone.
 *   first_byte: the first payload of this connection is about to be written.
 *   output_done: after sapp_relay_finish(): everything that the connection gave has been written.
 *   output_gone: standard output cannot be written any more (its reader has gone, or the disk is full). Comes once;
 *            payload is dropped from then on.
 */
struct sapp_relay_events {
    bool (*command)(void *data, char letter);
    void (*input_ended)(void *data);
    void (*first_byte)(void *data);
    void (*output_done)(void *data);
    void (*output_gone)(void *data, int saved_errno);
};

struct sapp_relay_options {
    const struct sapp_relay_events *events; /* must outlive the relay */
    void *data;
    const char *letters; /* the command letters, "QRkK"; NULL or "": none */
    const char *lone;    /* those that are commands only where they are the whole line; NULL or "": none */
    bool crlf;           /* -crlf: each LF of the input becomes CR LF */
    bool no_input;       /* standard input is left alone and `input_ended` never comes */
};

/* Sets what the relay options ask of a context: -ignore_unexpected_eof. */
void sapp_relay_apply(const struct sapp_relay_args *args, SSL_CTX *ctx);

/*
 * Makes a relay for the program's streams, which must outlive it. Nothing is read before a connection is attached.
 * Returns NULL and fails with kind internal.
 */
struct sapp_relay *sapp_relay_new(struct sapp_loop *loop, struct sapp_io *io, const struct sapp_relay_options *options,
                                  struct sapp_failure *failure);

/*
 * Starts relaying between the streams and `conn`, which has finished its handshake and must stay until
 * sapp_relay_detach(). libssl reads ahead from then on, unless a callback watches the transport (-debug). When the
 * input has ended before, `input_ended` comes again, in the next round of the loop.
 */
void sapp_relay_attach(struct sapp_relay *relay, struct sapp_conn *conn);

/*
 * Ends relaying for the attached connection, if any: standard input rests, and what was read of it for this connection
 * but not sent is dropped. Payload that came is still written.
 */
void sapp_relay_detach(struct sapp_relay *relay);

/* Moves what the connection has to standard output. Returns how many bytes: 0 also while standard output is stuck. */
size_t sapp_relay_readable(struct sapp_relay *relay);

/* Goes on with input that the connection had no room for. */
void sapp_relay_writable(struct sapp_relay *relay);

/* Bytes of standard input that were read so far. */
uint64_t sapp_relay_input_count(const struct sapp_relay *relay);

/* Bytes of payload that wait for standard output. While there are any, text on io->out would overtake them. */
size_t sapp_relay_pending_output(const struct sapp_relay *relay);

/*
 * Calls `output_done` when all payload is written, inside the call when nothing waits. For the end of a connection,
 * before the last lines of text: call it in the connection's `closed` or `half_closed` event.
 */
void sapp_relay_finish(struct sapp_relay *relay);

/* True after `output_gone`. */
bool sapp_relay_output_is_gone(const struct sapp_relay *relay);

/* Frees the relay; payload that waits is lost. The streams and the connection stay. NULL is fine. */
void sapp_relay_free(struct sapp_relay *relay);

#endif
