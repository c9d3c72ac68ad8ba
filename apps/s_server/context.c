/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_server/context.h"

#include "conf/conf.h"
#include "conf/dh.h"
#include "conn/conn.h"
#include "identity/chain.h"
#include "identity/selfsign.h"
#include "protocol/protocol.h"
#include "rand/rand.h"
#include "record/record.h"
#include "relay/relay.h"
#include "trust/trust.h"

enum {
    BULK_READ_BUFFER = 64 * 1024 /* four records for one system call */
};

/* The groups that prepare a context for the certificate, in the order that their headers ask for. */
static bool apply_settings(struct sapp_server_contexts *contexts, const struct sapp_s_server_args *args,
                           struct sapp_io *io, SSL_CTX *ctx, struct sapp_failure *failure)
{
    sapp_hooks_set(ctx, &contexts->hooks);
    sapp_trace_attach_ctx(&contexts->trace, ctx);
    if (!args->debug.debug)
        sapp_conn_prepare(ctx, BULK_READ_BUFFER);
    return sapp_protocol_apply(&args->protocol, ctx, failure) && sapp_record_apply(&args->record, ctx, failure) &&
           sapp_conf_apply(&args->conf, SAPP_ROLE_SERVER, ctx, io->err, failure) &&
           sapp_trust_apply(&args->trust, SAPP_ROLE_SERVER, ctx, failure) &&
           sapp_validation_apply(&args->validation, &args->verify_param, SAPP_ROLE_SERVER, &contexts->verify, ctx,
                                 failure) &&
           sapp_session_server_apply(&args->session, &contexts->session, &contexts->hooks, ctx, failure) &&
           sapp_psk_apply(&args->psk, SAPP_ROLE_SERVER, &contexts->psk, &contexts->hooks, ctx, failure) &&
           sapp_alpn_apply(&args->alpn, SAPP_ROLE_SERVER, &contexts->alpn, ctx, failure);
}

static SSL_CTX *new_context(struct sapp_server_contexts *contexts, const struct sapp_s_server_args *args,
                            struct sapp_io *io, const struct sapp_identity *identity, struct sapp_failure *failure)
{
    SSL_CTX *ctx =
        sapp_provider_new_context(&args->provider, sapp_protocol_method(&args->protocol, SAPP_ROLE_SERVER), failure);
    if (ctx == NULL)
        return NULL;
    sapp_relay_apply(&args->relay, ctx);
    if (apply_settings(contexts, args, io, ctx, failure) && sapp_dh_apply(&args->tls, ctx, failure) &&
        (args->identity.nocert || sapp_identity_apply(&args->identity, identity, ctx, failure))) {
        sapp_identity_freeze_chains(ctx);
        return ctx;
    }
    SSL_CTX_free(ctx);
    return NULL;
}

static bool open_second(struct sapp_server_contexts *contexts, const struct sapp_s_server_args *args,
                        struct sapp_io *io, BIO *text, struct sapp_failure *failure)
{
    if (!sapp_sni_wants_second(&args->sni))
        return true;
    if (!sapp_sni_load(&args->sni, &args->identity, &contexts->identity, &contexts->second_credential, failure))
        return false;
    const struct sapp_identity identity = {.main = contexts->second_credential};
    (void)BIO_puts(text, "Setting secondary ctx parameters\n");
    contexts->second = new_context(contexts, args, io, &identity, failure);
    return contexts->second != NULL;
}

bool sapp_server_contexts_open(struct sapp_server_contexts *contexts, const struct sapp_s_server_args *args,
                               struct sapp_io *io, BIO *text, unsigned long nameopt, struct sapp_failure *failure)
{
    contexts->verify = (struct sapp_verify){.err = io->err, .nameopt = nameopt};
    contexts->session.err = io->err;
    contexts->sni.out = text;
    contexts->alpn.out = text;
    contexts->alpn.err = io->err;
    contexts->psk.out = text;
    contexts->psk.debug = args->debug.debug;
    if (!args->output.quiet && !args->output.brief)
        sapp_validation_announce(&args->validation, SAPP_ROLE_SERVER, io->err);
    if (!sapp_rand_apply(&args->rand, failure) ||
        !sapp_provider_apply(&args->provider, &contexts->providers, failure) ||
        !sapp_trace_open(&contexts->trace, &args->debug, io, text, failure) ||
        !sapp_identity_load(&contexts->identity, &args->identity, SAPP_ROLE_SERVER, failure))
        return false;
    contexts->main = new_context(contexts, args, io, &contexts->identity, failure);
    if (contexts->main == NULL || !open_second(contexts, args, io, text, failure))
        return false;
    contexts->sni.second = contexts->second;
    if (!sapp_sni_server_apply(&args->sni, &contexts->sni, contexts->main, failure))
        return false;
    sapp_dh_announce(&args->tls, text);
    sapp_psk_announce(&args->psk, SAPP_ROLE_SERVER, &contexts->psk, contexts->main);
    if (contexts->identity.selfsigned)
        sapp_selfsign_announce(text, args->identity.selfsign, contexts->identity.main.certificate);
    return true;
}

void sapp_server_contexts_close(struct sapp_server_contexts *contexts)
{
    SSL_CTX_free(contexts->second);
    SSL_CTX_free(contexts->main);
    sapp_credential_free(&contexts->second_credential);
    sapp_identity_free(&contexts->identity);
    sapp_alpn_free(&contexts->alpn);
    sapp_psk_free(&contexts->psk);
    sapp_session_server_free(&contexts->session);
    sapp_trace_close(&contexts->trace);
    sapp_provider_free(&contexts->providers);
    *contexts = (struct sapp_server_contexts){0};
}
