/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_CONN_OUTBOX_H
#define SAPP_CONN_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes that wait to be sent, at most `limit`. Inside lib/conn only. Zeroed but for the limit it is empty. */
struct sapp_outbox {
    unsigned char *data;
    size_t start;
    size_t length;
    size_t size;
    size_t limit;
};

/* Appends what fits and returns how much that was: less than `length` when full or without memory. */
size_t sapp_outbox_add(struct sapp_outbox *outbox, const void *data, size_t length);

/* Drops the first `length` bytes. An empty outbox gives its memory back, so that idle connections stay small. */
void sapp_outbox_drop(struct sapp_outbox *outbox, size_t length);

/* The first byte that waits. */
const unsigned char *sapp_outbox_first(const struct sapp_outbox *outbox);

void sapp_outbox_free(struct sapp_outbox *outbox);

#endif
