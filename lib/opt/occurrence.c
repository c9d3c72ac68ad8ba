/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/internal.h"

#include <string.h>

/* The list of what stands on the line or follows from it, and how often each option counts. */

static bool make_room(struct sapp_parse *parse)
{
    const size_t room = parse->occurrence_room == 0 ? 32 : parse->occurrence_room * 2;
    struct sapp_occurrence *longer = sapp_arena_alloc(&parse->arena, room * sizeof(*longer));
    if (longer == NULL)
        return false;
    if (parse->occurrence_count > 0)
        memcpy(longer, parse->occurrences, parse->occurrence_count * sizeof(*longer));
    parse->occurrences = longer;
    parse->occurrence_room = room;
    return true;
}

struct sapp_occurrence *sapp_add_occurrence(struct sapp_parse *parse, uint16_t option, struct sapp_failure *failure)
{
    if (parse->occurrence_count == parse->occurrence_room && !make_room(parse)) {
        sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory while reading the command line");
        return NULL;
    }
    struct sapp_occurrence *occurrence = &parse->occurrences[parse->occurrence_count++];
    *occurrence = (struct sapp_occurrence){.spelling = parse->program->options[option].name, .option = option};
    parse->given[option]++;
    return occurrence;
}

void sapp_drop_occurrence(struct sapp_parse *parse, struct sapp_occurrence *occurrence)
{
    occurrence->dropped = true;
    parse->given[occurrence->option]--;
}

bool sapp_is_given(const struct sapp_parse *parse, uint16_t option)
{
    return parse->given[option] > 0;
}
