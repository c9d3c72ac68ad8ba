/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_BASE_REPORT_H
#define SAPP_BASE_REPORT_H

#include "base/failure.h"

#include <openssl/bio.h>

/*
 * Tells the user about a failure: the line "program: text", then the hint's line "program: hint" where there is one,
 * then the thread's OpenSSL error queue, which is empty afterwards. Bytes that could steer a terminal are escaped. With
 * no failure recorded only the queue is printed. The failure stays the caller's.
 */
void sapp_failure_report(BIO *err, const char *program, const struct sapp_failure *failure);

/*
 * Prints the thread's OpenSSL error queue as ERR_print_errors(3) does, and empties it. What an entry quotes cannot
 * steer a terminal nor begin a line.
 */
void sapp_report_errors(BIO *err);

/* The reason of the oldest error in the thread's OpenSSL queue, which stays there, for a sentence. Static text, never
 * NULL. */
const char *sapp_openssl_reason(void);

#endif
