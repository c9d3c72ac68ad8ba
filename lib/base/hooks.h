/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_BASE_HOOKS_H
#define SAPP_BASE_HOOKS_H

#include <openssl/ssl.h>

struct sapp_session_server;
struct sapp_psk;

/*
 * State for those callbacks of libssl that are given no argument of their own (session cache, session ids, PSK, key
 * log). A program has one, makes it known to each of its contexts, and keeps it for as long as they live. It is the
 * SSL_CTX's application data, SSL_CTX_set_app_data(3): nobody else may use that slot. The application data of an SSL
 * stays free for the program's connection. Each pointer is NULL until the module that owns it is applied.
 */
struct sapp_hooks {
    struct sapp_session_server *session;
    struct sapp_psk *psk;
    void *trace;   /* lib/trace decides */
    void *program; /* the program's own context */
};

/* Makes `hooks`, which stay the caller's, reachable from the connections of `ctx`. */
void sapp_hooks_set(SSL_CTX *ctx, struct sapp_hooks *hooks);

/* The hooks of a connection's context; NULL where none were set. */
struct sapp_hooks *sapp_hooks_of(const SSL *ssl);

#endif
