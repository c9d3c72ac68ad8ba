/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_PSK_INTERNAL_H
#define SAPP_PSK_INTERNAL_H

#include <openssl/ssl.h>

/* Inside lib/psk: the callbacks of libssl, which find their struct sapp_psk by sapp_hooks_of(). */

/* SSL_CTX_set_psk_client_callback(3) and SSL_CTX_set_psk_server_callback(3), for TLS 1.2. */
unsigned sapp_psk_answer_hint(SSL *ssl, const char *hint, char *identity, unsigned identity_size, unsigned char *key,
                              unsigned key_size);
unsigned sapp_psk_find_key(SSL *ssl, const char *identity, unsigned char *key, unsigned key_size);

/* SSL_CTX_set_psk_use_session_callback(3) and SSL_CTX_set_psk_find_session_callback(3), for TLS 1.3. */
int sapp_psk_offer_session(SSL *ssl, const EVP_MD *digest, const unsigned char **identity, size_t *identity_length,
                           SSL_SESSION **session);
int sapp_psk_find_session(SSL *ssl, const unsigned char *identity, size_t identity_length, SSL_SESSION **session);

#endif
