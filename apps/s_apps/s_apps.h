/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_S_APPS_H
#define SAPP_S_APPS_H

#include "opt/table.h"

/* A command of the multi-call program. */
struct sapp_command {
    const char *name;
    const char *summary;
    int (*main)(int argc, char **argv);
    const struct sapp_program *program; /* its option table; NULL for a command without one */
};

/* All commands, sorted by name, ended by one without a name. */
extern const struct sapp_command sapp_commands[];

/* The command of that name, or NULL. */
const struct sapp_command *sapp_find_command(const char *name);

/* Every fact about every option, as one JSON document made from the spec, in parts that one without a text ends. */
extern const struct sapp_part sapp_options_json[];

/*
 * Writes what standard output still holds. Returns `status`, or 1 after a sentence on standard error when not all of it
 * arrived, on a full disk for example.
 */
int sapp_finish_output(int status);

/* `s_apps help [COMMAND]`: what there is. Returns the exit status. */
int sapp_help_main(int argc, char **argv);

/* `s_apps list [-json | COMMAND]`: the commands, every fact in JSON, or the options of one command with their types. */
int sapp_list_main(int argc, char **argv);

/*
 * `s_apps explain COMMAND [ARGUMENT ...]`: what a command line means, as JSON; nothing is run. With -batch before
 * COMMAND, standard input holds any number of command lines, each the count of its arguments and the arguments, all
 * ended by NUL; a line of JSON answers each, with the fields that differ from the defaults, or with the reason why it
 * is refused. Returns the exit status.
 */
int sapp_explain_main(int argc, char **argv);

#endif
