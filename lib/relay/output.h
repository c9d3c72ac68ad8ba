/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_RELAY_OUTPUT_H
#define SAPP_RELAY_OUTPUT_H

#include "base/failure.h"
#include "loop/loop.h"
#include "relay/sink.h"

#include <openssl/bio.h>
#include <stdbool.h>
#include <stddef.h>

/* The way of payload to standard output: one buffer, written as far as it goes. Inside lib/relay only. */
struct sapp_output {
    struct sapp_loop *loop;
    struct sapp_sink sink;
    struct sapp_watch watch; /* active while payload waits */
    BIO *text;               /* what was printed before comes first */
    unsigned char *buffer;
    size_t start;
    size_t length;               /* bytes that wait, from `start` */
    int error;                   /* errno of the write that failed; 0: none */
    void (*changed)(void *data); /* called from the loop when nothing waits any more, or writing failed */
    void *data;
};

/* The size of the buffer: several records, so that bulk data goes in few and large writes. */
extern const size_t sapp_output_size;

/* Prepares writing to `fd`. Returns false when memory is short. */
bool sapp_output_open(struct sapp_output *output, struct sapp_loop *loop, int fd, BIO *text);

/* Frees what sapp_output_open() made; what waits is lost. Safe on a zeroed struct. */
void sapp_output_close(struct sapp_output *output);

/* Where new payload goes, when nothing waits. */
unsigned char *sapp_output_room(struct sapp_output *output);

/* Writes `length` bytes that were put into the room; `changed` tells when those that had to wait are out. */
void sapp_output_write(struct sapp_output *output, size_t length);

#endif
