/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/parse.h"
#include "opt/internal.h"

#include <string.h>

/* What reading a line needs besides the parse itself. */
struct line {
    const struct sapp_program *const *siblings;
    size_t sibling_count;
    int argc;
    char **argv;
    int next;
    bool options_ended; /* by "--" */
};

/* An argument that begins with a dash. */
struct dashed {
    const char *name;
    size_t length;
    char *attached; /* behind an equals sign; NULL: there is none */
};

/* Takes the value of an option that needs one: what follows the equals sign, or else the next argument. */
static bool take_value(struct line *line, struct sapp_occurrence *occurrence, char *attached,
                       struct sapp_failure *failure)
{
    occurrence->given = attached;
    if (attached == NULL && line->next < line->argc)
        occurrence->given = line->argv[line->next++];
    if (occurrence->given != NULL)
        return true;
    return sapp_fail(failure, SAPP_FAILURE_USAGE, "Option -%s needs a value", occurrence->spelling);
}

/* Scripts take the words "unknown option" for a build that lacks the option, and are right. */
static bool check_available(const struct sapp_option *option, const char *spelling, struct sapp_failure *failure)
{
    if (option->unavailable == NULL)
        return true;
    return sapp_fail(failure, SAPP_FAILURE_USAGE, "Unknown option: -%s (not available%s)", spelling,
                     option->unavailable);
}

static struct dashed split_option(char *argument)
{
    char *const name = argument + (argument[1] == '-' ? 2 : 1);
    char *const equals = strchr(name, '=');
    const size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
    return (struct dashed){name, length, equals != NULL ? equals + 1 : NULL};
}

static bool read_option(struct sapp_parse *parse, struct line *line, char *argument, struct sapp_failure *failure)
{
    const struct dashed given = split_option(argument);
    const struct sapp_spelling *spelling = sapp_find_spelling(parse->program, given.name, given.length);
    if (spelling == NULL)
        return sapp_fail_unknown(parse->program, line->siblings, line->sibling_count, given.name, given.length,
                                 failure);
    const struct sapp_option *option = &parse->program->options[spelling->option];
    if (!check_available(option, spelling->text, failure))
        return false;
    if (option->help) {
        parse->help_wanted = true;
        return true;
    }
    struct sapp_occurrence *occurrence = sapp_add_occurrence(parse, spelling->option, failure);
    if (occurrence == NULL)
        return false;
    occurrence->spelling = spelling->text;
    parse->document_wanted |= option->document;
    if (option->type != NULL)
        return take_value(line, occurrence, given.attached, failure);
    if (given.attached == NULL)
        return true;
    return sapp_fail(failure, SAPP_FAILURE_USAGE, "Option -%s does not take a value", spelling->text);
}

static bool read_word(struct sapp_parse *parse, char *word, struct sapp_failure *failure)
{
    uint16_t option = 0;
    while (option < parse->program->option_count && !parse->program->options[option].positional)
        option++;
    if (option == parse->program->option_count)
        return sapp_fail(failure, SAPP_FAILURE_USAGE, "Extra argument \"%s\": only options are expected", word);
    struct sapp_occurrence *occurrence = sapp_add_occurrence(parse, option, failure);
    if (occurrence == NULL)
        return false;
    occurrence->given = word;
    occurrence->positional = true;
    return true;
}

/* Takes the next argument; `is_option`: it begins with a dash that counts, and a dash alone is no name of anything. */
static char *next_argument(struct line *line, bool *is_option)
{
    char *argument = line->argv[line->next++];
    *is_option = !line->options_ended && argument[0] == '-';
    if (!*is_option || strcmp(argument, "--") != 0)
        return argument;
    line->options_ended = true;
    return NULL;
}

static bool read_arguments(struct sapp_parse *parse, struct line *line, struct sapp_failure *failure)
{
    while (line->next < line->argc && !parse->help_wanted) {
        bool is_option;
        char *argument = next_argument(line, &is_option);
        if (argument == NULL)
            continue;
        if (is_option ? !read_option(parse, line, argument, failure) : !read_word(parse, argument, failure))
            return false;
    }
    return true;
}

/* Looks through what stands behind a mistake. What follows an option that there is not counts as an option. */
static void look_for_document(struct sapp_parse *parse, struct line *line)
{
    while (line->next < line->argc && !parse->document_wanted) {
        bool is_option;
        char *argument = next_argument(line, &is_option);
        if (argument == NULL || !is_option)
            continue;
        const struct dashed given = split_option(argument);
        const struct sapp_spelling *spelling = sapp_find_spelling(parse->program, given.name, given.length);
        const struct sapp_option *option = spelling != NULL ? &parse->program->options[spelling->option] : NULL;
        if (option != NULL && option->unavailable == NULL)
            parse->document_wanted = option->document;
        if (option != NULL && option->type != NULL && given.attached == NULL)
            line->next++;
    }
}

static bool convert_values(struct sapp_parse *parse, struct sapp_failure *failure)
{
    for (size_t i = 0; i < parse->occurrence_count; i++) {
        if (!sapp_convert_value(parse, &parse->occurrences[i], failure))
            return false;
    }
    return true;
}

/* Other users of the machine can read argv. */
static void wipe_secrets(struct sapp_parse *parse)
{
    for (size_t i = 0; i < parse->occurrence_count; i++) {
        struct sapp_occurrence *occurrence = &parse->occurrences[i];
        if (parse->program->options[occurrence->option].secret && occurrence->given != NULL)
            memset(occurrence->given, '*', strlen(occurrence->given));
    }
}

bool sapp_parse_line(struct sapp_parse *parse, const struct sapp_program *program,
                     const struct sapp_program *const *siblings, size_t sibling_count, int argc, char **argv,
                     void *args, struct sapp_failure *failure)
{
    struct line line = {siblings, sibling_count, argc, argv, 1, false};
    *parse = (struct sapp_parse){.program = program};
    const size_t given_size = program->option_count * sizeof(*parse->given);
    parse->given = sapp_arena_alloc(&parse->arena, given_size);
    if (parse->given == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory while reading the command line");
    memset(parse->given, 0, given_size);
    bool done = read_arguments(parse, &line, failure);
    if (!done)
        look_for_document(parse, &line);
    done = done && convert_values(parse, failure);
    if (done && !parse->help_wanted)
        done = sapp_check_relations(parse, failure) && sapp_store_values(parse, args, failure);
    wipe_secrets(parse);
    return done;
}

void sapp_parse_free(struct sapp_parse *parse)
{
    sapp_arena_free(&parse->arena);
    *parse = (struct sapp_parse){0};
}
