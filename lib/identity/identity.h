/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_IDENTITY_IDENTITY_H
#define SAPP_IDENTITY_IDENTITY_H

#include "args/identity.h"
#include "base/failure.h"
#include "base/role.h"
#include "identity/passphrase.h"

#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdbool.h>

/* A certificate, its private key, and the certificates between it and a root. Each may be NULL. */
struct sapp_credential {
    X509 *certificate;
    EVP_PKEY *key;
    STACK_OF(X509) * chain;
};

/* Everything that the identity options name, in memory. A zeroed struct is empty; sapp_identity_free() ends it. */
struct sapp_identity {
    struct sapp_secret pass;        /* of -key, and of the server's -key2 */
    struct sapp_secret dpass;       /* of -dkey */
    struct sapp_credential main;    /* -cert, -key, -cert_chain, or -selfsign */
    struct sapp_credential another; /* -dcert, -dkey, -dcert_chain: a server's certificate of another key type */
    bool selfsigned;                /* main was made by -selfsign */
};

/* The files that a server opens when no option names one. */
#define SAPP_SERVER_CERTIFICATE "server.pem"
#define SAPP_SERVER_CERTIFICATE2 "server2.pem"

/*
 * Reads pass phrases, keys, certificates and chains, from files and terminal; libssl is not touched. A key that is not
 * named is sought in the certificate's file; a server without -cert, -selfsign and -nocert opens server.pem. On failure
 * (kind input) the sentence names option, file and cause, and the identity is empty.
 */
bool sapp_identity_load(struct sapp_identity *identity, const struct sapp_identity_args *args, enum sapp_role role,
                        struct sapp_failure *failure);

/*
 * Gives an identity to a context. -build_chain completes the chain from the context's trust anchors (or from
 * -chainCA*), so apply the trust group before. The context takes its own references. For a server's second context give
 * a struct sapp_identity whose `main` came from sapp_sni_load().
 */
bool sapp_identity_apply(const struct sapp_identity_args *args, const struct sapp_identity *identity, SSL_CTX *ctx,
                         struct sapp_failure *failure);

/*
 * Loads one certificate and key that options name, as sni's -cert2 and -key2 need it. A NULL key_file means the
 * certificate's file. The formats are those of -certform and -keyform, the pass phrase that of -pass.
 */
struct sapp_credential_files {
    const char *cert_option, *cert_file;
    const char *key_option, *key_file;
    const char *chain_option, *chain_file; /* chain_file NULL: none */
    enum sapp_format cert_format, key_format;
    const struct sapp_secret *secret;
};
bool sapp_credential_load(struct sapp_credential *credential, const struct sapp_credential_files *files,
                          struct sapp_failure *failure);

/* Frees a credential; it is empty afterwards. */
void sapp_credential_free(struct sapp_credential *credential);

/* Frees everything and overwrites the secrets with zeros; the identity is empty afterwards. */
void sapp_identity_free(struct sapp_identity *identity);

#endif
