/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_PSK_PSK_H
#define SAPP_PSK_PSK_H

#include "args/psk.h"
#include "base/failure.h"
#include "base/hooks.h"
#include "base/role.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdbool.h>

/*
 * State of the PSK callbacks; lives as long as the contexts, and sapp_psk_free() ends it. The caller fills `out` and
 * `debug`. hooks->psk points to it.
 */
struct sapp_psk {
    BIO *out;              /* where callbacks print; stays the caller's */
    bool debug;            /* -debug: they tell what happens */
    struct sapp_bytes key; /* -psk; the parse owns it */
    const char *identity;  /* -psk_identity */
    SSL_SESSION *session;  /* -psk_session */
};

/*
 * Sets up pre-shared keys for a context: -psk for TLS 1.2 (RFC 4279) and TLS 1.3 (RFC 8446 section 4.2.11),
 * -psk_session for TLS 1.3, and a server's -psk_hint. A TLS 1.2 server warns of another identity than its own and goes
 * on, as the original does; a TLS 1.3 server does without the key then. Sets the hooks too. May be used for several
 * contexts. Fails (kind input) when a session file cannot be used or libssl refuses the hint.
 */
bool sapp_psk_apply(const struct sapp_psk_args *args, enum sapp_role role, struct sapp_psk *psk,
                    struct sapp_hooks *hooks, SSL_CTX *ctx, struct sapp_failure *failure);

/*
 * Prints on psk->out the original's lines from before a connection: with psk->debug that there is a key, and a warning
 * where a server has a -psk_hint that TLS 1.3 alone has no place for.
 */
void sapp_psk_announce(const struct sapp_psk_args *args, enum sapp_role role, const struct sapp_psk *psk, SSL_CTX *ctx);

/* Frees the session; the struct is empty afterwards. */
void sapp_psk_free(struct sapp_psk *psk);

#endif
