/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_BASE_RELEASE_H
#define SAPP_BASE_RELEASE_H

#include <stdbool.h>

/*
 * Whether the libssl that is linked is of a release or a later one: sapp_release_is_at_least(3, 2) for 3.2. For what a
 * release says or does otherwise; what its headers lack is a feature in opts/features.yaml.
 */
bool sapp_release_is_at_least(unsigned int major, unsigned int minor);

#endif
