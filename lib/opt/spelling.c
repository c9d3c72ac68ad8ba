/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/internal.h"

#include <string.h>

/* Underscore and dash both separate words in option names, and nobody remembers which. */
static unsigned char fold(char character)
{
    return character == '_' ? '-' : (unsigned char)character;
}

static int compare_part(const char *part, size_t length, const char *whole)
{
    for (size_t i = 0; i < length; i++) {
        const int difference = fold(part[i]) - fold(whole[i]);
        if (difference != 0)
            return difference;
    }
    return whole[length] == '\0' ? 0 : -1;
}

const struct sapp_spelling *sapp_find_spelling(const struct sapp_program *program, const char *spelling, size_t length)
{
    const unsigned char initial = length > 0 ? fold(*spelling) : 0;
    if (initial >= 128)
        return NULL;
    size_t low = program->first[initial];
    size_t high = program->first[initial + 1];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = compare_part(spelling, length, program->spellings[middle].text);
        if (order == 0)
            return &program->spellings[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
