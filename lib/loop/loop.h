/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_LOOP_LOOP_H
#define SAPP_LOOP_LOOP_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The one event loop: it calls back when a descriptor is ready and when a deadline passes. One thread, no globals.
 *
 * Watches and timers are structs inside their owner's struct, so that thousands cost no allocation. Zeroed, they are
 * inactive. Inside any callback every watch and timer of the loop may be started, changed, stopped, and the memory that
 * holds a stopped one freed; nothing is called for a stopped one.
 */

struct sapp_loop;
struct sapp_watch;
struct sapp_timer;

/* What a watch waits for, and what is ready; or-ed. */
enum sapp_ready {
    SAPP_READ = 1,  /* reading will not block: bytes, end of file, or an error to be read */
    SAPP_WRITE = 2, /* writing will not block, or fails at once */
    SAPP_GONE = 4   /* only reported, never asked for: the other side is gone for both directions, or an error waits.
                       Comes with what was asked for; a watch that asks for nothing gets it too, once, and is then
                       silent until its events change. */
};

/* Called with the data of the watch and what is ready, or-ed of enum sapp_ready. */
typedef void (*sapp_watch_fn)(void *data, unsigned int ready);

/* Called once, when the deadline passed. The timer is inactive by then and may be started again. */
typedef void (*sapp_timer_fn)(void *data);

/* A watched descriptor. The fields are the loop's. */
struct sapp_watch {
    struct sapp_loop *loop; /* NULL: inactive */
    sapp_watch_fn ready;
    void *data;
    struct sapp_watch *next_file; /* list of the watches that are always ready */
    size_t slot;                  /* the backend's */
    int fd;
    unsigned int events;
    bool file; /* epoll refuses it: a regular file or /dev/null, never blocks */
    bool muted;
};

/* A deadline. The fields are the loop's. */
struct sapp_timer {
    struct sapp_loop *loop; /* NULL: inactive */
    sapp_timer_fn expired;
    void *data;
    int64_t deadline_ms;
    uint64_t order; /* equal deadlines expire in the order in which they were started */
    size_t slot;
};

/* Makes a loop: epoll, or poll where the system has no epoll. Returns NULL and fails with kind internal. */
struct sapp_loop *sapp_loop_new(struct sapp_failure *failure);

/* Frees the loop. Watches and timers that are still active are forgotten; descriptors stay open. NULL is fine. */
void sapp_loop_free(struct sapp_loop *loop);

/* The monotonic clock in milliseconds, as of the last wake-up: for deadlines. */
int64_t sapp_loop_now(const struct sapp_loop *loop);

/* The monotonic clock in microseconds, read now: for measured times. Not bound to a loop. */
int64_t sapp_clock_us(void);

/*
 * Watches `fd` for `events` (or-ed SAPP_READ and SAPP_WRITE; 0 is allowed and waits for SAPP_GONE alone). One watch per
 * descriptor. `watch` must be inactive and stay in place until sapp_watch_stop(). Stop before closing the descriptor.
 * Regular files and /dev/null are always ready. Level-triggered: called again as long as the condition holds.
 * Fails with kind internal (out of memory or of kernel watches).
 */
bool sapp_watch_start(struct sapp_loop *loop, struct sapp_watch *watch, int fd, unsigned int events,
                      sapp_watch_fn ready, void *data, struct sapp_failure *failure);

/* Changes what an active watch waits for. Cheap when nothing changes. On an inactive watch it does nothing. */
void sapp_watch_set(struct sapp_watch *watch, unsigned int events);

/* Ends a watch; an inactive one is fine. */
void sapp_watch_stop(struct sapp_watch *watch);

/*
 * Starts a timer that expires `delay_ms` milliseconds from now (0: when the descriptors of this round have been served,
 * before those of the next, or one round later if a timer starts it; negative counts as 0). An active timer is moved to
 * its new deadline. Fails with kind internal (out of memory), never for an active one.
 */
bool sapp_timer_start(struct sapp_loop *loop, struct sapp_timer *timer, int64_t delay_ms, sapp_timer_fn expired,
                      void *data, struct sapp_failure *failure);

/* Ends a timer; an inactive one is fine. */
void sapp_timer_stop(struct sapp_timer *timer);

/* True when the watch or timer is active. */
bool sapp_watch_active(const struct sapp_watch *watch);
bool sapp_timer_active(const struct sapp_timer *timer);

/*
 * Runs until sapp_loop_stop(), or until nothing is left that could wake it. Returns true in the first case. Fails with
 * kind internal when the kernel refuses to wait. May be called again, also after a stop, but not from inside a
 * callback.
 */
bool sapp_loop_run(struct sapp_loop *loop, struct sapp_failure *failure);

/*
 * As sapp_loop_run(), and also returns true as soon as *done is true (checked first, and after every callback): for
 * code that goes phase by phase. Watches of later or earlier phases are served meanwhile.
 */
bool sapp_loop_run_until(struct sapp_loop *loop, const bool *done, struct sapp_failure *failure);

/* Lets the innermost run return after the present callback. */
void sapp_loop_stop(struct sapp_loop *loop);

#endif
