/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_NAMEOPT_H
#define SAPP_FACTS_NAMEOPT_H

#include "base/failure.h"
#include "opt/values.h"

#include <openssl/bio.h>
#include <openssl/x509.h>
#include <stdbool.h>

/*
 * Turns the values of -nameopt (openssl-namedisplay-options(1): words separated by commas, a minus before one switches
 * it off) into the flags of X509_NAME_print_ex(3). Later values go on where earlier ones ended. Without a value the
 * flags are the default of the linked release. Returns false with kind usage and a message that names the word.
 */
bool sapp_nameopt_parse(const struct sapp_texts *values, unsigned long *flags, struct sapp_failure *failure);

/*
 * Prints a certificate's name as one line without its end, in the way of "depth=0 CN = x" and of " 0 s:CN = x". The
 * name is the peer's: whatever the flags are, no control byte reaches `out`.
 */
void sapp_name_print(BIO *out, const X509_NAME *name, unsigned long flags);

/* Prints `title`, the name and a line end, as in "subject=CN = x": sep_multiline puts the parts on lines of their own.
 */
void sapp_name_print_titled(BIO *out, const char *title, const X509_NAME *name, unsigned long flags);

#endif
