/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_SIGALG_H
#define SAPP_FACTS_SIGALG_H

#include <stdbool.h>
#include <stdint.h>

/* The classic name of a type of signature, by the NID of its key: "RSA-PSS", "ed25519"; NULL: unknown. */
const char *sapp_signature_type_name(int signature_nid);

/* The same in the words of the classic text of the linked release. */
const char *sapp_signature_classic_type(int signature_nid);

/*
 * The classic name of a signature algorithm where it has one of its own, such as "rsa_pss_pss_sha256"; NULL: it is
 * called by its type and its hash.
 */
const char *sapp_sigalg_own_name(uint16_t code);

/* The IANA name of a signature scheme, RFC 8446 section 4.2.3 and the TLS SignatureScheme registry; NULL: unknown. */
const char *sapp_sigalg_iana_name(uint16_t code);

/* The IANA name for what libssl tells of the peer's signature; `pss_key`: its certificate has a key for PSS only. */
const char *sapp_sigalg_iana_of(int signature_nid, int digest_nid, bool pss_key);

#endif
