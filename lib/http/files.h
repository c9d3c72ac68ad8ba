/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_HTTP_FILES_H
#define SAPP_HTTP_FILES_H

#include <stddef.h>

/* Files that may be served: regular files below the current directory. */

enum sapp_file_status {
    SAPP_FILE_OPEN,
    SAPP_FILE_MISSING,
    SAPP_FILE_BAD_NAME, /* absolute, with an empty component, a control byte, or longer than a path may be */
    SAPP_FILE_UPWARD,   /* a component "..", or a colon */
    SAPP_FILE_OUTSIDE,  /* a link that leads out */
    SAPP_FILE_DIRECTORY,
    SAPP_FILE_FORBIDDEN, /* not readable, or neither file nor directory: a FIFO, a device, a socket */
    SAPP_FILE_ERROR      /* errno tells: no descriptors, no memory */
};

/*
 * Opens `name` (`length` bytes, no NUL at the end) for reading. Nothing outside the current directory is ever opened,
 * and nothing blocks: no "..", absolute or doubled slash, no link that leads out (where the system cannot tell, no link
 * at all), no FIFO or device. Names are taken as they are: "%2e" is three characters. On SAPP_FILE_OPEN, *fd is the
 * caller's to close.
 */
enum sapp_file_status sapp_file_open(const char *name, size_t length, int *fd);

/* "text/html" for names that end in .html, .htm or .php, "text/plain" for all others. */
const char *sapp_file_type(const char *name, size_t length);

#endif
