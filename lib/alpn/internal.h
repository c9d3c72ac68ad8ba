/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_ALPN_INTERNAL_H
#define SAPP_ALPN_INTERNAL_H

#include <openssl/ssl.h>
#include <stddef.h>

/* Inside lib/alpn: the callbacks of libssl. Their last argument is a struct sapp_alpn. */

/* SSL_CTX_set_alpn_select_cb(3): prints what was offered and takes the first own name that is among it. */
int sapp_alpn_select(SSL *ssl, const unsigned char **chosen, unsigned char *chosen_length, const unsigned char *offered,
                     unsigned offered_length, void *argument);

/* SSL_CTX_set_next_protos_advertised_cb(3) of a server. */
int sapp_npn_advertise(SSL *ssl, const unsigned char **list, unsigned *length, void *argument);

/* SSL_CTX_set_next_proto_select_cb(3) of a client: prints what is advertised and chooses. */
int sapp_npn_select(SSL *ssl, unsigned char **chosen, unsigned char *chosen_length, const unsigned char *offered,
                    unsigned offered_length, void *argument);

/* custom_ext_parse_cb of SSL_CTX_add_client_custom_ext(3): prints an extension as a PEM block. */
int sapp_serverinfo_print(SSL *ssl, unsigned type, const unsigned char *data, size_t length, int *alert,
                          void *argument);

#endif
