/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_KEYMAT_H
#define SAPP_FACTS_KEYMAT_H

#include "facts/facts.h"

#include <openssl/bio.h>

/*
 * Prints the block "Keying material exporter:" (RFC 5705) with the label and length that facts->given has, as both
 * programs' classic text does; nothing when no label was given. The reports of text.h call it.
 */
void sapp_keymat_print(BIO *out, const struct sapp_facts *facts);

#endif
