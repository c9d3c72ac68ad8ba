/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "psk/psk.h"

#include "args/features.h"
#include "base/release.h"
#include "psk/internal.h"

#include <errno.h>
#include <openssl/pem.h>
#include <string.h>

static bool load_session(const char *file, SSL_SESSION **session, struct sapp_failure *failure)
{
    BIO *bio = BIO_new_file(file, "r");
    if (bio == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "Can't open PSK session file %s of -psk_session: %s", file,
                         strerror(errno));
    *session = PEM_read_bio_SSL_SESSION(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return *session != NULL ||
           sapp_fail(failure, SAPP_FAILURE_INPUT,
                     "Can't read PSK session file %s of -psk_session: it holds no session in PEM", file);
}

static void set_callbacks(enum sapp_role role, bool with_key, SSL_CTX *ctx)
{
    if (role == SAPP_ROLE_SERVER)
        SSL_CTX_set_psk_find_session_callback(ctx, sapp_psk_find_session);
    else
        SSL_CTX_set_psk_use_session_callback(ctx, sapp_psk_offer_session);
#if SAPP_HAVE_PSK
    if (with_key && role == SAPP_ROLE_SERVER)
        SSL_CTX_set_psk_server_callback(ctx, sapp_psk_find_key);
    else if (with_key)
        SSL_CTX_set_psk_client_callback(ctx, sapp_psk_answer_hint);
#else
    (void)with_key;
#endif
}

void sapp_psk_announce(const struct sapp_psk_args *args, enum sapp_role role, const struct sapp_psk *psk, SSL_CTX *ctx)
{
#if SAPP_HAVE_PSK
    if (args->psk_given && psk->debug)
        BIO_printf(psk->out, "PSK key given, setting %s callback\n", role == SAPP_ROLE_SERVER ? "server" : "client");
    /* 1.1.1 does not warn. */
    if (args->psk_hint != NULL && SSL_CTX_get_min_proto_version(ctx) == TLS1_3_VERSION &&
        sapp_release_is_at_least(3, 0))
        BIO_puts(psk->out, "PSK warning: there is NO identity hint in TLSv1.3\n");
#else
    (void)args, (void)role, (void)psk, (void)ctx;
#endif
}

bool sapp_psk_apply(const struct sapp_psk_args *args, enum sapp_role role, struct sapp_psk *psk,
                    struct sapp_hooks *hooks, SSL_CTX *ctx, struct sapp_failure *failure)
{
#if SAPP_HAVE_PSK
    if (role == SAPP_ROLE_SERVER && args->psk_hint != NULL && SSL_CTX_use_psk_identity_hint(ctx, args->psk_hint) != 1)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "libssl refuses the hint '%s' of -psk_hint", args->psk_hint);
#endif
    if (!args->psk_given && args->psk_session == NULL)
        return true;
    if (args->psk_session != NULL && psk->session == NULL && !load_session(args->psk_session, &psk->session, failure))
        return false;
    psk->key = args->psk;
    psk->identity = args->psk_identity;
    hooks->psk = psk;
    sapp_hooks_set(ctx, hooks);
    set_callbacks(role, args->psk_given, ctx);
    return true;
}

void sapp_psk_free(struct sapp_psk *psk)
{
    SSL_SESSION_free(psk->session);
    *psk = (struct sapp_psk){0};
}
