/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "conn/conn.h"

#include "args/features.h"
#include "conn/state.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    WRITE_BUFFER = 256 * 1024, /* bytes that may wait; a record must fit, for a retry of SSL_write(3) */
    ASYNC_RETRY_MS = 1
};

static void destroy(struct sapp_conn *conn)
{
    sapp_watch_stop(&conn->watch);
    sapp_timer_stop(&conn->handshake_timer);
    sapp_timer_stop(&conn->again_timer);
    sapp_timer_stop(&conn->linger_timer);
    sapp_outbox_free(&conn->outbox);
    sapp_failure_clear(&conn->failure);
    SSL_free(conn->ssl);
    if (conn->fd >= 0)
        close(conn->fd);
    free(conn);
}

struct sapp_conn *sapp_conn_new(struct sapp_loop *loop, SSL *ssl, int fd, const struct sapp_conn_options *options,
                                struct sapp_failure *failure)
{
    struct sapp_conn *conn = calloc(1, sizeof(*conn));
    if (conn == NULL) {
        SSL_free(ssl);
        close(fd);
        sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for a connection");
        return NULL;
    }
    conn->loop = loop;
    conn->ssl = ssl;
    conn->fd = fd;
    conn->options = *options;
    conn->want_read = true;
    conn->read_needs = SAPP_READ;
    conn->outbox.limit = WRITE_BUFFER;
    SSL_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    if (sapp_conn_open_transport(conn))
        return conn;
    destroy(conn);
    sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for a connection");
    return NULL;
}

void sapp_conn_free(struct sapp_conn *conn)
{
    if (conn == NULL)
        return;
    conn->freed = true;
    if (conn->depth == 0)
        destroy(conn);
}

SSL *sapp_conn_ssl(const struct sapp_conn *conn)
{
    return conn->ssl;
}

int sapp_conn_fd(const struct sapp_conn *conn)
{
    return conn->fd;
}

BIO *sapp_conn_bio(const struct sapp_conn *conn)
{
    return conn->bio;
}

bool sapp_conn_is_established(const struct sapp_conn *conn)
{
    return conn->handshake_us > 0;
}

bool sapp_conn_is_closed(const struct sapp_conn *conn)
{
    return conn->phase >= SAPP_PHASE_ENDED;
}

bool sapp_conn_is_half_closed(const struct sapp_conn *conn)
{
    return conn->half_closed;
}

bool sapp_conn_is_renegotiating(const struct sapp_conn *conn)
{
    return conn->phase == SAPP_PHASE_OPEN && SSL_in_init(conn->ssl);
}

int64_t sapp_conn_handshake_us(const struct sapp_conn *conn)
{
    return conn->handshake_us;
}

void sapp_conn_end(struct sapp_conn *conn, enum sapp_conn_end end, bool writing, int saved_errno)
{
    if (conn->phase >= SAPP_PHASE_ENDED)
        return;
    if (end == SAPP_END_TLS)
        sapp_conn_push(conn); /* the alert that tells the peer why */
    if (conn->phase >= SAPP_PHASE_ENDED)
        return;
    conn->phase = SAPP_PHASE_ENDED;
    conn->end = end;
    conn->end_writing = writing;
    conn->end_errno = saved_errno;
    sapp_conn_explain(conn);
    sapp_watch_stop(&conn->watch);
    sapp_timer_stop(&conn->handshake_timer);
    sapp_timer_stop(&conn->linger_timer);
    sapp_outbox_free(&conn->outbox);
}

static void step_handshake(struct sapp_conn *conn);

static void on_again(void *data)
{
    struct sapp_conn *const conn = data;
    if (conn->phase == SAPP_PHASE_HANDSHAKE)
        step_handshake(conn);
    else if (conn->phase == SAPP_PHASE_OPEN && !sapp_conn_is_stuck(conn))
        sapp_conn_flush(conn);
    sapp_conn_settle(conn);
}

/* SSL_ERROR_SSL is also an end of file that libssl 3.0 and later report as an error. */
static bool is_eof(void)
{
#if SAPP_HAVE_CONF_3_0
    return ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_SSL &&
           ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
#else
    return false;
#endif
}

void sapp_conn_take_error(struct sapp_conn *conn, int result, int saved_errno, bool writing, unsigned int *needs)
{
    switch (SSL_get_error(conn->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        *needs = SAPP_READ;
        break;
    case SSL_ERROR_WANT_WRITE:
        *needs = SAPP_WRITE;
        break;
    case SSL_ERROR_ZERO_RETURN:
        *needs = 0;
        conn->half_closed = true;
        if (conn->phase == SAPP_PHASE_HANDSHAKE)
            sapp_conn_end(conn, SAPP_END_EOF, writing, 0);
        break;
    case SSL_ERROR_SYSCALL:
        if (saved_errno == 0)
            saved_errno = conn->transport_errno == EAGAIN ? 0 : conn->transport_errno;
        if (saved_errno == 0)
            sapp_conn_end(conn, SAPP_END_EOF, writing, 0);
        else
            sapp_conn_end(conn, SAPP_END_RESET, writing, saved_errno);
        break;
    case SSL_ERROR_SSL:
        sapp_conn_end(conn, is_eof() ? SAPP_END_EOF : SAPP_END_TLS, writing, 0);
        break;
    default: /* a callback or an engine asks for time */
        *needs = 0;
        conn->more = true;
        if (!sapp_timer_start(conn->loop, &conn->again_timer, ASYNC_RETRY_MS, on_again, conn, &conn->failure))
            sapp_conn_end(conn, SAPP_END_TLS, writing, 0);
        break;
    }
}

static void finish_handshake(struct sapp_conn *conn)
{
    const int64_t took_us = sapp_clock_us() - conn->begin_us;
    conn->handshake_us = took_us > 0 ? took_us : 1;
    conn->phase = SAPP_PHASE_OPEN;
    conn->read_needs = SAPP_READ;
    sapp_timer_stop(&conn->handshake_timer);
    if (conn->watcher == NULL && SSL_CTX_get_info_callback(SSL_get_SSL_CTX(conn->ssl)) == NULL)
        BIO_set_callback_ex(conn->bio, NULL);
    conn->depth++;
    if (conn->options.events->handshake_done != NULL)
        conn->options.events->handshake_done(conn->options.data);
    conn->depth--;
    if (conn->freed || conn->phase != SAPP_PHASE_OPEN)
        return;
    conn->more = conn->options.request_follows || SSL_has_pending(conn->ssl) == 1;
    if (conn->outbox.length > 0 || conn->shutdown_wanted)
        sapp_conn_flush(conn);
}

static void step_handshake(struct sapp_conn *conn)
{
    ERR_clear_error();
    errno = 0;
    const int result = SSL_do_handshake(conn->ssl);
    const int saved_errno = errno;
    if (result == 1) {
        finish_handshake(conn);
        return;
    }
    sapp_conn_take_error(conn, result, saved_errno, false, &conn->read_needs);
    sapp_conn_push(conn);
}

static void on_ready(void *data, unsigned int ready)
{
    struct sapp_conn *const conn = data;
    if (conn->phase == SAPP_PHASE_HANDSHAKE) {
        sapp_conn_push(conn);
        step_handshake(conn);
    } else {
        if ((ready & conn->write_needs) != 0 || (conn->blocked && (ready & SAPP_WRITE) != 0))
            sapp_conn_flush(conn);
        if ((ready & conn->read_needs) != 0)
            conn->more = true;
    }
    sapp_conn_settle(conn);
}

static void on_handshake_timeout(void *data)
{
    struct sapp_conn *const conn = data;
    sapp_conn_end(conn, SAPP_END_TIMEOUT, false, 0);
    sapp_conn_settle(conn);
}

void sapp_conn_start(struct sapp_conn *conn)
{
    const int64_t timeout_ms = conn->options.handshake_timeout_ms;
    conn->phase = SAPP_PHASE_HANDSHAKE;
    conn->begin_us = sapp_clock_us();
    if ((timeout_ms > 0 && !sapp_timer_start(conn->loop, &conn->handshake_timer, timeout_ms, on_handshake_timeout, conn,
                                             &conn->failure)) ||
        !sapp_watch_start(conn->loop, &conn->watch, conn->fd, SAPP_READ, on_ready, conn, &conn->failure)) {
        sapp_conn_end(conn, SAPP_END_RESET, false, ENOMEM);
    } else if (!SSL_is_server(conn->ssl)) {
        step_handshake(conn);
    }
    sapp_conn_settle(conn);
}

void sapp_conn_update_watch(struct sapp_conn *conn)
{
    unsigned int events = 0;
    if (conn->phase == SAPP_PHASE_HANDSHAKE) {
        events = conn->read_needs;
    } else {
        if (conn->want_read && !conn->half_closed && !conn->close_wanted)
            events |= conn->read_needs;
        events |= conn->write_needs;
    }
    if (conn->blocked)
        events |= SAPP_WRITE;
    sapp_watch_set(&conn->watch, events);
}

static void finish_close(struct sapp_conn *conn)
{
    sapp_conn_end(conn, SAPP_END_OWN, false, 0);
}

static void on_linger(void *data)
{
    struct sapp_conn *const conn = data;
    finish_close(conn);
    sapp_conn_settle(conn);
}

void sapp_conn_close(struct sapp_conn *conn, int64_t linger_ms)
{
    if (conn->phase >= SAPP_PHASE_ENDED)
        return;
    conn->close_wanted = true;
    conn->shutdown_wanted = true;
    conn->more = false;
    sapp_conn_push_all(conn);
    if (conn->phase < SAPP_PHASE_ENDED && linger_ms > 0 && sapp_conn_is_stuck(conn))
        (void)sapp_timer_start(conn->loop, &conn->linger_timer, linger_ms, on_linger, conn, &conn->failure);
    else
        finish_close(conn);
    sapp_conn_update_watch(conn);
    sapp_conn_settle(conn);
}

static void deliver_closed(struct sapp_conn *conn)
{
    const struct sapp_conn_closed closed = {
        .end = conn->end,
        .handshake_done = sapp_conn_is_established(conn),
        .writing = conn->end_writing,
        .saved_errno = conn->end_errno,
        .failure = &conn->failure,
    };
    conn->phase = SAPP_PHASE_CLOSED;
    if (conn->options.events->closed != NULL)
        conn->options.events->closed(conn->options.data, &closed);
}

/* Calls the one event that is due; returns false when none is. */
static bool deliver_one(struct sapp_conn *conn)
{
    const struct sapp_conn_events *const events = conn->options.events;
    void *const data = conn->options.data;
    if (conn->phase == SAPP_PHASE_ENDED) {
        deliver_closed(conn);
        return true;
    }
    if (conn->phase != SAPP_PHASE_OPEN || conn->close_wanted)
        return false;
    if (conn->drained || (conn->starved && conn->outbox.length <= conn->outbox.limit / 2)) {
        conn->drained = false;
        conn->starved = false;
        if (events->writable != NULL)
            events->writable(data);
        return true;
    }
    if (conn->half_closed && !conn->half_closed_told) {
        conn->half_closed_told = true;
        if (events->half_closed != NULL)
            events->half_closed(data);
        else
            sapp_conn_end(conn, SAPP_END_CLOSE_NOTIFY, false, 0);
        return true;
    }
    return false;
}

static void deliver_due(struct sapp_conn *conn)
{
    while (!conn->freed && deliver_one(conn))
        ;
}

static void deliver_readable(struct sapp_conn *conn)
{
    const bool may_read = conn->want_read && !conn->close_wanted && !conn->half_closed;
    if (conn->freed || !conn->more || !may_read || conn->phase != SAPP_PHASE_OPEN)
        return;
    if (conn->options.events->readable != NULL)
        conn->options.events->readable(conn->options.data);
    else
        conn->more = false;
}

/* Delivers everything that is due, and sends what the owner wrote in the course of it. */
static void deliver_all(struct sapp_conn *conn)
{
    conn->depth++;
    deliver_due(conn);
    deliver_readable(conn);
    deliver_due(conn);
    if (!conn->freed)
        sapp_conn_push_all(conn);
    deliver_due(conn);
    conn->depth--;
}

void sapp_conn_settle(struct sapp_conn *conn)
{
    if (conn->depth > 0)
        return;
    deliver_all(conn);
    if (conn->freed) {
        destroy(conn);
        return;
    }
    if (conn->phase >= SAPP_PHASE_ENDED)
        return;
    if (conn->close_wanted && !sapp_conn_is_stuck(conn)) {
        finish_close(conn);
        sapp_conn_settle(conn);
        return;
    }
    sapp_conn_update_watch(conn);
    if (conn->more && conn->want_read && conn->phase == SAPP_PHASE_OPEN)
        sapp_conn_settle_later(conn);
}

void sapp_conn_settle_later(struct sapp_conn *conn)
{
    if (conn->depth > 0 || conn->freed)
        return;
    sapp_conn_update_watch(conn);
    if (!sapp_timer_active(&conn->again_timer))
        (void)sapp_timer_start(conn->loop, &conn->again_timer, 0, on_again, conn, &conn->failure);
}
