/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_RECORD_RECORD_H
#define SAPP_RECORD_RECORD_H

#include "args/record.h"
#include "base/failure.h"

#include <openssl/ssl.h>
#include <stdbool.h>

/*
 * Sets fragment and buffer sizes, pipelines, the max_fragment_length extension (RFC 6066 section 4), kernel TLS and
 * asynchronous mode. Fails (kind input) when libssl refuses a value.
 */
bool sapp_record_apply(const struct sapp_record_args *args, SSL_CTX *ctx, struct sapp_failure *failure);

#endif
