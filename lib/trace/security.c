/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "trace/callbacks.h"

#include "args/features.h"
#include "base/release.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

static const char *operation_name(int operation)
{
    switch (operation) {
    case SSL_SECOP_CIPHER_SUPPORTED:
        return "Supported Ciphersuite";
    case SSL_SECOP_CIPHER_SHARED:
        return "Shared Ciphersuite";
    case SSL_SECOP_CIPHER_CHECK:
        return "Check Ciphersuite";
    case SSL_SECOP_TMP_DH:
        return "Temp DH key bits";
    case SSL_SECOP_CURVE_SUPPORTED:
        return "Supported Curve";
    case SSL_SECOP_CURVE_SHARED:
        return "Shared Curve";
    case SSL_SECOP_CURVE_CHECK:
        return "Check Curve";
    case SSL_SECOP_SIGALG_SUPPORTED:
        return "Supported Signature Algorithm";
    case SSL_SECOP_SIGALG_SHARED:
        return "Shared Signature Algorithm";
    case SSL_SECOP_SIGALG_CHECK:
        return "Check Signature Algorithm";
    case SSL_SECOP_SIGALG_MASK:
        return "Signature Algorithm mask";
    case SSL_SECOP_EE_KEY:
        return "Certificate chain EE key";
    case SSL_SECOP_CA_KEY:
        return "Certificate chain CA key";
    case SSL_SECOP_PEER_EE_KEY:
        return "Peer Chain EE key";
    case SSL_SECOP_PEER_CA_KEY:
        return "Peer Chain CA key";
    case SSL_SECOP_CA_MD:
        return "Certificate chain CA digest";
    case SSL_SECOP_PEER_CA_MD:
        return "Peer chain CA digest";
    default:
        return NULL;
    }
}

/* The schemes that this text calls by their names; TLS 1.2's others are a digest and an algorithm. */
static const char *scheme_name(unsigned int code)
{
    static const struct {
        unsigned int code;
        const char *name;
    } schemes[] = {
        {0x0201, "rsa_pkcs1_sha1"},
        {0x0203, "ecdsa_sha1"},
        {0x0401, "rsa_pkcs1_sha256"},
        {0x0403, "ecdsa_secp256r1_sha256"},
        {0x0501, "rsa_pkcs1_sha384"},
        {0x0503, "ecdsa_secp384r1_sha384"},
        {0x0601, "rsa_pkcs1_sha512"},
        {0x0603, "ecdsa_secp521r1_sha512"},
        {0x0804, "rsa_pss_rsae_sha256"},
        {0x0805, "rsa_pss_rsae_sha384"},
        {0x0806, "rsa_pss_rsae_sha512"},
        {0x0807, "ed25519"},
        {0x0808, "ed448"},
        {0x0809, "rsa_pss_pss_sha256"},
        {0x080a, "rsa_pss_pss_sha384"},
        {0x080b, "rsa_pss_pss_sha512"},
    };
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        if (schemes[i].code == code)
            return schemes[i].name;
    }
    return NULL;
}

static void print_signature(BIO *err, const unsigned char *code)
{
    static const char *const digests[] = {"none", "MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"};
    static const char *const algorithms[] = {"anonymous", "RSA", "DSA", "ECDSA"};
    const char *name = scheme_name((unsigned)code[0] << 8 | code[1]);
    if (name != NULL)
        (void)BIO_printf(err, " scheme=%s", name);
    else if (code[0] < sizeof(digests) / sizeof(digests[0]) && code[1] < sizeof(algorithms) / sizeof(algorithms[0]))
        (void)BIO_printf(err, " digest=%s, algorithm=%s", digests[code[0]], algorithms[code[1]]);
    else
        (void)BIO_printf(err, " scheme=unknown(0x%02x%02x)", code[0], code[1]);
}

/* The name of a key's type, which releases from 3.0 to 3.5 leave out. */
static const char *key_type(const EVP_PKEY *key)
{
#if SAPP_HAVE_GROUP_NAMES
    const char *name = sapp_release_is_at_least(3, 6) ? EVP_PKEY_get0_type_name(key) : NULL;
#else
    const char *name = NULL;
    (void)EVP_PKEY_asn1_get0_info(NULL, NULL, NULL, NULL, &name, EVP_PKEY_get0_asn1(key));
#endif
    return name != NULL ? name : "";
}

static void print_certificate(BIO *err, int operation, X509 *x509)
{
    if ((operation & ~SSL_SECOP_PEER) == SSL_SECOP_CA_MD) {
        (void)BIO_printf(err, "=%s", OBJ_nid2sn(X509_get_signature_nid(x509)));
        return;
    }
    EVP_PKEY *key = X509_get0_pubkey(x509);
    if (key != NULL)
        (void)BIO_printf(err, "=%s, bits=%d", key_type(key), EVP_PKEY_bits(key));
    else
        (void)BIO_puts(err, "=Public key missing");
}

static void print_subject(BIO *err, int operation, int nid, void *subject)
{
    switch (operation & SSL_SECOP_OTHER_TYPE) {
    case SSL_SECOP_OTHER_CIPHER:
        (void)BIO_printf(err, "=%s", SSL_CIPHER_get_name(subject));
        break;
    case SSL_SECOP_OTHER_CURVE: {
        const char *name = EC_curve_nid2nist(nid);
        (void)BIO_printf(err, "=%s", name != NULL ? name : OBJ_nid2sn(nid));
        break;
    }
    case SSL_SECOP_OTHER_SIGALG:
        if (subject != NULL)
            print_signature(err, subject);
        break;
    case SSL_SECOP_OTHER_CERT:
        if (subject != NULL)
            print_certificate(err, operation, subject);
        break;
    default:
        break;
    }
}

int sapp_trace_security(const SSL *ssl, const SSL_CTX *ctx, int operation, int bits, int nid, void *other,
                        void *argument)
{
    const struct sapp_trace *trace = argument;
    const int allowed = trace->security(ssl, ctx, operation, bits, nid, other, NULL);
    if (allowed == 1 && !trace->args->security_debug_verbose)
        return allowed;
    BIO *err = trace->err;
    const char *name = operation_name(operation);
    (void)BIO_puts(err, "Security callback: ");
    if (operation == SSL_SECOP_VERSION) {
        const char *version = sapp_trace_version_name(nid);
        (void)BIO_printf(err, "Version=%s", version != NULL ? version : "???");
    } else if (name != NULL) {
        (void)BIO_puts(err, name);
        if (operation == SSL_SECOP_TMP_DH)
            (void)BIO_puts(err, "=");
        print_subject(err, operation, nid, other);
        (void)BIO_printf(err, ", security bits=%d", bits);
    }
    (void)BIO_printf(err, ": %s\n", allowed == 1 ? "yes" : "no");
    return allowed;
}
