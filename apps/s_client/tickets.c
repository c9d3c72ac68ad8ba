/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_client/client.h"

#include "session/session.h"

static void save(struct sapp_s_client *client, const SSL_SESSION *session)
{
    struct sapp_failure failure = {0};
    if (client->session_unsaved)
        return;
    if (sapp_session_save(&client->args->session, session, &failure))
        return;
    client->session_unsaved = true;
    sapp_s_client_note(client, &failure);
}

/* SSL_CTX_sess_set_new_cb(3): during the handshake before TLS 1.3, and after it, with each ticket, since. */
static int on_session(SSL *ssl, SSL_SESSION *session)
{
    struct sapp_s_client *const client = sapp_hooks_of(ssl)->program;
    if (SSL_version(ssl) == TLS1_3_VERSION) {
        client->got_ticket = true;
        if (client->phase == SAPP_S_CLIENT_RELAY) {
            sapp_text_ticket(client->out, session, &client->facts);
            BIO_puts(client->out, "read R BLOCK\n");
            (void)BIO_flush(client->out);
        }
    }
    save(client, session);
    if (client->reconnects_left == 0 || SSL_SESSION_up_ref(session) != 1)
        return 0;
    SSL_SESSION_free(client->session);
    client->session = session;
    return 0;
}

void sapp_s_client_watch_sessions(struct sapp_s_client *client)
{
    SSL_CTX_sess_set_new_cb(client->ctx, on_session);
}

void sapp_s_client_keep_session(struct sapp_s_client *client)
{
    SSL *const ssl = sapp_conn_ssl(client->conn);
    if (SSL_version(ssl) == TLS1_3_VERSION)
        return;
    SSL_SESSION_free(client->session);
    client->session = SSL_get1_session(ssl);
}
