/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_apps/s_apps.h"

#include <stdio.h>
#include <string.h>

static int list_json(void)
{
    for (size_t i = 0; sapp_options_json[i].text != NULL; i++)
        fwrite(sapp_options_json[i].text, 1, sapp_options_json[i].length, stdout);
    return sapp_finish_output(0);
}

static int list_commands(void)
{
    for (const struct sapp_command *command = sapp_commands; command->name != NULL; command++)
        puts(command->name);
    return sapp_finish_output(0);
}

static int list_options(const struct sapp_program *program)
{
    for (size_t i = 0; i < program->spelling_count; i++) {
        const struct sapp_spelling *spelling = &program->spellings[i];
        const struct sapp_option *option = &program->options[spelling->option];
        if (option->unavailable == NULL)
            printf("%s %s\n", spelling->text, option->type != NULL ? option->type->name : "-");
    }
    return sapp_finish_output(0);
}

int sapp_list_main(int argc, char **argv)
{
    if (argc < 2)
        return list_commands();
    if (strcmp(argv[1], "-json") == 0 || strcmp(argv[1], "--json") == 0)
        return list_json();
    const struct sapp_command *command = sapp_find_command(argv[1]);
    if (command != NULL && command->program != NULL)
        return list_options(command->program);
    fprintf(stderr, "s_apps: list: expected -json or a command with options, not \"%s\"\n", argv[1]);
    return 1;
}
