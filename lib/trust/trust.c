/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "trust/trust.h"

#include "args/features.h"
#include "base/report.h"
#include "identity/load.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>

/* The places of one use of CA certificates, and the names of their options. */
struct places {
    const char *file_option, *file;
    const char *path_option, *path;
    const char *store_option, *store;
};

/* What is wrong with a file is not always the newest of what libcrypto tells, which tries several ways to open it. */
static const char *find_reason(const char *name)
{
    struct stat status;
    const bool is_uri = strncmp(name, "file:", strlen("file:")) == 0;
    const char *const path = is_uri ? name + strlen("file:") : name;
    if (is_uri && path[0] != '/')
        return "the path of a file URI must be absolute";
    if (strchr(path, ':') == NULL && stat(path, &status) != 0)
        return strerror(errno);
    return sapp_openssl_reason();
}

static bool refuse(const char *option, const char *name, struct sapp_failure *failure)
{
    return sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot load the CA certificates of -%s '%s': %s", option, name,
                     find_reason(name));
}

static bool check_directory(const char *option, const char *name, struct sapp_failure *failure)
{
    struct stat status;
    if (stat(name, &status) != 0)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot use the directory of -%s '%s': %s", option, name,
                         strerror(errno));
    return S_ISDIR(status.st_mode) ||
           sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot use the directory of -%s: Not a directory: %s", option, name);
}

static bool fill_store(X509_STORE *store, const struct places *places, struct sapp_failure *failure)
{
    if (places->file != NULL && X509_STORE_load_locations(store, places->file, NULL) != 1)
        return refuse(places->file_option, places->file, failure);
    if (places->path != NULL && !check_directory(places->path_option, places->path, failure))
        return false;
    if (places->path != NULL && X509_STORE_load_locations(store, NULL, places->path) != 1)
        return refuse(places->path_option, places->path, failure);
#if SAPP_HAVE_STORES
    if (places->store != NULL && X509_STORE_load_store(store, places->store) != 1)
        return refuse(places->store_option, places->store, failure);
#endif
    return true;
}

static bool is_given(const struct places *places)
{
    return places->file != NULL || places->path != NULL || places->store != NULL;
}

/* Missing default places are normal, so nothing about them stays in the error queue. */
static void load_defaults(const struct sapp_trust_args *args, SSL_CTX *ctx)
{
    ERR_set_mark();
    if (!args->no_CAfile)
        (void)SSL_CTX_set_default_verify_file(ctx);
    if (!args->no_CApath)
        (void)SSL_CTX_set_default_verify_dir(ctx);
#if SAPP_HAVE_STORES
    if (!args->no_CAstore)
        (void)SSL_CTX_set_default_verify_store(ctx);
#endif
    ERR_pop_to_mark();
}

static bool apply_trusted(const struct sapp_trust_args *args, SSL_CTX *ctx, struct sapp_failure *failure)
{
    const struct places places = {"CAfile", args->CAfile, "CApath", args->CApath, "CAstore", args->CAstore};
    if (is_given(&places))
        return fill_store(SSL_CTX_get_cert_store(ctx), &places, failure);
    load_defaults(args, ctx);
    return true;
}

/* Gives `store` its own reference of the CRL. */
static bool add_crl(X509_STORE *store, X509_CRL *crl, struct sapp_failure *failure)
{
    if (crl == NULL || X509_STORE_add_crl(store, crl) == 1)
        return true;
    return sapp_fail(failure, SAPP_FAILURE_INTERNAL,
                     "cannot add the revocation list of -CRL to the trusted certificates");
}

static bool apply_chain_store(const struct sapp_trust_args *args, SSL_CTX *ctx, struct sapp_failure *failure)
{
    const struct places places = {"chainCAfile",     args->chainCAfile, "chainCApath",
                                  args->chainCApath, "chainCAstore",    args->chainCAstore};
    if (!is_given(&places))
        return true;
    X509_STORE *store = X509_STORE_new();
    bool done = store != NULL || sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory");
    done = done && fill_store(store, &places, failure);
    if (done)
        (void)SSL_CTX_set1_chain_cert_store(ctx, store);
    X509_STORE_free(store);
    return done;
}

static bool apply_verify_store(const struct sapp_trust_args *args, X509_CRL *crl, SSL_CTX *ctx,
                               struct sapp_failure *failure)
{
    const struct places places = {"verifyCAfile",     args->verifyCAfile, "verifyCApath",
                                  args->verifyCApath, "verifyCAstore",    args->verifyCAstore};
    if (!is_given(&places))
        return true;
    X509_STORE *store = X509_STORE_new();
    bool done = store != NULL || sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory");
    done = done && fill_store(store, &places, failure) && add_crl(store, crl, failure);
    if (done)
        (void)SSL_CTX_set1_verify_cert_store(ctx, store);
    X509_STORE_free(store);
    return done;
}

static bool load_crl(const struct sapp_trust_args *args, X509_CRL **crl, struct sapp_failure *failure)
{
    const struct sapp_source source = {
        .option = "CRL",
        .file = args->CRL,
        .format = args->CRLform_given ? (enum sapp_format)args->CRLform : SAPP_FORMAT_ANY,
    };
    *crl = NULL;
    return args->CRL == NULL || sapp_load_crl(&source, crl, failure);
}

static bool apply_requested_names(const char *file, SSL_CTX *ctx, struct sapp_failure *failure)
{
    STACK_OF(X509_NAME) *names = sk_X509_NAME_new_null();
    if (names == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory");
    if (SSL_add_file_cert_subjects_to_stack(names, file) != 1) {
        sk_X509_NAME_pop_free(names, X509_NAME_free);
        return refuse("requestCAfile", file, failure);
    }
    SSL_CTX_set0_CA_list(ctx, names);
    return true;
}

/* The file is one that libssl could load; it has no names when it holds revocation lists alone. */
static void apply_client_names(const struct sapp_trust_args *args, SSL_CTX *ctx)
{
#if SAPP_HAVE_CONF_3_0
    if (args->no_ca_names)
        SSL_CTX_set_options(ctx, SSL_OP_DISABLE_TLSEXT_CA_NAMES);
#endif
    if (args->CAfile == NULL || args->no_ca_names)
        return;
    ERR_set_mark();
    STACK_OF(X509_NAME) *names = SSL_load_client_CA_file(args->CAfile);
    ERR_pop_to_mark();
    if (names != NULL)
        SSL_CTX_set_client_CA_list(ctx, names);
}

bool sapp_trust_apply(const struct sapp_trust_args *args, enum sapp_role role, SSL_CTX *ctx,
                      struct sapp_failure *failure)
{
    X509_CRL *crl = NULL;
    bool done = load_crl(args, &crl, failure) && apply_trusted(args, ctx, failure) &&
                add_crl(SSL_CTX_get_cert_store(ctx), crl, failure) && apply_chain_store(args, ctx, failure) &&
                apply_verify_store(args, crl, ctx, failure);
    X509_CRL_free(crl);
    if (done && role == SAPP_ROLE_CLIENT && args->requestCAfile != NULL)
        done = apply_requested_names(args->requestCAfile, ctx, failure);
    if (done && role == SAPP_ROLE_SERVER)
        apply_client_names(args, ctx);
    return done;
}
