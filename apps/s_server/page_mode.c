/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/report.h"
#include "s_server/web.h"

#include <openssl/err.h>

/* -www: answers each request with a page about the connection, after a renegotiation where the path asks for one. */

static void renegotiate(struct sapp_server_client *client, const struct sapp_http_request *request,
                        bool with_certificate)
{
    struct sapp_web *const web = client->state;
    struct sapp_server *const server = client->server;
    const int result = sapp_server_client_renegotiate(client, with_certificate);
    (void)BIO_printf(server->text, "SSL_renegotiate -> %d\n", result);
    (void)BIO_flush(server->text);
    if (result == 1 && sapp_conn_run_handshake(client->conn)) {
        web->renegotiating = true;
        return;
    }
    sapp_report_errors(server->io->err);
    sapp_web_refuse(client, request, "501 Not Implemented", "renegotiation is not possible in this connection: ", "");
}

static void wait_for_renegotiation(struct sapp_server_client *client)
{
    char dropped[4096];
    (void)sapp_conn_read(client->conn, dropped, sizeof(dropped));
    if (!sapp_conn_is_closed(client->conn) && SSL_renegotiate_pending(sapp_conn_ssl(client->conn)) == 0)
        sapp_web_send_page(client);
}

static void on_readable(void *data)
{
    struct sapp_server_client *const client = data;
    const struct sapp_web *const web = client->state;
    struct sapp_http_request request;
    if (web->renegotiating)
        wait_for_renegotiation(client);
    else if (!sapp_web_read(client, &request))
        return;
    else if (sapp_http_target_is(&request, "/reneg"))
        renegotiate(client, &request, false);
    else if (sapp_http_target_is(&request, "/renegcert"))
        renegotiate(client, &request, true);
    else
        sapp_web_send_page(client);
}

const struct sapp_server_mode sapp_page_server_mode = {
    .events =
        {
            .handshake_done = sapp_web_open,
            .readable = on_readable,
            .half_closed = sapp_server_client_finish,
            .closed = sapp_web_closed,
        },
    .release = sapp_web_release,
};
