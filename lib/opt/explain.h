/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_OPT_EXPLAIN_H
#define SAPP_OPT_EXPLAIN_H

#include "opt/parse.h"

#include <stdio.h>

/*
 * Writes what a parsed line means as one JSON object: the options that were given, implied and overruled, every field
 * of the args struct, and the settings for libssl. Secret values are shown as "***". `args` is the struct that
 * sapp_parse_line() filled.
 */
void sapp_explain(FILE *out, const struct sapp_parse *parse, const void *args);

#endif
