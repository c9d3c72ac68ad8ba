/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/certificate.h"

#include <arpa/inet.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

static const char *copy_memory_bio(struct sapp_arena *arena, BIO *memory)
{
    char *text = NULL;
    const long length = BIO_get_mem_data(memory, &text);
    return sapp_arena_copy(arena, length > 0 ? text : "", length > 0 ? (size_t)length : 0);
}

static const char *name_line(const X509_NAME *name, struct sapp_arena *arena)
{
    BIO *memory = BIO_new(BIO_s_mem());
    if (memory == NULL)
        return NULL;
    (void)X509_NAME_print_ex(memory, name, 0, SAPP_NAME_FLAGS_JSON);
    const char *line = copy_memory_bio(arena, memory);
    BIO_free(memory);
    return line;
}

static bool gather_common_name(struct sapp_certificate *certificate, struct sapp_arena *arena)
{
    const X509_NAME *name = X509_get_subject_name(certificate->x509);
    int last = -1;
    for (int i = -1; (i = X509_NAME_get_index_by_NID((X509_NAME *)name, NID_commonName, i)) >= 0;)
        last = i;
    if (last < 0)
        return true;
    unsigned char *utf8 = NULL;
    const ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry((X509_NAME *)name, last));
    const int length = ASN1_STRING_to_UTF8(&utf8, (ASN1_STRING *)value);
    if (length < 0)
        return true;
    certificate->common_name = sapp_arena_copy(arena, (const char *)utf8, (size_t)length);
    certificate->common_name_length = (size_t)length;
    OPENSSL_free(utf8);
    return certificate->common_name != NULL;
}

static const char *ip_line(const ASN1_OCTET_STRING *address, struct sapp_arena *arena)
{
    char text[INET6_ADDRSTRLEN] = "";
    const int length = ASN1_STRING_length(address);
    if (length == 4 || length == 16)
        (void)inet_ntop(length == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(address), text, sizeof(text));
    return sapp_arena_copy(arena, text, strlen(text));
}

static bool fill_string(struct sapp_alt_name *alt, const char *kind, const ASN1_STRING *value, struct sapp_arena *arena)
{
    const int length = ASN1_STRING_length(value);
    alt->kind = kind;
    alt->length = length > 0 ? (size_t)length : 0;
    alt->text = sapp_arena_copy(arena, (const char *)ASN1_STRING_get0_data(value), alt->length);
    return alt->text != NULL;
}

static bool fill_line(struct sapp_alt_name *alt, const char *kind, const char *line)
{
    alt->kind = kind;
    alt->text = line;
    alt->length = line != NULL ? strlen(line) : 0;
    return line != NULL;
}

static bool gather_alt_name(struct sapp_alt_name *alt, const GENERAL_NAME *name, struct sapp_arena *arena)
{
    int type = -1;
    const void *value = GENERAL_NAME_get0_value(name, &type);
    switch (type) {
    case GEN_DNS:
        return fill_string(alt, "dns", value, arena);
    case GEN_EMAIL:
        return fill_string(alt, "email", value, arena);
    case GEN_URI:
        return fill_string(alt, "uri", value, arena);
    case GEN_IPADD:
        return fill_line(alt, "ip", ip_line(value, arena));
    case GEN_DIRNAME:
        return fill_line(alt, "directory", name_line(value, arena));
    default:
        return fill_line(alt, "other", sapp_arena_copy(arena, "", 0));
    }
}

static bool gather_alt_names(struct sapp_certificate *certificate, struct sapp_arena *arena)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate->x509, NID_subject_alt_name, NULL, NULL);
    if (names == NULL)
        return true;
    const int count = sk_GENERAL_NAME_num(names);
    struct sapp_alt_name *list = sapp_arena_alloc(arena, (size_t)count * sizeof(*list) + 1);
    bool done = list != NULL;
    for (int i = 0; done && i < count; i++)
        done = gather_alt_name(&list[i], sk_GENERAL_NAME_value(names, i), arena);
    GENERAL_NAMES_free(names);
    certificate->alt_names = list;
    certificate->alt_name_count = done ? (size_t)count : 0;
    return done;
}

static const char *time_line(const ASN1_TIME *time, struct sapp_arena *arena)
{
    struct tm parts;
    char text[80];
    if (time == NULL || ASN1_TIME_to_tm(time, &parts) != 1)
        return NULL;
    const size_t length = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return sapp_arena_copy(arena, text, length);
}

static void gather_validity(struct sapp_certificate *certificate, struct sapp_arena *arena)
{
    const ASN1_TIME *start = X509_get0_notBefore(certificate->x509);
    const ASN1_TIME *end = X509_get0_notAfter(certificate->x509);
    certificate->not_before = time_line(start, arena);
    certificate->not_after = time_line(end, arena);
    int days = 0;
    int seconds = 0;
    if (certificate->not_before == NULL || certificate->not_after == NULL ||
        ASN1_TIME_diff(&days, &seconds, NULL, end) != 1)
        return;
    certificate->days_known = true;
    certificate->expired = days < 0 || seconds < 0;
    certificate->days_left = seconds < 0 ? (int64_t)days - 1 : days;
    if (ASN1_TIME_diff(&days, &seconds, NULL, start) == 1)
        certificate->not_yet_valid = days > 0 || seconds > 0;
}

static const char *serial_line(X509 *x509, struct sapp_arena *arena)
{
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509), NULL);
    char *hex = number != NULL ? BN_bn2hex(number) : NULL;
    const char *line = hex != NULL ? sapp_arena_copy(arena, hex, strlen(hex)) : NULL;
    OPENSSL_free(hex);
    BN_free(number);
    return line;
}

static const char *object_line(const ASN1_OBJECT *object, struct sapp_arena *arena)
{
    const int nid = object != NULL ? OBJ_obj2nid(object) : NID_undef;
    if (nid != NID_undef)
        return OBJ_nid2ln(nid);
    char text[256];
    const int length = object != NULL ? OBJ_obj2txt(text, sizeof(text), object, 1) : 0;
    return length > 0 ? sapp_arena_copy(arena, text, strlen(text)) : NULL;
}

X509_PUBKEY *sapp_certificate_key(const X509 *x509)
{
    return (X509_PUBKEY *)X509_get_X509_PUBKEY(x509);
}

static void gather_key(struct sapp_certificate *certificate, struct sapp_arena *arena)
{
    X509_PUBKEY *holder = sapp_certificate_key(certificate->x509);
    ASN1_OBJECT *algorithm = NULL;
    if (holder != NULL && X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, holder) == 1)
        certificate->key_type = object_line(algorithm, arena);
    EVP_PKEY *key = X509_get0_pubkey(certificate->x509);
    certificate->key_bits = key != NULL ? EVP_PKEY_bits(key) : 0;

    unsigned char *der = NULL;
    const int length = holder != NULL ? i2d_X509_PUBKEY(holder, &der) : 0;
    if (length > 0)
        (void)EVP_Digest(der, (size_t)length, certificate->spki_sha256, NULL, EVP_sha256(), NULL);
    OPENSSL_free(der);
    (void)X509_digest(certificate->x509, EVP_sha256(), certificate->sha256, NULL);
}

bool sapp_certificate_gather(struct sapp_certificate *certificate, X509 *x509, struct sapp_arena *arena)
{
    *certificate = (struct sapp_certificate){.x509 = x509};
    if (X509_up_ref(x509) != 1)
        return false;
    (void)ERR_set_mark();
    certificate->subject = name_line(X509_get_subject_name(x509), arena);
    certificate->issuer = name_line(X509_get_issuer_name(x509), arena);
    const bool names = gather_common_name(certificate, arena) && gather_alt_names(certificate, arena);
    certificate->serial = serial_line(x509, arena);
    gather_validity(certificate, arena);
    gather_key(certificate, arena);
    const X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *object = NULL;
    X509_get0_signature(NULL, &algorithm, x509);
    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    certificate->signature = object_line(object, arena);
    certificate->self_issued = X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0;
    certificate->is_ca = (X509_get_extension_flags(x509) & EXFLAG_CA) != 0;
    (void)ERR_pop_to_mark();
    if (certificate->subject != NULL && certificate->issuer != NULL && names)
        return true;
    sapp_certificate_clear(certificate);
    return false;
}

void sapp_certificate_clear(struct sapp_certificate *certificate)
{
    X509_free(certificate->x509);
    certificate->x509 = NULL;
}
