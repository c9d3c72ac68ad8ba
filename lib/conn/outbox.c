/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "conn/outbox.h"

#include <stdlib.h>
#include <string.h>

enum {
    FIRST_SIZE = 16384
};

static bool grow(struct sapp_outbox *outbox, size_t needed)
{
    size_t size = outbox->size > 0 ? outbox->size : FIRST_SIZE;
    while (size < needed)
        size *= 2;
    unsigned char *data = realloc(outbox->data, size);
    if (data == NULL)
        return false;
    outbox->data = data;
    outbox->size = size;
    return true;
}

static void compact(struct sapp_outbox *outbox)
{
    memmove(outbox->data, outbox->data + outbox->start, outbox->length);
    outbox->start = 0;
}

size_t sapp_outbox_add(struct sapp_outbox *outbox, const void *data, size_t length)
{
    const size_t room = outbox->limit - outbox->length;
    const size_t taken = length < room ? length : room;
    if (taken == 0)
        return 0;
    if (outbox->start > 0 && outbox->start + outbox->length + taken > outbox->size)
        compact(outbox);
    if (outbox->start + outbox->length + taken > outbox->size && !grow(outbox, outbox->length + taken))
        return 0;
    memcpy(outbox->data + outbox->start + outbox->length, data, taken);
    outbox->length += taken;
    return taken;
}

void sapp_outbox_drop(struct sapp_outbox *outbox, size_t length)
{
    outbox->start += length;
    outbox->length -= length;
    if (outbox->length == 0)
        sapp_outbox_free(outbox);
}

const unsigned char *sapp_outbox_first(const struct sapp_outbox *outbox)
{
    return outbox->data + outbox->start;
}

void sapp_outbox_free(struct sapp_outbox *outbox)
{
    free(outbox->data);
    *outbox = (struct sapp_outbox){.limit = outbox->limit};
}
