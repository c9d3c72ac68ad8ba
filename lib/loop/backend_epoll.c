/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "args/features.h"
#include "loop/backend.h"

#if SAPP_HAVE_EPOLL

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    BATCH = 128
};

struct epoll_state {
    int fd;
    struct epoll_event batch[BATCH];
};

static void *open_epoll(void)
{
    struct epoll_state *state = malloc(sizeof(*state));
    if (state == NULL)
        return NULL;
    state->fd = epoll_create1(EPOLL_CLOEXEC);
    if (state->fd >= 0)
        return state;
    free(state);
    return NULL;
}

static void close_epoll(void *opaque)
{
    struct epoll_state *state = opaque;
    close(state->fd);
    free(state);
}

static int control(const struct epoll_state *state, int operation, struct sapp_watch *watch)
{
    struct epoll_event event = {.data.ptr = watch};
    if ((watch->events & SAPP_READ) != 0)
        event.events |= EPOLLIN;
    if ((watch->events & SAPP_WRITE) != 0)
        event.events |= EPOLLOUT;
    return epoll_ctl(state->fd, operation, watch->fd, &event) == 0 ? 0 : errno;
}

static int add(void *opaque, struct sapp_watch *watch)
{
    return control(opaque, EPOLL_CTL_ADD, watch);
}

static int change(void *opaque, struct sapp_watch *watch)
{
    return control(opaque, EPOLL_CTL_MOD, watch);
}

static void remove_watch(void *opaque, struct sapp_watch *watch)
{
    (void)control(opaque, EPOLL_CTL_DEL, watch);
}

static unsigned int translate(const struct epoll_event *event)
{
    const struct sapp_watch *watch = event->data.ptr;
    unsigned int ready = 0;
    if ((event->events & EPOLLIN) != 0)
        ready |= SAPP_READ;
    if ((event->events & EPOLLOUT) != 0)
        ready |= SAPP_WRITE;
    if ((event->events & (EPOLLHUP | EPOLLERR)) != 0)
        ready |= SAPP_GONE | watch->events;
    return ready;
}

static int wait_for_events(void *opaque, int timeout_ms, struct sapp_loop_event *events, size_t size)
{
    struct epoll_state *state = opaque;
    const int limit = size < BATCH ? (int)size : BATCH;
    const int count = epoll_wait(state->fd, state->batch, limit, timeout_ms);
    for (int i = 0; i < count; i++)
        events[i] = (struct sapp_loop_event){state->batch[i].data.ptr, translate(&state->batch[i])};
    return count;
}

#else

#include <errno.h>

static void *open_epoll(void)
{
    return NULL;
}

static void close_epoll(void *state)
{
    (void)state;
}

static int add(void *state, struct sapp_watch *watch)
{
    (void)state;
    (void)watch;
    return ENOSYS;
}

static int change(void *state, struct sapp_watch *watch)
{
    return add(state, watch);
}

static void remove_watch(void *state, struct sapp_watch *watch)
{
    (void)add(state, watch);
}

static int wait_for_events(void *state, int timeout_ms, struct sapp_loop_event *events, size_t size)
{
    (void)state;
    (void)timeout_ms;
    (void)events;
    (void)size;
    errno = ENOSYS;
    return -1;
}

#endif

const struct sapp_loop_backend sapp_loop_epoll = {
    .open = open_epoll,
    .close = close_epoll,
    .add = add,
    .change = change,
    .remove = remove_watch,
    .wait = wait_for_events,
};
