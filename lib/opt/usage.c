/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int sapp_print_help(const struct sapp_program *program)
{
    size_t length = 0;
    for (size_t i = 0; i < program->help_count; i++)
        length += program->help[i].length;
    char *text = malloc(length + 1);
    if (text == NULL)
        return 1;
    char *end = text;
    for (size_t i = 0; i < program->help_count; i++)
        end = mempcpy(end, program->help[i].text, program->help[i].length);
    const bool written = fwrite(text, 1, length, stderr) == length;
    free(text);
    return written ? 0 : 1;
}

void sapp_report_usage(const struct sapp_program *program, const struct sapp_failure *failure)
{
    fprintf(stderr, "%s: %s\n", program->name, failure->text != NULL ? failure->text : "out of memory");
    if (failure->hint != NULL)
        fprintf(stderr, "%s: %s\n", program->name, failure->hint);
    fprintf(stderr, "%s: Use -help for summary.\n", program->name);
}
