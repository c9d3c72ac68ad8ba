/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_NET_RAISE_H
#define SAPP_NET_RAISE_H

#include <openssl/bio.h>
#include <openssl/err.h>

/* Entries for the OpenSSL error queue as libcrypto's own BIO functions write them: scripts look for them. */

/* "BIO routines:BIO_lookup_ex:system lib:...:Name or service not known". */
void sapp_net_raise_lookup(const char *reason);

/* "system library:BIO_connect:Connection refused:...:calling connect()" and "BIO routines:BIO_connect:connect error".
 */
void sapp_net_raise_connect(int error);

/* "system library:BIO_bind:Address already in use:...:calling bind()" and "BIO_bind:unable to bind socket". */
void sapp_net_raise_bind(int error);

#endif
