/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_BASE_ARENA_H
#define SAPP_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct sapp_arena_block;

/* Memory that is freed all at once. A zeroed struct is an empty arena. */
struct sapp_arena {
    struct sapp_arena_block *blocks;
    bool secret; /* what it holds is overwritten before it is freed */
};

/*
 * Gives `size` bytes, aligned for every type and not initialised, that live until sapp_arena_free().
 * Returns NULL when memory is short.
 */
void *sapp_arena_alloc(struct sapp_arena *arena, size_t size);

/* Copies `length` bytes of `text` and ends them with a NUL. Returns NULL when memory is short. */
char *sapp_arena_copy(struct sapp_arena *arena, const char *text, size_t length);

/* Frees everything, overwritten with zeros where the arena is secret; the arena is empty afterwards. */
void sapp_arena_free(struct sapp_arena *arena);

#endif
