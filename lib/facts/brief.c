/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/brief.h"

#include "base/release.h"
#include "facts/nameopt.h"
#include "facts/parts.h"

#include <openssl/objects.h>

static void print_peer(BIO *err, const struct sapp_facts *facts, const struct sapp_text_style *style)
{
    if (facts->peer == NULL) {
        (void)BIO_puts(err, sapp_release_is_at_least(3, 2) ? "No peer certificate or raw public key\n"
                                                           : "No peer certificate\n");
        return;
    }
    (void)BIO_puts(err, "Peer certificate: ");
    sapp_name_print(err, X509_get_subject_name(facts->peer->x509), style->name_flags);
    (void)BIO_puts(err, "\n");
    /* A signature without a digest of its own has "UNDEF" here, as ever. */
    if (facts->agreed.peer_digest_nid != NID_undef || facts->agreed.peer_signature_nid != NID_undef)
        (void)BIO_printf(err, "Hash used: %s\n", OBJ_nid2sn(facts->agreed.peer_digest_nid));
    const char *type = sapp_parts_signature_type(facts);
    if (type != NULL)
        (void)BIO_printf(err, "Signature type: %s\n", type);
    sapp_parts_verification(err, facts);
}

static void print_all(BIO *err, const struct sapp_facts *facts, const struct sapp_text_style *style)
{
    if (!facts->is_server)
        (void)BIO_puts(err, "CONNECTION ESTABLISHED\n");
    (void)BIO_printf(err, "Protocol version: %s\n", facts->agreed.version);
    if (facts->is_server && facts->offer.ciphers != NULL)
        (void)BIO_printf(err, "Client cipher list: %s\n", facts->offer.ciphers);
    (void)BIO_printf(err, "Ciphersuite: %s\n", facts->agreed.cipher != NULL ? facts->agreed.cipher : "(NONE)");
    sapp_parts_sigalgs(err, facts, true);
    sapp_parts_own_signature(err, facts);
    print_peer(err, facts, style);
    sapp_parts_point_formats(err, facts);
    if (facts->is_server)
        sapp_parts_groups(err, facts, true);
    if (!facts->is_server || sapp_release_is_at_least(3, 5))
        sapp_parts_temp_key(err, facts);
}

/* Collected first, since every write to standard error is a system call of its own. */
void sapp_brief_report(BIO *err, const struct sapp_facts *facts, const struct sapp_text_style *style)
{
    BIO *memory = BIO_new(BIO_s_mem());
    if (memory == NULL)
        return;
    print_all(memory, facts, style);
    char *text = NULL;
    const long length = BIO_get_mem_data(memory, &text);
    if (length > 0)
        (void)BIO_write(err, text, (int)length);
    BIO_free(memory);
}
