/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_PRINTABLE_H
#define SAPP_FACTS_PRINTABLE_H

#include <openssl/bio.h>
#include <stddef.h>

/*
 * Copies what a memory BIO holds, text that libcrypto made of a peer's bytes, to `out`. Printable ASCII, line ends,
 * tabs and UTF-8 characters stay as they are; control characters (C0, DEL, C1) and bytes that are not UTF-8 become
 * \xHH.
 */
void sapp_printable_copy(BIO *out, BIO *memory);

/* The same for bytes in memory. */
void sapp_printable_write(BIO *out, const void *text, size_t length);

#endif
