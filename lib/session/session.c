/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "session/session.h"

#include "session/internal.h"

#include <openssl/rand.h>
#include <string.h>

/* What the original keeps in libssl's cache. */
#define CACHE_SIZE 128

/* How often a new random id is tried when one is in the cache already. */
#define MAX_ATTEMPTS 10

bool sapp_session_client_apply(const struct sapp_session_args *args, SSL_CTX *ctx, struct sapp_failure *failure)
{
    (void)args;
    (void)failure;
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
    return true;
}

/* SSL_CTX_set_generate_session_id(3): the prefix, then random bytes. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the type of the callback is libssl's */
static int make_id(SSL *ssl, unsigned char *id, unsigned *id_length)
{
    const char *prefix = sapp_hooks_of(ssl)->session->id_prefix;
    const size_t wanted = strlen(prefix);
    const size_t length = wanted < *id_length ? wanted : *id_length;
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        if (RAND_bytes(id, (int)*id_length) != 1)
            return 0;
        memcpy(id, prefix, length);
        if (!SSL_has_matching_session_id(ssl, id, *id_length))
            return 1;
    }
    return 0;
}

/* SSL_CTX_set_not_resumable_session_callback(3). */
static int refuse_ephemeral(SSL *ssl, int is_forward_secure)
{
    (void)ssl;
    return is_forward_secure;
}

static bool apply_cache(const struct sapp_session_args *args, struct sapp_session_server *server, SSL_CTX *ctx,
                        struct sapp_failure *failure)
{
    if (args->no_cache) {
        SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    } else if (args->ext_cache) {
        if (server->store == NULL)
            server->store = sapp_session_store_new();
        if (server->store == NULL)
            return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for the cache of -ext_cache");
        sapp_session_store_use(ctx);
    } else {
        SSL_CTX_sess_set_cache_size(ctx, CACHE_SIZE);
    }
    return true;
}

static bool apply_prefix(const struct sapp_session_args *args, struct sapp_session_server *server, SSL_CTX *ctx,
                         struct sapp_failure *failure)
{
    if (args->id_prefix == NULL)
        return true;
    if (server->id_prefix == NULL && strlen(args->id_prefix) >= SSL_MAX_SSL_SESSION_ID_LENGTH)
        BIO_puts(server->err, "warning: id_prefix is too long, only one new session will be possible\n");
    if (SSL_CTX_set_generate_session_id(ctx, make_id) != 1)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "libssl refuses -id_prefix '%s'", args->id_prefix);
    if (server->id_prefix == NULL)
        BIO_printf(server->err, "id_prefix '%s' set.\n", args->id_prefix);
    server->id_prefix = args->id_prefix;
    return true;
}

static bool apply_context(const struct sapp_session_args *args, SSL_CTX *ctx, struct sapp_failure *failure)
{
    /* Without any context, a server that asks for certificates cannot resume. */
    const char *context = args->context != NULL ? args->context : "s_server";
    if (SSL_CTX_set_session_id_context(ctx, (const unsigned char *)context, (unsigned)strlen(context)) == 1)
        return true;
    return sapp_fail(failure, SAPP_FAILURE_INPUT, "-context '%s' is longer than %d bytes", context,
                     SSL_MAX_SID_CTX_LENGTH);
}

bool sapp_session_server_apply(const struct sapp_session_args *args, struct sapp_session_server *server,
                               struct sapp_hooks *hooks, SSL_CTX *ctx, struct sapp_failure *failure)
{
    hooks->session = server;
    sapp_hooks_set(ctx, hooks);
    if (args->no_resume_ephemeral)
        SSL_CTX_set_not_resumable_session_callback(ctx, refuse_ephemeral);
    return apply_cache(args, server, ctx, failure) && apply_prefix(args, server, ctx, failure) &&
           apply_context(args, ctx, failure);
}

void sapp_session_server_free(struct sapp_session_server *server)
{
    sapp_session_store_free(server->store);
    *server = (struct sapp_session_server){0};
}
