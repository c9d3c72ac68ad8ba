/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "conn/conn.h"

#include "conn/state.h"

#include <errno.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/types.h>

enum {
    SENDBOX_LIMIT = 64 * 1024 /* so many bytes, four records, go with one system call */
};

/* Moving bytes. Before each call into libssl errno and the error queue are emptied, as SSL_get_error(3) asks. */

static bool write_once(struct sapp_conn *conn, const void *data, size_t length, size_t *written)
{
    ERR_clear_error();
    errno = 0;
    const int result = SSL_write_ex(conn->ssl, data, length, written);
    const int saved_errno = errno;
    if (result == 1)
        return true;
    *written = 0;
    sapp_conn_take_error(conn, result, saved_errno, true, &conn->write_needs);
    return false;
}

/* A close_notify that cannot be sent is no failure of its own: whatever broke the transport shows in reading. */
static void send_close_notify(struct sapp_conn *conn)
{
    ERR_clear_error();
    const int result = SSL_shutdown(conn->ssl);
    if (result < 0 && SSL_get_error(conn->ssl, result) == SSL_ERROR_WANT_WRITE) {
        conn->write_needs = SAPP_WRITE;
        return;
    }
    conn->shutdown_done = true;
    if (result < 0)
        ERR_clear_error();
}

bool sapp_conn_is_stuck(const struct sapp_conn *conn)
{
    return conn->blocked || conn->write_needs != 0;
}

static void drop_sent(BIO *sendbox, size_t length)
{
    char dropped[16384];
    while (length > 0) {
        const int got = BIO_read(sendbox, dropped, length < sizeof(dropped) ? (int)length : (int)sizeof(dropped));
        if (got <= 0)
            return;
        length -= (size_t)got;
    }
}

/*
 * A peer that refuses something in TLS 1.3 sends an alert and leaves. Writing finds only that it left, so what it sent
 * is looked at first.
 */
static void fail_push(struct sapp_conn *conn, int error)
{
    char byte;
    size_t length;
    (void)BIO_reset(conn->sendbox);
    if (error == EPIPE || error == ECONNRESET) {
        ERR_clear_error();
        const int result = SSL_peek_ex(conn->ssl, &byte, sizeof(byte), &length);
        if (result == 1) {
            conn->more = true;
            return;
        }
        if (SSL_get_error(conn->ssl, result) == SSL_ERROR_SSL) {
            sapp_conn_take_error(conn, result, 0, false, &conn->read_needs);
            return;
        }
    }
    sapp_conn_end(conn, SAPP_END_RESET, true, error);
}

void sapp_conn_push(struct sapp_conn *conn)
{
    /* Closing the descriptor follows, and the last bytes share a packet with the end. */
    const int flags = MSG_NOSIGNAL | (conn->close_wanted ? MSG_MORE : 0);
    char *data = NULL;
    if (conn->sendbox == NULL || conn->phase >= SAPP_PHASE_ENDED)
        return;
    conn->blocked = false;
    while (!conn->blocked) {
        const long length = BIO_get_mem_data(conn->sendbox, &data);
        if (length <= 0)
            return;
        const ssize_t sent = send(conn->fd, data, (size_t)length, flags);
        if (sent == length) {
            (void)BIO_reset(conn->sendbox);
        } else if (sent >= 0) {
            drop_sent(conn->sendbox, (size_t)sent);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            conn->blocked = true;
        } else if (errno != EINTR) {
            fail_push(conn, errno);
            return;
        }
    }
}

/* True when the sendbox has room for another record, after sending what it has if need be. */
static bool has_room(struct sapp_conn *conn)
{
    if (conn->sendbox == NULL || BIO_ctrl_pending(conn->sendbox) < SENDBOX_LIMIT)
        return true;
    sapp_conn_push(conn);
    return conn->phase < SAPP_PHASE_ENDED && !conn->blocked;
}

void sapp_conn_flush(struct sapp_conn *conn)
{
    conn->write_needs = 0;
    while (conn->outbox.length > 0) {
        size_t written;
        if (!has_room(conn))
            return;
        if (!write_once(conn, sapp_outbox_first(&conn->outbox), conn->outbox.length, &written))
            return;
        sapp_outbox_drop(&conn->outbox, written);
        conn->drained = conn->outbox.length == 0;
    }
    if (conn->shutdown_wanted && !conn->shutdown_done)
        send_close_notify(conn);
}

static bool can_go_on(const struct sapp_conn *conn)
{
    return conn->phase == SAPP_PHASE_OPEN && !sapp_conn_is_stuck(conn) &&
           (conn->outbox.length > 0 || (conn->shutdown_wanted && !conn->shutdown_done));
}

void sapp_conn_push_all(struct sapp_conn *conn)
{
    do {
        if (can_go_on(conn))
            sapp_conn_flush(conn);
        sapp_conn_push(conn);
    } while (can_go_on(conn));
}

/* Encrypts straight from the caller's memory as long as the socket takes it. */
static size_t write_through(struct sapp_conn *conn, const unsigned char *data, size_t size)
{
    size_t total = 0;
    while (total < size && has_room(conn)) {
        const size_t left = size - total;
        size_t written;
        if (!write_once(conn, data + total, left < conn->outbox.limit ? left : conn->outbox.limit, &written))
            break;
        total += written;
    }
    return total;
}

/* An event pushes at its end, what the owner does by itself is pushed now. */
static void push_outside_events(struct sapp_conn *conn)
{
    if (conn->depth > 0)
        return;
    if (conn->phase == SAPP_PHASE_OPEN)
        sapp_conn_push_all(conn);
    /* What nothing will announce: the end, and room for an owner that was told to wait for it. */
    const bool has_news = conn->drained || conn->starved;
    if (conn->phase >= SAPP_PHASE_ENDED || (has_news && !sapp_conn_is_stuck(conn)))
        sapp_conn_settle_later(conn);
    else
        sapp_conn_update_watch(conn);
}

size_t sapp_conn_write(struct sapp_conn *conn, const void *data, size_t size)
{
    const unsigned char *const bytes = data;
    size_t total = 0;
    if (conn->phase >= SAPP_PHASE_ENDED || conn->shutdown_wanted)
        return 0;
    if (conn->phase == SAPP_PHASE_OPEN && conn->outbox.length == 0 && !sapp_conn_is_stuck(conn))
        total = write_through(conn, bytes, size);
    if (total < size && conn->phase < SAPP_PHASE_ENDED) {
        total += sapp_outbox_add(&conn->outbox, bytes + total, size - total);
        conn->starved = total < size;
        /* libssl insists on being offered the record again that it could not send. */
        if (conn->outbox.length == 0)
            sapp_conn_end(conn, SAPP_END_RESET, true, ENOMEM);
    }
    push_outside_events(conn);
    return total;
}

size_t sapp_conn_room(const struct sapp_conn *conn)
{
    if (conn->phase >= SAPP_PHASE_ENDED || conn->shutdown_wanted)
        return 0;
    return conn->outbox.limit - conn->outbox.length;
}

size_t sapp_conn_read(struct sapp_conn *conn, void *buffer, size_t size)
{
    unsigned char *const bytes = buffer;
    size_t total = 0;
    if (conn->phase != SAPP_PHASE_OPEN || conn->half_closed) {
        conn->more = false;
        return 0;
    }
    conn->read_needs = SAPP_READ;
    while (total < size) {
        size_t length;
        ERR_clear_error();
        errno = 0;
        const int result = SSL_read_ex(conn->ssl, bytes + total, size - total, &length);
        const int saved_errno = errno;
        if (result != 1) {
            conn->more = false;
            sapp_conn_take_error(conn, result, saved_errno, false, &conn->read_needs);
            break;
        }
        total += length;
        conn->received_bytes += length;
        /* Nothing left in libssl: the descriptor tells about the rest, and one read() less finds nothing. */
        if (SSL_has_pending(conn->ssl) == 0) {
            conn->more = false;
            break;
        }
    }
    if (conn->depth == 0 && (conn->phase != SAPP_PHASE_OPEN || conn->half_closed))
        sapp_conn_settle_later(conn);
    return total;
}

uint64_t sapp_conn_received(const struct sapp_conn *conn)
{
    return conn->received_bytes;
}

void sapp_conn_want_read(struct sapp_conn *conn, bool want)
{
    conn->want_read = want;
    if (want && conn->more)
        sapp_conn_settle_later(conn);
    else
        sapp_conn_update_watch(conn);
}

bool sapp_conn_run_handshake(struct sapp_conn *conn)
{
    if (conn->phase != SAPP_PHASE_OPEN)
        return false;
    ERR_clear_error();
    const int result = SSL_do_handshake(conn->ssl);
    const int error = result == 1 ? SSL_ERROR_NONE : SSL_get_error(conn->ssl, result);
    if (error == SSL_ERROR_WANT_WRITE)
        conn->read_needs = SAPP_WRITE; /* reading goes on with it */
    push_outside_events(conn);
    return error == SSL_ERROR_NONE || error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

void sapp_conn_shutdown(struct sapp_conn *conn)
{
    if (conn->phase >= SAPP_PHASE_ENDED || conn->shutdown_wanted)
        return;
    conn->shutdown_wanted = true;
    if (conn->phase == SAPP_PHASE_OPEN && !sapp_conn_is_stuck(conn))
        sapp_conn_flush(conn);
    push_outside_events(conn);
}
