/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_FACTS_H
#define SAPP_FACTS_FACTS_H

#include "base/arena.h"
#include "base/failure.h"
#include "facts/certificate.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long the phases of a connection took, in microseconds. -1: the phase did not take place or did not end. */
struct sapp_timings {
    int64_t lookup_us;
    int64_t connect_us;
    int64_t handshake_us;
    int64_t first_byte_us; /* from the end of the handshake to the first byte of application data */
};

/*
 * What only the caller knows. It may be filled in any order and at any time before a view is printed; gathering leaves
 * it alone. The texts stay the caller's and must live until the last view. NULL or 0: unknown.
 */
struct sapp_facts_given {
    const char *program;         /* "s_client" or "s_server" */
    const char *host;            /* as asked for: name, address or path of a Unix socket */
    const char *port;            /* as asked for */
    const char *servername;      /* the SNI, sent or received; NULL: gathering asks libssl */
    const char *peer_address;    /* numeric, without brackets */
    const char *peer_port;       /* numeric */
    const char *local_address;   /* numeric, without brackets */
    const char *local_port;      /* numeric */
    const char *keymat_label;    /* -keymatexport; NULL: no keying material is exported */
    int keymat_length;           /* -keymatexportlen, bytes */
    const char *asked_name;      /* what the certificate is to be for: a host, address or mailbox; NULL: not asked */
    bool asked_revocation;       /* revocation lists are to be looked at */
    int npn_status;              /* client: SSL_select_next_proto(3)'s value, as lib/alpn keeps it */
    struct sapp_timings timings; /* sapp_facts_start() sets all of them to -1 */
};

/* Names in the order in which they came. Texts are libcrypto's, libssl's or the arena's. */
struct sapp_names {
    const char *const *items;
    size_t count;
};

/* What is known of the peer's ephemeral key. */
struct sapp_temp_key {
    bool known;
    const char *type;  /* "DH", "ECDH", "X25519", ... as the classic text names it */
    const char *curve; /* for "ECDH", else NULL */
    int bits;          /* 0: its type says all */
};

/* What the handshake agreed on. */
struct sapp_agreed_facts {
    int version_number;              /* TLS1_3_VERSION, ... */
    const char *version;             /* "TLSv1.3"; static */
    const char *cipher;              /* OpenSSL's name; NULL: none was agreed on */
    const char *cipher_iana;         /* the standard name; NULL: none */
    const char *cipher_version;      /* the first version with this cipher, as in "New, TLSv1.2, Cipher is ..." */
    int cipher_bits;                 /* of its secret */
    const char *group;               /* the name of the group; NULL: none, or the library cannot tell it */
    struct sapp_temp_key temp_key;   /* the peer's */
    int peer_digest_nid;             /* of the peer's signature in the handshake; NID_undef: none */
    int peer_signature_nid;          /* the type of key that signed; NID_undef: the peer signed nothing */
    const char *peer_signature_name; /* the scheme by its IANA name; NULL: none, or the library cannot tell it */
    const char *own_signature_name;  /* the same of our signature */
    const char *compression;         /* NULL: none */
    const char *expansion;           /* NULL: none */
    const unsigned char *alpn;       /* any bytes; NULL: none was agreed on */
    size_t alpn_length;
    const unsigned char *npn; /* any bytes; NULL: none was agreed on */
    size_t npn_length;
    const char *srtp_profile; /* NULL: none */
    int early_data_status;    /* SSL_EARLY_DATA_NOT_SENT, ... */
    bool secure_renegotiation;
    bool renegotiation_disabled; /* SSL_OP_NO_RENEGOTIATION is set on our side */
    bool extended_master_secret;
    bool ech_configured; /* there is something to tell about Encrypted ClientHello */
};

/* What the peer offered or asked for. */
struct sapp_offer_facts {
    const uint16_t *sigalg_codes;     /* of `sigalgs` on the wire: RFC 8446 section 4.2.3 */
    struct sapp_names sigalgs;        /* "RSA-PSS+SHA256", "ed25519", "0x2A+0x2A", ... */
    struct sapp_names shared_sigalgs; /* those of them that we have too */
    const uint16_t *shared_sigalg_codes;
    STACK_OF(X509_NAME) * ca_names;         /* for our certificate; a copy of its own; NULL: none */
    const unsigned char *certificate_types; /* client: RFC 5246 section 7.4.4 */
    size_t certificate_type_count;
    const unsigned char *point_formats; /* RFC 8422 section 5.1.2 */
    size_t point_format_count;
    struct sapp_names groups;        /* server: by their names, or as "0x2A2A" */
    struct sapp_names shared_groups; /* server */
    const char *ciphers;             /* server: "A:B:0x2A2A"; NULL: unknown */
    const char *shared_ciphers;      /* server: "A:B"; NULL: unknown */
};

/* Whether the peer's certificate was checked and what came out. */
enum sapp_verification {
    SAPP_VERIFICATION_NONE = 0,     /* no certificate was checked: nothing may be called OK */
    SAPP_VERIFICATION_UNPROVED,     /* a good chain, but the handshake did not end: the peer's key is not proved */
    SAPP_VERIFICATION_FROM_SESSION, /* resumed, and the result of the session's first handshake was good */
    SAPP_VERIFICATION_UNREPEATED,   /* the same, but name or revocation were asked about and not looked at */
    SAPP_VERIFICATION_OK,
    SAPP_VERIFICATION_FAILED
};

/* One failure. Texts belong to the facts. */
struct sapp_failure_facts {
    enum sapp_failure_kind kind;
    const char *text; /* NULL: none */
    const char *hint; /* NULL: none */
};

/*
 * Everything about one connection, gathered once. sapp_facts_start() begins it, sapp_facts_clear() ends it. Texts and
 * lists live in `arena`, certificates and sessions are references of its own: nothing points into the SSL afterwards.
 */
struct sapp_facts {
    struct sapp_facts_given given;

    bool gathered;       /* sapp_facts_gather() succeeded: what follows, up to the failures, means something */
    bool is_server;      /* we are the server */
    bool handshake_done; /* the handshake ended well */
    bool resumed;
    uint64_t bytes_read; /* of the connection below TLS, at the time of gathering */
    uint64_t bytes_written;
    struct sapp_agreed_facts agreed;
    struct sapp_offer_facts offer;

    struct sapp_certificate *chain; /* as the peer sent it, its own certificate first; none after a resumption */
    size_t chain_count;
    struct sapp_certificate
        *peer; /* the peer's certificate, which may come from the session; NULL: none was accepted */
    enum sapp_verification verification;
    long verify_result;        /* X509_V_..., meaningful unless `verification` is NONE */
    const char *verified_name; /* the peer name that matched; NULL: no name was checked */

    const char *servername;        /* found by gathering when given.servername is NULL */
    SSL_SESSION *session;          /* NULL: none */
    const char *psk_identity;      /* NULL: none */
    const char *psk_identity_hint; /* of the server; NULL: none */
    const unsigned char *keymat;   /* exported keying material, given.keymat_length bytes; NULL: none */

    struct sapp_failure_facts *failures; /* in the order in which they happened */
    size_t failure_count;
    const char **errors; /* libcrypto's errors as lines without line end, oldest first */
    size_t error_count;

    struct sapp_arena arena; /* of what was gathered; a second gathering starts it anew */
    struct sapp_arena kept;  /* of failures and errors; lives until sapp_facts_clear() */
};

/* Begins the facts of a connection for a program ("s_client", "s_server"; static text): nothing known yet. */
void sapp_facts_start(struct sapp_facts *facts, const char *program);

/*
 * Takes everything that `ssl` knows, after the handshake or after it failed, on either side. It may be called again (as
 * -prexit does): what the caller gave and the failures stay, the rest is gathered anew. It does no input or output, and
 * leaves the error queue as it was. Returns false with kind internal when memory is short.
 */
bool sapp_facts_gather(struct sapp_facts *facts, SSL *ssl, struct sapp_failure *failure);

/* True for a client whose server asked for a certificate (RFC 8446 section 4.3.2). */
bool sapp_facts_asked_certificate(const struct sapp_facts *facts);

/* Adds a copy of a failure to the facts, for the views that show failures. Returns false when memory is short. */
bool sapp_facts_add_failure(struct sapp_facts *facts, const struct sapp_failure *failure);

/*
 * Empties libcrypto's error queue of this thread: each entry is remembered in the facts, the first 32 of them.
 */
void sapp_facts_take_errors(struct sapp_facts *facts);

/* Frees everything; the struct is as zeroed afterwards. */
void sapp_facts_clear(struct sapp_facts *facts);

#endif
