/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/release.h"
#include "trace/callbacks.h"

#include <openssl/bio.h>
#include <openssl/ssl3.h>
#include <openssl/tls1.h>

struct number_name {
    int number;
    const char *name;
};

static const struct number_name versions[] = {
    {SSL3_VERSION, "SSL 3.0"},     {TLS1_VERSION, "TLS 1.0"},         {TLS1_1_VERSION, "TLS 1.1"},
    {TLS1_2_VERSION, "TLS 1.2"},   {TLS1_3_VERSION, "TLS 1.3"},       {DTLS1_VERSION, "DTLS 1.0"},
    {DTLS1_2_VERSION, "DTLS 1.2"}, {DTLS1_BAD_VER, "DTLS 1.0 (bad)"},
};

/* RFC 8446 section 4 and those before it. */
static const struct number_name handshakes[] = {
    {0, "HelloRequest"},           {1, "ClientHello"},       {2, "ServerHello"},
    {3, "HelloVerifyRequest"},     {4, "NewSessionTicket"},  {5, "EndOfEarlyData"},
    {8, "EncryptedExtensions"},    {11, "Certificate"},      {12, "ServerKeyExchange"},
    {13, "CertificateRequest"},    {14, "ServerHelloDone"},  {15, "CertificateVerify"},
    {16, "ClientKeyExchange"},     {20, "Finished"},         {21, "CertificateUrl"},
    {22, "CertificateStatus"},     {23, "SupplementalData"}, {24, "KeyUpdate"},
    {25, "CompressedCertificate"}, {67, "NextProto"},        {254, "MessageHash"},
};

/* RFC 8446 section 6 and those before it. */
static const struct number_name alerts[] = {
    {0, "close_notify"},
    {1, "end_of_early_data"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
};

#define LOOK_UP(table, number) look_up(table, sizeof(table) / sizeof((table)[0]), number)

static const char *look_up(const struct number_name *table, size_t count, int number)
{
    for (size_t i = 0; i < count; i++) {
        if (table[i].number == number)
            return table[i].name;
    }
    return NULL;
}

const char *sapp_trace_version_name(int version)
{
    return LOOK_UP(versions, version);
}

/* What is said of a message after its length: ", ServerHello" or ", fatal protocol_version". */
static void print_detail(BIO *out, int content_type, const unsigned char *bytes, size_t length)
{
    if (content_type == SSL3_RT_ALERT) {
        if (length != 2) {
            (void)BIO_puts(out, ", ???");
            return;
        }
        const char *level = bytes[0] == SSL3_AL_WARNING ? "warning" : bytes[0] == SSL3_AL_FATAL ? "fatal" : NULL;
        const char *name = LOOK_UP(alerts, bytes[1]);
        (void)BIO_printf(out, ", %s %s", level != NULL ? level : "???", name != NULL ? name : "???");
    } else if (content_type == SSL3_RT_HANDSHAKE) {
        const char *name = length > 0 ? LOOK_UP(handshakes, bytes[0]) : NULL;
        (void)BIO_printf(out, ", %s", name != NULL ? name : "???");
    }
}

/* The title of the content, ", Handshake"; a record header comes without a content of its own. */
static void print_content(BIO *out, int content_type)
{
    switch (content_type) {
    case SSL3_RT_HEADER:
        (void)BIO_puts(out, ", RecordHeader");
        break;
    case SSL3_RT_CHANGE_CIPHER_SPEC:
        (void)BIO_puts(out, ", ChangeCipherSpec");
        break;
    case SSL3_RT_ALERT:
        (void)BIO_puts(out, ", Alert");
        break;
    case SSL3_RT_HANDSHAKE:
        (void)BIO_puts(out, ", Handshake");
        break;
    case SSL3_RT_APPLICATION_DATA:
        (void)BIO_puts(out, ", ApplicationData");
        break;
    case SSL3_RT_INNER_CONTENT_TYPE:
        (void)BIO_puts(out, ", InnerContent");
        break;
    default:
        (void)BIO_printf(out, ", Unknown (content_type=%d)", content_type);
    }
}

/* Rows of sixteen bytes; scripts count on the width. */
static void print_rows(BIO *out, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t start = 0; start < length; start += 16) {
        char row[3 + 16 * 3 + 1] = "   ";
        size_t used = 3;
        for (size_t i = start; i < length && i < start + 16; i++) {
            row[used++] = ' ';
            row[used++] = digits[bytes[i] >> 4];
            row[used++] = digits[bytes[i] & 15];
        }
        row[used++] = '\n';
        (void)BIO_write(out, row, (int)used);
    }
}

void sapp_trace_message(int written, int version, int content_type, const void *bytes, size_t length, SSL *ssl,
                        void *argument)
{
    const struct sapp_trace *trace = argument;
    BIO *out = trace->messages;
    const char *name = sapp_trace_version_name(version);
    (void)ssl;
    (void)BIO_puts(out, written != 0 ? ">>> " : "<<< ");
    if (name != NULL) {
        (void)BIO_puts(out, name);
        if (content_type != SSL3_RT_INNER_CONTENT_TYPE || sapp_release_is_at_least(3, 0))
            print_content(out, content_type);
    } else if (!sapp_release_is_at_least(3, 0)) {
        (void)BIO_puts(out, "???");
    } else {
        (void)BIO_printf(out, "Not TLS data or unknown version (version=%d, content_type=%d)", version, content_type);
    }
    (void)BIO_printf(out, " [length %04lx]", (unsigned long)length);
    if (name != NULL)
        print_detail(out, content_type, bytes, length);
    (void)BIO_puts(out, "\n");
    print_rows(out, bytes, length);
    (void)BIO_flush(out);
}
