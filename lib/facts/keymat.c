/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/keymat.h"

void sapp_keymat_print(BIO *out, const struct sapp_facts *facts)
{
    const char *label = facts->given.keymat_label;
    if (label == NULL)
        return;
    (void)BIO_puts(out, "Keying material exporter:\n    Label: '");
    (void)BIO_puts(out, label);
    (void)BIO_printf(out, "'\n    Length: %d bytes\n", facts->given.keymat_length);
    if (facts->keymat == NULL) {
        (void)BIO_puts(out, "    Error\n");
        return;
    }
    (void)BIO_puts(out, "    Keying material: ");
    for (int i = 0; i < facts->given.keymat_length; i++)
        (void)BIO_printf(out, "%02X", facts->keymat[i]);
    (void)BIO_puts(out, "\n");
}
