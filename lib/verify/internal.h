/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_VERIFY_INTERNAL_H
#define SAPP_VERIFY_INTERNAL_H

#include <openssl/bio.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

/*
 * Inside lib/verify: checks a chain as libssl would, with a callback that prints. `argument` is a struct sapp_verify.
 * It is for SSL_CTX_set_cert_verify_callback(3), which unlike SSL_CTX_set_verify(3) passes an argument.
 */
int sapp_verify_chain(X509_STORE_CTX *store, void *argument);

/* Prints what X509_POLICY_NODE_print(3) says of a policy; the texts of its qualifiers are escaped. */
void sapp_verify_print_policy(BIO *out, X509_POLICY_NODE *node);

#endif
