/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_BASE_FAILURE_H
#define SAPP_BASE_FAILURE_H

#include <stdbool.h>

/* What went wrong. The kind alone decides the exit status (doc/exit-status.md). */
enum sapp_failure_kind {
    SAPP_FAILURE_NONE = 0,
    SAPP_FAILURE_USAGE,        /* the command line */
    SAPP_FAILURE_INPUT,        /* a file, key or setting that was named cannot be used */
    SAPP_FAILURE_LOOKUP,       /* a host name or service */
    SAPP_FAILURE_CONNECT,      /* connecting, binding or listening */
    SAPP_FAILURE_PROXY,        /* the proxy's answer */
    SAPP_FAILURE_STARTTLS,     /* the plaintext dialogue before TLS */
    SAPP_FAILURE_HANDSHAKE,    /* TLS: alert, version, cipher, malformed message */
    SAPP_FAILURE_VERIFICATION, /* the peer's certificate or name */
    SAPP_FAILURE_TIMEOUT,      /* a deadline passed */
    SAPP_FAILURE_IO,           /* reading or writing after the handshake, or a local file while running */
    SAPP_FAILURE_INTERNAL      /* out of memory, or a bug */
};

/*
 * The one failure type: a kind, one sentence without its full stop, and what may have caused it.
 * A zeroed struct is "no failure". The texts belong to the struct. The OpenSSL error queue of the thread stays where it
 * is until sapp_failure_report() prints it.
 */
struct sapp_failure {
    enum sapp_failure_kind kind;
    char *text;
    char *hint;
};

/*
 * Records a failure, unless one is recorded already: the first cause is the one to report. `format` is printf's.
 * Always returns false, so that a function can end with `return sapp_fail(...)`.
 */
__attribute__((format(printf, 3, 4))) bool sapp_fail(struct sapp_failure *failure, enum sapp_failure_kind kind,
                                                     const char *format, ...);

/* Adds what the user may do or what the cause may be, a sentence without its full stop. The first hint stays. */
__attribute__((format(printf, 2, 3))) void sapp_hint(struct sapp_failure *failure, const char *format, ...);

/*
 * Records a copy of a failure, hint included, behind the words of `format` and a colon, which tell whom it is about.
 * Returns false, as sapp_fail().
 */
__attribute__((format(printf, 3, 4))) bool sapp_fail_about(struct sapp_failure *failure,
                                                           const struct sapp_failure *from, const char *format, ...);

/* Frees the texts; the struct is "no failure" afterwards. */
void sapp_failure_clear(struct sapp_failure *failure);

/* The kind as one word for JSON: "usage", "lookup", ... and "none". Static text. */
const char *sapp_failure_name(enum sapp_failure_kind kind);

/* The exit status of `-exit_status detailed` for a kind: 0 for none, 1 for usage, up to 11. */
int sapp_failure_detailed_status(enum sapp_failure_kind kind);

#endif
