/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_SNI_SNI_H
#define SAPP_SNI_SNI_H

#include "args/identity.h"
#include "args/sni.h"
#include "base/failure.h"
#include "identity/identity.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdbool.h>

/*
 * Gives a client's connection the server name to ask for (RFC 6066 section 3): -servername, or else `host` (what was
 * connected to, without brackets; NULL for a Unix socket) where it looks like a DNS name: two labels or more, not an IP
 * address. A dot at its end is left out. With -noservername there is none. When none was sent, the line of the original
 * about that is written to `err` during the handshake, unless `err` is NULL; it must live as long as the context.
 */
bool sapp_sni_client_apply(const struct sapp_sni_args *args, const char *host, BIO *err, SSL *ssl,
                           struct sapp_failure *failure);

/* A server's choice between its two contexts. A zeroed struct is empty; it lives as long as the contexts. */
struct sapp_sni_server {
    BIO *out;         /* where the callback prints; NULL prints nothing; stays the caller's */
    const char *name; /* -servername */
    bool fatal;       /* -servername_fatal */
    SSL_CTX *second;  /* the context for `name`; stays the caller's */
};

/* Whether the server options ask for a second context. Make it like the first, then give it the loaded credential. */
bool sapp_sni_wants_second(const struct sapp_sni_args *args);

/*
 * Loads the certificate and key of the second context: -cert2, by default server2.pem, and -key2, by default from the
 * same file, with the formats of `identity_args` and the pass phrase of `identity`. The caller frees the credential.
 * When the first certificate came from -selfsign and no -cert2 is given, one for the -servername is made the same way.
 */
bool sapp_sni_load(const struct sapp_sni_args *args, const struct sapp_identity_args *identity_args,
                   const struct sapp_identity *identity, struct sapp_credential *credential,
                   struct sapp_failure *failure);

/*
 * Sets the callback that compares a client's server name with -servername, prints what the original prints, and
 * switches to server->second when they are equal. The caller fills `out` and `second` before; the context's callback
 * argument is `server`.
 */
bool sapp_sni_server_apply(const struct sapp_sni_args *args, struct sapp_sni_server *server, SSL_CTX *ctx,
                           struct sapp_failure *failure);

#endif
