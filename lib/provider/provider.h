/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_PROVIDER_PROVIDER_H
#define SAPP_PROVIDER_PROVIDER_H

#include "args/provider.h"
#include "base/failure.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

/* The providers that options loaded. A zeroed struct is empty; sapp_provider_free() unloads them. */
struct sapp_providers {
    void **loaded; /* OSSL_PROVIDER, which no libcrypto before 3.0 has */
    size_t count;
};

/* Loads the providers of -provider from -provider-path, with the parameters of -provparam; see OSSL_PROVIDER(3). */
bool sapp_provider_apply(const struct sapp_provider_args *args, struct sapp_providers *providers,
                         struct sapp_failure *failure);

/* SSL_CTX_new_ex(3) with the property query of -propquery, or SSL_CTX_new(3). The context is the caller's; NULL on
 * failure. */
SSL_CTX *sapp_provider_new_context(const struct sapp_provider_args *args, const SSL_METHOD *method,
                                   struct sapp_failure *failure);

/* Unloads the providers, last one first. Do it after everything that used them is freed. */
void sapp_provider_free(struct sapp_providers *providers);

#endif
