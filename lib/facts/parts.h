/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_PARTS_H
#define SAPP_FACTS_PARTS_H

#include "facts/facts.h"

#include <openssl/bio.h>

/* Lines that several of the text views have. Not for others. */

/* "[Requested ]Signature Algorithms: ..." and, unless `brief`, "Shared [Requested ]Signature Algorithms: ...". */
void sapp_parts_sigalgs(BIO *out, const struct sapp_facts *facts, bool brief);

/* "Peer signing digest: " and "Peer signature type: ". */
void sapp_parts_peer_signature(BIO *out, const struct sapp_facts *facts);

/* The line about the signature that we made, from 4.0 on. */
void sapp_parts_own_signature(BIO *out, const struct sapp_facts *facts);

/* The name of the type of the peer's signature in the words of the release; NULL: the peer signed nothing. */
const char *sapp_parts_signature_type(const struct sapp_facts *facts);

/* "Server Temp Key: ", or the words of the release for it. Nothing where there was none. */
void sapp_parts_temp_key(BIO *out, const struct sapp_facts *facts);

/* "Acceptable client certificate CA names" or "No client certificate CA names sent", as the release has it. */
void sapp_parts_ca_names(BIO *out, const struct sapp_facts *facts, unsigned long name_flags);

/* "Supported Elliptic Curve Point Formats: ". Nothing where none were sent. */
void sapp_parts_point_formats(BIO *out, const struct sapp_facts *facts);

/* "Supported groups: " and, unless `brief`, "Shared groups: ". Nothing where none were sent. */
void sapp_parts_groups(BIO *out, const struct sapp_facts *facts, bool brief);

/* "Verification: OK" or "Verification error: ", "Verified peername: ", and what that does not mean. */
void sapp_parts_verification(BIO *out, const struct sapp_facts *facts);

/* The line that keeps a reader from taking an OK for more than it is. Nothing where it is what it says. */
void sapp_parts_warn_unverified(BIO *out, const struct sapp_facts *facts);

/* "Secure Renegotiation IS supported" and its kin. */
void sapp_parts_renegotiation(BIO *out, const struct sapp_facts *facts);

/* "New, TLSv1.3, Cipher is ...". */
void sapp_parts_cipher_line(BIO *out, const struct sapp_facts *facts);

/*
 * The block "SSL-Session:" of SSL_SESSION_print(3). `facts`, which may be NULL, tell which of its texts are the peer's.
 * With `hide_secrets` keys are left out.
 */
void sapp_parts_session(BIO *out, const SSL_SESSION *session, const struct sapp_facts *facts, bool hide_secrets);

#endif
