/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_S_SERVER_CONTEXT_H
#define SAPP_S_SERVER_CONTEXT_H

#include "alpn/alpn.h"
#include "base/failure.h"
#include "base/hooks.h"
#include "base/io.h"
#include "identity/identity.h"
#include "provider/provider.h"
#include "psk/psk.h"
#include "s_server_args.h"
#include "session/session.h"
#include "sni/sni.h"
#include "trace/trace.h"
#include "verify/verify.h"

#include <openssl/ssl.h>

/*
 * The server's contexts and what their callbacks need. It must not move while open: libssl keeps pointers into it. A
 * zeroed struct is closed.
 */
struct sapp_server_contexts {
    SSL_CTX *main;
    SSL_CTX *second; /* for -servername; NULL: none */
    struct sapp_hooks hooks;
    struct sapp_trace trace;
    struct sapp_identity identity;
    struct sapp_credential second_credential;
    struct sapp_verify verify;
    struct sapp_session_server session;
    struct sapp_sni_server sni;
    struct sapp_alpn alpn;
    struct sapp_psk psk;
    struct sapp_providers providers;
};

/*
 * Makes the contexts from the command line. `text` takes what the original prints on standard output, and swallows it
 * with -quiet; `nameopt` is for the lines about certificates. Fails with the failure of the group that failed;
 * sapp_server_contexts_close() ends the struct in any case.
 */
bool sapp_server_contexts_open(struct sapp_server_contexts *contexts, const struct sapp_s_server_args *args,
                               struct sapp_io *io, BIO *text, unsigned long nameopt, struct sapp_failure *failure);

/* Frees everything, after the last connection is gone. */
void sapp_server_contexts_close(struct sapp_server_contexts *contexts);

#endif
