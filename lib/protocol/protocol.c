/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "protocol/protocol.h"

const SSL_METHOD *sapp_protocol_method(const struct sapp_protocol_args *args, enum sapp_role role)
{
    if (args->datagram)
        return role == SAPP_ROLE_CLIENT ? DTLS_client_method() : DTLS_server_method();
    return role == SAPP_ROLE_CLIENT ? TLS_client_method() : TLS_server_method();
}

bool sapp_protocol_apply(const struct sapp_protocol_args *args, SSL_CTX *ctx, struct sapp_failure *failure)
{
    (void)failure;
    if (args->fallback_scsv)
        SSL_CTX_set_mode(ctx, SSL_MODE_SEND_FALLBACK_SCSV);
    if (args->enable_pha)
        SSL_CTX_set_post_handshake_auth(ctx, 1);
    return true;
}
