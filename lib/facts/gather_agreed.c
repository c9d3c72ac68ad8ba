/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/gather.h"

#include "args/features.h"
#include "facts/sigalg.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <string.h>

#if SAPP_HAVE_ECH
#include <openssl/ech.h>
#endif

#if SAPP_HAVE_SRTP
#include <openssl/srtp.h>
#endif

static const unsigned char *copy_bytes(struct sapp_facts *facts, const unsigned char *bytes, size_t length)
{
    if (length == 0)
        return NULL;
    return (const unsigned char *)sapp_arena_copy(&facts->arena, (const char *)bytes, length);
}

static void gather_cipher(struct sapp_agreed_facts *agreed, SSL *ssl)
{
    agreed->version_number = SSL_version(ssl);
    agreed->version = SSL_get_version(ssl);
    const SSL_CIPHER *cipher = SSL_get_current_cipher(ssl);
    if (cipher == NULL)
        return;
    agreed->cipher = SSL_CIPHER_get_name(cipher);
    agreed->cipher_iana = SSL_CIPHER_standard_name(cipher);
    agreed->cipher_version = SSL_CIPHER_get_version(cipher);
    agreed->cipher_bits = SSL_CIPHER_get_bits(cipher, NULL);
}

#if SAPP_HAVE_GROUP_NAMES
static const char *copy_text(struct sapp_facts *facts, const char *text)
{
    return text != NULL ? sapp_arena_copy(&facts->arena, text, strlen(text)) : NULL;
}

static const char *curve_name(struct sapp_facts *facts, EVP_PKEY *key)
{
    char name[80];
    size_t length = 0;
    if (EVP_PKEY_get_group_name(key, name, sizeof(name), &length) != 1)
        return "?";
    return copy_text(facts, name);
}

/* A key of providers only, such as X25519MLKEM768, has a name but no number. */
static bool name_hybrid(struct sapp_facts *facts, const EVP_PKEY *key)
{
    facts->agreed.temp_key.bits = 0;
    facts->agreed.temp_key.type = copy_text(facts, EVP_PKEY_get0_type_name(key));
    return facts->agreed.temp_key.type != NULL;
}
#else
static const char *curve_name(struct sapp_facts *facts, EVP_PKEY *key)
{
    (void)facts;
    const EC_KEY *curve_key = EVP_PKEY_get0_EC_KEY(key);
    const int nid = EC_GROUP_get_curve_name(EC_KEY_get0_group(curve_key));
    const char *name = EC_curve_nid2nist(nid);
    return name != NULL ? name : OBJ_nid2sn(nid);
}

static bool name_hybrid(struct sapp_facts *facts, const EVP_PKEY *key)
{
    (void)facts;
    (void)key;
    return false;
}
#endif

static void gather_temp_key(struct sapp_facts *facts, SSL *ssl)
{
    struct sapp_temp_key *temp_key = &facts->agreed.temp_key;
    EVP_PKEY *key = NULL;
    if (SSL_get_peer_tmp_key(ssl, &key) != 1 || key == NULL)
        return;
    const int id = EVP_PKEY_id(key);
    temp_key->bits = EVP_PKEY_bits(key);
    if (id == EVP_PKEY_EC) {
        temp_key->type = "ECDH";
        temp_key->curve = curve_name(facts, key);
    } else {
        temp_key->type = id == EVP_PKEY_RSA ? "RSA" : id == EVP_PKEY_DH ? "DH" : OBJ_nid2sn(id);
    }
    temp_key->known = temp_key->type != NULL || name_hybrid(facts, key);
    EVP_PKEY_free(key);
}

static void gather_group(struct sapp_facts *facts, SSL *ssl)
{
    struct sapp_agreed_facts *agreed = &facts->agreed;
#if SAPP_HAVE_GROUP_NAMES
    /* libssl 3.0 asks the session without looking whether there is one. */
    const int group = SSL_get_session(ssl) != NULL ? (int)SSL_get_negotiated_group(ssl) : NID_undef;
    if (group != NID_undef)
        agreed->group = copy_text(facts, SSL_group_to_name(ssl, group));
#else
    (void)ssl;
#endif
    const struct sapp_temp_key *key = &agreed->temp_key;
    const bool group_of_its_own = key->known && strcmp(key->type, "DH") != 0 && strcmp(key->type, "RSA") != 0;
    if (agreed->group == NULL && group_of_its_own)
        agreed->group = key->curve != NULL ? key->curve : key->type;
}

static void gather_signature(struct sapp_facts *facts, SSL *ssl)
{
    struct sapp_agreed_facts *agreed = &facts->agreed;
    if (SSL_get_peer_signature_nid(ssl, &agreed->peer_digest_nid) != 1)
        agreed->peer_digest_nid = NID_undef;
    if (SSL_get_peer_signature_type_nid(ssl, &agreed->peer_signature_nid) != 1)
        agreed->peer_signature_nid = NID_undef;
#if SAPP_HAVE_SIGNATURE_NAMES
    const char *name = NULL;
    if (SSL_get0_peer_signature_name(ssl, &name) == 1)
        agreed->peer_signature_name = copy_text(facts, name);
    if (SSL_get0_signature_name(ssl, &name) == 1)
        agreed->own_signature_name = copy_text(facts, name);
#else
    X509 *own = SSL_get_peer_certificate(ssl);
    const EVP_PKEY *key = own != NULL ? X509_get0_pubkey(own) : NULL;
    const bool pss_key = key != NULL && EVP_PKEY_id(key) == EVP_PKEY_RSA_PSS;
    X509_free(own);
    agreed->peer_signature_name = sapp_sigalg_iana_of(agreed->peer_signature_nid, agreed->peer_digest_nid, pss_key);
#endif
}

static bool gather_protocols(struct sapp_facts *facts, SSL *ssl)
{
    struct sapp_agreed_facts *agreed = &facts->agreed;
    const unsigned char *name = NULL;
    unsigned int length = 0;
    SSL_get0_alpn_selected(ssl, &name, &length);
    agreed->alpn = copy_bytes(facts, name, length);
    agreed->alpn_length = length;
    const bool alpn_done = length == 0 || agreed->alpn != NULL;
#if SAPP_HAVE_NPN
    name = NULL;
    length = 0;
    SSL_get0_next_proto_negotiated(ssl, &name, &length);
    agreed->npn = copy_bytes(facts, name, length);
    agreed->npn_length = length;
#endif
#if SAPP_HAVE_SRTP
    const SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile(ssl);
    agreed->srtp_profile = profile != NULL ? profile->name : NULL;
#endif
    return alpn_done && (agreed->npn_length == 0 || agreed->npn != NULL);
}

static bool ech_configured(SSL *ssl)
{
#if SAPP_HAVE_ECH
    char *inner = NULL;
    char *outer = NULL;
    const int status = SSL_ech_get1_status(ssl, &inner, &outer);
    OPENSSL_free(inner);
    OPENSSL_free(outer);
    return status != SSL_ECH_STATUS_NOT_CONFIGURED;
#else
    (void)ssl;
    return false;
#endif
}

bool sapp_gather_agreed(struct sapp_facts *facts, SSL *ssl)
{
    struct sapp_agreed_facts *agreed = &facts->agreed;
    gather_cipher(agreed, ssl);
    gather_temp_key(facts, ssl);
    gather_group(facts, ssl);
    gather_signature(facts, ssl);
    const COMP_METHOD *compression = SSL_get_current_compression(ssl);
    const COMP_METHOD *expansion = SSL_get_current_expansion(ssl);
    agreed->compression = compression != NULL ? SSL_COMP_get_name(compression) : NULL;
    agreed->expansion = expansion != NULL ? SSL_COMP_get_name(expansion) : NULL;
    agreed->early_data_status = SSL_get_early_data_status(ssl);
    agreed->secure_renegotiation = SSL_get_secure_renegotiation_support(ssl) == 1;
    agreed->renegotiation_disabled = (SSL_get_options(ssl) & SSL_OP_NO_RENEGOTIATION) != 0;
    agreed->extended_master_secret = SSL_get_extms_support(ssl) == 1;
    agreed->ech_configured = ech_configured(ssl);
    return gather_protocols(facts, ssl);
}
