/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "relay/relay.h"

#include "args/features.h"

void sapp_relay_apply(const struct sapp_relay_args *args, SSL_CTX *ctx)
{
#if SAPP_HAVE_CONF_3_0
    if (args->ignore_unexpected_eof)
        SSL_CTX_set_options(ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
#else
    (void)args;
    (void)ctx;
#endif
}
