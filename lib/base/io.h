/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_BASE_IO_H
#define SAPP_BASE_IO_H

#include "base/failure.h"

#include <openssl/bio.h>
#include <stdbool.h>

/*
 * The three streams of a program. `out` collects text until it is flushed, so that a block of lines is one write; `err`
 * writes at once. Whoever writes to out_fd directly flushes `out` before.
 */
struct sapp_io {
    int in_fd;
    int out_fd;
    BIO *out;
    BIO *err;
};

/* Makes the streams over three descriptors, which stay the caller's. Returns false when memory is short. */
bool sapp_io_open(struct sapp_io *io, int in_fd, int out_fd, int err_fd);

/*
 * Writes what `out` holds. Fails with kind io when that is not possible; a reader that has gone is no failure, it has
 * seen enough.
 */
bool sapp_io_flush(struct sapp_io *io, struct sapp_failure *failure);

/* Flushes and frees the streams. Safe on a zeroed struct. */
void sapp_io_close(struct sapp_io *io);

#endif
