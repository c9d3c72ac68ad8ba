/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static BIO *open_buffered(int fd)
{
    BIO *sink = BIO_new_fd(fd, BIO_NOCLOSE);
    BIO *buffer = BIO_new(BIO_f_buffer());
    if (sink != NULL && buffer != NULL)
        return BIO_push(buffer, sink);
    BIO_free(sink);
    BIO_free(buffer);
    return NULL;
}

/* A standard descriptor that the parent has closed would be the number of the next socket, and text would go there. */
static void occupy_standard_descriptors(void)
{
    int fd = 0;
    while (fd >= 0 && fd <= STDERR_FILENO)
        fd = open("/dev/null", O_RDWR);
    if (fd >= 0)
        close(fd);
}

bool sapp_io_open(struct sapp_io *io, int in_fd, int out_fd, int err_fd)
{
    occupy_standard_descriptors();
    *io = (struct sapp_io){.in_fd = in_fd, .out_fd = out_fd};
    io->out = open_buffered(out_fd);
    io->err = BIO_new_fd(err_fd, BIO_NOCLOSE);
    if (io->out != NULL && io->err != NULL)
        return true;
    sapp_io_close(io);
    return false;
}

bool sapp_io_flush(struct sapp_io *io, struct sapp_failure *failure)
{
    if (BIO_flush(io->out) > 0 || errno == EPIPE)
        return true;
    return sapp_fail(failure, SAPP_FAILURE_IO, "cannot write to standard output: %s", strerror(errno));
}

void sapp_io_close(struct sapp_io *io)
{
    if (io->out != NULL)
        (void)BIO_flush(io->out);
    BIO_free_all(io->out);
    BIO_free(io->err);
    *io = (struct sapp_io){.in_fd = -1, .out_fd = -1};
}
