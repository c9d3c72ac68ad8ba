/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "conf/dh.h"

#include "args/features.h"

#include <errno.h>
#include <openssl/err.h>
#include <stddef.h>
#include <string.h>

#if SAPP_HAVE_CONF_3_0
#include <openssl/decoder.h>
#else
#include <openssl/pem.h>
#endif

#if SAPP_HAVE_DH
#if SAPP_HAVE_CONF_3_0
static EVP_PKEY *decode(BIO *bio, const char *kind)
{
    EVP_PKEY *parameters = NULL;
    OSSL_DECODER_CTX *decoder =
        OSSL_DECODER_CTX_new_for_pkey(&parameters, NULL, NULL, kind, EVP_PKEY_KEY_PARAMETERS, NULL, NULL);
    if (decoder != NULL)
        (void)OSSL_DECODER_from_bio(decoder, bio);
    OSSL_DECODER_CTX_free(decoder);
    (void)BIO_reset(bio);
    return parameters;
}

/*
 * Not by SSL_CONF_cmd(3), which takes neither DER nor the form of X9.42, called DHX, in which "openssl dhparam
 * -dsaparam" writes.
 */
static bool set_parameters(SSL_CTX *ctx, BIO *bio)
{
    ERR_set_mark();
    EVP_PKEY *parameters = decode(bio, "DH");
    if (parameters == NULL)
        parameters = decode(bio, "DHX");
    if (parameters != NULL)
        ERR_pop_to_mark();
    else
        ERR_clear_last_mark();
    if (parameters != NULL && SSL_CTX_set0_tmp_dh_pkey(ctx, parameters) == 1)
        return true;
    EVP_PKEY_free(parameters);
    return false;
}
#else
static bool set_parameters(SSL_CTX *ctx, BIO *bio)
{
    DH *parameters = PEM_read_bio_DHparams(bio, NULL, NULL, NULL);
    const bool done = parameters != NULL && SSL_CTX_set_tmp_dh(ctx, parameters) == 1;
    DH_free(parameters);
    return done;
}
#endif

static bool load_parameters(const char *file, SSL_CTX *ctx, struct sapp_failure *failure)
{
    BIO *bio = BIO_new_file(file, "r");
    if (bio == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot load the parameters of -dhparam from '%s': %s", file,
                         strerror(errno));
    const bool done = set_parameters(ctx, bio);
    BIO_free(bio);
    if (done)
        return true;
    const char *const reason = ERR_reason_error_string(ERR_peek_last_error());
    return sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot use the parameters of -dhparam from '%s': %s", file,
                     reason != NULL ? reason : "it holds none");
}
#endif

bool sapp_dh_apply(const struct sapp_tls_args *args, SSL_CTX *ctx, struct sapp_failure *failure)
{
#if SAPP_HAVE_DH
    if (args->dhparam != NULL)
        return load_parameters(args->dhparam, ctx, failure);
    if (!args->no_dhe)
        SSL_CTX_set_dh_auto(ctx, 1);
#else
    (void)args, (void)ctx, (void)failure;
#endif
    return true;
}

void sapp_dh_announce(const struct sapp_tls_args *args, BIO *out)
{
#if SAPP_HAVE_DH
    if (!args->no_dhe)
        BIO_puts(out, args->dhparam != NULL ? "Setting temp DH parameters\n" : "Using default temp DH parameters\n");
#else
    (void)args;
    (void)out;
#endif
}
