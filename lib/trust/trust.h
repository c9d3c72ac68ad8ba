/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_TRUST_TRUST_H
#define SAPP_TRUST_TRUST_H

#include "args/trust.h"
#include "base/failure.h"
#include "base/role.h"

#include <openssl/ssl.h>
#include <stdbool.h>

/*
 * Gives a context its trust anchors (-CAfile, -CApath, -CAstore and their defaults, unless -no-CA*), the stores for
 * chain building (-chainCA*) and for verification (-verifyCA*), the CRL, and the names of CAs: -requestCAfile of a
 * client, and for a server those in -CAfile. Loading a default location never fails. On failure (kind input) the
 * sentence names the option and the file, and the OpenSSL error queue holds libcrypto's own lines.
 */
bool sapp_trust_apply(const struct sapp_trust_args *args, enum sapp_role role, SSL_CTX *ctx,
                      struct sapp_failure *failure);

#endif
