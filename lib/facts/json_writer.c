/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/json_writer.h"

#include "base/escape.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* BIO_printf(3) knows no int64_t on every platform. */
static void put_int64(BIO *out, const char *format, int64_t number)
{
    char digits[32];
    snprintf(digits, sizeof(digits), format, number);
    (void)BIO_puts(out, digits);
}

static void new_line(struct sapp_json *json)
{
    (void)BIO_printf(json->out, "\n%*s", json->depth * 2, "");
}

static void begin(struct sapp_json *json, const char *name)
{
    if (json->started)
        (void)BIO_puts(json->out, ",");
    if (json->depth > 0)
        new_line(json);
    json->started = true;
    if (name != NULL) {
        sapp_escape_json(json->out, name, strlen(name));
        (void)BIO_puts(json->out, ": ");
    }
}

void sapp_json_open(struct sapp_json *json, const char *name, char bracket)
{
    begin(json, name);
    (void)BIO_write(json->out, &bracket, 1);
    json->depth++;
    json->started = false;
}

void sapp_json_close(struct sapp_json *json, char bracket)
{
    json->depth--;
    if (json->started)
        new_line(json);
    (void)BIO_puts(json->out, bracket == '{' ? "}" : "]");
    json->started = true;
}

void sapp_json_bytes(struct sapp_json *json, const char *name, const void *text, size_t length)
{
    begin(json, name);
    if (text == NULL)
        (void)BIO_puts(json->out, "null");
    else
        sapp_escape_json(json->out, text, length);
}

void sapp_json_text(struct sapp_json *json, const char *name, const char *text)
{
    sapp_json_bytes(json, name, text, text != NULL ? strlen(text) : 0);
}

void sapp_json_hex(struct sapp_json *json, const char *name, const unsigned char *bytes, size_t length)
{
    begin(json, name);
    if (bytes == NULL) {
        (void)BIO_puts(json->out, "null");
        return;
    }
    (void)BIO_puts(json->out, "\"");
    for (size_t i = 0; i < length; i++)
        (void)BIO_printf(json->out, "%02x", bytes[i]);
    (void)BIO_puts(json->out, "\"");
}

void sapp_json_number(struct sapp_json *json, const char *name, int64_t number)
{
    begin(json, name);
    put_int64(json->out, "%" PRId64, number);
}

void sapp_json_milliseconds(struct sapp_json *json, const char *name, int64_t microseconds)
{
    begin(json, name);
    if (microseconds < 0) {
        (void)BIO_puts(json->out, "null");
        return;
    }
    put_int64(json->out, "%" PRId64, microseconds / 1000);
    put_int64(json->out, ".%03" PRId64, microseconds % 1000);
}

void sapp_json_bool(struct sapp_json *json, const char *name, bool value)
{
    begin(json, name);
    (void)BIO_puts(json->out, value ? "true" : "false");
}

void sapp_json_null(struct sapp_json *json, const char *name)
{
    begin(json, name);
    (void)BIO_puts(json->out, "null");
}
