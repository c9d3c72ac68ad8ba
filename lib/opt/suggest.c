/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/internal.h"

#include <string.h>

/* Longer words than any option name are not worth a suggestion. */
#define LONGEST 40

static size_t smallest(size_t a, size_t b, size_t c)
{
    const size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* The number of letters to add, drop or change to get from one word to the other (Levenshtein). */
static size_t distance(const char *from, size_t from_length, const char *to)
{
    const size_t to_length = strlen(to);
    if (from_length > LONGEST || to_length > LONGEST)
        return LONGEST;
    size_t row[LONGEST + 1];
    for (size_t j = 0; j <= to_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= from_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= to_length; j++) {
            const size_t above = row[j];
            row[j] = smallest(row[j] + 1, row[j - 1] + 1, diagonal + (from[i - 1] != to[j - 1]));
            diagonal = above;
        }
    }
    return row[to_length];
}

/* A third of the letters may be wrong; then the word is taken for another one. */
static size_t tolerance(size_t length)
{
    return length < 3 ? (length + 1) / 2 : (length + 2) / 3;
}

static const char *nearest_option(const struct sapp_program *program, const char *spelling, size_t length,
                                  size_t *best_distance)
{
    const char *best = NULL;
    for (size_t i = 0; i < program->spelling_count; i++) {
        const struct sapp_spelling *candidate = &program->spellings[i];
        if (program->options[candidate->option].unavailable != NULL)
            continue;
        const size_t far = distance(spelling, length, candidate->text);
        if (far < *best_distance) {
            *best_distance = far;
            best = candidate->text;
        }
    }
    return best;
}

/* Whether one of the siblings has the very spelling; records it then. */
static bool hint_owner(const struct sapp_program *const *siblings, size_t count, const char *spelling, size_t length,
                       struct sapp_failure *failure)
{
    for (size_t i = 0; i < count; i++) {
        if (sapp_find_spelling(siblings[i], spelling, length) == NULL)
            continue;
        sapp_hint(failure, "-%.*s is an option of %s", (int)length, spelling, siblings[i]->name);
        return true;
    }
    return false;
}

bool sapp_fail_unknown(const struct sapp_program *program, const struct sapp_program *const *siblings,
                       size_t sibling_count, const char *spelling, size_t length, struct sapp_failure *failure)
{
    sapp_fail(failure, SAPP_FAILURE_USAGE, "Unknown option: -%.*s", (int)length, spelling);
    if (hint_owner(siblings, sibling_count, spelling, length, failure))
        return false;
    size_t far = tolerance(length) + 1;
    const char *best = nearest_option(program, spelling, length, &far);
    const struct sapp_program *best_program = program;
    for (size_t i = 0; i < sibling_count; i++) {
        const char *other = nearest_option(siblings[i], spelling, length, &far);
        if (other != NULL) {
            best = other;
            best_program = siblings[i];
        }
    }
    if (best != NULL && best_program == program)
        sapp_hint(failure, "Did you mean -%s?", best);
    else if (best != NULL)
        sapp_hint(failure, "Did you mean -%s? That is an option of %s", best, best_program->name);
    return false;
}

const char *sapp_nearest_word(const struct sapp_type *type, const char *text)
{
    const size_t length = strlen(text);
    size_t best_distance = tolerance(length) + 1;
    const char *best = NULL;
    for (size_t i = 0; i < type->word_count; i++) {
        if (!type->words[i].available || type->words[i].hidden)
            continue;
        const size_t far = distance(text, length, type->words[i].text);
        if (far < best_distance) {
            best_distance = far;
            best = type->words[i].text;
        }
    }
    return best;
}
