/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_BASE_ESCAPE_H
#define SAPP_BASE_ESCAPE_H

#include <openssl/bio.h>
#include <stddef.h>

/*
 * Writes text that a peer chose so that it cannot steer a terminal: bytes outside printable ASCII, and the backslash,
 * become \xHH.
 */
void sapp_escape_print(BIO *out, const void *text, size_t length);

/*
 * The same for text that scripts know as it is: printable ASCII, the backslash too, and UTF-8 characters stay. Control
 * characters (C0, DEL, C1) and bytes that are not UTF-8 become \xHH, but for the control characters in `kept`: "" makes
 * sure that the text stays on its line.
 */
void sapp_escape_controls(BIO *out, const void *text, size_t length, const char *kept);

/* Writes a JSON string with its quotes (RFC 8259 section 7). Bytes that are not UTF-8 become the code point U+FFFD. */
void sapp_escape_json(BIO *out, const void *text, size_t length);

/* Writes text for HTML: the five special characters become entities, control bytes become U+FFFD. */
void sapp_escape_html(BIO *out, const void *text, size_t length);

#endif
