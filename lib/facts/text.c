/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/text.h"

#include "args/features.h"
#include "base/escape.h"
#include "base/release.h"
#include "facts/keymat.h"
#include "facts/nameopt.h"
#include "facts/parts.h"

#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#if SAPP_HAVE_GROUP_NAMES
/* From 3.2 on: "RSA, 2048 (bit)" and "EC, (prime256v1)". */
static bool print_key_shortly(BIO *out, EVP_PKEY *key)
{
    char curve[80];
    const char *type = EVP_PKEY_get0_type_name(key);
    if (type == NULL || !sapp_release_is_at_least(3, 2))
        return false;
    if (EVP_PKEY_get_group_name(key, curve, sizeof(curve), NULL) == 1)
        (void)BIO_printf(out, "%s, (%s)", type, curve);
    else
        (void)BIO_printf(out, "%s, %d (bit)", type, EVP_PKEY_bits(key));
    return true;
}
#else
static bool print_key_shortly(BIO *out, EVP_PKEY *key)
{
    (void)out;
    (void)key;
    return false;
}
#endif

/* The line "   a:PKEY: ...; sigalg: ...", since 3.0. */
static void print_algorithms(BIO *out, X509 *x509)
{
    ASN1_OBJECT *algorithm = NULL;
    EVP_PKEY *key = X509_get0_pubkey(x509);
    X509_PUBKEY *holder = sapp_certificate_key(x509);
    if (key == NULL || X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, holder) != 1)
        return;
    (void)BIO_puts(out, "   a:PKEY: ");
    const bool shortly = print_key_shortly(out, key);
    if (!shortly)
        (void)BIO_printf(out, "%s, %d (bit)", OBJ_nid2sn(OBJ_obj2nid(algorithm)), EVP_PKEY_bits(key));
    const int signature = X509_get_signature_nid(x509);
    (void)BIO_printf(out, "; sigalg: %s\n", shortly ? OBJ_nid2ln(signature) : OBJ_nid2sn(signature));
}

static void print_validity(BIO *out, X509 *x509)
{
    (void)BIO_puts(out, "   v:NotBefore: ");
    (void)ASN1_TIME_print(out, X509_get0_notBefore(x509));
    (void)BIO_puts(out, "; NotAfter: ");
    (void)ASN1_TIME_print(out, X509_get0_notAfter(x509));
    (void)BIO_puts(out, "\n");
}

static void print_chain(BIO *out, const struct sapp_facts *facts, const struct sapp_text_style *style)
{
    if (facts->chain_count == 0)
        return;
    (void)BIO_puts(out, "---\nCertificate chain\n");
    for (size_t i = 0; i < facts->chain_count; i++) {
        X509 *x509 = facts->chain[i].x509;
        (void)BIO_printf(out, "%2zu s:", i);
        sapp_name_print(out, X509_get_subject_name(x509), style->name_flags);
        (void)BIO_puts(out, "\n   i:");
        sapp_name_print(out, X509_get_issuer_name(x509), style->name_flags);
        (void)BIO_puts(out, "\n");
        if (sapp_release_is_at_least(3, 0)) {
            print_algorithms(out, x509);
            print_validity(out, x509);
        }
        if (style->show_certs)
            (void)PEM_write_bio_X509(out, x509);
    }
}

static void print_peer(BIO *out, const struct sapp_facts *facts, const struct sapp_text_style *style)
{
    (void)BIO_puts(out, "---\n");
    if (facts->peer == NULL) {
        (void)BIO_puts(out, "no peer certificate available\n");
        return;
    }
    X509 *x509 = facts->peer->x509;
    (void)BIO_puts(out, "Server certificate\n");
    if (!style->show_certs || facts->chain_count == 0)
        (void)PEM_write_bio_X509(out, x509);
    sapp_name_print_titled(out, "subject=", X509_get_subject_name(x509), style->name_flags);
    sapp_name_print_titled(out, "issuer=", X509_get_issuer_name(x509), style->name_flags);
}

/* RFC 5246 section 7.4.4 and the TLS ClientCertificateType registry. */
static const char *certificate_type_name(unsigned char type)
{
    switch (type) {
    case TLS_CT_RSA_SIGN:
        return "RSA sign";
    case TLS_CT_DSS_SIGN:
        return "DSA sign";
    case TLS_CT_RSA_FIXED_DH:
        return "RSA fixed DH";
    case TLS_CT_DSS_FIXED_DH:
        return "DSS fixed DH";
    case TLS_CT_ECDSA_SIGN:
        return "ECDSA sign";
    case TLS_CT_RSA_FIXED_ECDH:
        return "RSA fixed ECDH";
    case TLS_CT_ECDSA_FIXED_ECDH:
        return "ECDSA fixed ECDH";
    default:
        return NULL;
    }
}

static void print_certificate_types(BIO *out, const struct sapp_offer_facts *offer)
{
    if (offer->certificate_type_count == 0)
        return;
    (void)BIO_puts(out, "Client Certificate Types: ");
    for (size_t i = 0; i < offer->certificate_type_count; i++) {
        const char *name = certificate_type_name(offer->certificate_types[i]);
        (void)BIO_puts(out, i > 0 ? ", " : "");
        if (name != NULL)
            (void)BIO_puts(out, name);
        else
            (void)BIO_printf(out, "UNKNOWN (%d),", offer->certificate_types[i]);
    }
    (void)BIO_puts(out, "\n");
}

static void print_certificates(BIO *out, const struct sapp_facts *facts, const struct sapp_text_style *style)
{
    print_chain(out, facts, style);
    print_peer(out, facts, style);
    sapp_parts_ca_names(out, facts, style->name_flags);
    print_certificate_types(out, &facts->offer);
    sapp_parts_sigalgs(out, facts, false);
    sapp_parts_peer_signature(out, facts);
    sapp_parts_temp_key(out, facts);
    (void)BIO_printf(out, "---\nSSL handshake has read %llu bytes and written %llu bytes\n",
                     (unsigned long long)facts->bytes_read, (unsigned long long)facts->bytes_written);
}

static void print_protocols(BIO *out, const struct sapp_facts *facts)
{
    const struct sapp_agreed_facts *agreed = &facts->agreed;
    if (facts->given.npn_status != -1 && agreed->npn_length > 0) {
        (void)BIO_printf(out, "Next protocol: (%d) ", facts->given.npn_status);
        sapp_escape_controls(out, agreed->npn, agreed->npn_length, "");
        (void)BIO_puts(out, "\n");
    }
    if (agreed->alpn_length > 0) {
        (void)BIO_puts(out, "ALPN protocol: ");
        sapp_escape_controls(out, agreed->alpn, agreed->alpn_length, "");
        (void)BIO_puts(out, "\n");
    } else {
        (void)BIO_puts(out, "No ALPN negotiated\n");
    }
    if (agreed->srtp_profile != NULL)
        (void)BIO_printf(out, "SRTP Extension negotiated, profile=%s\n", agreed->srtp_profile);
}

static const char *early_data_word(int status)
{
    switch (status) {
    case SSL_EARLY_DATA_ACCEPTED:
        return "accepted";
    case SSL_EARLY_DATA_REJECTED:
        return "rejected";
    default:
        return "not sent";
    }
}

/* TLS 1.3 has its session later, in tickets; before, it is part of the report. */
static void print_session(BIO *out, const struct sapp_facts *facts)
{
    if (facts->agreed.version_number == TLS1_3_VERSION) {
        (void)BIO_printf(out, "Early data was %s\n", early_data_word(facts->agreed.early_data_status));
        (void)BIO_printf(out, "Verify return code: %ld (%s)\n", facts->verify_result,
                         X509_verify_cert_error_string(facts->verify_result));
    } else {
        sapp_parts_session(out, facts->session, facts, false);
        /* A certificate that ended the handshake is not the session's, which still says "0 (ok)". */
        if (facts->verification == SAPP_VERIFICATION_FAILED && facts->peer == NULL)
            (void)BIO_printf(out, "The certificate was not accepted: %ld (%s)\n", facts->verify_result,
                             X509_verify_cert_error_string(facts->verify_result));
    }
    sapp_parts_warn_unverified(out, facts);
}

void sapp_text_client_report(BIO *out, const struct sapp_facts *facts, const struct sapp_text_style *style,
                             bool repeated)
{
    const struct sapp_agreed_facts *agreed = &facts->agreed;
    if (!repeated)
        print_certificates(out, facts, style);
    sapp_parts_verification(out, facts);
    (void)BIO_puts(out, "---\n");
    sapp_parts_cipher_line(out, facts);
    if (sapp_release_is_at_least(3, 4))
        (void)BIO_printf(out, "Protocol: %s\n", agreed->version);
    if (facts->peer != NULL && !repeated)
        (void)BIO_printf(out, "Server public key is %d bit\n", facts->peer->key_bits);
    sapp_parts_renegotiation(out, facts);
    (void)BIO_printf(out, "Compression: %s\n", agreed->compression != NULL ? agreed->compression : "NONE");
    (void)BIO_printf(out, "Expansion: %s\n", agreed->expansion != NULL ? agreed->expansion : "NONE");
    print_protocols(out, facts);
    print_session(out, facts);
    sapp_keymat_print(out, facts);
    (void)BIO_puts(out, "---\n");
    if (SAPP_HAVE_ECH && !agreed->ech_configured)
        (void)BIO_puts(out, "ECH: NOT CONFIGURED: -103\n---\n");
    (void)BIO_flush(out);
}

void sapp_text_ticket(BIO *out, SSL_SESSION *session, const struct sapp_facts *facts)
{
    (void)BIO_puts(out, "---\nPost-Handshake New Session Ticket arrived:\n");
    sapp_parts_session(out, session, facts, false);
    (void)BIO_puts(out, "---\n");
    (void)BIO_flush(out);
}
