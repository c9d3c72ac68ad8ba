/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "conn/state.h"

#include "base/release.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

/* After our own end: what the peer still sends must be read, or closing the descriptor becomes a reset. */

enum {
    SCRATCH = 16 * 1024
};

static void finish(struct sapp_conn *conn)
{
    sapp_watch_stop(&conn->watch);
    sapp_timer_stop(&conn->linger_timer);
    conn->drained_fn(conn->options.data);
}

static void on_over(void *data)
{
    finish(data);
}

static bool start_timer(struct sapp_conn *conn)
{
    const int64_t left_ms = conn->drain_end_ms - sapp_loop_now(conn->loop);
    const int64_t wait_ms = left_ms < conn->drain_idle_ms ? left_ms : conn->drain_idle_ms;
    return sapp_timer_start(conn->loop, &conn->linger_timer, wait_ms, on_over, conn, &conn->failure);
}

static void on_bytes(void *data, unsigned int ready)
{
    struct sapp_conn *const conn = data;
    char scratch[SCRATCH];
    (void)ready;
    /* -debug shows how much is asked for: half as much before 3.5. */
    const int room = sapp_release_is_at_least(3, 5) ? SCRATCH : SCRATCH / 2;
    const int got = BIO_read(conn->bio, scratch, room);
    if (got > 0 ? !start_timer(conn) : !BIO_should_retry(conn->bio))
        finish(conn);
}

void sapp_conn_drain(struct sapp_conn *conn, int64_t idle_ms, int64_t most_ms, void (*drained)(void *data))
{
    conn->drained_fn = drained;
    conn->drain_idle_ms = idle_ms;
    conn->drain_end_ms = sapp_loop_now(conn->loop) + most_ms;
    (void)shutdown(conn->fd, SHUT_WR);
    if (!sapp_watch_start(conn->loop, &conn->watch, conn->fd, SAPP_READ, on_bytes, conn, &conn->failure) ||
        !start_timer(conn))
        finish(conn);
}

bool sapp_conn_has_unread(const struct sapp_conn *conn)
{
    int waiting = 0;
    return ioctl(conn->fd, FIONREAD, &waiting) == 0 && waiting > 0;
}
