/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_PROTOCOL_PROTOCOL_H
#define SAPP_PROTOCOL_PROTOCOL_H

#include "args/protocol.h"
#include "base/failure.h"
#include "base/role.h"

#include <openssl/ssl.h>
#include <stdbool.h>

/* The method to make the context with, SSL_CTX_new(3). Static; never NULL. */
const SSL_METHOD *sapp_protocol_method(const struct sapp_protocol_args *args, enum sapp_role role);

/*
 * Pins the version (-tls1_2 and its like), and sets -fallback_scsv and -enable_pha. Run it before sapp_conf_apply(), so
 * that -min_protocol and -max_protocol can narrow it further.
 */
bool sapp_protocol_apply(const struct sapp_protocol_args *args, SSL_CTX *ctx, struct sapp_failure *failure);

#endif
