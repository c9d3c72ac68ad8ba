/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/json.h"

#include "facts/json_writer.h"
#include "facts/sigalg.h"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <string.h>

static void put_pem(struct sapp_json *json, X509 *x509)
{
    BIO *memory = BIO_new(BIO_s_mem());
    char *text = NULL;
    long length = 0;
    if (memory != NULL && PEM_write_bio_X509(memory, x509) == 1)
        length = BIO_get_mem_data(memory, &text);
    sapp_json_bytes(json, "pem", length > 0 ? text : NULL, length > 0 ? (size_t)length : 0);
    BIO_free(memory);
}

static void put_pin(struct sapp_json *json, const unsigned char digest[32])
{
    unsigned char base64[48];
    (void)EVP_EncodeBlock(base64, digest, 32);
    sapp_json_text(json, "spki_sha256_pin", (const char *)base64);
}

static void put_alt_names(struct sapp_json *json, const struct sapp_certificate *certificate)
{
    sapp_json_open(json, "alt_names", '[');
    for (size_t i = 0; i < certificate->alt_name_count; i++) {
        const struct sapp_alt_name *name = &certificate->alt_names[i];
        sapp_json_open(json, NULL, '{');
        sapp_json_text(json, "kind", name->kind);
        sapp_json_bytes(json, "value", name->text, name->length);
        sapp_json_close(json, '{');
    }
    sapp_json_close(json, '[');
}

static void put_certificate(struct sapp_json *json, const struct sapp_certificate *certificate)
{
    sapp_json_open(json, NULL, '{');
    sapp_json_text(json, "subject", certificate->subject);
    sapp_json_text(json, "issuer", certificate->issuer);
    sapp_json_bytes(json, "common_name", certificate->common_name, certificate->common_name_length);
    put_alt_names(json, certificate);
    sapp_json_text(json, "serial", certificate->serial);
    sapp_json_text(json, "not_before", certificate->not_before);
    sapp_json_text(json, "not_after", certificate->not_after);
    if (certificate->days_known) {
        sapp_json_number(json, "days_left", certificate->days_left);
        sapp_json_bool(json, "expired", certificate->expired);
        sapp_json_bool(json, "not_yet_valid", certificate->not_yet_valid);
    } else {
        sapp_json_null(json, "days_left");
        sapp_json_null(json, "expired");
        sapp_json_null(json, "not_yet_valid");
    }
    sapp_json_text(json, "key_type", certificate->key_type);
    if (certificate->key_bits > 0)
        sapp_json_number(json, "key_bits", certificate->key_bits);
    else
        sapp_json_null(json, "key_bits");
    sapp_json_text(json, "signature", certificate->signature);
    sapp_json_bool(json, "self_issued", certificate->self_issued);
    sapp_json_bool(json, "ca", certificate->is_ca);
    sapp_json_hex(json, "sha256", certificate->sha256, sizeof(certificate->sha256));
    put_pin(json, certificate->spki_sha256);
    put_pem(json, certificate->x509);
    sapp_json_close(json, '{');
}

/* The chain as it was sent; after a resumption the certificate that the session remembers. */
static void put_certificates(struct sapp_json *json, const struct sapp_facts *facts)
{
    const bool from_session = facts->chain_count == 0 && facts->peer != NULL;
    const char *source = from_session ? "session" : facts->chain_count > 0 ? "handshake" : NULL;
    sapp_json_text(json, "certificates_from", source);
    sapp_json_open(json, "certificates", '[');
    if (from_session)
        put_certificate(json, facts->peer);
    for (size_t i = 0; i < facts->chain_count; i++)
        put_certificate(json, &facts->chain[i]);
    sapp_json_close(json, '[');
}

static const char *basis_word(enum sapp_verification verification)
{
    switch (verification) {
    case SAPP_VERIFICATION_NONE:
        return "none";
    case SAPP_VERIFICATION_UNPROVED:
        return "unproved";
    case SAPP_VERIFICATION_FROM_SESSION:
    case SAPP_VERIFICATION_UNREPEATED:
        return "session";
    default:
        return "chain";
    }
}

/* The name that passed: libssl tells that of a host, and an address or mailbox that was asked for passed as it is. */
static const char *matched_name(const struct sapp_facts *facts)
{
    if (facts->verified_name != NULL || facts->verification != SAPP_VERIFICATION_OK)
        return facts->verified_name;
    return facts->given.asked_name;
}

static void put_verification(struct sapp_json *json, const struct sapp_facts *facts)
{
    const enum sapp_verification verification = facts->verification;
    const bool from_chain = verification == SAPP_VERIFICATION_OK || verification == SAPP_VERIFICATION_FAILED;
    sapp_json_open(json, "verification", '{');
    if (from_chain || verification == SAPP_VERIFICATION_FROM_SESSION)
        sapp_json_bool(json, "verified", verification != SAPP_VERIFICATION_FAILED);
    else
        sapp_json_null(json, "verified");
    sapp_json_text(json, "basis", basis_word(verification));
    if (verification == SAPP_VERIFICATION_NONE)
        sapp_json_null(json, "code");
    else
        sapp_json_number(json, "code", facts->verify_result);
    sapp_json_text(json, "text",
                   verification == SAPP_VERIFICATION_NONE ? NULL : X509_verify_cert_error_string(facts->verify_result));
    sapp_json_text(json, "name", matched_name(facts));
    sapp_json_bool(json, "name_checked", from_chain && facts->given.asked_name != NULL);
    sapp_json_close(json, '{');
}

static void put_names(struct sapp_json *json, const char *name, const struct sapp_names *names, const uint16_t *codes)
{
    sapp_json_open(json, name, '[');
    for (size_t i = 0; i < names->count; i++) {
        const char *iana = sapp_sigalg_iana_name(codes[i]);
        sapp_json_text(json, NULL, iana != NULL ? iana : names->items[i]);
    }
    sapp_json_close(json, '[');
}

static void put_ca_names(struct sapp_json *json, const struct sapp_facts *facts)
{
    const STACK_OF(X509_NAME) *names = facts->offer.ca_names;
    sapp_json_open(json, "ca_names", '[');
    for (int i = 0; names != NULL && i < sk_X509_NAME_num(names); i++) {
        BIO *memory = BIO_new(BIO_s_mem());
        char *text = NULL;
        if (memory != NULL)
            (void)X509_NAME_print_ex(memory, sk_X509_NAME_value(names, i), 0, SAPP_NAME_FLAGS_JSON);
        const long length = memory != NULL ? BIO_get_mem_data(memory, &text) : 0;
        sapp_json_bytes(json, NULL, length > 0 ? text : "", length > 0 ? (size_t)length : 0);
        BIO_free(memory);
    }
    sapp_json_close(json, '[');
}

/* What a server asked of our certificate; null where it asked for none. */
static void put_request(struct sapp_json *json, const struct sapp_facts *facts)
{
    const struct sapp_offer_facts *offer = &facts->offer;
    if (!sapp_facts_asked_certificate(facts)) {
        sapp_json_null(json, "certificate_request");
        return;
    }
    sapp_json_open(json, "certificate_request", '{');
    put_ca_names(json, facts);
    put_names(json, "signature_schemes", &offer->sigalgs, offer->sigalg_codes);
    put_names(json, "shared_signature_schemes", &offer->shared_sigalgs, offer->shared_sigalg_codes);
    sapp_json_close(json, '{');
}

static void put_session(struct sapp_json *json, const struct sapp_facts *facts)
{
    if (facts->session == NULL || !facts->handshake_done) {
        sapp_json_null(json, "session");
        return;
    }
    unsigned int id_length = 0;
    const unsigned char *id = SSL_SESSION_get_id(facts->session, &id_length);
    sapp_json_open(json, "session", '{');
    sapp_json_bool(json, "resumed", facts->resumed);
    sapp_json_bool(json, "resumable", SSL_SESSION_is_resumable(facts->session) == 1);
    sapp_json_hex(json, "id", id, id_length);
    sapp_json_bool(json, "ticket", SSL_SESSION_has_ticket(facts->session) == 1);
    sapp_json_number(json, "ticket_lifetime_s", (int64_t)SSL_SESSION_get_ticket_lifetime_hint(facts->session));
    sapp_json_number(json, "timeout_s", (int64_t)SSL_SESSION_get_timeout(facts->session));
    sapp_json_number(json, "max_early_data", (int64_t)SSL_SESSION_get_max_early_data(facts->session));
    sapp_json_text(json, "psk_identity", facts->psk_identity);
    sapp_json_text(json, "psk_identity_hint", facts->psk_identity_hint);
    sapp_json_close(json, '{');
}

static const char *early_data_word(int status)
{
    return status == SSL_EARLY_DATA_ACCEPTED ? "accepted" : status == SSL_EARLY_DATA_REJECTED ? "rejected" : "not_sent";
}

static void put_cipher(struct sapp_json *json, const struct sapp_agreed_facts *agreed)
{
    sapp_json_text(json, "cipher", agreed->cipher);
    sapp_json_text(json, "cipher_iana", agreed->cipher_iana);
    if (agreed->cipher != NULL)
        sapp_json_number(json, "cipher_bits", agreed->cipher_bits);
    else
        sapp_json_null(json, "cipher_bits");
    sapp_json_text(json, "group", agreed->group);
    if (!agreed->temp_key.known) {
        sapp_json_null(json, "temp_key");
        return;
    }
    sapp_json_open(json, "temp_key", '{');
    sapp_json_text(json, "type", agreed->temp_key.type);
    sapp_json_text(json, "curve", agreed->temp_key.curve);
    sapp_json_number(json, "bits", agreed->temp_key.bits);
    sapp_json_close(json, '{');
}

static void put_signature(struct sapp_json *json, const struct sapp_agreed_facts *agreed)
{
    if (agreed->peer_signature_nid == NID_undef) {
        sapp_json_null(json, "peer_signature");
        return;
    }
    sapp_json_open(json, "peer_signature", '{');
    sapp_json_text(json, "scheme", agreed->peer_signature_name);
    sapp_json_text(json, "type", sapp_signature_type_name(agreed->peer_signature_nid));
    sapp_json_text(json, "digest", agreed->peer_digest_nid != NID_undef ? OBJ_nid2sn(agreed->peer_digest_nid) : NULL);
    sapp_json_close(json, '{');
}

static void put_handshake(struct sapp_json *json, const struct sapp_facts *facts)
{
    const struct sapp_agreed_facts *agreed = &facts->agreed;
    if (!facts->gathered) {
        sapp_json_null(json, "handshake");
        return;
    }
    sapp_json_open(json, "handshake", '{');
    sapp_json_bool(json, "done", facts->handshake_done);
    sapp_json_text(json, "version", facts->handshake_done ? agreed->version : NULL);
    put_cipher(json, agreed);
    put_signature(json, agreed);
    sapp_json_bytes(json, "alpn", agreed->alpn, agreed->alpn_length);
    sapp_json_bytes(json, "npn", agreed->npn, agreed->npn_length);
    sapp_json_text(json, "srtp_profile", agreed->srtp_profile);
    sapp_json_text(json, "early_data", early_data_word(agreed->early_data_status));
    sapp_json_bool(json, "secure_renegotiation", agreed->secure_renegotiation);
    sapp_json_bool(json, "extended_master_secret", agreed->extended_master_secret);
    sapp_json_text(json, "compression", agreed->compression);
    sapp_json_number(json, "bytes_read", (int64_t)facts->bytes_read);
    sapp_json_number(json, "bytes_written", (int64_t)facts->bytes_written);
    sapp_json_close(json, '{');
}

static void put_address(struct sapp_json *json, const char *name, const char *address, const char *port)
{
    if (address == NULL) {
        sapp_json_null(json, name);
        return;
    }
    sapp_json_open(json, name, '{');
    sapp_json_text(json, "address", address);
    sapp_json_text(json, "port", port);
    sapp_json_close(json, '{');
}

static void put_where(struct sapp_json *json, const struct sapp_facts *facts)
{
    const struct sapp_facts_given *given = &facts->given;
    sapp_json_open(json, "target", '{');
    sapp_json_text(json, "host", given->host);
    sapp_json_text(json, "port", given->port);
    sapp_json_text(json, "servername", given->servername != NULL ? given->servername : facts->servername);
    sapp_json_close(json, '{');
    put_address(json, "peer", given->peer_address, given->peer_port);
    put_address(json, "local", given->local_address, given->local_port);
}

static void put_keymat(struct sapp_json *json, const struct sapp_facts *facts)
{
    if (facts->given.keymat_label == NULL) {
        sapp_json_null(json, "keying_material");
        return;
    }
    sapp_json_open(json, "keying_material", '{');
    sapp_json_text(json, "label", facts->given.keymat_label);
    sapp_json_number(json, "length", facts->given.keymat_length);
    sapp_json_hex(json, "hex", facts->keymat, facts->keymat != NULL ? (size_t)facts->given.keymat_length : 0);
    sapp_json_close(json, '{');
}

static void put_timings(struct sapp_json *json, const struct sapp_timings *timings)
{
    sapp_json_open(json, "timings_ms", '{');
    sapp_json_milliseconds(json, "lookup", timings->lookup_us);
    sapp_json_milliseconds(json, "connect", timings->connect_us);
    sapp_json_milliseconds(json, "handshake", timings->handshake_us);
    sapp_json_milliseconds(json, "first_byte", timings->first_byte_us);
    sapp_json_close(json, '{');
}

static void put_failures(struct sapp_json *json, const struct sapp_facts *facts)
{
    sapp_json_open(json, "failures", '[');
    for (size_t i = 0; i < facts->failure_count; i++) {
        const struct sapp_failure_facts *failure = &facts->failures[i];
        sapp_json_open(json, NULL, '{');
        sapp_json_text(json, "kind", sapp_failure_name(failure->kind));
        sapp_json_text(json, "text", failure->text);
        sapp_json_text(json, "hint", failure->hint);
        sapp_json_close(json, '{');
    }
    sapp_json_close(json, '[');
    sapp_json_open(json, "openssl_errors", '[');
    for (size_t i = 0; i < facts->error_count; i++)
        sapp_json_text(json, NULL, facts->errors[i]);
    sapp_json_close(json, '[');
}

void sapp_json_report(BIO *out, const struct sapp_facts *facts, int exit_status)
{
    struct sapp_json json = {.out = out};
    sapp_json_open(&json, NULL, '{');
    sapp_json_number(&json, "schema", SAPP_JSON_SCHEMA);
    sapp_json_text(&json, "program", facts->given.program);
    sapp_json_text(&json, "library", OpenSSL_version(OPENSSL_VERSION));
    sapp_json_number(&json, "exit_status", exit_status);
    put_where(&json, facts);
    put_handshake(&json, facts);
    put_verification(&json, facts);
    put_certificates(&json, facts);
    put_request(&json, facts);
    put_session(&json, facts);
    put_keymat(&json, facts);
    put_timings(&json, &facts->given.timings);
    put_failures(&json, facts);
    sapp_json_close(&json, '{');
    (void)BIO_puts(out, "\n");
    (void)BIO_flush(out);
}
