/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_TRACE_TRACE_H
#define SAPP_TRACE_TRACE_H

#include "args/debug.h"
#include "base/failure.h"
#include "base/io.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdbool.h>

/*
 * The debug options: -debug, -msg, -trace, -msgfile, -state, -tlsextdebug, -security_debug, -security_debug_verbose,
 * -keylogfile. One struct serves a program; it must not move and must outlive every SSL_CTX and SSL that it was
 * attached to.
 */
struct sapp_trace {
    const struct sapp_debug_args *args;
    BIO *out;           /* of the program: -debug, -tlsextdebug */
    BIO *err;           /* of the program: -state, -security_debug */
    BIO *messages;      /* -msg and -trace: `out`, or the file of -msgfile */
    BIO *keylog;        /* -keylogfile; NULL: none */
    int keylog_error;   /* errno of a write that failed; the log is closed then */
    bool owns_messages; /* `messages` is the file */
    bool messages_told; /* that the file cannot be written */
    /* What decides about security levels, to be asked first; SSL_CTX_set_security_callback(3). */
    int (*security)(const SSL *, const SSL_CTX *, int, int, int, void *, void *);
};

/*
 * Opens the files of -msgfile and -keylogfile. The first is emptied. The key log is appended to and made with mode
 * 0600; a file that is there already keeps its mode. `text` takes -debug and -tlsextdebug, and swallows the latter with
 * -quiet; -msg and -trace go to io->out unless a file is named. `args` and `io` must outlive the struct. Fails with
 * kind input and a message that names the option and the file. sapp_trace_close() ends the struct in both cases.
 */
bool sapp_trace_open(struct sapp_trace *trace, const struct sapp_debug_args *args, struct sapp_io *io, BIO *text,
                     struct sapp_failure *failure);

/*
 * Sets what belongs to a context: -state, -security_debug and the key log. Call it once for each context, after
 * sapp_hooks_set() and before certificates are loaded into it (-security_debug tells of them too). Takes the `trace`
 * slot of the context's hooks.
 */
void sapp_trace_attach_ctx(struct sapp_trace *trace, SSL_CTX *ctx);

/*
 * Sets what belongs to a connection: -msg, -trace and -tlsextdebug. Nothing is set for an option that was not given, so
 * that a connection without them pays nothing. -debug belongs to the transport: where trace->args->debug is set, give
 * sapp_trace_bio() with `trace` as its argument to sapp_conn_watch_bio().
 */
void sapp_trace_attach(struct sapp_trace *trace, SSL *ssl);

/*
 * -debug: a callback for BIO_set_callback_ex(3) whose callback argument is the struct sapp_trace. Prints each read and
 * write that was made with its bytes.
 */
long sapp_trace_bio(BIO *bio, int operation, const char *data, size_t length, int number, long detail, int result,
                    size_t *processed);

/*
 * Fail with kind io and a sentence that names option, file and reason, once, when the file of -keylogfile, or of
 * -msgfile after writing what waits, could not be written.
 */
bool sapp_trace_check_keylog(struct sapp_trace *trace, struct sapp_failure *failure);
bool sapp_trace_check_messages(struct sapp_trace *trace, struct sapp_failure *failure);

/* Flushes and closes the files. Safe on a zeroed struct. */
void sapp_trace_close(struct sapp_trace *trace);

#endif
