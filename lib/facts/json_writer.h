/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_JSON_WRITER_H
#define SAPP_FACTS_JSON_WRITER_H

#include <openssl/bio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Writes JSON (RFC 8259) with two spaces of indent a level. The caller keeps objects and arrays balanced; commas and
 * indent are the writer's. A name is NULL in an array.
 */
struct sapp_json {
    BIO *out;
    int depth;
    bool started; /* something stands before in this object or array */
};

/* Opens an object ('{') or an array ('['). */
void sapp_json_open(struct sapp_json *json, const char *name, char bracket);

/* Closes what was opened with the bracket that belongs to `bracket`. */
void sapp_json_close(struct sapp_json *json, char bracket);

/* A string, NUL-terminated; null when `text` is NULL. */
void sapp_json_text(struct sapp_json *json, const char *name, const char *text);

/* A string of any bytes; null when `text` is NULL. What is not UTF-8 becomes U+FFFD. */
void sapp_json_bytes(struct sapp_json *json, const char *name, const void *text, size_t length);

/* A string of lower-case hexadecimal digits; null when `bytes` is NULL. */
void sapp_json_hex(struct sapp_json *json, const char *name, const unsigned char *bytes, size_t length);

void sapp_json_number(struct sapp_json *json, const char *name, int64_t number);

/* Microseconds as milliseconds with three decimals; null when negative. */
void sapp_json_milliseconds(struct sapp_json *json, const char *name, int64_t microseconds);

void sapp_json_bool(struct sapp_json *json, const char *name, bool value);

void sapp_json_null(struct sapp_json *json, const char *name);

#endif
