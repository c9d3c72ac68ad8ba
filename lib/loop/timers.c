/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "loop/timers.h"

#include <stdlib.h>

static bool is_before(const struct sapp_timer *a, const struct sapp_timer *b)
{
    if (a->deadline_ms != b->deadline_ms)
        return a->deadline_ms < b->deadline_ms;
    return a->order < b->order;
}

static void place(struct sapp_timers *timers, size_t slot, struct sapp_timer *timer)
{
    timers->heap[slot] = timer;
    timer->slot = slot;
}

static void sift_up(struct sapp_timers *timers, struct sapp_timer *timer)
{
    size_t slot = timer->slot;
    while (slot > 0) {
        const size_t parent = (slot - 1) / 2;
        if (!is_before(timer, timers->heap[parent]))
            break;
        place(timers, slot, timers->heap[parent]);
        slot = parent;
    }
    place(timers, slot, timer);
}

static void sift_down(struct sapp_timers *timers, struct sapp_timer *timer)
{
    size_t slot = timer->slot;
    for (;;) {
        size_t child = 2 * slot + 1;
        if (child >= timers->count)
            break;
        if (child + 1 < timers->count && is_before(timers->heap[child + 1], timers->heap[child]))
            child++;
        if (!is_before(timers->heap[child], timer))
            break;
        place(timers, slot, timers->heap[child]);
        slot = child;
    }
    place(timers, slot, timer);
}

void sapp_timers_moved(struct sapp_timers *timers, struct sapp_timer *timer)
{
    sift_up(timers, timer);
    sift_down(timers, timer);
}

bool sapp_timers_add(struct sapp_timers *timers, struct sapp_timer *timer)
{
    if (timers->count == timers->size) {
        const size_t size = timers->size == 0 ? 16 : timers->size * 2;
        struct sapp_timer **heap = realloc(timers->heap, size * sizeof(struct sapp_timer *));
        if (heap == NULL)
            return false;
        timers->heap = heap;
        timers->size = size;
    }
    place(timers, timers->count++, timer);
    sift_up(timers, timer);
    return true;
}

void sapp_timers_remove(struct sapp_timers *timers, struct sapp_timer *timer)
{
    struct sapp_timer *last = timers->heap[--timers->count];
    if (last == timer)
        return;
    place(timers, timer->slot, last);
    sapp_timers_moved(timers, last);
}

struct sapp_timer *sapp_timers_first(const struct sapp_timers *timers)
{
    return timers->count > 0 ? timers->heap[0] : NULL;
}

void sapp_timers_free(struct sapp_timers *timers)
{
    for (size_t i = 0; i < timers->count; i++)
        timers->heap[i]->loop = NULL;
    free(timers->heap);
    *timers = (struct sapp_timers){0};
}
