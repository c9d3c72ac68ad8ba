/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_CONF_DH_H
#define SAPP_CONF_DH_H

#include "args/tls.h"
#include "base/failure.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdbool.h>

/*
 * Gives a server's context the Diffie-Hellman parameters of -dhparam, or lets it choose some by itself,
 * SSL_CTX_set_dh_auto(3), unless -no_dhe forbids it. Run it after the settings, since the security level judges the
 * parameters. Fails with kind input when the file cannot be used.
 */
bool sapp_dh_apply(const struct sapp_tls_args *args, SSL_CTX *ctx, struct sapp_failure *failure);

/* Prints the original's line about that, which stands before ACCEPT; nothing with -no_dhe. */
void sapp_dh_announce(const struct sapp_tls_args *args, BIO *out);

#endif
