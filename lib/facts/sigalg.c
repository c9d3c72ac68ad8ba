/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/sigalg.h"

#include "base/release.h"
#include "facts/facts.h"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <stddef.h>

struct scheme {
    uint16_t code;
    int signature_nid;
    int digest_nid;
    bool pss_key;
    const char *own_name; /* of the classic text, which calls the others by algorithm and digest; else NULL */
    const char *iana;
};

static const struct scheme schemes[] = {
    {0x0403, EVP_PKEY_EC, NID_sha256, false, NULL, "ecdsa_secp256r1_sha256"},
    {0x0503, EVP_PKEY_EC, NID_sha384, false, NULL, "ecdsa_secp384r1_sha384"},
    {0x0603, EVP_PKEY_EC, NID_sha512, false, NULL, "ecdsa_secp521r1_sha512"},
    {0x0807, EVP_PKEY_ED25519, NID_undef, false, NULL, "ed25519"},
    {0x0808, EVP_PKEY_ED448, NID_undef, false, NULL, "ed448"},
    {0x0804, EVP_PKEY_RSA_PSS, NID_sha256, false, NULL, "rsa_pss_rsae_sha256"},
    {0x0805, EVP_PKEY_RSA_PSS, NID_sha384, false, NULL, "rsa_pss_rsae_sha384"},
    {0x0806, EVP_PKEY_RSA_PSS, NID_sha512, false, NULL, "rsa_pss_rsae_sha512"},
    {0x0809, EVP_PKEY_RSA_PSS, NID_sha256, true, "rsa_pss_pss_sha256", "rsa_pss_pss_sha256"},
    {0x080a, EVP_PKEY_RSA_PSS, NID_sha384, true, "rsa_pss_pss_sha384", "rsa_pss_pss_sha384"},
    {0x080b, EVP_PKEY_RSA_PSS, NID_sha512, true, "rsa_pss_pss_sha512", "rsa_pss_pss_sha512"},
    {0x081a, NID_undef, NID_undef, false, "ecdsa_brainpoolP256r1_sha256", "ecdsa_brainpoolP256r1tls13_sha256"},
    {0x081b, NID_undef, NID_undef, false, "ecdsa_brainpoolP384r1_sha384", "ecdsa_brainpoolP384r1tls13_sha384"},
    {0x081c, NID_undef, NID_undef, false, "ecdsa_brainpoolP512r1_sha512", "ecdsa_brainpoolP512r1tls13_sha512"},
    {0x0401, EVP_PKEY_RSA, NID_sha256, false, NULL, "rsa_pkcs1_sha256"},
    {0x0501, EVP_PKEY_RSA, NID_sha384, false, NULL, "rsa_pkcs1_sha384"},
    {0x0601, EVP_PKEY_RSA, NID_sha512, false, NULL, "rsa_pkcs1_sha512"},
    {0x0303, EVP_PKEY_EC, NID_sha224, false, NULL, "ecdsa_sha224"},
    {0x0203, EVP_PKEY_EC, NID_sha1, false, NULL, "ecdsa_sha1"},
    {0x0301, EVP_PKEY_RSA, NID_sha224, false, NULL, "rsa_pkcs1_sha224"},
    {0x0201, EVP_PKEY_RSA, NID_sha1, false, NULL, "rsa_pkcs1_sha1"},
    {0x0302, EVP_PKEY_DSA, NID_sha224, false, NULL, "dsa_sha224"},
    {0x0202, EVP_PKEY_DSA, NID_sha1, false, NULL, "dsa_sha1"},
    {0x0402, EVP_PKEY_DSA, NID_sha256, false, NULL, "dsa_sha256"},
    {0x0502, EVP_PKEY_DSA, NID_sha384, false, NULL, "dsa_sha384"},
    {0x0602, EVP_PKEY_DSA, NID_sha512, false, NULL, "dsa_sha512"},
    {0x0708, NID_undef, NID_undef, false, NULL, "sm2sig_sm3"},
    {0x0904, NID_undef, NID_undef, false, "id-ml-dsa-44", "mldsa44"},
    {0x0905, NID_undef, NID_undef, false, "id-ml-dsa-65", "mldsa65"},
    {0x0906, NID_undef, NID_undef, false, "id-ml-dsa-87", "mldsa87"},
};

static const struct scheme *find_code(uint16_t code)
{
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (schemes[i].code == code)
            return &schemes[i];
    }
    return NULL;
}

const char *sapp_signature_type_name(int signature_nid)
{
    switch (signature_nid) {
    case EVP_PKEY_RSA:
        return "RSA";
    case EVP_PKEY_RSA_PSS:
        return "RSA-PSS";
    case EVP_PKEY_DSA:
        return "DSA";
    case EVP_PKEY_EC:
        return "ECDSA";
    case EVP_PKEY_ED25519:
        return "ed25519";
    case EVP_PKEY_ED448:
        return "ed448";
    default:
        return NULL;
    }
}

const char *sapp_signature_classic_type(int signature_nid)
{
    const bool old = !sapp_release_is_at_least(3, 0);
    if (old && (signature_nid == EVP_PKEY_ED25519 || signature_nid == EVP_PKEY_ED448))
        return signature_nid == EVP_PKEY_ED448 ? "Ed448" : "Ed25519";
    return sapp_signature_type_name(signature_nid);
}

static bool is_ml_dsa(uint16_t code)
{
    return code >= 0x0904 && code <= 0x0906;
}

const char *sapp_sigalg_own_name(uint16_t code)
{
    if (!sapp_release_is_at_least(3, 0))
        return NULL;
    const struct scheme *scheme = find_code(code);
    const bool known = scheme != NULL && (!is_ml_dsa(code) || sapp_release_is_at_least(3, 5));
    return known ? scheme->own_name : NULL;
}

const char *sapp_sigalg_iana_name(uint16_t code)
{
    const struct scheme *scheme = find_code(code);
    return scheme != NULL ? scheme->iana : NULL;
}

const char *sapp_sigalg_iana_of(int signature_nid, int digest_nid, bool pss_key)
{
    if (signature_nid == NID_undef)
        return NULL;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (schemes[i].signature_nid == signature_nid && schemes[i].digest_nid == digest_nid &&
            schemes[i].pss_key == pss_key)
            return schemes[i].iana;
    }
    return NULL;
}
