/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "identity/load.h"

#include "identity/content.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

/* Opens `source`, be it a URI or a PKCS#12 bundle, or else leaves PEM or DER in `content`. */
static bool open_source(const struct sapp_source *source, const char *what, struct sapp_content *content,
                        struct sapp_found *found, struct sapp_failure *failure)
{
    *content = (struct sapp_content){0};
    *found = (struct sapp_found){0};
    if (sapp_uri_is(source->file))
        return sapp_uri_load(source, what, found, failure);
    if (!sapp_content_read(content, source, what, failure))
        return false;
    if (content->format != SAPP_FORMAT_P12)
        return true;
    if (sapp_bundle_open(content, source, what, found, failure))
        return true;
    sapp_content_free(content);
    return false;
}

/* Why no object with the PEM label `label` could be read from a PEM or DER file. */
static const char *cause_of(const struct sapp_content *content, const char *label)
{
    if (content->data == NULL || content->format == SAPP_FORMAT_P12)
        return "it holds none";
    if (content->format == SAPP_FORMAT_DER)
        return content->data[0] == 0x30 ? "the DER in it is something else or is damaged"
                                        : "it is neither PEM nor DER nor PKCS#12";
    switch (sapp_content_block(content, label)) {
    case SAPP_BLOCK_ABSENT:
        return "it holds none";
    case SAPP_BLOCK_TRUNCATED:
        return "the PEM block is truncated, its END line is missing";
    case SAPP_BLOCK_COMPLETE:
        break;
    }
    return "the PEM block is damaged";
}

static X509 *parse_certificate(const struct sapp_content *content)
{
    const unsigned char *position = content->data;
    if (content->format == SAPP_FORMAT_DER)
        return d2i_X509(NULL, &position, (long)content->length);
    BIO *bio = sapp_content_bio(content);
    X509 *certificate = bio != NULL ? PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    return certificate;
}

bool sapp_load_certificate(const struct sapp_source *source, X509 **certificate, struct sapp_failure *failure)
{
    static const char what[] = "certificate";
    struct sapp_content content;
    struct sapp_found found;
    *certificate = NULL;
    if (!open_source(source, what, &content, &found, failure))
        return false;
    if (content.data != NULL && content.bundle == NULL)
        found.certificate = parse_certificate(&content);
    *certificate = found.certificate;
    found.certificate = NULL;
    if (*certificate == NULL)
        sapp_content_refuse(source, what, cause_of(&content, "CERTIFICATE"), failure);
    sapp_found_free(&found);
    sapp_content_free(&content);
    return *certificate != NULL;
}

/* Every certificate of a PEM file; false when one is damaged or memory is short. */
static bool parse_pem_certificates(const struct sapp_content *content, STACK_OF(X509) * certificates)
{
    BIO *bio = sapp_content_bio(content);
    bool done = bio != NULL;
    X509 *certificate = NULL;
    ERR_set_mark();
    while (done && (certificate = PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL)) != NULL) {
        done = sk_X509_push(certificates, certificate) > 0;
        if (!done)
            X509_free(certificate);
    }
    const unsigned long last = ERR_peek_last_error();
    if (done && ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE)
        ERR_pop_to_mark();
    else
        done = false;
    BIO_free(bio);
    return done && sk_X509_num(certificates) > 0;
}

static bool parse_certificates(const struct sapp_content *content, STACK_OF(X509) * certificates)
{
    if (content->format == SAPP_FORMAT_PEM)
        return parse_pem_certificates(content, certificates);
    X509 *certificate = parse_certificate(content);
    const bool done = certificate != NULL && sk_X509_push(certificates, certificate) > 0;
    if (!done)
        X509_free(certificate);
    return done;
}

/* Moves the certificates that a bundle or store gave. */
static bool move_certificates(struct sapp_found *found, STACK_OF(X509) * certificates)
{
    while (found->certificate != NULL) {
        if (sk_X509_push(certificates, found->certificate) <= 0)
            return false;
        found->certificate = sk_X509_shift(found->others);
    }
    return sk_X509_num(certificates) > 0;
}

bool sapp_load_certificates(const struct sapp_source *source, STACK_OF(X509) * *certificates,
                            struct sapp_failure *failure)
{
    static const char what[] = "certificates";
    struct sapp_content content;
    struct sapp_found found;
    *certificates = NULL;
    if (!open_source(source, what, &content, &found, failure))
        return false;
    STACK_OF(X509) *list = sk_X509_new_null();
    bool done = list != NULL;
    if (done && content.data != NULL && content.bundle == NULL)
        done = parse_certificates(&content, list);
    else if (done)
        done = move_certificates(&found, list);
    if (done) {
        *certificates = list;
    } else {
        sapp_content_refuse(source, what, cause_of(&content, "CERTIFICATE"), failure);
        sk_X509_pop_free(list, X509_free);
    }
    sapp_found_free(&found);
    sapp_content_free(&content);
    return done;
}

static EVP_PKEY *parse_der_key(const struct sapp_content *content, struct sapp_passphrase_request *request)
{
    const unsigned char *position = content->data;
    ERR_set_mark();
    X509_SIG *encrypted = d2i_X509_SIG(NULL, &position, (long)content->length);
    ERR_pop_to_mark();
    position = content->data;
    if (encrypted == NULL)
        return d2i_AutoPrivateKey(NULL, &position, (long)content->length);
    X509_SIG_free(encrypted);
    BIO *bio = sapp_content_bio(content);
    EVP_PKEY *key = bio != NULL ? d2i_PKCS8PrivateKey_bio(bio, NULL, sapp_passphrase_callback, request) : NULL;
    BIO_free(bio);
    return key;
}

static EVP_PKEY *parse_key(const struct sapp_content *content, struct sapp_passphrase_request *request)
{
    if (content->format == SAPP_FORMAT_DER)
        return parse_der_key(content, request);
    BIO *bio = sapp_content_bio(content);
    EVP_PKEY *key = bio != NULL ? PEM_read_bio_PrivateKey(bio, NULL, sapp_passphrase_callback, request) : NULL;
    BIO_free(bio);
    return key;
}

bool sapp_load_key(const struct sapp_source *source, EVP_PKEY **key, struct sapp_failure *failure)
{
    static const char what[] = "private key";
    struct sapp_secret forgotten = {0};
    struct sapp_passphrase_request request = sapp_content_request(source, &forgotten);
    struct sapp_content content;
    struct sapp_found found;
    *key = NULL;
    if (!open_source(source, what, &content, &found, failure))
        return false;
    if (content.data != NULL && content.bundle == NULL)
        found.key = parse_key(&content, &request);
    sapp_secret_clear(&forgotten);
    *key = found.key;
    found.key = NULL;
    if (*key == NULL && request.asked)
        sapp_content_refuse(
            source, what, request.answered ? "the pass phrase is wrong" : "it needs a pass phrase, and none was given",
            failure);
    else if (*key == NULL)
        sapp_content_refuse(source, what, cause_of(&content, "PRIVATE KEY"), failure);
    sapp_found_free(&found);
    sapp_content_free(&content);
    return *key != NULL;
}

bool sapp_load_crl(const struct sapp_source *source, X509_CRL **crl, struct sapp_failure *failure)
{
    static const char what[] = "revocation list";
    struct sapp_content content;
    struct sapp_found found;
    *crl = NULL;
    if (!open_source(source, what, &content, &found, failure))
        return false;
    const unsigned char *position = content.data;
    BIO *bio = content.data != NULL ? sapp_content_bio(&content) : NULL;
    if (content.data != NULL && content.format == SAPP_FORMAT_DER)
        found.crl = d2i_X509_CRL(NULL, &position, (long)content.length);
    else if (bio != NULL && content.bundle == NULL)
        found.crl = PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL);
    BIO_free(bio);
    *crl = found.crl;
    found.crl = NULL;
    if (*crl == NULL)
        sapp_content_refuse(source, what, cause_of(&content, "CRL"), failure);
    sapp_found_free(&found);
    sapp_content_free(&content);
    return *crl != NULL;
}
