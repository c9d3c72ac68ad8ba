/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_OPT_INTERNAL_H
#define SAPP_OPT_INTERNAL_H

#include "opt/parse.h"

/* What the files of lib/opt share. */

/* The spelling in the table that equals `spelling` (of `length` bytes), or NULL. */
const struct sapp_spelling *sapp_find_spelling(const struct sapp_program *program, const char *spelling, size_t length);

/*
 * Converts the text that an occurrence was given. Fails with a sentence that names option, value and what was expected.
 * Memory comes from the parse's arena.
 */
bool sapp_convert_value(struct sapp_parse *parse, struct sapp_occurrence *occurrence, struct sapp_failure *failure);

/* Whether the option was given on the command line and not overruled. */
bool sapp_is_given(const struct sapp_parse *parse, uint16_t option);

/* Appends an occurrence of `option` with its main spelling; fails only when memory is short. */
struct sapp_occurrence *sapp_add_occurrence(struct sapp_parse *parse, uint16_t option, struct sapp_failure *failure);

/* Takes an occurrence, which counts, out of the count, because another overrules it. */
void sapp_drop_occurrence(struct sapp_parse *parse, struct sapp_occurrence *occurrence);

/*
 * Checks repeat rules and relations over all occurrences, in no order but the table's: exclusives first, which may drop
 * occurrences, then implications, which may add some, then requirements.
 */
bool sapp_check_relations(struct sapp_parse *parse, struct sapp_failure *failure);

/* Writes defaults and the values of all occurrences into the args struct, then runs the functions that options name. */
bool sapp_store_values(struct sapp_parse *parse, void *args, struct sapp_failure *failure);

/* Records that no option has this spelling, and names the nearest one of this program or of another. */
bool sapp_fail_unknown(const struct sapp_program *program, const struct sapp_program *const *siblings,
                       size_t sibling_count, const char *spelling, size_t length, struct sapp_failure *failure);

/* The word of `type` nearest to `text`, or NULL when none is near. */
const char *sapp_nearest_word(const struct sapp_type *type, const char *text);

#endif
