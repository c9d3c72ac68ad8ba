/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_IDENTITY_CHAIN_H
#define SAPP_IDENTITY_CHAIN_H

#include <openssl/ssl.h>

/*
 * Completes the chain of each certificate of a context now, once. Otherwise libssl seeks the issuers of a certificate
 * without a chain anew in every handshake (SSL_MODE_NO_AUTO_CHAIN in SSL_CTX_set_mode(3)), which with a directory of
 * trust anchors means reading that directory each time. The chain is the one that libssl would have found. Run it when
 * certificates and trust anchors are loaded. It cannot fail: where the chain cannot be built libssl goes on seeking.
 */
void sapp_identity_freeze_chains(SSL_CTX *ctx);

#endif
