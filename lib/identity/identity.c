/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "identity/identity.h"

#include "base/report.h"
#include "identity/load.h"
#include "identity/selfsign.h"

#include <string.h>

static bool load_key(EVP_PKEY **key, const struct sapp_credential_files *files, struct sapp_secret *typed,
                     struct sapp_failure *failure)
{
    const bool own_file = files->key_file != NULL;
    const struct sapp_source source = {.option = own_file ? files->key_option : files->cert_option,
                                       .file = own_file ? files->key_file : files->cert_file,
                                       .secret = files->secret,
                                       .typed = own_file ? NULL : typed};
    if (files->key_format == SAPP_FORMAT_ENGINE)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "-%s '%s' cannot come from an engine in this version",
                         files->key_option, source.file);
    const bool done = sapp_load_key(&source, key, failure);
    if (!done && !own_file)
        sapp_hint(failure, "give the file of the key with -%s", files->key_option);
    return done;
}

bool sapp_credential_load(struct sapp_credential *credential, const struct sapp_credential_files *files,
                          struct sapp_failure *failure)
{
    struct sapp_secret typed = {0}; /* for a bundle, which is opened for its certificate and for its key */
    const struct sapp_source cert = {
        .option = files->cert_option, .file = files->cert_file, .secret = files->secret, .typed = &typed};
    const struct sapp_source chain = {
        .option = files->chain_option, .file = files->chain_file, .secret = files->secret};
    *credential = (struct sapp_credential){0};
    bool done = files->cert_file == NULL || sapp_load_certificate(&cert, &credential->certificate, failure);
    if (done && (files->cert_file != NULL || files->key_file != NULL))
        done = load_key(&credential->key, files, &typed, failure);
    sapp_secret_clear(&typed);
    if (done && files->chain_file != NULL)
        done = sapp_load_certificates(&chain, &credential->chain, failure);
    if (done && credential->certificate != NULL &&
        X509_check_private_key(credential->certificate, credential->key) != 1)
        done = sapp_fail(failure, SAPP_FAILURE_INPUT,
                         "the private key in '%s' (-%s) does not match the certificate public key in '%s' (-%s)",
                         files->key_file != NULL ? files->key_file : files->cert_file, files->key_option,
                         files->cert_file, files->cert_option);
    if (!done)
        sapp_credential_free(credential);
    return done;
}

/* The line of the second pass phrase in its source: the one after the first's when both come from the same descriptor.
 */
static unsigned second_line(const struct sapp_identity_args *args)
{
    const bool same = args->pass != NULL && args->dpass != NULL && strcmp(args->pass, args->dpass) == 0;
    return same && strncmp(args->pass, "file:", strlen("file:")) == 0 ? 1 : 0;
}

static bool load_main(struct sapp_identity *identity, const struct sapp_identity_args *args, enum sapp_role role,
                      struct sapp_failure *failure)
{
    const bool server = role == SAPP_ROLE_SERVER;
    if (server && args->nocert)
        return true;
    if (server && args->selfsign != NULL) {
        identity->selfsigned = true;
        return sapp_selfsign(args->selfsign, &identity->main.certificate, &identity->main.key, failure);
    }
    const bool defaulted = server && args->cert == NULL;
    const struct sapp_credential_files files = {
        .cert_option = "cert",
        .cert_file = defaulted ? SAPP_SERVER_CERTIFICATE : args->cert,
        .key_option = "key",
        .key_file = args->key,
        .chain_option = "cert_chain",
        .chain_file = args->cert_chain,
        .key_format = (enum sapp_format)args->keyform,
        .secret = &identity->pass,
    };
    const bool done = sapp_credential_load(&identity->main, &files, failure);
    if (!done && defaulted)
        sapp_hint(failure,
                  "'%s' is opened because no -cert was given; -selfsign NAME makes a certificate for tests, "
                  "-nocert does without",
                  SAPP_SERVER_CERTIFICATE);
    return done;
}

static bool load_another(struct sapp_identity *identity, const struct sapp_identity_args *args,
                         struct sapp_failure *failure)
{
    const struct sapp_credential_files files = {
        .cert_option = "dcert",
        .cert_file = args->dcert,
        .key_option = "dkey",
        .key_file = args->dkey,
        .chain_option = "dcert_chain",
        .chain_file = args->dcert_chain,
        .key_format = (enum sapp_format)args->dkeyform,
        .secret = &identity->dpass,
    };
    return args->dcert == NULL || sapp_credential_load(&identity->another, &files, failure);
}

bool sapp_identity_load(struct sapp_identity *identity, const struct sapp_identity_args *args, enum sapp_role role,
                        struct sapp_failure *failure)
{
    *identity = (struct sapp_identity){0};
    if (sapp_passphrase_read("pass", args->pass, 0, &identity->pass, failure) &&
        sapp_passphrase_read("dpass", args->dpass, second_line(args), &identity->dpass, failure) &&
        load_main(identity, args, role, failure) && load_another(identity, args, failure))
        return true;
    sapp_identity_free(identity);
    return false;
}

static bool refuse(const char *option, const char *what, struct sapp_failure *failure)
{
    return sapp_fail(failure, SAPP_FAILURE_INPUT, "libssl refuses the %s of -%s: %s", what, option,
                     sapp_openssl_reason());
}

static bool apply_credential(const struct sapp_credential *credential, const char *option, bool build_chain,
                             SSL_CTX *ctx, struct sapp_failure *failure)
{
    if (credential->certificate == NULL)
        return true;
    if (SSL_CTX_use_certificate(ctx, credential->certificate) != 1)
        return refuse(option, "certificate", failure);
    if (SSL_CTX_use_PrivateKey(ctx, credential->key) != 1)
        return refuse(option, "private key", failure);
    if (credential->chain != NULL && SSL_CTX_set1_chain(ctx, credential->chain) != 1)
        return refuse(option, "certificate chain", failure);
    /* A chain that was given is the only place to look for issuers. */
    const int flags = credential->chain != NULL ? SSL_BUILD_CHAIN_FLAG_CHECK : 0;
    if (build_chain && SSL_CTX_build_cert_chain(ctx, flags) <= 0)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "error building certificate chain for -%s", option);
    return true;
}

bool sapp_identity_apply(const struct sapp_identity_args *args, const struct sapp_identity *identity, SSL_CTX *ctx,
                         struct sapp_failure *failure)
{
    return apply_credential(&identity->main, identity->selfsigned ? "selfsign" : "cert", args->build_chain, ctx,
                            failure) &&
           apply_credential(&identity->another, "dcert", args->build_chain, ctx, failure);
}

void sapp_credential_free(struct sapp_credential *credential)
{
    X509_free(credential->certificate);
    EVP_PKEY_free(credential->key);
    sk_X509_pop_free(credential->chain, X509_free);
    *credential = (struct sapp_credential){0};
}

void sapp_identity_free(struct sapp_identity *identity)
{
    sapp_secret_clear(&identity->pass);
    sapp_secret_clear(&identity->dpass);
    sapp_credential_free(&identity->main);
    sapp_credential_free(&identity->another);
    *identity = (struct sapp_identity){0};
}
