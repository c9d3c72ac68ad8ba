/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/explain.h"
#include "opt/usage.h"
#include "s_apps/s_apps.h"

#include <stdlib.h>
#include <string.h>

/* A program, memory for its args struct, and all programs, whose options may be suggested. */
struct subject {
    const struct sapp_program *program;
    const struct sapp_program *programs[8];
    size_t program_count;
    void *args;
};

/* The arguments of one command line of a batch; their texts lie in the batch's buffer. */
struct arguments {
    char **items;
    size_t count;
    size_t room;
};

static bool find_subject(struct subject *subject, const char *name)
{
    const struct sapp_command *wanted = name != NULL ? sapp_find_command(name) : NULL;
    *subject = (struct subject){.program = wanted != NULL ? wanted->program : NULL};
    for (const struct sapp_command *command = sapp_commands; command->name != NULL; command++) {
        if (command->program != NULL && subject->program_count < 8)
            subject->programs[subject->program_count++] = command->program;
    }
    if (subject->program == NULL) {
        fprintf(stderr, "s_apps: explain: expected the name of a command with options and its arguments\n");
        return false;
    }
    subject->args = calloc(1, subject->program->args_size);
    if (subject->args == NULL)
        fprintf(stderr, "s_apps: out of memory\n");
    return subject->args != NULL;
}

static int explain_line(const struct subject *subject, int argc, char **argv)
{
    struct sapp_parse parse;
    struct sapp_failure failure = {0};
    int status = 0;
    if (!sapp_parse_line(&parse, subject->program, subject->programs, subject->program_count, argc, argv, subject->args,
                         &failure)) {
        sapp_report_usage(subject->program, &failure);
        status = 1;
    } else if (parse.help_wanted) {
        status = sapp_print_help(subject->program);
    } else {
        sapp_explain(stdout, &parse, subject->args, false);
    }
    sapp_parse_free(&parse);
    sapp_failure_clear(&failure);
    return status;
}

static void explain_briefly(const struct subject *subject, int argc, char **argv)
{
    struct sapp_parse parse;
    struct sapp_failure failure = {0};
    if (sapp_parse_line(&parse, subject->program, subject->programs, subject->program_count, argc, argv, subject->args,
                        &failure))
        sapp_explain(stdout, &parse, subject->args, true);
    else
        sapp_explain_failure(stdout, subject->program, &failure);
    sapp_parse_free(&parse);
    sapp_failure_clear(&failure);
}

static bool add_argument(struct arguments *arguments, char *text)
{
    if (arguments->count == arguments->room) {
        const size_t room = arguments->room == 0 ? 64 : arguments->room * 2;
        char **longer = realloc(arguments->items, room * sizeof(*longer));
        if (longer == NULL)
            return false;
        arguments->items = longer;
        arguments->room = room;
    }
    arguments->items[arguments->count++] = text;
    return true;
}

/* Everything that standard input holds, ended by a NUL; NULL when it cannot be read. The caller frees it. */
static char *read_input(size_t *length)
{
    char *text = NULL;
    size_t room = 0;
    *length = 0;
    do {
        room = room == 0 ? 65536 : room * 2;
        char *longer = realloc(text, room + 1);
        if (longer == NULL) {
            free(text);
            return NULL;
        }
        text = longer;
        *length += fread(text + *length, 1, room - *length, stdin);
    } while (*length == room);
    text[*length] = '\0';
    if (!ferror(stdin))
        return text;
    free(text);
    return NULL;
}

/* Each command line is the count of its arguments and the arguments, all ended by NUL. */
static bool explain_all(const struct subject *subject, char *text, const char *end, struct arguments *arguments)
{
    char name[] = "s_apps";
    while (text < end) {
        char *rest = NULL;
        size_t wanted = strtoul(text, &rest, 10);
        if (rest == text || *rest != '\0')
            return false;
        arguments->count = 0;
        bool added = add_argument(arguments, name);
        for (text = rest + 1; wanted > 0 && text < end && added; wanted--) {
            added = add_argument(arguments, text);
            text += strlen(text) + 1;
        }
        if (wanted > 0 || !added || !add_argument(arguments, NULL))
            return false;
        explain_briefly(subject, (int)arguments->count - 1, arguments->items);
    }
    return true;
}

static int explain_batch(const struct subject *subject)
{
    struct arguments arguments = {0};
    size_t length = 0;
    char *text = read_input(&length);
    if (text == NULL) {
        perror("s_apps: standard input");
        return 1;
    }
    const bool done = explain_all(subject, text, text + length, &arguments);
    if (!done)
        fprintf(stderr,
                "s_apps: explain: expected on standard input, for each command line, the count of its arguments "
                "and the arguments, all ended by NUL\n");
    free(arguments.items);
    free(text);
    return done ? 0 : 1;
}

int sapp_explain_main(int argc, char **argv)
{
    const bool batch = argc > 1 && (strcmp(argv[1], "-batch") == 0 || strcmp(argv[1], "--batch") == 0);
    const int first = batch ? 2 : 1;
    struct subject subject;
    int status = 1;
    if (find_subject(&subject, first < argc ? argv[first] : NULL))
        status = batch ? explain_batch(&subject) : explain_line(&subject, argc - first, argv + first);
    free(subject.args);
    return sapp_finish_output(status);
}
