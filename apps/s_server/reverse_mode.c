/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/brief.h"
#include "s_server/server.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

/* -rev: sends each line back in reverse. "CLOSE" ends the connection. */

enum {
    LINE_SIZE = 16 * 1024 /* a longer line is taken in pieces */
};

struct reversal {
    bool told; /* that the client has ended */
    size_t length;
    char line[LINE_SIZE + 1]; /* one byte for the line end */
};

static void on_handshake_done(void *data)
{
    struct sapp_server_client *const client = data;
    struct sapp_server *const server = client->server;
    struct sapp_facts facts;
    (void)BIO_puts(server->io->err, "CONNECTION ESTABLISHED\n");
    if (sapp_server_client_gather(client, &facts))
        sapp_brief_report(server->io->err, &facts, &server->style);
    sapp_facts_clear(&facts);
    client->state = calloc(1, sizeof(struct reversal));
    if (client->state == NULL)
        sapp_conn_close(client->conn, 0);
}

static void reverse(char *line, size_t length)
{
    for (size_t i = 0; i < length / 2; i++) {
        const char swapped = line[i];
        line[i] = line[length - 1 - i];
        line[length - 1 - i] = swapped;
    }
}

/* False when the client asked to end. */
static bool answer(struct sapp_server_client *client, char *line, size_t length)
{
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    if (length == 5 && memcmp(line, "CLOSE", 5) == 0)
        return false;
    reverse(line, length);
    line[length] = '\n';
    (void)sapp_conn_write(client->conn, line, length + 1);
    return true;
}

/* There is room for the answers: each is at most as long as what was read, but for the end of a line in pieces. */
static void answer_lines(struct sapp_server_client *client, struct reversal *reversal)
{
    char *line = reversal->line;
    size_t left = reversal->length;
    bool open = true;
    char *end;
    while (open && (end = memchr(line, '\n', left)) != NULL) {
        const size_t length = (size_t)(end - line) + 1;
        open = answer(client, line, length);
        line += length;
        left -= length;
    }
    if (open && left == LINE_SIZE) {
        open = answer(client, line, left);
        left = 0;
    }
    memmove(reversal->line, line, left);
    reversal->length = left;
    if (!open)
        sapp_server_client_finish(client);
}

static void on_readable(void *data)
{
    struct sapp_server_client *const client = data;
    struct reversal *const reversal = client->state;
    if (sapp_conn_room(client->conn) < 2 * (size_t)LINE_SIZE) {
        sapp_conn_want_read(client->conn, false);
        return;
    }
    reversal->length += sapp_conn_read(client->conn, reversal->line + reversal->length, LINE_SIZE - reversal->length);
    answer_lines(client, reversal);
}

static void on_writable(void *data)
{
    struct sapp_server_client *const client = data;
    sapp_conn_want_read(client->conn, true);
}

/* The line stands before what -state and -msg tell of our own end. */
static void on_half_closed(void *data)
{
    struct sapp_server_client *const client = data;
    struct reversal *const reversal = client->state;
    if (reversal != NULL && !reversal->told) {
        (void)BIO_puts(client->server->io->err, "CONNECTION CLOSED\n");
        reversal->told = true;
    }
    sapp_server_client_finish(client);
}

static void on_closed(void *data, const struct sapp_conn_closed *closed)
{
    struct sapp_server_client *const client = data;
    const struct sapp_server *const server = client->server;
    const struct reversal *const reversal = client->state;
    if (!closed->handshake_done)
        (void)BIO_puts(server->io->err, "CONNECTION FAILURE\n");
    else if (reversal == NULL || !reversal->told)
        (void)BIO_puts(server->io->err, "CONNECTION CLOSED\n");
    /* After the handshake an end is an end, with close_notify or without. */
    if (!closed->handshake_done || (closed->end != SAPP_END_EOF && !server->quiet))
        sapp_server_client_report(client, closed);
    ERR_clear_error();
    sapp_server_client_leave(client, closed);
}

static void release(struct sapp_server_client *client)
{
    free(client->state);
}

const struct sapp_server_mode sapp_reverse_server_mode = {
    .events =
        {
            .handshake_done = on_handshake_done,
            .readable = on_readable,
            .writable = on_writable,
            .half_closed = on_half_closed,
            .closed = on_closed,
        },
    .release = release,
};
