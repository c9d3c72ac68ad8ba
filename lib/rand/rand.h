/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_RAND_RAND_H
#define SAPP_RAND_RAND_H

#include "args/rand.h"
#include "base/failure.h"

#include <stdbool.h>

/* Mixes the files of -rand into the random generator, RAND_load_file(3). Fails (kind input) when one cannot be read. */
bool sapp_rand_apply(const struct sapp_rand_args *args, struct sapp_failure *failure);

/* Writes the seed file of -writerand, RAND_write_file(3), where the option is given. Call it when the program ends. */
bool sapp_rand_save(const struct sapp_rand_args *args, struct sapp_failure *failure);

#endif
