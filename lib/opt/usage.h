/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_OPT_USAGE_H
#define SAPP_OPT_USAGE_H

#include "base/failure.h"
#include "opt/table.h"

/* Prints the help text to standard error, where scripts look for it. Returns the exit status. */
int sapp_print_help(const struct sapp_program *program);

/* Prints why a command line was refused, what may help, and where to read more, to standard error. */
void sapp_report_usage(const struct sapp_program *program, const struct sapp_failure *failure);

#endif
