/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/gather.h"

#include "args/features.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <string.h>

/* Drops what an earlier gathering took. What the caller gave and the failures stay. */
static void start_anew(struct sapp_facts *facts)
{
    const struct sapp_facts old = *facts;
    for (size_t i = 0; i < old.chain_count; i++)
        sapp_certificate_clear(&old.chain[i]);
    if (old.peer != NULL && old.peer->x509 != NULL)
        sapp_certificate_clear(old.peer);
    sk_X509_NAME_pop_free(old.offer.ca_names, X509_NAME_free);
    SSL_SESSION_free(old.session);
    struct sapp_arena arena = old.arena;
    sapp_arena_free(&arena);
    *facts = (struct sapp_facts){.given = old.given,
                                 .failures = old.failures,
                                 .failure_count = old.failure_count,
                                 .errors = old.errors,
                                 .error_count = old.error_count,
                                 .kept = old.kept};
}

/*
 * The peer's own certificate. A server's chain does not hold the client's, so that it is put in front: the chain is
 * alike on both sides.
 */
static bool gather_chain(struct sapp_facts *facts, const STACK_OF(X509) * sent, X509 *own)
{
    const size_t count = sent != NULL ? (size_t)sk_X509_num(sent) : 0;
    const size_t extra = facts->is_server && own != NULL && !facts->resumed ? 1 : 0;
    if (count + extra == 0)
        return true;
    facts->chain = sapp_arena_alloc(&facts->arena, (count + extra) * sizeof(*facts->chain));
    if (facts->chain == NULL)
        return false;
    for (size_t i = 0; i < count + extra; i++) {
        X509 *x509 = i < extra ? own : sk_X509_value(sent, (int)(i - extra));
        if (!sapp_certificate_gather(&facts->chain[i], x509, &facts->arena))
            return false;
        facts->chain_count++;
    }
    return true;
}

static bool gather_peer(struct sapp_facts *facts, SSL *ssl)
{
    X509 *own = SSL_get_peer_certificate(ssl);
    bool done = gather_chain(facts, SSL_get_peer_cert_chain(ssl), own);
    if (done && own != NULL && facts->chain_count > 0 && X509_cmp(facts->chain[0].x509, own) == 0) {
        facts->peer = &facts->chain[0];
    } else if (done && own != NULL) {
        facts->peer = sapp_arena_alloc(&facts->arena, sizeof(*facts->peer));
        done = facts->peer != NULL && sapp_certificate_gather(facts->peer, own, &facts->arena);
    }
    X509_free(own);
    return done;
}

/*
 * What libssl calls X509_V_OK is also its value before anything was verified. A certificate that failed verification is
 * not the session's yet, but its chain is.
 */
static enum sapp_verification judge(const struct sapp_facts *facts)
{
    const bool good = facts->verify_result == X509_V_OK;
    if (facts->peer == NULL && facts->chain_count == 0)
        return good || facts->resumed ? SAPP_VERIFICATION_NONE : SAPP_VERIFICATION_FAILED;
    if (!good)
        return SAPP_VERIFICATION_FAILED;
    if (!facts->handshake_done)
        return SAPP_VERIFICATION_UNPROVED;
    if (!facts->resumed)
        return SAPP_VERIFICATION_OK;
    const bool asked = facts->given.asked_name != NULL || facts->given.asked_revocation;
    return asked ? SAPP_VERIFICATION_UNREPEATED : SAPP_VERIFICATION_FROM_SESSION;
}

static const char *copy_text(struct sapp_facts *facts, const char *text)
{
    return text != NULL ? sapp_arena_copy(&facts->arena, text, strlen(text)) : NULL;
}

static void gather_session(struct sapp_facts *facts, SSL *ssl)
{
    facts->session = SSL_get1_session(ssl);
#if SAPP_HAVE_PSK
    facts->psk_identity = copy_text(facts, SSL_get_psk_identity(ssl));
    facts->psk_identity_hint = copy_text(facts, SSL_get_psk_identity_hint(ssl));
#endif
    if (facts->given.servername == NULL)
        facts->servername = copy_text(facts, SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name));
}

static void gather_keymat(struct sapp_facts *facts, SSL *ssl)
{
    const char *label = facts->given.keymat_label;
    if (label == NULL || facts->given.keymat_length <= 0)
        return;
    const size_t length = (size_t)facts->given.keymat_length;
    facts->arena.secret = true;
    unsigned char *bytes = sapp_arena_alloc(&facts->arena, length);
    if (bytes != NULL && SSL_export_keying_material(ssl, bytes, length, label, strlen(label), NULL, 0, 0) == 1)
        facts->keymat = bytes;
}

static bool gather_all(struct sapp_facts *facts, SSL *ssl)
{
    facts->is_server = SSL_is_server(ssl) == 1;
    facts->handshake_done = SSL_is_init_finished(ssl) == 1;
    facts->resumed = SSL_session_reused(ssl) == 1;
    BIO *rbio = SSL_get_rbio(ssl);
    BIO *wbio = SSL_get_wbio(ssl);
    facts->bytes_read = rbio != NULL ? BIO_number_read(rbio) : 0;
    facts->bytes_written = wbio != NULL ? BIO_number_written(wbio) : 0;
    facts->verify_result = SSL_get_verify_result(ssl);
    if (!sapp_gather_agreed(facts, ssl) || !gather_peer(facts, ssl) || !sapp_gather_offer(facts, ssl))
        return false;
    facts->verification = judge(facts);
    facts->verified_name = copy_text(facts, SSL_get0_peername(ssl));
    gather_session(facts, ssl);
    gather_keymat(facts, ssl);
    return true;
}

bool sapp_facts_gather(struct sapp_facts *facts, SSL *ssl, struct sapp_failure *failure)
{
    start_anew(facts);
    (void)ERR_set_mark();
    facts->gathered = gather_all(facts, ssl);
    (void)ERR_pop_to_mark();
    if (!facts->gathered)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "memory is too short for the facts of the connection");
    return true;
}
