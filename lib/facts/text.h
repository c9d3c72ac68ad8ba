/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_TEXT_H
#define SAPP_FACTS_TEXT_H

#include "facts/facts.h"

#include <openssl/bio.h>
#include <stdbool.h>

/* The classic text: the lines of openssl-s_client(1) and openssl-s_server(1) of the release of libssl that is linked.
 */

/* What the user chose about the text. */
struct sapp_text_style {
    unsigned long name_flags; /* for X509_NAME_print_ex(3), from sapp_nameopt_parse() */
    bool show_certs;          /* -showcerts */
};

/*
 * Client: the report that follows the handshake, to be printed after "CONNECTED(...)" (and for -prexit once more at the
 * end, from facts gathered again). It is right for a handshake that failed at any point too: the original prints it
 * then as well. `repeated`: leave out the part about certificates, as the original does for the second and later
 * connections of -reconnect. Flushes `out`.
 */
void sapp_text_client_report(BIO *out, const struct sapp_facts *facts, const struct sapp_text_style *style,
                             bool repeated);

/*
 * Client: what is printed when a session arrives after the handshake of TLS 1.3: "---",
 * "Post-Handshake New Session Ticket arrived:", the session, "---". Call it from the new session callback when
 * SSL_version() is TLS1_3_VERSION. `facts` are those of the connection, or NULL before they were gathered. Flushes
 * `out`.
 */
void sapp_text_ticket(BIO *out, SSL_SESSION *session, const struct sapp_facts *facts);

/*
 * Server: the report of an accepted connection, from "-----BEGIN SSL SESSION PARAMETERS-----" to the renegotiation
 * lines and the keying material. Flushes `out`.
 */
void sapp_text_server_report(BIO *out, const struct sapp_facts *facts, const struct sapp_text_style *style);

/* Server: the lines of statistics about the session cache, on exit and for the command `S`. Flushes `out`. */
void sapp_text_server_statistics(BIO *out, SSL_CTX *ctx);

#endif
