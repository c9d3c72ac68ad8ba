/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_client/client.h"

#include "conf/conf.h"
#include "facts/nameopt.h"
#include "protocol/protocol.h"
#include "rand/rand.h"
#include "record/record.h"
#include "session/session.h"
#include "sni/sni.h"
#include "trust/trust.h"

/* The order is the original's where its messages show it, and that of the modules where they depend on each other. */

static bool open_streams(struct sapp_s_client *client, struct sapp_failure *failure)
{
    const struct sapp_output_args *const output = &client->args->output;
    const struct sapp_debug_args *const debug = &client->args->debug;
    /* With -debug the original is not quiet. */
    client->quiet = output->json || ((output->quiet || output->brief) && !debug->debug);
    client->nowhere = BIO_new(BIO_s_null());
    client->loop = sapp_loop_new(failure);
    if (client->nowhere == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory");
    client->out = client->quiet ? client->nowhere : client->io->out;
    client->trace_io = *client->io;
    if (output->json)
        client->trace_io.out = client->io->err;
    client->style.show_certs = output->showcerts;
    return client->loop != NULL && sapp_nameopt_parse(&output->nameopt, &client->style.name_flags, failure);
}

static bool apply_settings(struct sapp_s_client *client, struct sapp_failure *failure)
{
    const struct sapp_s_client_args *const args = client->args;
    SSL_CTX *const ctx = client->ctx;
    client->verify.err = client->io->err;
    client->verify.nameopt = client->style.name_flags;
    client->alpn.out = client->out;
    client->alpn.err = client->io->err;
    client->alpn.quiet = client->quiet;
    client->psk.out = client->out;
    client->psk.debug = args->debug.debug;
    return sapp_protocol_apply(&args->protocol, ctx, failure) &&
           sapp_conf_apply(&args->conf, SAPP_ROLE_CLIENT, ctx, client->io->err, failure) &&
           sapp_record_apply(&args->record, ctx, failure) &&
           sapp_psk_apply(&args->psk, SAPP_ROLE_CLIENT, &client->psk, &client->hooks, ctx, failure) &&
           sapp_alpn_apply(&args->alpn, SAPP_ROLE_CLIENT, &client->alpn, ctx, failure) &&
           sapp_trust_apply(&args->trust, SAPP_ROLE_CLIENT, ctx, failure) &&
           sapp_validation_apply(&args->validation, &args->verify_param, SAPP_ROLE_CLIENT, &client->verify, ctx,
                                 failure) &&
           sapp_identity_apply(&args->identity, &client->identity, ctx, failure) &&
           sapp_session_client_apply(&args->session, ctx, failure);
}

static bool make_context(struct sapp_s_client *client, struct sapp_failure *failure)
{
    const struct sapp_s_client_args *const args = client->args;
    const SSL_METHOD *const method = sapp_protocol_method(&args->protocol, SAPP_ROLE_CLIENT);
    client->ctx = sapp_provider_new_context(&args->provider, method, failure);
    if (client->ctx == NULL)
        return false;
    client->hooks.program = client;
    sapp_hooks_set(client->ctx, &client->hooks);
    BIO *const text = args->output.json ? client->io->err : client->out;
    if (!sapp_trace_open(&client->trace, &args->debug, &client->trace_io, text, failure))
        return false;
    sapp_trace_attach_ctx(&client->trace, client->ctx);
    sapp_relay_apply(&args->relay, client->ctx);
    sapp_s_client_watch_sessions(client);
    if (!apply_settings(client, failure))
        return false;
    sapp_psk_announce(&args->psk, SAPP_ROLE_CLIENT, &client->psk, client->ctx);
    return true;
}

static bool make_relay(struct sapp_s_client *client, struct sapp_failure *failure)
{
    const struct sapp_relay_args *const args = &client->args->relay;
    const struct sapp_relay_options options = {
        .events = &sapp_s_client_relay_events,
        .data = client,
        .letters = args->nocommands || client->args->output.json ? NULL : "QRKk",
        .crlf = args->crlf,
        .no_input = args->no_interactive,
    };
    client->relay = sapp_relay_new(client->loop, client->io, &options, failure);
    return client->relay != NULL;
}

bool sapp_s_client_prepare(struct sapp_s_client *client, struct sapp_failure *failure)
{
    const struct sapp_s_client_args *const args = client->args;
    sapp_conn_ignore_sigpipe();
    return open_streams(client, failure) && sapp_rand_apply(&args->rand, failure) &&
           sapp_provider_apply(&args->provider, &client->providers, failure) &&
           sapp_identity_load(&client->identity, &args->identity, SAPP_ROLE_CLIENT, failure) &&
           make_context(client, failure) && sapp_session_load(&args->session, &client->session, failure) &&
           make_relay(client, failure);
}

void sapp_s_client_release(struct sapp_s_client *client)
{
    sapp_relay_free(client->relay);
    SSL_SESSION_free(client->session);
    SSL_CTX_free(client->ctx);
    sapp_trace_close(&client->trace);
    sapp_alpn_free(&client->alpn);
    sapp_psk_free(&client->psk);
    sapp_identity_free(&client->identity);
    sapp_provider_free(&client->providers);
    sapp_loop_free(client->loop);
    BIO_free(client->nowhere);
}
