/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/internal.h"

/* The options on one side of a relation. */
struct side {
    const uint16_t *options;
    size_t count;
};

static struct side left_of(const struct sapp_relation *relation)
{
    return (struct side){relation->left, relation->left_count};
}

static struct side right_of(const struct sapp_relation *relation)
{
    return (struct side){relation->right, relation->right_count};
}

static bool contains(struct side side, uint16_t option)
{
    for (size_t i = 0; i < side.count; i++) {
        if (side.options[i] == option)
            return true;
    }
    return false;
}

/* How many options of the side count. */
static size_t count_given(const struct sapp_parse *parse, struct side side)
{
    size_t count = 0;
    for (size_t i = 0; i < side.count; i++)
        count += parse->given[side.options[i]] > 0;
    return count;
}

/* The first occurrence that belongs to the side and counts. There is one. */
static const struct sapp_occurrence *first_of(const struct sapp_parse *parse, struct side side)
{
    const struct sapp_occurrence *occurrence = parse->occurrences;
    while (occurrence->dropped || !contains(side, occurrence->option))
        occurrence++;
    return occurrence;
}

/* Whether two options are on opposite sides of an exclusive relation. */
static bool clash(const struct sapp_relation *relation, uint16_t a, uint16_t b)
{
    if (relation->kind == SAPP_EXCLUSIVE_MEMBERS)
        return a != b && contains(left_of(relation), a) && contains(left_of(relation), b);
    return (contains(left_of(relation), a) && contains(right_of(relation), b)) ||
           (contains(right_of(relation), a) && contains(left_of(relation), b));
}

static bool fail_clash(const struct sapp_occurrence *a, const struct sapp_occurrence *b,
                       const struct sapp_relation *relation, struct sapp_failure *failure)
{
    return sapp_fail(failure, SAPP_FAILURE_USAGE, "Options -%s and -%s cannot be used together: %s", a->spelling,
                     b->spelling, relation->why);
}

/* Most relations meet at most one of their options on a line. */
static bool may_clash(const struct sapp_parse *parse, const struct sapp_relation *relation)
{
    const size_t left = count_given(parse, left_of(relation));
    if (relation->kind == SAPP_EXCLUSIVE_MEMBERS)
        return left > 1;
    return left > 0 && count_given(parse, right_of(relation)) > 0;
}

static bool check_exclusive(struct sapp_parse *parse, const struct sapp_relation *relation,
                            struct sapp_failure *failure)
{
    if (!may_clash(parse, relation))
        return true;
    for (size_t later = 1; later < parse->occurrence_count; later++) {
        struct sapp_occurrence *b = &parse->occurrences[later];
        for (size_t earlier = 0; earlier < later && !b->dropped; earlier++) {
            struct sapp_occurrence *a = &parse->occurrences[earlier];
            if (a->dropped || !clash(relation, a->option, b->option))
                continue;
            if (!relation->last_wins)
                return fail_clash(a, b, relation, failure);
            sapp_drop_occurrence(parse, a);
        }
    }
    return true;
}

/* An option that follows from another gives way to one that excludes it. */
static bool gives_way(const struct sapp_parse *parse, uint16_t option)
{
    for (size_t i = 0; i < parse->program->relation_count; i++) {
        const struct sapp_relation *relation = &parse->program->relations[i];
        if (relation->kind > SAPP_EXCLUSIVE_BETWEEN)
            continue;
        const bool in_left = contains(left_of(relation), option);
        if (relation->kind == SAPP_EXCLUSIVE_MEMBERS && in_left && count_given(parse, left_of(relation)) > 0)
            return true;
        if (relation->kind == SAPP_EXCLUSIVE_BETWEEN && in_left && count_given(parse, right_of(relation)) > 0)
            return true;
        if (contains(right_of(relation), option) && count_given(parse, left_of(relation)) > 0)
            return true;
    }
    return false;
}

static bool apply_implication(struct sapp_parse *parse, const struct sapp_relation *relation,
                              struct sapp_failure *failure)
{
    if (count_given(parse, left_of(relation)) == 0)
        return true;
    for (size_t i = 0; i < relation->right_count; i++) {
        const uint16_t option = relation->right[i];
        if (sapp_is_given(parse, option) || gives_way(parse, option))
            continue;
        struct sapp_occurrence *occurrence = sapp_add_occurrence(parse, option, failure);
        if (occurrence == NULL)
            return false;
        occurrence->implied = true;
    }
    return true;
}

static bool has_value(const struct sapp_parse *parse, uint16_t option)
{
    return parse->program->options[option].has_default || sapp_is_given(parse, option);
}

static bool fail_missing(const struct sapp_parse *parse, const struct sapp_relation *relation, uint16_t missing,
                         struct sapp_failure *failure)
{
    return sapp_fail(failure, SAPP_FAILURE_USAGE, "Option -%s requires -%s: %s",
                     first_of(parse, left_of(relation))->spelling, parse->program->options[missing].name,
                     relation->why);
}

static bool check_requirement(const struct sapp_parse *parse, const struct sapp_relation *relation,
                              struct sapp_failure *failure)
{
    if (count_given(parse, left_of(relation)) == 0)
        return true;
    const bool any = relation->kind == SAPP_REQUIRES_ANY;
    for (size_t i = 0; i < relation->right_count; i++) {
        const bool present = has_value(parse, relation->right[i]);
        if (present && any)
            return true;
        if (!present && !any)
            return fail_missing(parse, relation, relation->right[i], failure);
    }
    return !any || fail_missing(parse, relation, relation->right[0], failure);
}

static bool check_repeats(const struct sapp_parse *parse, struct sapp_failure *failure)
{
    for (size_t i = 0; i < parse->occurrence_count; i++) {
        const struct sapp_occurrence *occurrence = &parse->occurrences[i];
        if (parse->given[occurrence->option] > 1 &&
            parse->program->options[occurrence->option].repeat == SAPP_REPEAT_ERROR)
            return sapp_fail(failure, SAPP_FAILURE_USAGE, "Option -%s can be given only once", occurrence->spelling);
    }
    return true;
}

/* An argument without a dash and the option that it stands for would overrule each other unseen. */
static bool check_positional(const struct sapp_parse *parse, struct sapp_failure *failure)
{
    for (size_t i = 0; i < parse->occurrence_count; i++) {
        const struct sapp_occurrence *word = &parse->occurrences[i];
        for (size_t j = 0; word->positional && j < parse->occurrence_count; j++) {
            const struct sapp_occurrence *other = &parse->occurrences[j];
            if (i == j || other->option != word->option)
                continue;
            if (other->positional)
                return sapp_fail(failure, SAPP_FAILURE_USAGE, "Extra argument \"%s\": only one target is expected",
                                 parse->occurrences[i > j ? i : j].given);
            return sapp_fail(failure, SAPP_FAILURE_USAGE,
                             "must not provide both -%s option and target parameter \"%s\"", other->spelling,
                             word->given);
        }
    }
    return true;
}

/* What is implied may imply more; each option is added once, so this ends. */
static bool apply_implications(struct sapp_parse *parse, struct sapp_failure *failure)
{
    size_t before = 0;
    do {
        before = parse->occurrence_count;
        for (size_t i = 0; i < parse->program->relation_count; i++) {
            const struct sapp_relation *relation = &parse->program->relations[i];
            if (relation->kind == SAPP_IMPLIES && !apply_implication(parse, relation, failure))
                return false;
        }
    } while (parse->occurrence_count != before);
    return true;
}

static bool check_exclusives(struct sapp_parse *parse, struct sapp_failure *failure)
{
    for (size_t i = 0; i < parse->program->relation_count; i++) {
        const struct sapp_relation *relation = &parse->program->relations[i];
        if (relation->kind <= SAPP_EXCLUSIVE_BETWEEN && !check_exclusive(parse, relation, failure))
            return false;
    }
    return true;
}

static bool check_requirements(const struct sapp_parse *parse, struct sapp_failure *failure)
{
    for (size_t i = 0; i < parse->program->relation_count; i++) {
        const struct sapp_relation *relation = &parse->program->relations[i];
        if ((relation->kind == SAPP_REQUIRES_ALL || relation->kind == SAPP_REQUIRES_ANY) &&
            !check_requirement(parse, relation, failure))
            return false;
    }
    return true;
}

bool sapp_check_relations(struct sapp_parse *parse, struct sapp_failure *failure)
{
    if (parse->occurrence_count == 0)
        return true;
    return check_repeats(parse, failure) && check_positional(parse, failure) && check_exclusives(parse, failure) &&
           apply_implications(parse, failure) && check_requirements(parse, failure);
}
