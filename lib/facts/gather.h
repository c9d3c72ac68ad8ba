/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_GATHER_H
#define SAPP_FACTS_GATHER_H

#include "facts/facts.h"

/* Between the files that gather; not for others. */

/* Fills facts->agreed. Returns false when memory is short. */
bool sapp_gather_agreed(struct sapp_facts *facts, SSL *ssl);

/* Fills facts->offer. Returns false when memory is short. */
bool sapp_gather_offer(struct sapp_facts *facts, SSL *ssl);

#endif
