/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_ALPN_ALPN_H
#define SAPP_ALPN_ALPN_H

#include "args/alpn.h"
#include "base/failure.h"
#include "base/role.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

/* A protocol list in the form that TLS carries it: each name after a byte with its length (RFC 7301 section 3.1). */
struct sapp_protocols {
    unsigned char *data; /* malloc'ed; NULL when empty */
    size_t length;
};

/*
 * What the callbacks need; lives as long as the context. The caller fills `out`, `err` and `quiet`; sapp_alpn_free()
 * ends it.
 */
struct sapp_alpn {
    BIO *out;                   /* where callbacks print; stays the caller's */
    BIO *err;                   /* where a warning goes; stays the caller's */
    bool quiet;                 /* callbacks print nothing */
    struct sapp_protocols alpn; /* -alpn */
    struct sapp_protocols npn;  /* -nextprotoneg */
    int npn_status;             /* client: -1 until the server answered, then SSL_select_next_proto(3)'s value */
};

/*
 * Turns names into the form of the wire. `option` is for messages. The caller frees result->data. Fails (kind usage)
 * when a name is empty or longer than 255 bytes, or the whole longer than 65535.
 */
bool sapp_protocols_parse(const char *option, const struct sapp_texts *names, struct sapp_protocols *result,
                          struct sapp_failure *failure);

/*
 * Sets up ALPN, NPN, SRTP and serverinfo extensions for a context. A client offers its list. A server chooses the first
 * of its own names that the client offers, and ends the handshake with no_application_protocol where there is none (RFC
 * 7301 section 3.2); it prints what was offered and chosen as the original does. May be used for several contexts with
 * the same `alpn`.
 */
bool sapp_alpn_apply(const struct sapp_alpn_args *args, enum sapp_role role, struct sapp_alpn *alpn, SSL_CTX *ctx,
                     struct sapp_failure *failure);

/* Frees the lists; the struct is empty afterwards. */
void sapp_alpn_free(struct sapp_alpn *alpn);

#endif
