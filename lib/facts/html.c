/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/html.h"

#include "base/escape.h"
#include "facts/parts.h"
#include "facts/text.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

static void print_own_ciphers(BIO *out, const struct sapp_facts *facts, SSL_CTX *ctx)
{
    const STACK_OF(SSL_CIPHER) *ciphers = SSL_CTX_get_ciphers(ctx);
    const int count = ciphers != NULL ? sk_SSL_CIPHER_num(ciphers) : 0;
    (void)BIO_printf(out, "Ciphers supported in %s binary\n", facts->given.program);
    for (int i = 0; i < count; i++) {
        const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(ciphers, i);
        (void)BIO_printf(out, "%-11s:%-25s ", SSL_CIPHER_get_version(cipher), SSL_CIPHER_get_name(cipher));
        if (i % 2 == 1 || i + 1 == count)
            (void)BIO_puts(out, "\n");
    }
    (void)BIO_puts(out, "---\n");
}

/* The ciphers of "A:B:C" in three columns. */
static void print_columns(BIO *out, const char *ciphers)
{
    for (int column = 0; *ciphers != '\0'; column++) {
        const int length = (int)strcspn(ciphers, ":");
        const char *next = ciphers + length + (ciphers[length] == ':' ? 1 : 0);
        if (*next == '\0')
            (void)BIO_printf(out, "%.*s", length, ciphers);
        else
            (void)BIO_printf(out, "%-26.*s%s", length, ciphers, column % 3 == 2 ? "\n" : " ");
        ciphers = next;
    }
    (void)BIO_puts(out, "\n");
}

static void print_shared(BIO *out, const struct sapp_facts *facts)
{
    if (facts->offer.shared_ciphers == NULL)
        return;
    (void)BIO_puts(out, "Ciphers common between both SSL end points:\n");
    print_columns(out, facts->offer.shared_ciphers);
    sapp_parts_sigalgs(out, facts, false);
    sapp_parts_peer_signature(out, facts);
    sapp_parts_groups(out, facts, false);
    (void)BIO_puts(out, "---\n");
}

static void print_peer(BIO *out, const struct sapp_facts *facts)
{
    if (facts->peer == NULL) {
        (void)BIO_puts(out, "no client certificate available\n");
        return;
    }
    (void)BIO_puts(out, "Client certificate\n");
    (void)ERR_set_mark();
    (void)X509_print(out, facts->peer->x509);
    (void)ERR_pop_to_mark();
    (void)PEM_write_bio_X509(out, facts->peer->x509);
}

static void print_page(BIO *out, const struct sapp_facts *facts, SSL_CTX *ctx)
{
    (void)BIO_printf(out, "\n%s\n", facts->given.program);
    sapp_parts_renegotiation(out, facts);
    print_own_ciphers(out, facts, ctx);
    print_shared(out, facts);
    sapp_parts_cipher_line(out, facts);
    sapp_parts_session(out, facts->session, facts, true);
    sapp_parts_warn_unverified(out, facts);
    (void)BIO_puts(out, "---\n");
    sapp_text_server_statistics(out, ctx);
    (void)BIO_puts(out, "---\n");
    print_peer(out, facts);
}

void sapp_html_status_page(BIO *out, const struct sapp_facts *facts, SSL_CTX *ctx)
{
    (void)BIO_puts(out, "HTTP/1.0 200 ok\r\nContent-type: text/html\r\n\r\n<HTML><BODY BGCOLOR=\"#ffffff\">\n<pre>\n");
    BIO *page = BIO_new(BIO_s_mem());
    if (page != NULL) {
        print_page(page, facts, ctx);
        char *text = NULL;
        const long length = BIO_get_mem_data(page, &text);
        if (length > 0)
            sapp_escape_html(out, text, (size_t)length);
    }
    BIO_free(page);
    (void)BIO_puts(out, "</pre></BODY></HTML>\r\n\r\n");
}
