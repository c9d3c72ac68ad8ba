/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_RELAY_INPUT_H
#define SAPP_RELAY_INPUT_H

#include <stdbool.h>
#include <stddef.h>

/* What one read of standard input brought, as lines and command letters. Inside lib/relay only; no input or output. */

/*
 * Whether `data`, the whole of one read() that begins at the start of a line, begins with a command: with one of
 * `letters`, or with one of `lone` that is the whole line. Both may be NULL. Bulk data must not be taken for commands
 * because a read happens to end at a line end: outside a terminal, a command stands in a short read and its line is
 * short and printable.
 */
bool sapp_input_is_command(const char *letters, const char *lone, bool terminal, const unsigned char *data,
                           size_t length);

/* The length of the first line, its LF included; all of it when there is no LF. */
size_t sapp_input_line(const unsigned char *data, size_t length);

/* Writes CR LF for each LF of `data` into `converted`, which has room for twice `length`. Returns the new length. */
size_t sapp_input_to_crlf(const unsigned char *data, size_t length, unsigned char *converted);

#endif
