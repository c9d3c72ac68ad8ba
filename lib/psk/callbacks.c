/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "psk/internal.h"

#include "base/escape.h"
#include "psk/psk.h"

#include <string.h>

static void print_text(const struct sapp_psk *psk, const char *before, const char *text, const char *behind)
{
    BIO_puts(psk->out, before);
    sapp_escape_print(psk->out, text, strlen(text));
    BIO_puts(psk->out, behind);
}

/* Gives the key, or 0 with a line that says why it cannot. */
static unsigned give_key(const struct sapp_psk *psk, const char *verb, unsigned char *key, unsigned size)
{
    const size_t length = psk->key.length;
    if (length > size) {
        BIO_printf(psk->out, "psk buffer of callback is too small (%u) for key (%zu)\n", size, length);
        return 0;
    }
    memcpy(key, psk->key.data, length);
    if (psk->debug)
        BIO_printf(psk->out, "%s PSK len=%zu\n", verb, length);
    return (unsigned)length;
}

unsigned sapp_psk_answer_hint(SSL *ssl, const char *hint, char *identity, unsigned identity_size, unsigned char *key,
                              unsigned key_size)
{
    const struct sapp_psk *psk = sapp_hooks_of(ssl)->psk;
    if (psk->debug && hint != NULL)
        print_text(psk, "Received PSK identity hint '", hint, "'\n");
    else if (psk->debug)
        BIO_puts(psk->out, "NULL received PSK identity hint, continuing anyway\n");
    const size_t length = strlen(psk->identity);
    if (length >= identity_size) {
        BIO_puts(psk->out, "PSK identity is too long\n");
        return 0;
    }
    memcpy(identity, psk->identity, length + 1);
    return give_key(psk, "created", key, key_size);
}

unsigned sapp_psk_find_key(SSL *ssl, const char *identity, unsigned char *key, unsigned key_size)
{
    const struct sapp_psk *psk = sapp_hooks_of(ssl)->psk;
    if (SSL_version(ssl) >= TLS1_3_VERSION)
        return 0;
    if (identity == NULL) {
        BIO_puts(psk->out, "Error: client did not send PSK identity\n");
        return 0;
    }
    if (psk->debug) {
        BIO_printf(psk->out, "identity_len=%zu identity=", strlen(identity));
        print_text(psk, "", identity, "\n");
    }
    if (strcmp(identity, psk->identity) != 0) {
        print_text(psk, "PSK warning: client identity not what we expected (got '", identity, "' expected '");
        print_text(psk, "", psk->identity, "')\n");
    } else if (psk->debug) {
        BIO_puts(psk->out, "PSK client identity found\n");
    }
    const unsigned length = give_key(psk, "fetched", key, key_size);
    (void)BIO_flush(psk->out);
    return length;
}

/* A session that holds the key and the suite that goes with it (RFC 8446 section 4.2.11); NULL on failure. */
static SSL_SESSION *make_session(SSL *ssl, const struct sapp_psk *psk)
{
    static const unsigned char aes_128_gcm_sha256[] = {0x13, 0x01};
    const SSL_CIPHER *cipher = SSL_CIPHER_find(ssl, aes_128_gcm_sha256);
    SSL_SESSION *session = cipher != NULL ? SSL_SESSION_new() : NULL;
    if (session != NULL && SSL_SESSION_set1_master_key(session, psk->key.data, psk->key.length) == 1 &&
        SSL_SESSION_set_cipher(session, cipher) == 1 && SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION) == 1)
        return session;
    SSL_SESSION_free(session);
    return NULL;
}

/* The session of -psk_session, or one for -psk; the caller's to free. */
static SSL_SESSION *get_session(SSL *ssl, const struct sapp_psk *psk)
{
    if (psk->session == NULL)
        return make_session(ssl, psk);
    return SSL_SESSION_up_ref(psk->session) == 1 ? psk->session : NULL;
}

int sapp_psk_offer_session(SSL *ssl, const EVP_MD *digest, const unsigned char **identity, size_t *identity_length,
                           SSL_SESSION **session)
{
    const struct sapp_psk *psk = sapp_hooks_of(ssl)->psk;
    *identity = NULL;
    *identity_length = 0;
    *session = NULL;
    SSL_SESSION *offered = get_session(ssl, psk);
    if (offered == NULL)
        return 0;
    const SSL_CIPHER *cipher = SSL_SESSION_get0_cipher(offered);
    const EVP_MD *own = cipher != NULL ? SSL_CIPHER_get_handshake_digest(cipher) : NULL;
    /* After a HelloRetryRequest the digest is settled, and a session with another one cannot be offered. */
    if (cipher == NULL || (digest != NULL && (own == NULL || EVP_MD_type(own) != EVP_MD_type(digest)))) {
        SSL_SESSION_free(offered);
        return cipher != NULL;
    }
    *identity = (const unsigned char *)psk->identity;
    *identity_length = strlen(psk->identity);
    *session = offered;
    return 1;
}

int sapp_psk_find_session(SSL *ssl, const unsigned char *identity, size_t identity_length, SSL_SESSION **session)
{
    const struct sapp_psk *psk = sapp_hooks_of(ssl)->psk;
    *session = NULL;
    if (identity_length != strlen(psk->identity) || memcmp(identity, psk->identity, identity_length) != 0)
        return 1;
    *session = get_session(ssl, psk);
    return *session != NULL;
}
