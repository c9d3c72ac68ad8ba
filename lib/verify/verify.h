/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_VERIFY_VERIFY_H
#define SAPP_VERIFY_VERIFY_H

#include "args/validation.h"
#include "base/failure.h"
#include "base/role.h"
#include "opt/values.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdbool.h>

/*
 * What the verify callback needs. It keeps no state between calls, so that one serves any number of connections; the
 * result of a connection is SSL_get_verify_result(3). The caller fills `err` and `nameopt`, the rest is set by
 * sapp_validation_apply(). It lives as long as the context.
 */
struct sapp_verify {
    BIO *err;              /* where the lines go; stays the caller's */
    unsigned long nameopt; /* how names are printed, X509_NAME_print_ex(3); see sapp_nameopt_parse() of lib/facts */
    int depth;             /* errors deeper than this are fatal; -1: none is */
    bool quiet;            /* -verify_quiet: errors only */
    bool return_error;     /* -verify_return_error: errors end the handshake */
};

/*
 * Applies the validation options: `settings` (the X509_VERIFY_PARAM options of the command line) to the context's
 * X509_VERIFY_PARAM, the verify mode, and the callback that prints `depth=N subject`, `verify error:num=N:text` and
 * `verify return:N` on verify->err. May be used for several contexts with the same `verify`. Nothing is printed here:
 * see sapp_validation_announce().
 */
bool sapp_validation_apply(const struct sapp_validation_args *args, const struct sapp_settings *settings,
                           enum sapp_role role, struct sapp_verify *verify, SSL_CTX *ctx, struct sapp_failure *failure);

/* The name, address or mailbox that the settings want the peer's certificate to be for; NULL: none. */
const char *sapp_validation_asked_name(const struct sapp_settings *settings);

/* True when the settings want revocation lists to be looked at. */
bool sapp_validation_asks_revocation(const struct sapp_settings *settings);

/* Prints the original's line "verify depth is N" for -verify and -Verify, which stands before all other output. */
void sapp_validation_announce(const struct sapp_validation_args *args, enum sapp_role role, BIO *err);

#endif
