/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "loop/loop.h"

#include "loop/backend.h"
#include "loop/timers.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    BATCH = 128
};

struct sapp_loop {
    const struct sapp_loop_backend *backend;
    void *state;
    struct sapp_timers timers;
    struct sapp_watch *files;     /* always ready */
    struct sapp_watch *next_file; /* the next one to serve in this round */
    size_t watch_count;           /* active and not in `files` */
    int64_t now_ms;
    uint64_t next_order;
    bool stopped;
    struct sapp_loop_event batch[BATCH];
    size_t batch_next; /* the first entry that has not been served */
    size_t batch_count;
};

int64_t sapp_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t read_clock_ms(void)
{
    return sapp_clock_us() / 1000;
}

struct sapp_loop *sapp_loop_new_on(const struct sapp_loop_backend *backend, struct sapp_failure *failure)
{
    struct sapp_loop *loop = calloc(1, sizeof(*loop));
    if (loop != NULL)
        loop->state = backend->open();
    if (loop == NULL || loop->state == NULL) {
        free(loop);
        sapp_fail(failure, SAPP_FAILURE_INTERNAL, "cannot make an event loop: %s", strerror(errno));
        return NULL;
    }
    loop->backend = backend;
    loop->now_ms = read_clock_ms();
    return loop;
}

struct sapp_loop *sapp_loop_new(struct sapp_failure *failure)
{
    struct sapp_failure no_epoll = {0};
    struct sapp_loop *loop = sapp_loop_new_on(&sapp_loop_epoll, &no_epoll);
    sapp_failure_clear(&no_epoll);
    return loop != NULL ? loop : sapp_loop_new_on(&sapp_loop_poll, failure);
}

void sapp_loop_free(struct sapp_loop *loop)
{
    if (loop == NULL)
        return;
    loop->backend->close(loop->state);
    sapp_timers_free(&loop->timers);
    free(loop);
}

int64_t sapp_loop_now(const struct sapp_loop *loop)
{
    return loop->now_ms;
}

void sapp_loop_stop(struct sapp_loop *loop)
{
    loop->stopped = true;
}

bool sapp_watch_active(const struct sapp_watch *watch)
{
    return watch->loop != NULL;
}

bool sapp_timer_active(const struct sapp_timer *timer)
{
    return timer->loop != NULL;
}

bool sapp_watch_start(struct sapp_loop *loop, struct sapp_watch *watch, int fd, unsigned int events,
                      sapp_watch_fn ready, void *data, struct sapp_failure *failure)
{
    *watch = (struct sapp_watch){.ready = ready, .data = data, .fd = fd, .events = events};
    const int error = loop->backend->add(loop->state, watch);
    if (error == EPERM) {
        watch->file = true;
        watch->next_file = loop->files;
        loop->files = watch;
    } else if (error != 0) {
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "cannot watch descriptor %d: %s", fd, strerror(error));
    } else {
        loop->watch_count++;
    }
    watch->loop = loop;
    return true;
}

void sapp_watch_set(struct sapp_watch *watch, unsigned int events)
{
    if (watch->loop == NULL || watch->events == events)
        return;
    watch->events = events;
    if (watch->file)
        return;
    /* Neither call can fail for a descriptor that is open, as the owner promises; adding may lack memory, and the
       owner's deadline ends the wait then. */
    if (watch->muted)
        (void)watch->loop->backend->add(watch->loop->state, watch);
    else
        (void)watch->loop->backend->change(watch->loop->state, watch);
    watch->muted = false;
}

static void unlink_file(struct sapp_loop *loop, struct sapp_watch *watch)
{
    struct sapp_watch **link = &loop->files;
    while (*link != watch)
        link = &(*link)->next_file;
    *link = watch->next_file;
    if (loop->next_file == watch)
        loop->next_file = watch->next_file;
}

static void drop_from_batch(struct sapp_loop *loop, const struct sapp_watch *watch)
{
    for (size_t i = loop->batch_next; i < loop->batch_count; i++) {
        if (loop->batch[i].watch == watch)
            loop->batch[i].watch = NULL;
    }
}

void sapp_watch_stop(struct sapp_watch *watch)
{
    struct sapp_loop *loop = watch->loop;
    if (loop == NULL)
        return;
    if (watch->file) {
        unlink_file(loop, watch);
    } else {
        if (!watch->muted)
            loop->backend->remove(loop->state, watch);
        drop_from_batch(loop, watch);
        loop->watch_count--;
    }
    *watch = (struct sapp_watch){.fd = -1};
}

bool sapp_timer_start(struct sapp_loop *loop, struct sapp_timer *timer, int64_t delay_ms, sapp_timer_fn expired,
                      void *data, struct sapp_failure *failure)
{
    timer->expired = expired;
    timer->data = data;
    /* Without delay it is due in this round, however long the callback that starts it has been at work. */
    timer->deadline_ms = delay_ms > 0 ? read_clock_ms() + delay_ms : loop->now_ms;
    timer->order = loop->next_order++;
    if (timer->loop != NULL) {
        sapp_timers_moved(&loop->timers, timer);
        return true;
    }
    if (!sapp_timers_add(&loop->timers, timer))
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for a timer");
    timer->loop = loop;
    return true;
}

void sapp_timer_stop(struct sapp_timer *timer)
{
    if (timer->loop == NULL)
        return;
    sapp_timers_remove(&timer->loop->timers, timer);
    timer->loop = NULL;
}

static bool is_over(const struct sapp_loop *loop, const bool *done)
{
    return loop->stopped || (done != NULL && *done);
}

static bool has_ready_file(const struct sapp_loop *loop)
{
    for (const struct sapp_watch *watch = loop->files; watch != NULL; watch = watch->next_file) {
        if (watch->events != 0)
            return true;
    }
    return false;
}

static int wait_time(const struct sapp_loop *loop)
{
    if (has_ready_file(loop))
        return 0;
    const struct sapp_timer *first = sapp_timers_first(&loop->timers);
    if (first == NULL)
        return -1;
    const int64_t left = first->deadline_ms - read_clock_ms();
    if (left <= 0)
        return 0;
    return left < INT_MAX ? (int)left : INT_MAX;
}

/* Timers that a callback starts with no delay wait for the next round, so that descriptors get their turn. */
static void run_timers(struct sapp_loop *loop, const bool *done)
{
    const uint64_t started_before = loop->next_order;
    while (!is_over(loop, done)) {
        struct sapp_timer *timer = sapp_timers_first(&loop->timers);
        if (timer == NULL || timer->deadline_ms > loop->now_ms || timer->order >= started_before)
            return;
        sapp_timer_stop(timer);
        timer->expired(timer->data);
    }
}

static void run_files(struct sapp_loop *loop, const bool *done)
{
    loop->next_file = loop->files;
    while (loop->next_file != NULL && !is_over(loop, done)) {
        struct sapp_watch *watch = loop->next_file;
        loop->next_file = watch->next_file;
        if (watch->events != 0)
            watch->ready(watch->data, watch->events);
    }
    loop->next_file = NULL;
}

static void run_batch(struct sapp_loop *loop, const bool *done)
{
    while (loop->batch_next < loop->batch_count && !is_over(loop, done)) {
        const struct sapp_loop_event event = loop->batch[loop->batch_next++];
        struct sapp_watch *watch = event.watch;
        if (watch == NULL)
            continue;
        if (watch->events == 0) {
            watch->muted = true;
            loop->backend->remove(loop->state, watch);
        }
        const unsigned int ready = event.ready & (watch->events | SAPP_GONE);
        if (ready != 0)
            watch->ready(watch->data, ready);
    }
    /* What a stop left unserved is level-triggered and comes again. */
    loop->batch_next = loop->batch_count = 0;
}

static bool run_round(struct sapp_loop *loop, const bool *done, struct sapp_failure *failure)
{
    const int count = loop->backend->wait(loop->state, wait_time(loop), loop->batch, BATCH);
    if (count < 0 && errno != EINTR)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "waiting for events failed: %s", strerror(errno));
    loop->now_ms = read_clock_ms();
    loop->batch_next = 0;
    loop->batch_count = count > 0 ? (size_t)count : 0;
    run_batch(loop, done);
    run_files(loop, done);
    run_timers(loop, done);
    return true;
}

bool sapp_loop_run_until(struct sapp_loop *loop, const bool *done, struct sapp_failure *failure)
{
    loop->stopped = false;
    while (!is_over(loop, done)) {
        if (loop->watch_count == 0 && loop->files == NULL && loop->timers.count == 0)
            return false;
        if (!run_round(loop, done, failure))
            return false;
    }
    return true;
}

bool sapp_loop_run(struct sapp_loop *loop, struct sapp_failure *failure)
{
    return sapp_loop_run_until(loop, NULL, failure);
}
