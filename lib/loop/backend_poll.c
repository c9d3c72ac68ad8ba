/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "loop/backend.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

/* Entry i of both arrays belongs together; a watch knows its place as `slot`. */
struct poll_state {
    struct pollfd *entries;
    struct sapp_watch **watches;
    size_t count;
    size_t size;
    size_t first; /* where the next scan starts, so that a full batch starves nobody */
};

static void *open_poll(void)
{
    return calloc(1, sizeof(struct poll_state));
}

static void close_poll(void *opaque)
{
    struct poll_state *state = opaque;
    free(state->entries);
    free(state->watches);
    free(state);
}

static bool grow(struct poll_state *state)
{
    if (state->count < state->size)
        return true;
    const size_t size = state->size == 0 ? 16 : state->size * 2;
    struct pollfd *entries = realloc(state->entries, size * sizeof(*entries));
    if (entries == NULL)
        return false;
    state->entries = entries;
    struct sapp_watch **watches = realloc(state->watches, size * sizeof(struct sapp_watch *));
    if (watches == NULL)
        return false;
    state->watches = watches;
    state->size = size;
    return true;
}

static int change(void *opaque, struct sapp_watch *watch)
{
    struct poll_state *state = opaque;
    const int wanted =
        ((watch->events & SAPP_READ) != 0 ? POLLIN : 0) | ((watch->events & SAPP_WRITE) != 0 ? POLLOUT : 0);
    state->entries[watch->slot] = (struct pollfd){.fd = watch->fd, .events = (short)wanted};
    return 0;
}

static int add(void *opaque, struct sapp_watch *watch)
{
    struct poll_state *state = opaque;
    if (!grow(state))
        return ENOMEM;
    watch->slot = state->count++;
    state->watches[watch->slot] = watch;
    return change(state, watch);
}

static void remove_watch(void *opaque, struct sapp_watch *watch)
{
    struct poll_state *state = opaque;
    const size_t last = --state->count;
    state->entries[watch->slot] = state->entries[last];
    state->watches[watch->slot] = state->watches[last];
    state->watches[watch->slot]->slot = watch->slot;
}

static unsigned int translate(const struct pollfd *entry, const struct sapp_watch *watch)
{
    unsigned int ready = 0;
    if ((entry->revents & POLLIN) != 0)
        ready |= SAPP_READ;
    if ((entry->revents & POLLOUT) != 0)
        ready |= SAPP_WRITE;
    if ((entry->revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
        ready |= SAPP_GONE | watch->events;
    return ready;
}

static int wait_for_events(void *opaque, int timeout_ms, struct sapp_loop_event *events, size_t size)
{
    struct poll_state *state = opaque;
    int left = poll(state->entries, (nfds_t)state->count, timeout_ms);
    if (left <= 0)
        return left;
    size_t filled = 0;
    const size_t start = state->first < state->count ? state->first : 0;
    for (size_t i = 0; i < state->count && left > 0 && filled < size; i++) {
        const size_t slot = (start + i) % state->count;
        if (state->entries[slot].revents == 0)
            continue;
        left--;
        events[filled++] =
            (struct sapp_loop_event){state->watches[slot], translate(&state->entries[slot], state->watches[slot])};
        state->first = slot + 1;
    }
    return (int)filled;
}

const struct sapp_loop_backend sapp_loop_poll = {
    .open = open_poll,
    .close = close_poll,
    .add = add,
    .change = change,
    .remove = remove_watch,
    .wait = wait_for_events,
};
