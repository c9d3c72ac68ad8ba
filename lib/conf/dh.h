/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_CONF_DH_H
#define SAPP_CONF_DH_H

#include "args/tls.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>

/*
 * Lets a server's context choose Diffie-Hellman parameters by itself, SSL_CTX_set_dh_auto(3), unless -dhparam gave some
 * or -no_dhe forbids it.
 */
void sapp_dh_apply(const struct sapp_tls_args *args, SSL_CTX *ctx);

/* Prints the original's line about that, which stands before ACCEPT; nothing with -no_dhe. */
void sapp_dh_announce(const struct sapp_tls_args *args, BIO *out);

#endif
