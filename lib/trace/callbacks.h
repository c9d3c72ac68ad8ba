/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_TRACE_CALLBACKS_H
#define SAPP_TRACE_CALLBACKS_H

#include "trace/trace.h"

/* libssl's callbacks, a file each. Between the files of this folder; not for others. */

/* "TLS 1.3" for the version of a record or handshake; NULL for one that this text does not know. Static text. */
const char *sapp_trace_version_name(int version);

/* -msg: for SSL_set_msg_callback(3); the argument is the struct sapp_trace. */
void sapp_trace_message(int written, int version, int content_type, const void *bytes, size_t length, SSL *ssl,
                        void *argument);

/* -trace: as sapp_trace_message(), in the words of SSL_trace(3). Only where libssl has them. */
void sapp_trace_words(int written, int version, int content_type, const void *bytes, size_t length, SSL *ssl,
                      void *argument);

/* -tlsextdebug: for SSL_set_tlsext_debug_callback(); the argument is the struct sapp_trace. */
void sapp_trace_extension(SSL *ssl, int from_client, int type, const unsigned char *data, int length, void *argument);

/* -security_debug: for SSL_CTX_set_security_callback(3); the extra data is the struct sapp_trace. */
int sapp_trace_security(const SSL *ssl, const SSL_CTX *ctx, int operation, int bits, int nid, void *other,
                        void *argument);

#endif
