/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_SESSION_INTERNAL_H
#define SAPP_SESSION_INTERNAL_H

#include <openssl/ssl.h>

struct sapp_session_store;

/* Inside lib/session: the cache of -ext_cache, outside of libssl. It holds the last 1024 sessions. */

/* Makes an empty cache; NULL when memory is short. */
struct sapp_session_store *sapp_session_store_new(void);

/* Makes the cache that sapp_hooks_of() finds the only one of a context. */
void sapp_session_store_use(SSL_CTX *ctx);

/* Overwrites and frees everything. NULL is fine. */
void sapp_session_store_free(struct sapp_session_store *store);

#endif
