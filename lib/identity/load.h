/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_IDENTITY_LOAD_H
#define SAPP_IDENTITY_LOAD_H

#include "base/failure.h"
#include "identity/passphrase.h"
#include "opt/values.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>

/* A file that an option names, and what is known of it. */
struct sapp_source {
    const char *option;               /* without its dash, for messages */
    const char *file;                 /* its name */
    enum sapp_format format;          /* SAPP_FORMAT_ANY: the content decides */
    const struct sapp_secret *secret; /* its pass phrase; NULL: none was given, ask at the terminal */
    struct sapp_secret *typed;        /* keeps what was typed for this file, to ask only once; NULL: it is forgotten */
};

/*
 * Load the first certificate, private key, or CRL, or all certificates, from a file in PEM, DER or PKCS#12. A format
 * other than SAPP_FORMAT_ANY is the only one that is tried. What is loaded is the caller's to free. On failure (kind
 * input) one sentence names the option, the file and the cause, and nothing is loaded.
 */
bool sapp_load_certificate(const struct sapp_source *source, X509 **certificate, struct sapp_failure *failure);
bool sapp_load_certificates(const struct sapp_source *source, STACK_OF(X509) * *certificates,
                            struct sapp_failure *failure);
bool sapp_load_key(const struct sapp_source *source, EVP_PKEY **key, struct sapp_failure *failure);
bool sapp_load_crl(const struct sapp_source *source, X509_CRL **crl, struct sapp_failure *failure);

#endif
