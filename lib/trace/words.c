/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "trace/callbacks.h"

#include "args/features.h"

#if SAPP_HAVE_TRACE

#include "facts/printable.h"

#include <openssl/bio.h>
#include <string.h>

/* SSL_trace(3) prints some of the peer's text as it is: ALPN protocols, and names and policies in certificates. */

static bool is_one_of(const char *line, size_t length, const char *const *lines)
{
    for (; *lines != NULL; lines++) {
        if (strlen(*lines) == length && memcmp(*lines, line, length) == 0)
            return true;
    }
    return false;
}

/* What SSL_trace(3) says of a message is indented. At the margin there are certificates, and nothing else is its own.
 */
static bool is_own_line(const char *line, size_t length)
{
    static const char *const titles[] = {
        "------details-----",        "Certificate:",       "-----BEGIN CERTIFICATE-----",
        "-----END CERTIFICATE-----", "------------------", NULL};
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    const char *const feed = memchr(line, '\n', length);
    const size_t end = feed != NULL ? (size_t)(feed - line) : length;
    size_t digits = 0;
    while (digits < end && strchr(base64, line[digits]) != NULL && line[digits] != '\0')
        digits++;
    return digits == end || line[0] == ' ' || is_one_of(line, end, titles);
}

/* A line end that is the peer's is escaped where it would let a line begin at the margin. */
static void print_own_lines(BIO *out, const char *text, size_t length)
{
    while (length > 0) {
        const char *const feed = memchr(text, '\n', length);
        const size_t end = feed != NULL ? (size_t)(feed - text) : length;
        sapp_printable_write(out, text, end);
        if (feed == NULL)
            return;
        text += end + 1;
        length -= end + 1;
        (void)BIO_puts(out, length == 0 || is_own_line(text, length) ? "\n" : "\\x0a");
    }
}

void sapp_trace_words(int written, int version, int content_type, const void *bytes, size_t length, SSL *ssl,
                      void *argument)
{
    const struct sapp_trace *trace = argument;
    BIO *words = BIO_new(BIO_s_mem());
    if (words == NULL)
        return;
    SSL_trace(written, version, content_type, bytes, length, ssl, words);
    char *text = NULL;
    const long size = BIO_get_mem_data(words, &text);
    if (content_type == SSL3_RT_HANDSHAKE && size > 0)
        print_own_lines(trace->messages, text, (size_t)size);
    else
        sapp_printable_copy(trace->messages, words);
    BIO_free(words);
}

#endif
