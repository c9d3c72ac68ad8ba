/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_CONN_STATE_H
#define SAPP_CONN_STATE_H

#include "conn/conn.h"
#include "conn/outbox.h"

/* Inside lib/conn only. */

enum {
    SAPP_CONN_FIRST_BYTES = 32
};

enum sapp_conn_phase {
    SAPP_PHASE_NEW,
    SAPP_PHASE_HANDSHAKE,
    SAPP_PHASE_OPEN,
    SAPP_PHASE_ENDED, /* the closed event is still to be delivered */
    SAPP_PHASE_CLOSED
};

struct sapp_conn {
    struct sapp_loop *loop;
    SSL *ssl;
    BIO *bio;     /* the SSL's, of the socket */
    BIO *sendbox; /* the SSL's, in memory, until it is sent in one piece; NULL: the SSL writes to the socket */
    int fd;
    struct sapp_conn_options options;
    enum sapp_conn_phase phase;

    struct sapp_watch watch;
    struct sapp_timer handshake_timer;
    struct sapp_timer again_timer; /* delivers what no descriptor will announce */
    struct sapp_timer linger_timer;
    int64_t begin_us;
    int64_t handshake_us;

    struct sapp_outbox outbox;
    unsigned int read_needs;  /* what SSL_read() waits for; or the handshake */
    unsigned int write_needs; /* what SSL_write() or SSL_shutdown() waits for; 0: nothing */
    bool blocked;             /* the socket does not take what is in the sendbox */
    bool want_read;
    bool more;        /* libssl holds bytes that the descriptor will not announce */
    bool starved;     /* sapp_conn_write() took less than was offered */
    bool drained;     /* the outbox ran empty since it was last filled */
    bool half_closed; /* the peer's close_notify came */
    bool half_closed_told;
    bool shutdown_wanted;
    bool shutdown_done;
    bool close_wanted;
    uint64_t received_bytes; /* of plaintext */
    bool received;           /* any byte */

    void (*drained_fn)(void *data); /* sapp_conn_drain() */
    int64_t drain_idle_ms;
    int64_t drain_end_ms;

    int depth;  /* of events that are running */
    bool freed; /* inside an event */

    enum sapp_conn_end end;
    bool end_writing;
    int end_errno;
    struct sapp_failure failure;

    unsigned char first[SAPP_CONN_FIRST_BYTES]; /* of what the peer sent */
    size_t first_length;
    BIO_callback_fn_ex watcher;
    int transport_errno; /* of the transport's last failure: callbacks that print lose errno */
};

/* Records the end of the connection, once. The failure text comes from the error queue, the errno and the first bytes.
 */
void sapp_conn_end(struct sapp_conn *conn, enum sapp_conn_end end, bool writing, int saved_errno);

/* Maps a failed SSL_read(), SSL_write(), SSL_do_handshake() or SSL_shutdown() to what it waits for, or ends. */
void sapp_conn_take_error(struct sapp_conn *conn, int result, int saved_errno, bool writing, unsigned int *needs);

/* Puts the BIOs under the SSL, unless it has its own. Returns false when memory is short. (transport.c) */
bool sapp_conn_open_transport(struct sapp_conn *conn);

/* Sends what is in the sendbox as far as the socket takes it. */
void sapp_conn_push(struct sapp_conn *conn);

/* True when nothing can be written until the descriptor is ready. */
bool sapp_conn_is_stuck(const struct sapp_conn *conn);

/*
 * Sends the sendbox and what waits behind it, until nothing is left or the descriptor has to get ready: whoever stops
 * in between would wait for an event that never comes.
 */
void sapp_conn_push_all(struct sapp_conn *conn);

/* Encrypts and sends what waits, then close_notify when it is wanted. */
void sapp_conn_flush(struct sapp_conn *conn);

/* Delivers events that are due, now or, inside an event, at its end. */
void sapp_conn_settle(struct sapp_conn *conn);

/* As sapp_conn_settle(), but in the next round of the loop: for functions that the owner calls. */
void sapp_conn_settle_later(struct sapp_conn *conn);

/* Waits for what the state needs. */
void sapp_conn_update_watch(struct sapp_conn *conn);

/* Writes the sentence and the hint for the end of a connection (explain.c). */
void sapp_conn_explain(struct sapp_conn *conn);

#endif
