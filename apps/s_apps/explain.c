/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/explain.h"
#include "opt/usage.h"
#include "s_apps/s_apps.h"

#include <stdlib.h>

static size_t list_programs(const struct sapp_program **programs)
{
    size_t count = 0;
    for (const struct sapp_command *command = sapp_commands; command->name != NULL; command++) {
        if (command->program != NULL)
            programs[count++] = command->program;
    }
    return count;
}

static int explain_line(const struct sapp_program *program, void *args, int argc, char **argv)
{
    const struct sapp_program *siblings[8];
    struct sapp_parse parse;
    struct sapp_failure failure = {0};
    int status = 0;
    if (!sapp_parse_line(&parse, program, siblings, list_programs(siblings), argc, argv, args, &failure)) {
        sapp_report_usage(program, &failure);
        status = 1;
    } else if (parse.help_wanted) {
        status = sapp_print_help(program);
    } else {
        sapp_explain(stdout, &parse, args);
        status = fflush(stdout) == 0 ? 0 : 1;
    }
    sapp_parse_free(&parse);
    sapp_failure_clear(&failure);
    return status;
}

int sapp_explain_main(int argc, char **argv)
{
    const struct sapp_command *command = argc > 1 ? sapp_find_command(argv[1]) : NULL;
    if (command == NULL || command->program == NULL) {
        fprintf(stderr, "s_apps: explain: expected the name of a command with options and its arguments\n");
        return 1;
    }
    void *args = calloc(1, command->program->args_size);
    if (args == NULL) {
        fprintf(stderr, "s_apps: out of memory\n");
        return 1;
    }
    const int status = explain_line(command->program, args, argc - 1, argv + 1);
    free(args);
    return status;
}
