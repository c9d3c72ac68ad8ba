/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "conf/dh.h"

#include "args/features.h"

#include <stddef.h>

void sapp_dh_apply(const struct sapp_tls_args *args, SSL_CTX *ctx)
{
#if SAPP_HAVE_DH
    if (!args->no_dhe && args->dhparam == NULL)
        SSL_CTX_set_dh_auto(ctx, 1);
#else
    (void)args;
    (void)ctx;
#endif
}

void sapp_dh_announce(const struct sapp_tls_args *args, BIO *out)
{
#if SAPP_HAVE_DH
    if (!args->no_dhe)
        BIO_puts(out, args->dhparam != NULL ? "Setting temp DH parameters\n" : "Using default temp DH parameters\n");
#else
    (void)args;
    (void)out;
#endif
}
