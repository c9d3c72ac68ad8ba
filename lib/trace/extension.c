/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "trace/callbacks.h"

#include <openssl/bio.h>

static const char *extension_name(int type)
{
    /* The TLS ExtensionType registry, in the words that scripts know. */
    static const struct {
        int type;
        const char *name;
    } extensions[] = {
        {0, "server name"},
        {1, "max fragment length"},
        {2, "client certificate URL"},
        {3, "trusted CA keys"},
        {4, "truncated HMAC"},
        {5, "status request"},
        {6, "user mapping"},
        {7, "client authz"},
        {8, "server authz"},
        {9, "cert type"},
        {10, "supported_groups"},
        {11, "EC point formats"},
        {12, "SRP"},
        {13, "signature algorithms"},
        {14, "use SRTP"},
        {16, "application layer protocol negotiation"},
        {18, "signed certificate timestamps"},
        {21, "TLS padding"},
        {22, "encrypt-then-mac"},
        {23, "extended master secret"},
        {35, "session ticket"},
        {41, "psk"},
        {42, "early_data"},
        {43, "supported versions"},
        {45, "psk kex modes"},
        {47, "certificate authorities"},
        {49, "post handshake auth"},
        {51, "key share"},
        {13172, "next protocol"},
        {65281, "renegotiation info"},
    };
    for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++) {
        if (extensions[i].type == type)
            return extensions[i].name;
    }
    return "unknown";
}

void sapp_trace_extension(SSL *ssl, int from_client, int type, const unsigned char *data, int length, void *argument)
{
    const struct sapp_trace *trace = argument;
    (void)ssl;
    (void)BIO_printf(trace->out, "TLS %s extension \"%s\" (id=%d), len=%d\n", from_client != 0 ? "server" : "client",
                     extension_name(type), type, length);
    (void)BIO_dump(trace->out, (const char *)data, length);
    (void)BIO_flush(trace->out);
}
