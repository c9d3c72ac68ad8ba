/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_LOOP_BACKEND_H
#define SAPP_LOOP_BACKEND_H

#include "loop/loop.h"

#include <stddef.h>

/* What the loop asks of the kernel. Inside lib/loop only. */

/* One watch that is ready; `watch` becomes NULL when it is stopped before its turn. */
struct sapp_loop_event {
    struct sapp_watch *watch;
    unsigned int ready;
};

struct sapp_loop_backend {
    /* Returns NULL when the kernel has no such interface or memory is short. */
    void *(*open)(void);
    void (*close)(void *state);
    /* The next two return 0 or an errno; EPERM from add() means that this descriptor never blocks. */
    int (*add)(void *state, struct sapp_watch *watch);
    int (*change)(void *state, struct sapp_watch *watch);
    void (*remove)(void *state, struct sapp_watch *watch);
    /* Waits at most `timeout_ms` (-1: for ever) and returns how many of `events` it filled; -1 with errno set. */
    int (*wait)(void *state, int timeout_ms, struct sapp_loop_event *events, size_t size);
};

/* epoll(7); its open() returns NULL on systems without it. */
extern const struct sapp_loop_backend sapp_loop_epoll;

/* poll(2). */
extern const struct sapp_loop_backend sapp_loop_poll;

/* Makes a loop on a given backend, for the tests of both. */
struct sapp_loop *sapp_loop_new_on(const struct sapp_loop_backend *backend, struct sapp_failure *failure);

#endif
