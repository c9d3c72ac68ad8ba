/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_S_SERVER_WEB_H
#define SAPP_S_SERVER_WEB_H

#include "http/request.h"
#include "s_server/server.h"

/* What the modes that speak HTTP share: reading the request, and short answers. It is client->state. */
struct sapp_web {
    size_t length;
    bool renegotiating; /* -www: the page follows the renegotiation */
    bool head_only;
    int file; /* -WWW, -HTTP: what is being sent; -1: nothing */
    char data[SAPP_HTTP_LINE_SIZE];
};

/* The `handshake_done` event of these modes. */
void sapp_web_open(void *client);

/* Frees client->state. */
void sapp_web_release(struct sapp_server_client *client);

/* The `closed` event of these modes: prints what the original prints. */
void sapp_web_closed(void *client, const struct sapp_conn_closed *closed);

/*
 * Reads on; true once, when a request line with a known method is there. Other lines are answered here with an error.
 */
bool sapp_web_read(struct sapp_server_client *client, struct sapp_http_request *request);

/*
 * Answers "HTTP/1.0 STATUS" with one line of plain text and closes. The text is made of `before`, the request's target
 * without its slash, and `after`.
 */
void sapp_web_refuse(struct sapp_server_client *client, const struct sapp_http_request *request, const char *status,
                     const char *before, const char *after);

/* Answers with the status page of the connection and closes. */
void sapp_web_send_page(struct sapp_server_client *client);

#endif
