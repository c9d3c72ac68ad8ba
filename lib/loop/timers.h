/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_LOOP_TIMERS_H
#define SAPP_LOOP_TIMERS_H

#include "loop/loop.h"

#include <stdbool.h>
#include <stddef.h>

/* The deadlines of a loop as a binary heap, the earliest first. Inside lib/loop only. A zeroed struct is empty. */
struct sapp_timers {
    struct sapp_timer **heap;
    size_t count;
    size_t size;
};

/* Adds a timer whose deadline and order are set. Returns false when memory is short. */
bool sapp_timers_add(struct sapp_timers *timers, struct sapp_timer *timer);

/* Moves a timer after its deadline has changed. */
void sapp_timers_moved(struct sapp_timers *timers, struct sapp_timer *timer);

void sapp_timers_remove(struct sapp_timers *timers, struct sapp_timer *timer);

/* The earliest timer, or NULL. */
struct sapp_timer *sapp_timers_first(const struct sapp_timers *timers);

void sapp_timers_free(struct sapp_timers *timers);

#endif
