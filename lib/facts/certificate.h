/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_CERTIFICATE_H
#define SAPP_FACTS_CERTIFICATE_H

#include "base/arena.h"

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How names stand in JSON: UTF-8 as it is, so that the document has the characters; libcrypto escapes control bytes. */
#define SAPP_NAME_FLAGS_JSON (XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB)

/* One subject alternative name (RFC 5280 section 4.2.1.6). The text is the peer's: any bytes. */
struct sapp_alt_name {
    const char *kind; /* "dns", "ip", "email", "uri", "directory" or "other"; static */
    const char *text; /* an IP address is numeric, a directory name as one line */
    size_t length;
};

/* What is told of one certificate. Texts live in the arena that it was gathered into. */
struct sapp_certificate {
    X509 *x509;              /* a reference of its own */
    const char *subject;     /* RFC 2253 form, control bytes escaped by libcrypto; NUL-terminated */
    const char *issuer;      /* likewise */
    const char *common_name; /* the last CN as UTF-8; NULL: none. Any bytes. */
    size_t common_name_length;
    const struct sapp_alt_name *alt_names;
    size_t alt_name_count;
    const char *serial;     /* hexadecimal digits */
    const char *not_before; /* RFC 3339, UTC; NULL: the field is malformed */
    const char *not_after;  /* likewise */
    bool days_known;        /* both times are well-formed */
    int64_t days_left;      /* whole days from now to not_after, negative once it has passed */
    bool not_yet_valid;
    bool expired;
    const char *key_type;          /* "rsaEncryption", "id-ecPublicKey", "ED25519"; NULL: cannot be told */
    int key_bits;                  /* 0: the key cannot be read */
    const char *signature;         /* "RSA-SHA256", ...; NULL: cannot be told */
    unsigned char sha256[32];      /* fingerprint: SHA-256 of the DER form */
    unsigned char spki_sha256[32]; /* pin: SHA-256 of the SubjectPublicKeyInfo (RFC 7469 section 2.4) */
    bool self_issued;              /* subject and issuer are equal */
    bool is_ca;                    /* basic constraints say so */
};

/*
 * Fills `certificate` from `x509`, of which it takes a reference. `arena` owns the texts. A field that is malformed is
 * left NULL or 0: a hostile certificate is never a failure. The error queue stays as it was. Returns false when memory
 * is short.
 */
bool sapp_certificate_gather(struct sapp_certificate *certificate, X509 *x509, struct sapp_arena *arena);

/* Drops the reference to the certificate; the texts stay the arena's. */
void sapp_certificate_clear(struct sapp_certificate *certificate);

/* The certificate's public key, which stays its own. Only to be read: const from 4.0 on, never const in 1.1.1. */
X509_PUBKEY *sapp_certificate_key(const X509 *x509);

#endif
