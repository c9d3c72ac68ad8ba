/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/parts.h"

#include "base/escape.h"
#include "base/release.h"
#include "facts/nameopt.h"
#include "facts/printable.h"
#include "facts/sigalg.h"

#include <openssl/objects.h>
#include <openssl/x509_vfy.h>
#include <string.h>

static void print_names(BIO *out, const char *title, const struct sapp_names *names)
{
    (void)BIO_puts(out, title);
    for (size_t i = 0; i < names->count; i++)
        (void)BIO_printf(out, "%s%s", i > 0 ? ":" : "", names->items[i]);
    (void)BIO_puts(out, "\n");
}

/* From 4.0 on the lists have the names of the registry. */
static void print_sigalgs(BIO *out, const char *title, const struct sapp_names *names, const uint16_t *codes)
{
    if (!sapp_release_is_at_least(4, 0)) {
        print_names(out, title, names);
        return;
    }
    (void)BIO_puts(out, title);
    for (size_t i = 0; i < names->count; i++) {
        const char *iana = sapp_sigalg_iana_name(codes[i]);
        (void)BIO_puts(out, i > 0 ? ":" : "");
        if (iana != NULL)
            (void)BIO_puts(out, iana);
        else
            (void)BIO_printf(out, "0x%04X", codes[i]);
    }
    (void)BIO_puts(out, "\n");
}

void sapp_parts_sigalgs(BIO *out, const struct sapp_facts *facts, bool brief)
{
    const struct sapp_offer_facts *offer = &facts->offer;
    if (offer->sigalgs.count > 0)
        print_sigalgs(out,
                      facts->is_server ? "Signature Algorithms: " : "Requested Signature Algorithms: ", &offer->sigalgs,
                      offer->sigalg_codes);
    if (offer->shared_sigalgs.count > 0 && !brief)
        print_sigalgs(out,
                      facts->is_server ? "Shared Signature Algorithms: " : "Shared Requested Signature Algorithms: ",
                      &offer->shared_sigalgs, offer->shared_sigalg_codes);
}

void sapp_parts_own_signature(BIO *out, const struct sapp_facts *facts)
{
    if (facts->agreed.own_signature_name != NULL && sapp_release_is_at_least(4, 0))
        (void)BIO_printf(out, "Own signature type: %s\n", facts->agreed.own_signature_name);
}

const char *sapp_parts_signature_type(const struct sapp_facts *facts)
{
    const struct sapp_agreed_facts *agreed = &facts->agreed;
    if (sapp_release_is_at_least(3, 5) && agreed->peer_signature_name != NULL)
        return agreed->peer_signature_name;
    return agreed->peer_signature_nid != NID_undef ? sapp_signature_classic_type(agreed->peer_signature_nid) : NULL;
}

void sapp_parts_peer_signature(BIO *out, const struct sapp_facts *facts)
{
    const char *type = sapp_parts_signature_type(facts);
    if (facts->agreed.peer_digest_nid != NID_undef)
        (void)BIO_printf(out, "Peer signing digest: %s\n", OBJ_nid2sn(facts->agreed.peer_digest_nid));
    if (type != NULL)
        (void)BIO_printf(out, "Peer signature type: %s\n", type);
}

static void print_group(BIO *out, const char *group)
{
    if (group != NULL)
        (void)BIO_printf(out, "Negotiated TLS1.3 group: %s\n", group);
    else
        (void)BIO_puts(out, sapp_release_is_at_least(4, 0) ? "Negotiated TLS1.3 group NID: 0\n"
                                                           : "Negotiated TLS1.3 group: <NULL>\n");
}

void sapp_parts_temp_key(BIO *out, const struct sapp_facts *facts)
{
    const struct sapp_temp_key *key = &facts->agreed.temp_key;
    const bool peer = sapp_release_is_at_least(3, 5);
    if (key->known && key->bits == 0)
        (void)BIO_printf(out, "%s Temp Key: %s\n", peer ? "Peer" : "Server", key->type);
    else if (key->known)
        (void)BIO_printf(out, "%s Temp Key: %s%s%s, %d bits\n", peer ? "Peer" : "Server", key->type,
                         key->curve != NULL ? ", " : "", key->curve != NULL ? key->curve : "", key->bits);
    else if (peer && facts->agreed.version_number == TLS1_3_VERSION)
        print_group(out, facts->agreed.group);
}

void sapp_parts_ca_names(BIO *out, const struct sapp_facts *facts, unsigned long name_flags)
{
    const STACK_OF(X509_NAME) *names = facts->offer.ca_names;
    const char *whose = facts->is_server ? "server" : "client";
    if (names == NULL) {
        if (!facts->is_server)
            (void)BIO_printf(out, "---\nNo %s certificate CA names sent\n", whose);
        return;
    }
    (void)BIO_printf(out, "---\nAcceptable %s certificate CA names\n", whose);
    for (int i = 0; i < sk_X509_NAME_num(names); i++) {
        sapp_name_print(out, sk_X509_NAME_value(names, i), name_flags);
        (void)BIO_puts(out, "\n");
    }
}

void sapp_parts_point_formats(BIO *out, const struct sapp_facts *facts)
{
    static const char *const formats[] = {"uncompressed", "ansiX962_compressed_prime", "ansiX962_compressed_char2"};
    if (facts->offer.point_format_count == 0)
        return;
    (void)BIO_puts(out, "Supported Elliptic Curve Point Formats: ");
    for (size_t i = 0; i < facts->offer.point_format_count; i++) {
        const unsigned char format = facts->offer.point_formats[i];
        (void)BIO_puts(out, i > 0 ? ":" : "");
        if (format < sizeof(formats) / sizeof(formats[0]))
            (void)BIO_puts(out, formats[format]);
        else
            (void)BIO_printf(out, "unknown(%d)", format);
    }
    (void)BIO_puts(out, "\n");
}

void sapp_parts_groups(BIO *out, const struct sapp_facts *facts, bool brief)
{
    const bool old = !sapp_release_is_at_least(3, 0);
    if (facts->offer.groups.count == 0)
        return;
    print_names(out, old ? "Supported Elliptic Groups: " : "Supported groups: ", &facts->offer.groups);
    if (brief)
        return;
    if (facts->offer.shared_groups.count > 0)
        print_names(out, old ? "Shared Elliptic groups: " : "Shared groups: ", &facts->offer.shared_groups);
    else
        (void)BIO_puts(out, old ? "Shared Elliptic groups: NONE\n" : "Shared groups: NONE\n");
}

void sapp_parts_warn_unverified(BIO *out, const struct sapp_facts *facts)
{
    if (facts->verification == SAPP_VERIFICATION_NONE)
        (void)BIO_puts(out, "No certificate was checked, so OK says nothing about the peer\n");
    else if (facts->verification == SAPP_VERIFICATION_UNPROVED)
        (void)BIO_puts(out,
                       "The handshake did not end, so OK does not say that the peer holds the certificate's key\n");
    else if (facts->verification == SAPP_VERIFICATION_UNREPEATED)
        (void)BIO_puts(out, "The session was resumed, so OK says nothing about the name or revocation asked for\n");
}

void sapp_parts_verification(BIO *out, const struct sapp_facts *facts)
{
    if (facts->verify_result != X509_V_OK) {
        (void)BIO_printf(out, "Verification error: %s\n", X509_verify_cert_error_string(facts->verify_result));
        return;
    }
    (void)BIO_puts(out, "Verification: OK\n");
    if (facts->verified_name != NULL) {
        (void)BIO_puts(out, "Verified peername: ");
        sapp_escape_controls(out, facts->verified_name, strlen(facts->verified_name), "");
        (void)BIO_puts(out, "\n");
    }
    sapp_parts_warn_unverified(out, facts);
}

void sapp_parts_renegotiation(BIO *out, const struct sapp_facts *facts)
{
    if (sapp_release_is_at_least(3, 2) && facts->agreed.version_number == TLS1_3_VERSION)
        (void)BIO_puts(out, "This TLS version forbids renegotiation.\n");
    else
        (void)BIO_printf(out, "Secure Renegotiation IS%s supported\n",
                         facts->agreed.secure_renegotiation ? "" : " NOT");
}

void sapp_parts_cipher_line(BIO *out, const struct sapp_facts *facts)
{
    const struct sapp_agreed_facts *agreed = &facts->agreed;
    const bool none = agreed->cipher == NULL;
    (void)BIO_printf(out, "%s, %s, Cipher is %s\n", facts->resumed ? "Reused" : "New",
                     none ? "(NONE)" : agreed->cipher_version, none ? "(NONE)" : agreed->cipher);
}

/* Whether a line of the session block holds what would let others decrypt. */
static bool is_secret(const char *line, size_t length)
{
    static const char *const titles[] = {"    Master-Key: ", "    Resumption PSK: "};
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
        if (length >= strlen(titles[i]) && memcmp(line, titles[i], strlen(titles[i])) == 0)
            return true;
    }
    return false;
}

/*
 * Prints a line whose value is the peer's text, so that a line end in the text makes no line of its own. Returns what
 * comes after the text; NULL: this is not the line.
 */
static const char *print_foreign(BIO *out, const char *line, size_t left, const char *title, const char *text)
{
    const size_t start = strlen(title);
    const size_t length = text != NULL ? strlen(text) : 0;
    if (length == 0 || left < start + length || memcmp(line, title, start) != 0 ||
        memcmp(line + start, text, length) != 0)
        return NULL;
    (void)BIO_puts(out, title);
    sapp_escape_print(out, text, length);
    return line + start + length;
}

static const char *skip_foreign(BIO *out, const char *line, size_t left, const struct sapp_facts *facts)
{
    if (facts == NULL)
        return line;
    const char *after = print_foreign(out, line, left, "    PSK identity: ", facts->psk_identity);
    if (after == NULL)
        after = print_foreign(out, line, left, "    PSK identity hint: ", facts->psk_identity_hint);
    return after != NULL ? after : line;
}

void sapp_parts_session(BIO *out, const SSL_SESSION *session, const struct sapp_facts *facts, bool hide_secrets)
{
    BIO *memory = session != NULL ? BIO_new(BIO_s_mem()) : NULL;
    if (memory == NULL)
        return;
    (void)SSL_SESSION_print(memory, session);
    char *text = NULL;
    const long size = BIO_get_mem_data(memory, &text);
    const char *line = text;
    const char *const end = text + (size > 0 ? size : 0);
    while (line < end) {
        line = skip_foreign(out, line, (size_t)(end - line), facts);
        const char *feed = memchr(line, '\n', (size_t)(end - line));
        const size_t length = feed != NULL ? (size_t)(feed - line) + 1 : (size_t)(end - line);
        if (hide_secrets && is_secret(line, length))
            (void)BIO_printf(out, "%.*s: (not shown)\n", (int)((const char *)memchr(line, ':', length) - line), line);
        else
            sapp_printable_write(out, line, length);
        line += length;
    }
    BIO_free(memory);
}
