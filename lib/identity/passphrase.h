/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_IDENTITY_PASSPHRASE_H
#define SAPP_IDENTITY_PASSPHRASE_H

#include "base/failure.h"

#include <stdbool.h>
#include <stddef.h>

/* A pass phrase in memory, NUL-terminated. A zeroed struct is "none given". sapp_secret_clear() ends it. */
struct sapp_secret {
    char *text; /* NULL: none given, a prompt may ask */
    size_t length;
};

/*
 * Reads a pass phrase from where `source` says, see openssl-passphrase-options(1): "pass:TEXT", "env:NAME",
 * "file:NAME", "fd:N" or "stdin". From files and descriptors line number `line` (from 0) is taken; nothing behind that
 * line is read from a descriptor, so that standard input still holds what follows. `option` is the option's name for
 * messages, without its dash. A NULL source gives "none given". On failure (kind input) `secret` is "none given".
 */
bool sapp_passphrase_read(const char *option, const char *source, unsigned line, struct sapp_secret *secret,
                          struct sapp_failure *failure);

/* What a pass phrase callback knows: give it as the argument of sapp_passphrase_callback(). */
struct sapp_passphrase_request {
    const struct sapp_secret *secret; /* what was given; NULL, or with text NULL, asks at the terminal */
    struct sapp_secret *typed; /* keeps what was typed, since libcrypto may want it again; the caller's to clear */
    const char *file;          /* whose pass phrase it is, for the prompt */
    const char *what;          /* "pass phrase", for the prompt "Enter WHAT for FILE:" */
    bool asked;                /* out: a pass phrase was wanted */
    bool answered;             /* out: and there was one */
};

/*
 * A pem_password_cb, see PEM_read_bio_PrivateKey(3): gives the pass phrase of the request `argument`, at the terminal
 * by UI_OpenSSL(3) when none was given. Returns its length, or -1 when there is none or the buffer is too small.
 */
int sapp_passphrase_callback(char *buffer, int size, int writing, void *argument);

/* Overwrites the pass phrase with zeros and frees it; the struct is "none given" afterwards. */
void sapp_secret_clear(struct sapp_secret *secret);

#endif
