/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "relay/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PATH_ROOM = 32 /* "/proc/self/fd/" and an int */
};

static int open_again(int fd)
{
    char path[PATH_ROOM];
    (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
}

void sapp_sink_open(struct sapp_sink *sink, int fd)
{
    struct stat status;
    *sink = (struct sapp_sink){.kind = SAPP_SINK_FILE, .fd = fd};
    if (fstat(fd, &status) != 0)
        return;
    if (S_ISSOCK(status.st_mode)) {
        sink->kind = SAPP_SINK_SOCKET;
        return;
    }
    if (!S_ISFIFO(status.st_mode) && !isatty(fd))
        return;
    const int own = open_again(fd);
    sink->kind = own >= 0 ? SAPP_SINK_OWN : SAPP_SINK_SHARED;
    sink->fd = own >= 0 ? own : fd;
}

void sapp_sink_close(struct sapp_sink *sink)
{
    if (sink->kind == SAPP_SINK_OWN)
        close(sink->fd);
    *sink = (struct sapp_sink){.kind = SAPP_SINK_FILE, .fd = -1};
}

/* A pipe that is writable has room for PIPE_BUF bytes at least, pipe(7). */
static ptrdiff_t write_shared(int fd, const void *data, size_t length)
{
    struct pollfd wanted = {.fd = fd, .events = POLLOUT};
    if (poll(&wanted, 1, 0) <= 0)
        return 0;
    return write(fd, data, length < PIPE_BUF ? length : PIPE_BUF);
}

ptrdiff_t sapp_sink_write(const struct sapp_sink *sink, const void *data, size_t length)
{
    ptrdiff_t written = -1;
    switch (sink->kind) {
    case SAPP_SINK_SOCKET:
        written = send(sink->fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        break;
    case SAPP_SINK_SHARED:
        written = write_shared(sink->fd, data, length);
        break;
    case SAPP_SINK_OWN:
    case SAPP_SINK_FILE:
        written = write(sink->fd, data, length);
        break;
    }
    if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return 0;
    return written;
}
