/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/text.h"

#include "base/escape.h"
#include "facts/keymat.h"
#include "facts/nameopt.h"
#include "facts/parts.h"

#include <openssl/pem.h>

static void print_client_certificate(BIO *out, const struct sapp_facts *facts, const struct sapp_text_style *style)
{
    if (facts->peer == NULL)
        return;
    X509 *x509 = facts->peer->x509;
    (void)BIO_puts(out, "Client certificate\n");
    (void)PEM_write_bio_X509(out, x509);
    sapp_name_print_titled(out, "subject=", X509_get_subject_name(x509), style->name_flags);
    sapp_name_print_titled(out, "issuer=", X509_get_issuer_name(x509), style->name_flags);
}

static void print_protocols(BIO *out, const struct sapp_agreed_facts *agreed)
{
    if (agreed->npn_length > 0) {
        (void)BIO_puts(out, "NEXTPROTO is ");
        sapp_escape_controls(out, agreed->npn, agreed->npn_length, "");
        (void)BIO_puts(out, "\n");
    }
    if (agreed->srtp_profile != NULL)
        (void)BIO_printf(out, "SRTP Extension negotiated, profile=%s\n", agreed->srtp_profile);
}

void sapp_text_server_report(BIO *out, const struct sapp_facts *facts, const struct sapp_text_style *style)
{
    const struct sapp_agreed_facts *agreed = &facts->agreed;
    if (facts->session != NULL)
        (void)PEM_write_bio_SSL_SESSION(out, facts->session);
    print_client_certificate(out, facts, style);
    if (facts->offer.shared_ciphers != NULL)
        (void)BIO_printf(out, "Shared ciphers:%s\n", facts->offer.shared_ciphers);
    sapp_parts_sigalgs(out, facts, false);
    sapp_parts_peer_signature(out, facts);
    sapp_parts_point_formats(out, facts);
    sapp_parts_groups(out, facts, false);
    sapp_parts_ca_names(out, facts, style->name_flags);
    (void)BIO_printf(out, "CIPHER is %s\n", agreed->cipher != NULL ? agreed->cipher : "(NONE)");
    print_protocols(out, agreed);
    if (facts->resumed)
        (void)BIO_puts(out, "Reused session-id\n");
    sapp_parts_renegotiation(out, facts);
    if (agreed->renegotiation_disabled)
        (void)BIO_puts(out, "Renegotiation is DISABLED\n");
    sapp_keymat_print(out, facts);
    (void)BIO_flush(out);
}

void sapp_text_server_statistics(BIO *out, SSL_CTX *ctx)
{
    const struct {
        long count;
        const char *text;
    } lines[] = {
        {SSL_CTX_sess_number(ctx), "items in the session cache"},
        {SSL_CTX_sess_connect(ctx), "client connects (SSL_connect())"},
        {SSL_CTX_sess_connect_renegotiate(ctx), "client renegotiates (SSL_connect())"},
        {SSL_CTX_sess_connect_good(ctx), "client connects that finished"},
        {SSL_CTX_sess_accept(ctx), "server accepts (SSL_accept())"},
        {SSL_CTX_sess_accept_renegotiate(ctx), "server renegotiates (SSL_accept())"},
        {SSL_CTX_sess_accept_good(ctx), "server accepts that finished"},
        {SSL_CTX_sess_hits(ctx), "session cache hits"},
        {SSL_CTX_sess_misses(ctx), "session cache misses"},
        {SSL_CTX_sess_timeouts(ctx), "session cache timeouts"},
        {SSL_CTX_sess_cb_hits(ctx), "callback cache hits"},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        (void)BIO_printf(out, "%4ld %s\n", lines[i].count, lines[i].text);
    (void)BIO_printf(out, "%4ld cache full overflows (%ld allowed)\n", SSL_CTX_sess_cache_full(ctx),
                     SSL_CTX_sess_get_cache_size(ctx));
    (void)BIO_flush(out);
}
