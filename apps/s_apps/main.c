/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_apps/s_apps.h"

#include <stdio.h>
#include <string.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

const struct sapp_command *sapp_find_command(const char *name)
{
    for (const struct sapp_command *command = sapp_commands; command->name != NULL; command++) {
        if (strcmp(command->name, name) == 0)
            return command;
    }
    return NULL;
}

/* The name that the program was called by may be a command; else the first argument is. */
int main(int argc, char **argv)
{
    const struct sapp_command *command = argc > 0 ? sapp_find_command(base_name(argv[0])) : NULL;
    if (command != NULL && command->program != NULL)
        return command->main(argc, argv);
    if (argc < 2) {
        (void)sapp_help_main(0, NULL);
        return 1;
    }
    const char *name = argv[1] + strspn(argv[1], "-");
    command = sapp_find_command(name);
    if (command != NULL)
        return command->main(argc - 1, argv + 1);
    fprintf(stderr, "s_apps: \"%s\" is not a command; \"s_apps help\" lists them\n", argv[1]);
    return 1;
}
