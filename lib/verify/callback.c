/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/nameopt.h"
#include "verify/internal.h"
#include "verify/verify.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

static void print_name(const struct sapp_verify *verify, const X509_NAME *name)
{
    sapp_name_print(verify->err, name, verify->nameopt);
    BIO_puts(verify->err, "\n");
}

static void print_time(const struct sapp_verify *verify, const char *label, const ASN1_TIME *time)
{
    BIO_puts(verify->err, label);
    ASN1_TIME_print(verify->err, time);
    BIO_puts(verify->err, "\n");
}

static void print_policies(const struct sapp_verify *verify, const char *label, STACK_OF(X509_POLICY_NODE) * nodes)
{
    BIO_printf(verify->err, "%s Policies:", label);
    if (sk_X509_POLICY_NODE_num(nodes) <= 0) {
        BIO_puts(verify->err, " <empty>\n");
        return;
    }
    BIO_puts(verify->err, "\n");
    for (int i = 0; i < sk_X509_POLICY_NODE_num(nodes); i++)
        sapp_verify_print_policy(verify->err, sk_X509_POLICY_NODE_value(nodes, i));
}

static void print_policy_tree(const struct sapp_verify *verify, X509_STORE_CTX *store)
{
    X509_POLICY_TREE *tree = X509_STORE_CTX_get0_policy_tree(store);
    const bool explicit = X509_STORE_CTX_get_explicit_policy(store) != 0;
    BIO_printf(verify->err, "Require explicit Policy: %s\n", explicit ? "True" : "False");
    print_policies(verify, "Authority", X509_policy_tree_get0_policies(tree));
    print_policies(verify, "User", X509_policy_tree_get0_user_policies(tree));
}

/* What belongs to an error. It is printed for each later certificate too, as long as the error stays recorded. */
static void print_details(const struct sapp_verify *verify, int error, int ok, X509_STORE_CTX *store)
{
    const X509 *certificate = X509_STORE_CTX_get_current_cert(store);
    switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        if (certificate != NULL) {
            BIO_puts(verify->err, "issuer= ");
            print_name(verify, X509_get_issuer_name(certificate));
        }
        break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD:
        if (certificate != NULL)
            print_time(verify, "notBefore=", X509_get0_notBefore(certificate));
        break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD:
        if (certificate != NULL)
            print_time(verify, "notAfter=", X509_get0_notAfter(certificate));
        break;
    case X509_V_ERR_NO_EXPLICIT_POLICY:
        if (!verify->quiet)
            print_policy_tree(verify, store);
        break;
    case X509_V_OK:
        /* 2 tells that policies were processed, for X509_V_FLAG_NOTIFY_POLICY. */
        if (ok == 2 && !verify->quiet)
            print_policy_tree(verify, store);
        break;
    default:
        break;
    }
}

static int report(int ok, X509_STORE_CTX *store)
{
    const struct sapp_verify *verify = X509_STORE_CTX_get_app_data(store);
    const X509 *certificate = X509_STORE_CTX_get_current_cert(store);
    const int error = X509_STORE_CTX_get_error(store);
    const int depth = X509_STORE_CTX_get_error_depth(store);
    if (!ok || !verify->quiet) {
        BIO_printf(verify->err, "depth=%d ", depth);
        if (certificate != NULL)
            print_name(verify, X509_get_subject_name(certificate));
        else
            BIO_puts(verify->err, "<no cert>\n");
    }
    if (!ok) {
        BIO_printf(verify->err, "verify error:num=%d:%s\n", error, X509_verify_cert_error_string(error));
        const bool near = verify->depth < 0 || depth <= verify->depth;
        ok = near && !verify->return_error;
    }
    print_details(verify, error, ok, store);
    if (ok && !verify->quiet)
        BIO_printf(verify->err, "verify return:%d\n", ok);
    return ok;
}

int sapp_verify_chain(X509_STORE_CTX *store, void *argument)
{
    X509_STORE_CTX_set_app_data(store, argument);
    X509_STORE_CTX_set_verify_cb(store, report);
    return X509_verify_cert(store);
}
