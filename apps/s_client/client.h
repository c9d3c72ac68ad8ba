/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_S_CLIENT_CLIENT_H
#define SAPP_S_CLIENT_CLIENT_H

#include "alpn/alpn.h"
#include "base/failure.h"
#include "base/hooks.h"
#include "base/io.h"
#include "conn/conn.h"
#include "facts/facts.h"
#include "facts/text.h"
#include "identity/identity.h"
#include "loop/loop.h"
#include "net/net.h"
#include "provider/provider.h"
#include "psk/psk.h"
#include "relay/relay.h"
#include "s_client_args.h"
#include "trace/trace.h"
#include "verify/verify.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

/* What the files of this folder share. */

/* What a connection is doing. The phases follow each other; some are left out. */
enum sapp_s_client_phase {
    SAPP_S_CLIENT_HANDSHAKE,
    SAPP_S_CLIENT_RELAY,   /* standard input and output are relayed */
    SAPP_S_CLIENT_REQUEST, /* -json: standard input is sent, and the first answer is waited for */
    SAPP_S_CLIENT_TICKET,  /* the end is due, but a session, or a word about our certificate, is waited for */
    SAPP_S_CLIENT_CLOSING, /* we have ended; the peer gets the time to do so */
    SAPP_S_CLIENT_OVER     /* payload may still wait for standard output */
};

/* Everything of one run of the program. */
struct sapp_s_client {
    const struct sapp_s_client_args *args;
    struct sapp_io *io;
    bool session_unsaved; /* -sess_out failed and was told; each ticket would fail the same way */
    BIO *out;             /* the classic text: io->out, or `nowhere` */
    BIO *nowhere;         /* swallows the text with -quiet, -brief and -json */
    bool quiet;           /* `out` swallows it: no report */
    bool detailed;        /* -exit_status detailed */
    struct sapp_text_style style;

    /* What serves all connections. */
    struct sapp_loop *loop;
    struct sapp_providers providers;
    struct sapp_hooks hooks;
    struct sapp_identity identity;
    struct sapp_verify verify;
    struct sapp_alpn alpn;
    struct sapp_psk psk;
    struct sapp_io trace_io; /* where -debug and its like print: not into the document of -json */
    struct sapp_trace trace;
    SSL_CTX *ctx;
    SSL_SESSION *session; /* the newest, to be resumed; NULL: none */
    struct sapp_relay *relay;
    struct sapp_host_port target;
    struct sapp_timer time_limit; /* -max_time */
    int64_t begin_us;
    int reconnects_left;
    bool repeated; /* this is not the first connection */

    /* The present connection. */
    enum sapp_s_client_phase phase;
    struct sapp_conn *conn;
    struct sapp_connected connected;
    struct sapp_facts facts;
    struct sapp_timer timer; /* of the phase */
    char peer_host[SAPP_ADDRESS_TEXT_SIZE], peer_port[SAPP_PORT_TEXT_SIZE];
    char local_host[SAPP_ADDRESS_TEXT_SIZE], local_port[SAPP_PORT_TEXT_SIZE];
    int64_t handshake_end_us;
    bool got_ticket;         /* a session came after the handshake */
    bool key_update_pending; /* the answer to the command K is due */
    bool peer_closed;        /* by close_notify, while we relayed */
    bool says_done;          /* "DONE" is due, unless the server still refuses */
    bool done;               /* ends the loop */

    /* How it went. */
    int status;                  /* the classic exit status */
    enum sapp_failure_kind kind; /* of the first failure */
};

/* Phase one: prepares everything that serves all connections (context.c). */
bool sapp_s_client_prepare(struct sapp_s_client *client, struct sapp_failure *failure);

/* Frees what sapp_s_client_prepare() made, whole or in part. */
void sapp_s_client_release(struct sapp_s_client *client);

/* Phase two: connects the transport and fills client->connected (connect.c). Tells about a failure itself. */
bool sapp_s_client_connect(struct sapp_s_client *client);

/* False where the target's name is the default and not the user's. */
bool sapp_s_client_names_host(const struct sapp_s_client *client);

/* Phase three: starts the handshake on the transport (handshake.c); the loop and the events do the rest. */
bool sapp_s_client_handshake(struct sapp_s_client *client, struct sapp_failure *failure);

/* Sets the callback that takes sessions as they come (tickets.c). */
void sapp_s_client_watch_sessions(struct sapp_s_client *client);

/* Keeps the session of a connection of TLS 1.2 or earlier for the next one. */
void sapp_s_client_keep_session(struct sapp_s_client *client);

/* Gathers the facts and prints the report, as text or brief; for -json nothing yet (report.c). */
void sapp_s_client_report(struct sapp_s_client *client);

/* Prints the report once more for -prexit, also where there never was a connection. */
void sapp_s_client_report_at_exit(struct sapp_s_client *client);

/*
 * Tells about a failure on standard error, remembers it for the exit status and the facts, and clears it. The
 * OpenSSL error queue goes the same way.
 */
void sapp_s_client_tell(struct sapp_s_client *client, struct sapp_failure *failure);

/* The same for what leaves the connection none the worse, such as a session file: the classic exit status stays. */
void sapp_s_client_note(struct sapp_s_client *client, struct sapp_failure *failure);

/*
 * With -exit_status detailed, a certificate that did not pass is a failure of the run where nothing else failed. The
 * lines of the check have told it, so that only the facts take it down.
 */
void sapp_s_client_judge(struct sapp_s_client *client);

/* The exit status of the run. */
int sapp_s_client_exit_status(const struct sapp_s_client *client);

/* After the handshake: relays, waits for a request (-json), or goes on to the end (exchange.c). */
void sapp_s_client_exchange(struct sapp_s_client *client);

/* The events of the relay (exchange.c). */
extern const struct sapp_relay_events sapp_s_client_relay_events;

/* What the connection has is to be taken; for any phase after the handshake. */
void sapp_s_client_readable(struct sapp_s_client *client);

/* Ends the connection from our side, after a session has come where one is wanted (end.c). */
void sapp_s_client_end(struct sapp_s_client *client);

/* A session came while the end waited for it. */
void sapp_s_client_end_with_session(struct sapp_s_client *client);

/* The peer has ended, by close_notify or otherwise. */
void sapp_s_client_half_closed(struct sapp_s_client *client);
void sapp_s_client_closed(struct sapp_s_client *client, const struct sapp_conn_closed *closed);

/* All payload is on standard output. */
void sapp_s_client_output_done(struct sapp_s_client *client);

/* Puts the failure that the time of -max_time is over in the place of another. */
void sapp_s_client_time_over(const struct sapp_s_client *client, struct sapp_failure *failure);

/* Ends everything at once: the time of -max_time is over. */
void sapp_s_client_stop(struct sapp_s_client *client);

#endif
