/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/printable.h"

#include "base/escape.h"

#include <stdbool.h>

/* How many bytes the character at `bytes` has when a terminal may get it as it is; 0 when it may not. */
static size_t harmless_length(const unsigned char *bytes, size_t length)
{
    const unsigned char first = bytes[0];
    if (first < 0x80)
        return first == '\n' || first == '\t' || (first >= 0x20 && first != 0x7f) ? 1 : 0;
    const size_t size = sapp_utf8_length(bytes, length);
    const bool c1 = size == 2 && first == 0xc2 && bytes[1] < 0xa0;
    return c1 ? 0 : size;
}

void sapp_printable_write(BIO *out, const void *text, size_t length)
{
    const unsigned char *bytes = text;
    size_t start = 0;
    size_t i = 0;
    while (i < length) {
        const size_t size = harmless_length(bytes + i, length - i);
        if (size > 0) {
            i += size;
            continue;
        }
        if (i > start)
            (void)BIO_write(out, bytes + start, (int)(i - start));
        sapp_escape_print(out, bytes + i, 1);
        start = ++i;
    }
    if (i > start)
        (void)BIO_write(out, bytes + start, (int)(i - start));
}

void sapp_printable_copy(BIO *out, BIO *memory)
{
    char *text = NULL;
    const long length = BIO_get_mem_data(memory, &text);
    if (length > 0)
        sapp_printable_write(out, text, (size_t)length);
}
