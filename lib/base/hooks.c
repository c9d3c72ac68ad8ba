/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/hooks.h"

void sapp_hooks_set(SSL_CTX *ctx, struct sapp_hooks *hooks)
{
    SSL_CTX_set_app_data(ctx, hooks);
}

struct sapp_hooks *sapp_hooks_of(const SSL *ssl)
{
    return SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
}
