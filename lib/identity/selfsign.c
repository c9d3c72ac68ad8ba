/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "identity/selfsign.h"

#include "base/escape.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#define HOUR 3600L
#define DAYS 7

static EVP_PKEY *make_key(void)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
    const bool ready = maker != NULL && EVP_PKEY_keygen_init(maker) == 1 &&
                       EVP_PKEY_CTX_set_ec_paramgen_curve_nid(maker, NID_X9_62_prime256v1) == 1 &&
                       EVP_PKEY_CTX_set_ec_param_enc(maker, OPENSSL_EC_NAMED_CURVE) == 1;
    if (ready && EVP_PKEY_keygen(maker, &key) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(maker);
    return key;
}

/* An iPAddress for the text of an address, a dNSName for any other. NULL when memory is short. */
static GENERAL_NAME *make_name(const char *text)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(text);
    ASN1_IA5STRING *dns = address == NULL ? ASN1_IA5STRING_new() : NULL;
    if (name != NULL && address != NULL) {
        GENERAL_NAME_set0_value(name, GEN_IPADD, address);
        return name;
    }
    if (name != NULL && dns != NULL && ASN1_STRING_set(dns, text, (int)strlen(text)) == 1) {
        GENERAL_NAME_set0_value(name, GEN_DNS, dns);
        return name;
    }
    GENERAL_NAME_free(name);
    ASN1_OCTET_STRING_free(address);
    ASN1_IA5STRING_free(dns);
    return NULL;
}

static bool add_name(GENERAL_NAMES *names, const char *text)
{
    GENERAL_NAME *name = make_name(text);
    if (name != NULL && sk_GENERAL_NAME_push(names, name) > 0)
        return true;
    GENERAL_NAME_free(name);
    return false;
}

static bool add_alternative_names(X509 *certificate, const char *name, bool critical)
{
    static const char *const always[] = {"localhost", "127.0.0.1", "::1"};
    GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
    bool done = names != NULL && add_name(names, name);
    for (size_t i = 0; done && i < sizeof(always) / sizeof(always[0]); i++) {
        if (strcmp(name, always[i]) != 0)
            done = add_name(names, always[i]);
    }
    done = done && X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, critical, X509V3_ADD_DEFAULT) == 1;
    GENERAL_NAMES_free(names);
    return done;
}

/* The name as common name, unless it is longer than X.520 allows: the alternative names are what counts. */
static bool set_subject(X509 *certificate, const char *name, bool fits)
{
    X509_NAME *subject = X509_NAME_new();
    bool done = subject != NULL;
    if (done && fits)
        done = X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, (const unsigned char *)name, -1, -1,
                                          0) == 1;
    done = done && X509_set_subject_name(certificate, subject) == 1 && X509_set_issuer_name(certificate, subject) == 1;
    X509_NAME_free(subject);
    return done;
}

static bool set_serial(X509 *certificate)
{
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof(bytes)) != 1)
        return false;
    bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40); /* positive, and always of this length */
    BIGNUM *number = BN_bin2bn(bytes, sizeof(bytes), NULL);
    const bool done = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return done;
}

static bool add_usage(X509 *certificate)
{
    BASIC_CONSTRAINTS *constraints = BASIC_CONSTRAINTS_new();
    ASN1_BIT_STRING *usage = ASN1_BIT_STRING_new();
    EXTENDED_KEY_USAGE *extended = sk_ASN1_OBJECT_new_null();
    ASN1_OBJECT *server = OBJ_nid2obj(NID_server_auth); /* static, needs no free */
    const bool done = constraints != NULL && usage != NULL && extended != NULL && server != NULL &&
                      ASN1_BIT_STRING_set_bit(usage, 0, 1) == 1 && sk_ASN1_OBJECT_push(extended, server) > 0 &&
                      X509_add1_ext_i2d(certificate, NID_basic_constraints, constraints, 1, X509V3_ADD_DEFAULT) == 1 &&
                      X509_add1_ext_i2d(certificate, NID_key_usage, usage, 1, X509V3_ADD_DEFAULT) == 1 &&
                      X509_add1_ext_i2d(certificate, NID_ext_key_usage, extended, 0, X509V3_ADD_DEFAULT) == 1;
    BASIC_CONSTRAINTS_free(constraints);
    ASN1_BIT_STRING_free(usage);
    sk_ASN1_OBJECT_free(extended);
    return done;
}

static X509 *make_certificate(const char *name, EVP_PKEY *key)
{
    X509 *certificate = X509_new();
    const bool fits = strlen(name) <= 64;
    if (certificate != NULL && X509_set_version(certificate, 2) == 1 && set_serial(certificate) &&
        X509_gmtime_adj(X509_getm_notBefore(certificate), -HOUR) != NULL &&
        X509_time_adj_ex(X509_getm_notAfter(certificate), DAYS, 0, NULL) != NULL &&
        set_subject(certificate, name, fits) && X509_set_pubkey(certificate, key) == 1 && add_usage(certificate) &&
        add_alternative_names(certificate, name, !fits) && X509_sign(certificate, key, EVP_sha256()) > 0)
        return certificate;
    X509_free(certificate);
    return NULL;
}

bool sapp_selfsign(const char *name, X509 **certificate, EVP_PKEY **key, struct sapp_failure *failure)
{
    *certificate = NULL;
    for (const unsigned char *byte = (const unsigned char *)name; *byte != '\0'; byte++) {
        if (*byte <= ' ' || *byte > '~')
            return sapp_fail(failure, SAPP_FAILURE_INPUT,
                             "-selfsign expects a DNS name in ASCII or an IP address, not '%s'", name);
    }
    *key = make_key();
    if (*key != NULL)
        *certificate = make_certificate(name, *key);
    if (*certificate != NULL)
        return true;
    EVP_PKEY_free(*key);
    *key = NULL;
    return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "cannot make the certificate of -selfsign '%s'", name);
}

void sapp_selfsign_announce(BIO *out, const char *name, const X509 *certificate)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    if (X509_digest(certificate, EVP_sha256(), digest, &length) != 1)
        return;
    BIO_puts(out, "Self-signed certificate for ");
    sapp_escape_print(out, name, strlen(name));
    BIO_puts(out, ", SHA-256 fingerprint ");
    for (unsigned i = 0; i < length; i++)
        BIO_printf(out, "%s%02X", i == 0 ? "" : ":", digest[i]);
    BIO_puts(out, "\n");
    (void)BIO_flush(out);
}
