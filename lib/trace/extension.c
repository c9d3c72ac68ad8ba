/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "trace/callbacks.h"

#include <openssl/bio.h>

static const char *extension_name(int type)
{
    switch (type) {
    case 0:
        return "server name";
    case 1:
        return "max fragment length";
    case 2:
        return "client certificate URL";
    case 3:
        return "trusted CA keys";
    case 4:
        return "truncated HMAC";
    case 5:
        return "status request";
    case 6:
        return "user mapping";
    case 7:
        return "client authz";
    case 8:
        return "server authz";
    case 9:
        return "cert type";
    case 10:
        return "supported_groups";
    case 11:
        return "EC point formats";
    case 12:
        return "SRP";
    case 13:
        return "signature algorithms";
    case 14:
        return "use SRTP";
    case 16:
        return "application layer protocol negotiation";
    case 18:
        return "signed certificate timestamps";
    case 21:
        return "TLS padding";
    case 22:
        return "encrypt-then-mac";
    case 23:
        return "extended master secret";
    case 35:
        return "session ticket";
    case 41:
        return "psk";
    case 42:
        return "early_data";
    case 43:
        return "supported versions";
    case 45:
        return "psk kex modes";
    case 47:
        return "certificate authorities";
    case 49:
        return "post handshake auth";
    case 51:
        return "key share";
    case 13172:
        return "next protocol";
    case 65281:
        return "renegotiation info";
    default:
        return "unknown";
    }
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
