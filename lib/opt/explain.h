/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_OPT_EXPLAIN_H
#define SAPP_OPT_EXPLAIN_H

#include "opt/parse.h"

#include <stdio.h>

/*
 * Writes what a command line means, as one line of JSON: the options as given, which of them were overruled or implied,
 * every field of the args struct (or those alone that the line changed; an enumeration that has no word is null), the
 * settings for SSL_CONF and X509_VERIFY_PARAM, and the functions that options call, where there are any. Secrets are
 * masked. For a line that asks for help, only that is written.
 */
void sapp_explain(FILE *out, const struct sapp_parse *parse, const void *args, bool only_changed);

/* Writes why a command line was refused, as one line of JSON. */
void sapp_explain_failure(FILE *out, const struct sapp_program *program, const struct sapp_failure *failure);

#endif
