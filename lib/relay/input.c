/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "relay/input.h"

#include <string.h>

enum {
    BULK_READ = 4096, /* a read of a page or more is data: stdio writes pages, a person writes lines */
    LONGEST_COMMAND = 80,
};

size_t sapp_input_line(const unsigned char *data, size_t length)
{
    const unsigned char *const end = memchr(data, '\n', length);
    return end != NULL ? (size_t)(end - data) + 1 : length;
}

static bool is_printable(const unsigned char *data, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = data[i];
        if ((byte < 0x20 || byte > 0x7e) && byte != '\t' && byte != '\r' && byte != '\n')
            return false;
    }
    return true;
}

static bool has_letter(const char *letters, unsigned char letter)
{
    return letters != NULL && letter != '\0' && strchr(letters, letter) != NULL;
}

bool sapp_input_is_command(const char *letters, const char *lone, bool terminal, const unsigned char *data,
                           size_t length)
{
    const bool is_alone = length > 1 && (data[1] == '\n' || data[1] == '\r');
    if (length == 0 || !(has_letter(letters, data[0]) || (is_alone && has_letter(lone, data[0]))))
        return false;
    if (terminal)
        return true;
    const size_t line = sapp_input_line(data, length);
    return length < BULK_READ && line <= LONGEST_COMMAND && is_printable(data, line);
}

size_t sapp_input_to_crlf(const unsigned char *data, size_t length, unsigned char *converted)
{
    size_t made = 0;
    for (size_t i = 0; i < length; i++) {
        if (data[i] == '\n')
            converted[made++] = '\r';
        converted[made++] = data[i];
    }
    return made;
}
