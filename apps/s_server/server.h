/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_S_SERVER_SERVER_H
#define SAPP_S_SERVER_SERVER_H

#include "base/failure.h"
#include "base/io.h"
#include "conn/conn.h"
#include "facts/facts.h"
#include "facts/text.h"
#include "loop/loop.h"
#include "net/net.h"
#include "s_server/context.h"
#include "s_server_args.h"

#include <stdbool.h>
#include <stddef.h>

struct sapp_server_client;
struct sapp_relay_mode;

/* What a server does with its clients. */
struct sapp_server_mode {
    /*
     * The events of a client's connection; their data is the struct sapp_server_client. `closed` must lead to
     * sapp_server_client_leave(), at once or when all output is written.
     */
    struct sapp_conn_events events;
    /* Frees client->state; NULL: there is none. */
    void (*release)(struct sapp_server_client *client);
};

extern const struct sapp_server_mode sapp_relay_server_mode;   /* none of the options of the group http */
extern const struct sapp_server_mode sapp_page_server_mode;    /* -www */
extern const struct sapp_server_mode sapp_file_server_mode;    /* -WWW, -HTTP */
extern const struct sapp_server_mode sapp_reverse_server_mode; /* -rev */

/* The running program. */
struct sapp_server {
    struct sapp_io *io;
    const struct sapp_s_server_args *args;
    struct sapp_failure *failure; /* what ends the program */
    struct sapp_loop *loop;
    BIO *text;  /* io->out, or a sink when quiet and without -debug */
    bool quiet; /* -quiet, or -brief, which implies it */
    struct sapp_text_style style;
    struct sapp_server_contexts contexts;
    const struct sapp_server_mode *mode;
    struct sapp_relay_mode *relay; /* of the relay mode */

    struct sapp_listener listener;
    struct sapp_watch listener_watch;
    struct sapp_timer retry_timer;   /* listening rests because descriptors are short */
    struct sapp_timer connect_timer; /* -connect_timeout */
    bool paused;                     /* the relay is busy with a client */
    int accepted;
    bool ending; /* nobody is accepted any more, and the program ends with its last client */
    struct sapp_server_client *clients;
};

/* One accepted client. */
struct sapp_server_client {
    struct sapp_server *server;
    struct sapp_server_client *previous, *next;
    struct sapp_address peer;
    struct sapp_conn *conn;
    struct sapp_timer end_timer; /* -max_time */
    bool heard_out;              /* its request is whole: nothing more is to come */
    bool at_once;                /* it is put out, whatever it still sends */
    void *state;                 /* the mode's */
};

/* Opens the socket, prints the line that begins with ACCEPT, and accepts from now on. (accept.c) */
bool sapp_server_listen(struct sapp_server *server);

/* Stops and resumes accepting; clients wait in the system's queue meanwhile. */
void sapp_server_pause(struct sapp_server *server, bool pause);

/* Closes the socket and removes the file of a Unix socket. Safe when nothing listens. */
void sapp_server_close_listener(struct sapp_server *server);

/* Tells on standard error of a failure that ends nothing, and clears it. */
void sapp_server_tell(struct sapp_server *server, struct sapp_failure *failure);

/* Serves an accepted descriptor, which becomes the client's. (client.c) */
void sapp_server_client_start(struct sapp_server *server, int fd, const struct sapp_address *peer);

/* Frees a client and all that it has. Works inside the connection's events. */
void sapp_server_client_end(struct sapp_server_client *client);

/*
 * Lets a client go whose connection is over: frees it, but not before it has stopped sending where our last bytes
 * might be lost otherwise. For the `closed` event.
 */
void sapp_server_client_leave(struct sapp_server_client *client, const struct sapp_conn_closed *closed);

/* Ends a client now, whatever it does. */
void sapp_server_client_expel(struct sapp_server_client *client);

/* Frees all clients. */
void sapp_server_clients_end(struct sapp_server *server);

/* The next two are the usual `half_closed` and a way to end in order: what waits is sent, then the connection closes.
 */
void sapp_server_client_finish(void *client);

/*
 * Tells on standard error how a connection failed: the error queue, and for a handshake or a deadline a sentence.
 * Nothing when it ended in order.
 */
void sapp_server_client_report(struct sapp_server_client *client, const struct sapp_conn_closed *closed);

/*
 * Marks a connection for a new handshake, which sapp_conn_run_handshake() begins. Returns what SSL_renegotiate(3) does:
 * 1, or 0 where it is not possible, with the reason in the error queue.
 */
int sapp_server_client_renegotiate(struct sapp_server_client *client, bool with_certificate);

/* Gathers the facts of a client's connection; the caller clears them. */
bool sapp_server_client_gather(struct sapp_server_client *client, struct sapp_facts *facts);

/* Opens and closes the relay mode. (relay_mode.c) */
bool sapp_relay_mode_open(struct sapp_server *server);
void sapp_relay_mode_close(struct sapp_server *server);

#endif
