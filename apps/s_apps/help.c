/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/usage.h"
#include "s_apps/s_apps.h"

#include <stdio.h>

int sapp_help_main(int argc, char **argv)
{
    if (argc > 1) {
        const struct sapp_command *command = sapp_find_command(argv[1]);
        if (command != NULL && command->program != NULL)
            return sapp_print_help(command->program);
        fprintf(stderr, "s_apps: \"%s\" is not a command with options\n", argv[1]);
        return 1;
    }
    fputs("Usage: s_apps command [argument ...]\n\nCommands:\n", stderr);
    for (const struct sapp_command *command = sapp_commands; command->name != NULL; command++)
        fprintf(stderr, " %-26s %s\n", command->name, command->summary);
    return 0;
}
