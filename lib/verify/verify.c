/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "verify/verify.h"

#include "args/features.h"
#include "verify/internal.h"

#include <openssl/x509v3.h>

static bool refuse(const struct sapp_setting *setting, const char *what, struct sapp_failure *failure)
{
    return sapp_fail(failure, SAPP_FAILURE_INPUT, "Invalid %s %s in -%s", what, setting->text, setting->option);
}

static bool add_policy(X509_VERIFY_PARAM *param, const struct sapp_setting *setting, struct sapp_failure *failure)
{
    ASN1_OBJECT *policy = OBJ_txt2obj(setting->text, 0);
    if (policy == NULL)
        return refuse(setting, "policy", failure);
    if (X509_VERIFY_PARAM_add0_policy(param, policy) == 1)
        return true;
    ASN1_OBJECT_free(policy);
    return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for -%s", setting->option);
}

static bool use_name(X509_VERIFY_PARAM *param, const struct sapp_setting *setting, struct sapp_failure *failure)
{
    const X509_VERIFY_PARAM *named = X509_VERIFY_PARAM_lookup(setting->text);
    return (named != NULL && X509_VERIFY_PARAM_set1(param, named) == 1) || refuse(setting, "verify name", failure);
}

static bool apply_setting(X509_VERIFY_PARAM *param, const struct sapp_setting *setting, struct sapp_failure *failure)
{
    switch ((enum sapp_verify_slot)setting->slot) {
    case SAPP_SLOT_DEPTH:
        /* Below 0 the limit is libcrypto's own. */
        if (setting->number >= 0)
            X509_VERIFY_PARAM_set_depth(param, (int)setting->number);
        return true;
    case SAPP_SLOT_AUTH_LEVEL:
        X509_VERIFY_PARAM_set_auth_level(param, (int)setting->number);
        return true;
    case SAPP_SLOT_PURPOSE:
        return X509_VERIFY_PARAM_set_purpose(param, (int)setting->number) == 1 || refuse(setting, "purpose", failure);
    case SAPP_SLOT_NAME:
        return use_name(param, setting, failure);
    case SAPP_SLOT_POLICY:
        return add_policy(param, setting, failure);
    case SAPP_SLOT_TIME:
        X509_VERIFY_PARAM_set_time(param, (time_t)setting->number);
        return true;
    case SAPP_SLOT_HOST:
        return X509_VERIFY_PARAM_set1_host(param, setting->text, 0) == 1 || refuse(setting, "host name", failure);
    case SAPP_SLOT_EMAIL:
        return X509_VERIFY_PARAM_set1_email(param, setting->text, 0) == 1 || refuse(setting, "mail address", failure);
    case SAPP_SLOT_IP:
        return X509_VERIFY_PARAM_set1_ip_asc(param, setting->text) == 1 || refuse(setting, "IP address", failure);
    case SAPP_SLOT_FLAG:
        X509_VERIFY_PARAM_set_flags(param, (unsigned long)setting->number);
        return true;
    }
    return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "-%s has no place in X509_VERIFY_PARAM", setting->option);
}

/* The verify mode that the options ask for, SSL_CTX_set_verify(3): for a server also for renegotiation and -www. */
static int verify_mode(const struct sapp_validation_args *args, enum sapp_role role)
{
    if (role == SAPP_ROLE_CLIENT)
        return args->verify_peer || args->verify_return_error ? SSL_VERIFY_PEER : SSL_VERIFY_NONE;
    const int required = args->require_peer_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
    const bool wanted = args->verify_peer || (SAPP_HAVE_RETURN_ERROR_ASKS && args->verify_return_error);
    return wanted ? SSL_VERIFY_PEER | SSL_VERIFY_CLIENT_ONCE | required : SSL_VERIFY_NONE;
}

bool sapp_validation_apply(const struct sapp_validation_args *args, const struct sapp_settings *settings,
                           enum sapp_role role, struct sapp_verify *verify, SSL_CTX *ctx, struct sapp_failure *failure)
{
    X509_VERIFY_PARAM *param = X509_VERIFY_PARAM_new();
    bool done = param != NULL;
    for (size_t i = 0; done && i < settings->count; i++)
        done = apply_setting(param, &settings->items[i], failure);
    if (done && settings->count > 0)
        done = SSL_CTX_set1_param(ctx, param) == 1;
    X509_VERIFY_PARAM_free(param);
    if (!done)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "cannot set the parameters of verification");
    verify->depth = args->verify_peer ? args->peer_depth : -1;
    verify->quiet = args->verify_quiet;
    verify->return_error = args->verify_return_error;
    SSL_CTX_set_verify(ctx, verify_mode(args, role), NULL);
    SSL_CTX_set_cert_verify_callback(ctx, sapp_verify_chain, verify);
    return true;
}

const char *sapp_validation_asked_name(const struct sapp_settings *settings)
{
    const char *name = NULL;
    for (size_t i = 0; i < settings->count; i++) {
        const struct sapp_setting *const setting = &settings->items[i];
        if (setting->slot == SAPP_SLOT_HOST || setting->slot == SAPP_SLOT_EMAIL || setting->slot == SAPP_SLOT_IP)
            name = setting->text;
    }
    return name;
}

bool sapp_validation_asks_revocation(const struct sapp_settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct sapp_setting *const setting = &settings->items[i];
        const long lists = X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
        if (setting->slot == SAPP_SLOT_FLAG && (setting->number & lists) != 0)
            return true;
    }
    return false;
}

void sapp_validation_announce(const struct sapp_validation_args *args, enum sapp_role role, BIO *err)
{
    if (!args->verify_peer)
        return;
    const bool required = role == SAPP_ROLE_SERVER && args->require_peer_certificate;
    BIO_printf(err, "verify depth is %d%s\n", args->peer_depth, required ? ", must return a certificate" : "");
}
