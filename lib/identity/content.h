/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_IDENTITY_CONTENT_H
#define SAPP_IDENTITY_CONTENT_H

#include "base/failure.h"
#include "identity/load.h"

#include <openssl/bio.h>
#include <openssl/pkcs12.h>
#include <stdbool.h>
#include <stddef.h>

/* Inside lib/identity: a whole file in memory, and what it is. Zeroed is empty; sapp_content_free() ends it. */
struct sapp_content {
    unsigned char *data; /* NUL-terminated */
    size_t length;
    enum sapp_format format; /* PEM, DER or P12 */
    PKCS12 *bundle;          /* for SAPP_FORMAT_P12 */
};

/* Whether a PEM block is there. */
enum sapp_block {
    SAPP_BLOCK_ABSENT,
    SAPP_BLOCK_TRUNCATED, /* the line that ends it is missing */
    SAPP_BLOCK_COMPLETE
};

/* A file or pipe of at most 16 MiB. `what` is what should be in it, for the sentence of a failure. */
bool sapp_content_read(struct sapp_content *content, const struct sapp_source *source, const char *what,
                       struct sapp_failure *failure);

/* The first PEM block whose label ends with `label`. */
enum sapp_block sapp_content_block(const struct sapp_content *content, const char *label);

/* A BIO over the content, which must outlive it. NULL when memory is short. */
BIO *sapp_content_bio(const struct sapp_content *content);

/* Overwrites the content with zeros and frees it. */
void sapp_content_free(struct sapp_content *content);

/* Records the failure "cannot load the WHAT of -OPTION from 'FILE': CAUSE". Returns false. */
bool sapp_content_refuse(const struct sapp_source *source, const char *what, const char *cause,
                         struct sapp_failure *failure);

/* What the pass phrase callback needs for `source`. `forgotten` takes what is typed if source->typed does not. */
struct sapp_passphrase_request sapp_content_request(const struct sapp_source *source, struct sapp_secret *forgotten);

/* What a PKCS#12 bundle or a store holds. Each may be NULL. */
struct sapp_found {
    EVP_PKEY *key;
    X509 *certificate;
    STACK_OF(X509) * others;
    X509_CRL *crl;
};

/* Opens a PKCS#12 bundle (RFC 7292): without pass phrase, with the given one, or with the one typed at the terminal. */
bool sapp_bundle_open(const struct sapp_content *content, const struct sapp_source *source, const char *what,
                      struct sapp_found *found, struct sapp_failure *failure);

/* Whether a name that is no file looks like a URI, so that OSSL_STORE_open(3) may know it. */
bool sapp_uri_is(const char *name);

/* Takes the first objects of each kind, and all further certificates, from the store at a URI. */
bool sapp_uri_load(const struct sapp_source *source, const char *what, struct sapp_found *found,
                   struct sapp_failure *failure);

/* Frees what was found. */
void sapp_found_free(struct sapp_found *found);

#endif
