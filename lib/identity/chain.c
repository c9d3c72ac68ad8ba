/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "identity/chain.h"

#include <openssl/err.h>
#include <stdbool.h>

/* For the certificate that is the context's current one. */
static bool freeze_current(SSL_CTX *ctx)
{
    STACK_OF(X509) *chain = NULL;
    if (SSL_CTX_get0_chain_certs(ctx, &chain) == 1 && chain != NULL)
        return true;
    if (SSL_CTX_get_extra_chain_certs(ctx, &chain) == 1 && chain != NULL)
        return true;
    return SSL_CTX_build_cert_chain(ctx, SSL_BUILD_CHAIN_FLAG_IGNORE_ERROR | SSL_BUILD_CHAIN_FLAG_CLEAR_ERROR) > 0;
}

void sapp_identity_freeze_chains(SSL_CTX *ctx)
{
    bool all = true;
    (void)ERR_set_mark();
    for (long which = SSL_CERT_SET_FIRST; SSL_CTX_set_current_cert(ctx, which) == 1; which = SSL_CERT_SET_NEXT)
        all = freeze_current(ctx) && all;
    (void)SSL_CTX_set_current_cert(ctx, SSL_CERT_SET_FIRST);
    if (all)
        SSL_CTX_set_mode(ctx, SSL_MODE_NO_AUTO_CHAIN);
    (void)ERR_pop_to_mark();
}
