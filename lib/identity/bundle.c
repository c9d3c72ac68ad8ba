/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/report.h"
#include "identity/content.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

/* Whether the bundle's integrity check accepts the pass phrase; leaves nothing in the error queue. */
static bool accepts(PKCS12 *bundle, const char *pass, int length)
{
    ERR_set_mark();
    const bool accepted = !PKCS12_mac_present(bundle) || PKCS12_verify_mac(bundle, pass, length) == 1;
    ERR_pop_to_mark();
    return accepted;
}

/*
 * Fills `buffer` with the pass phrase and points `*pass` to it, or to NULL for a bundle without one. Returns NULL, or
 * the cause of a failure.
 */
static const char *find_pass(PKCS12 *bundle, const struct sapp_source *source, char *buffer, int size,
                             const char **pass)
{
    struct sapp_secret forgotten = {0};
    struct sapp_passphrase_request request = sapp_content_request(source, &forgotten);
    const bool given = source->secret != NULL && source->secret->text != NULL;
    buffer[0] = '\0';
    *pass = buffer;
    if (!given && accepts(bundle, "", 0))
        return NULL;
    if (accepts(bundle, NULL, 0)) {
        *pass = NULL;
        return NULL;
    }
    const int length = sapp_passphrase_callback(buffer, size - 1, 0, &request);
    sapp_secret_clear(&forgotten);
    if (length < 0)
        return "it needs a pass phrase, and none was given";
    buffer[length] = '\0';
    return accepts(bundle, buffer, length) ? NULL : "the pass phrase is wrong";
}

bool sapp_bundle_open(const struct sapp_content *content, const struct sapp_source *source, const char *what,
                      struct sapp_found *found, struct sapp_failure *failure)
{
    char buffer[PEM_BUFSIZE + 1];
    const char *pass = NULL;
    *found = (struct sapp_found){0};
    const char *cause = find_pass(content->bundle, source, buffer, sizeof(buffer), &pass);
    if (cause == NULL && PKCS12_parse(content->bundle, pass, &found->key, &found->certificate, &found->others) != 1)
        cause = sapp_openssl_reason();
    OPENSSL_cleanse(buffer, sizeof(buffer));
    if (cause != NULL)
        return sapp_content_refuse(source, what, cause, failure);
    if (found->certificate == NULL && sk_X509_num(found->others) > 0)
        found->certificate = sk_X509_shift(found->others);
    return true;
}

void sapp_found_free(struct sapp_found *found)
{
    EVP_PKEY_free(found->key);
    X509_free(found->certificate);
    sk_X509_pop_free(found->others, X509_free);
    X509_CRL_free(found->crl);
    *found = (struct sapp_found){0};
}
