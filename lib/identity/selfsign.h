/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_IDENTITY_SELFSIGN_H
#define SAPP_IDENTITY_SELFSIGN_H

#include "base/failure.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>

/*
 * Makes a P-256 key and a self-signed certificate (RFC 5280) for `name`, a DNS name or an IP address, and also for
 * localhost, 127.0.0.1 and ::1. It is valid from an hour ago for one week, for server authentication, and exists in
 * memory only. Both are the caller's to free. On failure nothing is made.
 */
bool sapp_selfsign(const char *name, X509 **certificate, EVP_PKEY **key, struct sapp_failure *failure);

/* Prints the line "Self-signed certificate for NAME, SHA-256 fingerprint AA:BB:..." and flushes `out`. */
void sapp_selfsign_announce(BIO *out, const char *name, const X509 *certificate);

#endif
