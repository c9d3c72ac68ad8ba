/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/printable.h"

#include "base/escape.h"

void sapp_printable_write(BIO *out, const void *text, size_t length)
{
    sapp_escape_controls(out, text, length, "\n\t");
}

void sapp_printable_copy(BIO *out, BIO *memory)
{
    char *text = NULL;
    const long length = BIO_get_mem_data(memory, &text);
    if (length > 0)
        sapp_printable_write(out, text, (size_t)length);
}
