/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_SESSION_SESSION_H
#define SAPP_SESSION_SESSION_H

#include "args/session.h"
#include "base/failure.h"
#include "base/hooks.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdbool.h>

/*
 * Loads the session in the PEM file of -sess_in. It is the caller's to free, and NULL where the option is not given. On
 * failure (kind input) the sentence names the file and the cause.
 */
bool sapp_session_load(const struct sapp_session_args *args, SSL_SESSION **session, struct sapp_failure *failure);

/*
 * Writes a session to the PEM file of -sess_out, where that is given. An existing file, device or pipe is written in
 * its place, by whatever name it is called; a file gets mode 0600, unless somebody else owns it or the name is that of
 * an open descriptor. On failure (kind io) the sentence names the file and the cause, the old file is as it was, and
 * none is new.
 */
bool sapp_session_save(const struct sapp_session_args *args, const SSL_SESSION *session, struct sapp_failure *failure);

/*
 * Prepares a client's context: its session cache takes part (so that the new-session callback runs) but stores nothing.
 * Set the callback with SSL_CTX_sess_set_new_cb(3).
 */
bool sapp_session_client_apply(const struct sapp_session_args *args, SSL_CTX *ctx, struct sapp_failure *failure);

struct sapp_session_store;

/*
 * State of a server's session callbacks. A zeroed struct is empty; sapp_session_server_free() ends it, after the
 * contexts are gone. hooks->session must point to it.
 */
struct sapp_session_server {
    BIO *err;                         /* where -id_prefix is confirmed; the caller sets it and keeps it */
    const char *id_prefix;            /* -id_prefix */
    struct sapp_session_store *store; /* -ext_cache */
};

/*
 * Applies -no_cache, -ext_cache, -context, -id_prefix, -num_tickets and -no_resume_ephemeral to a server's context and
 * points hooks->session to `server`. Sets the hooks too, see sapp_hooks_set().
 */
bool sapp_session_server_apply(const struct sapp_session_args *args, struct sapp_session_server *server,
                               struct sapp_hooks *hooks, SSL_CTX *ctx, struct sapp_failure *failure);

/* Frees the cache; the struct is empty afterwards. */
void sapp_session_server_free(struct sapp_session_server *server);

#endif
