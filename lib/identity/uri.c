/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "identity/content.h"

#include <ctype.h>
#include <openssl/err.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <string.h>
#include <unistd.h>

bool sapp_uri_is(const char *name)
{
    const size_t length = strcspn(name, ":");
    if (name[length] != ':' || length < 2 || !isalpha((unsigned char)*name) || access(name, F_OK) == 0)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!isalnum((unsigned char)name[i]) && strchr("+-.", name[i]) == NULL)
            return false;
    }
    return true;
}

/* Takes one object out of `info`; whatever is not wanted stays in it. Returns false when memory is short. */
static bool take(OSSL_STORE_INFO *info, struct sapp_found *found)
{
    X509 *certificate = NULL;
    switch (OSSL_STORE_INFO_get_type(info)) {
    case OSSL_STORE_INFO_PKEY:
        if (found->key == NULL)
            found->key = OSSL_STORE_INFO_get1_PKEY(info);
        return true;
    case OSSL_STORE_INFO_CRL:
        if (found->crl == NULL)
            found->crl = OSSL_STORE_INFO_get1_CRL(info);
        return true;
    case OSSL_STORE_INFO_CERT:
        certificate = OSSL_STORE_INFO_get1_CERT(info);
        break;
    default:
        return true;
    }
    if (found->certificate == NULL) {
        found->certificate = certificate;
        return true;
    }
    if (found->others == NULL)
        found->others = sk_X509_new_null();
    if (found->others != NULL && sk_X509_push(found->others, certificate) > 0)
        return true;
    X509_free(certificate);
    return false;
}

/*
 * Takes what is there. The store tells an error also for what it does not understand behind the objects, so that only
 * an empty hand is a failure.
 */
static bool take_all(OSSL_STORE_CTX *store, struct sapp_found *found)
{
    bool done = true;
    ERR_set_mark();
    while (done && !OSSL_STORE_eof(store)) {
        OSSL_STORE_INFO *info = OSSL_STORE_load(store);
        done = info != NULL ? take(info, found) : !OSSL_STORE_error(store);
        OSSL_STORE_INFO_free(info);
    }
    const bool some = found->key != NULL || found->certificate != NULL || found->crl != NULL;
    if (some)
        ERR_pop_to_mark();
    else
        ERR_clear_last_mark();
    return some;
}

bool sapp_uri_load(const struct sapp_source *source, const char *what, struct sapp_found *found,
                   struct sapp_failure *failure)
{
    struct sapp_secret forgotten = {0};
    struct sapp_passphrase_request request = sapp_content_request(source, &forgotten);
    *found = (struct sapp_found){0};
    UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(sapp_passphrase_callback, 0);
    OSSL_STORE_CTX *store = ui != NULL ? OSSL_STORE_open(source->file, ui, &request, NULL, NULL) : NULL;
    const bool done = store != NULL && take_all(store, found);
    if (store != NULL)
        OSSL_STORE_close(store);
    UI_destroy_method(ui);
    sapp_secret_clear(&forgotten);
    if (done)
        return true;
    /* The newest error: the store tries several ways, and the last is the one that was meant. */
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    sapp_found_free(found);
    return sapp_content_refuse(source, what, reason != NULL ? reason : "no store knows it", failure);
}
