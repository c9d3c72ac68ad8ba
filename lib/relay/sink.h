/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_RELAY_SINK_H
#define SAPP_RELAY_SINK_H

#include <stddef.h>

/* Writing to a descriptor that others share, without ever waiting. Inside lib/relay only. */

enum sapp_sink_kind {
    SAPP_SINK_FILE,   /* never blocks for long: a regular file, /dev/null */
    SAPP_SINK_SOCKET, /* one write can be told not to block */
    SAPP_SINK_OWN,    /* a pipe or terminal of which we have a nonblocking description of our own */
    SAPP_SINK_SHARED  /* a pipe or terminal that cannot be opened again */
};

struct sapp_sink {
    enum sapp_sink_kind kind;
    int fd; /* to write to and to watch */
};

/*
 * Prepares writing to `fd`, which stays the caller's. Its own O_NONBLOCK is left alone, since the shell and other
 * programs share it.
 */
void sapp_sink_open(struct sapp_sink *sink, int fd);

/* Closes what sapp_sink_open() opened. */
void sapp_sink_close(struct sapp_sink *sink);

/*
 * Writes what can be written now. Returns how many bytes; 0: nothing now, wait until the descriptor is writable; -1:
 * never again, with errno set.
 */
ptrdiff_t sapp_sink_write(const struct sapp_sink *sink, const void *data, size_t length);

#endif
