/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "relay/output.h"

#include <errno.h>
#include <stdlib.h>

const size_t sapp_output_size = 128 * (size_t)1024;

bool sapp_output_open(struct sapp_output *output, struct sapp_loop *loop, int fd, BIO *text)
{
    output->loop = loop;
    output->text = text;
    output->buffer = malloc(sapp_output_size);
    sapp_sink_open(&output->sink, fd);
    return output->buffer != NULL;
}

void sapp_output_close(struct sapp_output *output)
{
    if (output->loop == NULL)
        return;
    sapp_watch_stop(&output->watch);
    sapp_sink_close(&output->sink);
    free(output->buffer);
    *output = (struct sapp_output){0};
}

unsigned char *sapp_output_room(struct sapp_output *output)
{
    return output->buffer;
}

static void give_up(struct sapp_output *output, int error)
{
    output->error = error;
    output->length = 0;
}

/* Writes until the descriptor takes no more. */
static void push(struct sapp_output *output)
{
    while (output->length > 0) {
        const ptrdiff_t written = sapp_sink_write(&output->sink, output->buffer + output->start, output->length);
        if (written == 0)
            return;
        if (written < 0) {
            give_up(output, errno);
            return;
        }
        output->start += (size_t)written;
        output->length -= (size_t)written;
    }
}

static void on_ready(void *data, unsigned int ready)
{
    struct sapp_output *const output = data;
    (void)ready;
    push(output);
    if (output->length > 0)
        return;
    sapp_watch_stop(&output->watch);
    output->changed(output->data);
}

void sapp_output_write(struct sapp_output *output, size_t length)
{
    if (output->error != 0)
        return;
    (void)BIO_flush(output->text);
    output->start = 0;
    output->length = length;
    push(output);
    if (output->length == 0)
        return;
    struct sapp_failure failure = {0};
    if (!sapp_watch_start(output->loop, &output->watch, output->sink.fd, SAPP_WRITE, on_ready, output, &failure))
        give_up(output, ENOMEM);
    sapp_failure_clear(&failure);
}
