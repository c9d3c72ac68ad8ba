/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_CONN_CONN_H
#define SAPP_CONN_CONN_H

#include "base/failure.h"
#include "loop/loop.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A TLS connection on the loop: handshake with a deadline, reading, writing with a bounded buffer, closing. Nothing
 * here blocks. SIGPIPE must be ignored by the program (sapp_conn_ignore_sigpipe()).
 *
 * Life: sapp_conn_new(), settings on sapp_conn_ssl() and sapp_conn_bio(), sapp_conn_start(), then the events. Exactly
 * one `closed` event ends it, unless the owner frees it before; after it only sapp_conn_ssl() and sapp_conn_free() make
 * sense. Every function but sapp_conn_new() may be called inside the events, sapp_conn_free() too.
 */

struct sapp_conn;

/* How a connection ended. */
enum sapp_conn_end {
    SAPP_END_CLOSE_NOTIFY, /* the peer closed it in order (RFC 8446 section 6.1) */
    SAPP_END_EOF,          /* the peer closed the transport without close_notify; no failure is recorded for it */
    SAPP_END_RESET,        /* the transport failed; `saved_errno` tells how: "read:errno=N", "write:errno=N" */
    SAPP_END_TLS,          /* TLS failed: an alert or a broken record; the error queue tells */
    SAPP_END_TIMEOUT,      /* a deadline passed */
    SAPP_END_OWN           /* sapp_conn_close() has done its work */
};

/* Why a connection ended, as the `closed` event tells it. */
struct sapp_conn_closed {
    enum sapp_conn_end end;
    bool handshake_done; /* false: the handshake never finished */
    bool writing;        /* it was found while writing */
    int saved_errno;     /* for SAPP_END_RESET */
    /*
     * Kind none for SAPP_END_CLOSE_NOTIFY and, after the handshake, SAPP_END_EOF. Kind handshake, timeout or io
     * otherwise, with a hint where the cause can be known. The connection's: gone after the event; the error queue of
     * the thread holds libssl's reasons during the event.
     */
    const struct sapp_failure *failure;
};

/*
 * What happens to a connection; every member may be NULL. `data` is the owner's.
 *   handshake_done: once. A client may write from now on.
 *   readable: plaintext may wait: call sapp_conn_read(). Called again as long as the owner leaves something.
 *   writable: the buffer has fallen to half after sapp_conn_write() took less than was offered; and once when all is
 * out after sapp_conn_write() put something into the buffer. half_closed: the peer sent close_notify and will send
 * nothing more, but may still read. When it is NULL, or leaves the connection alone, nothing else happens until the
 * owner closes: with NULL, `closed` is called instead. closed: the connection is over. Descriptor and SSL stay until
 * sapp_conn_free().
 */
struct sapp_conn_events {
    void (*handshake_done)(void *data);
    void (*readable)(void *data);
    void (*writable)(void *data);
    void (*half_closed)(void *data);
    void (*closed)(void *data, const struct sapp_conn_closed *closed);
};

/*
 * Prepares a context for connections: libssl reads ahead, up to `read_buffer` bytes with one system call (0: its usual
 * size), which saves calls for bulk data. Run it before the record group, so that -read_buf has the last word. Leave it
 * out for -debug, whose dump shows the header of each record as a read of its own.
 */
void sapp_conn_prepare(SSL_CTX *ctx, size_t read_buffer);

struct sapp_conn_options {
    const struct sapp_conn_events *events; /* must outlive the connection */
    void *data;
    int64_t handshake_timeout_ms; /* 0: none */
    bool request_follows;         /* the peer speaks first: `readable` comes with the end of the handshake, so that
                                     the answer may share a packet with the tickets */
    bool nbio_test;               /* put BIO_f_nbio_test(3) over the socket: every few calls pretend to block */
};

/*
 * Makes a connection of an SSL that has its role (SSL_set_connect_state() or SSL_set_accept_state()) and a connected,
 * nonblocking descriptor. A socket BIO is put under the SSL unless it has a BIO already. Both become the connection's
 * at once, also when this fails (kind internal, returns NULL).
 */
struct sapp_conn *sapp_conn_new(struct sapp_loop *loop, SSL *ssl, int fd, const struct sapp_conn_options *options,
                                struct sapp_failure *failure);

/* The SSL; the connection's. */
SSL *sapp_conn_ssl(const struct sapp_conn *conn);

/* The descriptor; the connection's. */
int sapp_conn_fd(const struct sapp_conn *conn);

/* The BIO right over the transport: the place for a callback that dumps what travels (-debug). */
BIO *sapp_conn_bio(const struct sapp_conn *conn);

/*
 * Lets `callback` (with `argument` as the BIO's callback argument) see every call of the transport BIO. Use this and
 * not BIO_set_callback_ex(): the connection looks at the peer's first bytes by the same way.
 */
void sapp_conn_watch_bio(struct sapp_conn *conn, BIO_callback_fn_ex callback, void *argument);

/* Starts the handshake. Its first step runs inside the call, events may be called too. */
void sapp_conn_start(struct sapp_conn *conn);

/* True after handshake_done. */
bool sapp_conn_is_established(const struct sapp_conn *conn);

/* True after the closed event, or when nothing can be read or written any more. */
bool sapp_conn_is_closed(const struct sapp_conn *conn);

/* True after the peer's close_notify. */
bool sapp_conn_is_half_closed(const struct sapp_conn *conn);

/* How long the handshake took, in microseconds; 0 before its end. */
int64_t sapp_conn_handshake_us(const struct sapp_conn *conn);

/*
 * Reads up to `size` bytes of plaintext; several records when they are there. Returns how many; 0 when there is nothing
 * now or nothing more, which an event tells.
 */
size_t sapp_conn_read(struct sapp_conn *conn, void *buffer, size_t size);

/* How many bytes of plaintext sapp_conn_read() gave in all. */
uint64_t sapp_conn_received(const struct sapp_conn *conn);

/*
 * Stops (false) or restarts (true) reading, for a reader whose own output is stuck. While stopped, TCP's window holds
 * the peer back. Reading is on from the start.
 */
void sapp_conn_want_read(struct sapp_conn *conn, bool want);

/*
 * Sends or buffers `size` bytes and returns how many were taken: less than `size` when the buffer is full (wait for
 * `writable`), 0 also after shutdown or end. Data before the end of the handshake waits in the buffer.
 */
size_t sapp_conn_write(struct sapp_conn *conn, const void *data, size_t size);

/* How many bytes sapp_conn_write() would take now. */
size_t sapp_conn_room(const struct sapp_conn *conn);

/* True while a further handshake runs: a renegotiation that the peer has not finished or refused. */
bool sapp_conn_is_renegotiating(const struct sapp_conn *conn);

/*
 * Runs what SSL_key_update(), SSL_renegotiate() or SSL_verify_client_post_handshake() has prepared on the SSL. Returns
 * false when libssl refuses; the error queue tells and the connection goes on.
 */
bool sapp_conn_run_handshake(struct sapp_conn *conn);

/*
 * Ends the own direction: sends close_notify when all buffered data is out. Reading goes on until the peer ends too.
 */
void sapp_conn_shutdown(struct sapp_conn *conn);

/*
 * Closes in order without waiting for the peer: buffered data first (at most `linger_ms`; 0: one attempt), then
 * close_notify. The closed event follows when this is done, with what was known; with nothing to wait for it comes
 * inside this call.
 */
void sapp_conn_close(struct sapp_conn *conn, int64_t linger_ms);

/*
 * After the `closed` event of SAPP_END_OWN, or inside it: ends the transport's sending direction and throws away what
 * the peer still sends, below TLS, until the peer ends too, nothing comes for `idle_ms`, or `most_ms` are over. Closing
 * the descriptor while bytes arrive would be a reset, which can cost the peer what we sent last. Then `drained` is
 * called with the owner's data, inside this call when waiting is not possible.
 */
void sapp_conn_drain(struct sapp_conn *conn, int64_t idle_ms, int64_t most_ms, void (*drained)(void *data));

/* True when bytes have come that nobody has read from the descriptor. */
bool sapp_conn_has_unread(const struct sapp_conn *conn);

/* Frees SSL, buffers and watches and closes the descriptor. No event follows. NULL is fine. */
void sapp_conn_free(struct sapp_conn *conn);

/* Ignores SIGPIPE, so that a peer that has gone is an error of the write. */
void sapp_conn_ignore_sigpipe(void);

#endif
