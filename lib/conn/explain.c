/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "conn/state.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <string.h>

/* The sentence for the end of a connection, and what the user may do about it. */

struct advice {
    int alert; /* RFC 8446 section 6.2 */
    const char *text;
};

static const struct advice advices[] = {
    {40, "the peers may share no cipher, group or signature algorithm, or a server name or certificate is missing"},
    {42, "the certificate that was sent is not accepted"},
    {43, "the peer cannot use this kind of certificate"},
    {44, "the certificate that was sent is revoked"},
    {45, "the certificate that was sent has expired"},
    {46, "the certificate that was sent is not accepted"},
    {48, "the peer does not know the authority that issued the certificate that was sent"},
    {70, "the peers share no protocol version"},
    {71, "the peer asks for stronger ciphers or keys"},
    {86, "the peer supports a higher protocol version and takes this for a downgrade"},
    {109, "the peer asks for an extension that was not sent, often the server name"},
    {112, "the peer has no such server name"},
    {115, "the peer does not know this PSK identity"},
    {116, "the peer wants a certificate: -cert and -key name one"},
    {120, "the peers share no application protocol (-alpn)"},
};

static void hint_alert(struct sapp_failure *failure, int alert)
{
    for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++) {
        if (advices[i].alert == alert)
            sapp_hint(failure, "%s", advices[i].text);
    }
}

struct greeting {
    const char *bytes;
    const char *speaker;
};

static const struct greeting greetings[] = {
    {"HTTP/", "HTTP"},      {"GET ", "HTTP"},     {"HEAD ", "HTTP"},          {"POST ", "HTTP"},     {"PUT ", "HTTP"},
    {"OPTIONS ", "HTTP"},   {"CONNECT ", "HTTP"}, {"PRI * HTTP/2", "HTTP/2"}, {"<!DOCTYPE", "HTTP"}, {"<html", "HTTP"},
    {"220", "SMTP or FTP"}, {"+OK", "POP3"},      {"* OK", "IMAP"},           {"SSH-", "SSH"},       {"EHLO", "SMTP"},
    {"HELO", "SMTP"},       {"200 ", "NNTP"},     {"<?xml", "XMPP"},          {"<stream", "XMPP"},   {"RFB ", "VNC"},
};

static const char *find_speaker(const struct sapp_conn *conn)
{
    for (size_t i = 0; i < sizeof(greetings) / sizeof(greetings[0]); i++) {
        const size_t length = strlen(greetings[i].bytes);
        if (conn->first_length >= length && memcmp(conn->first, greetings[i].bytes, length) == 0)
            return greetings[i].speaker;
    }
    return NULL;
}

static bool is_plain_text(const struct sapp_conn *conn)
{
    for (size_t i = 0; i < conn->first_length; i++) {
        const unsigned char byte = conn->first[i];
        if ((byte < 0x20 || byte > 0x7e) && byte != '\r' && byte != '\n' && byte != '\t')
            return false;
    }
    return conn->first_length >= 4;
}

static void hint_first_bytes(struct sapp_conn *conn)
{
    const char *const speaker = find_speaker(conn);
    const char *const other = SSL_is_server(conn->ssl) ? "client" : "server";
    const char *const starttls = SSL_is_server(conn->ssl) ? "" : "; it may want STARTTLS first";
    if (speaker != NULL)
        sapp_hint(&conn->failure, "the %s speaks %s in plain text, not TLS%s", other, speaker,
                  strncmp(speaker, "HTTP", 4) == 0 ? "" : starttls);
    else if (is_plain_text(conn))
        sapp_hint(&conn->failure, "the %s sent plain text, not TLS%s", other, starttls);
}

/* libssl 3.0 has no name for some alerts of TLS 1.3 but in the reason of its error. */
static const char *alert_name(int alert, unsigned long code)
{
    const char *const name = SSL_alert_desc_string_long(alert);
    const char *const reason = ERR_reason_error_string(code);
    return strcmp(name, "unknown") == 0 && reason != NULL ? reason : name;
}

/* In TLS 1.3 the server learns of the client's certificate when the client's handshake is over: RFC 8446
 * section 4.4.2.4. */
static bool is_about_certificate(int alert)
{
    return (alert >= SSL_AD_BAD_CERTIFICATE && alert <= SSL_AD_CERTIFICATE_UNKNOWN) || alert == SSL_AD_UNKNOWN_CA ||
           alert == SSL_AD_CERTIFICATE_REQUIRED;
}

static void explain_tls(struct sapp_conn *conn, const char *while_what)
{
    struct sapp_failure *const failure = &conn->failure;
    const enum sapp_failure_kind kind = sapp_conn_is_established(conn) ? SAPP_FAILURE_IO : SAPP_FAILURE_HANDSHAKE;
    const unsigned long code = ERR_peek_error(); /* the oldest: the others follow from it */
    const int reason = ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
    if (reason > SSL_AD_REASON_OFFSET && reason < SSL_AD_REASON_OFFSET + 256) {
        const int alert = reason - SSL_AD_REASON_OFFSET;
        sapp_fail(failure, is_about_certificate(alert) ? SAPP_FAILURE_HANDSHAKE : kind,
                  "the peer ended %s with alert %d (%s)", while_what, alert, alert_name(alert, code));
        hint_alert(failure, alert);
        return;
    }
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) {
        sapp_fail(failure, SAPP_FAILURE_VERIFICATION, "the peer's certificate was not accepted: %s",
                  X509_verify_cert_error_string(SSL_get_verify_result(conn->ssl)));
        return;
    }
    const char *const text = ERR_reason_error_string(code);
    sapp_fail(failure, kind, "%s failed: %s", while_what, text != NULL ? text : "unknown reason");
    if (!sapp_conn_is_established(conn))
        hint_first_bytes(conn);
}

static void explain_handshake_eof(struct sapp_conn *conn)
{
    const bool in_order = (SSL_get_shutdown(conn->ssl) & SSL_RECEIVED_SHUTDOWN) != 0;
    sapp_fail(&conn->failure, SAPP_FAILURE_HANDSHAKE, "the peer closed the connection during the handshake %s",
              in_order ? "with close_notify" : "without an alert");
    hint_first_bytes(conn);
    if (!conn->received && !SSL_is_server(conn->ssl))
        sapp_hint(&conn->failure, "the peer may not speak TLS, or does not serve this client or server name");
}

static void explain_timeout(struct sapp_conn *conn)
{
    struct sapp_failure *const failure = &conn->failure;
    sapp_fail(failure, SAPP_FAILURE_TIMEOUT, "the handshake took longer than %g s (-handshake_timeout)",
              (double)conn->options.handshake_timeout_ms / 1000);
    if (!conn->received)
        sapp_hint(failure, "the peer sent nothing at all; it may not speak TLS");
    else
        hint_first_bytes(conn);
}

void sapp_conn_explain(struct sapp_conn *conn)
{
    const bool established = sapp_conn_is_established(conn);
    switch (conn->end) {
    case SAPP_END_RESET:
        if (!established)
            sapp_fail(&conn->failure, SAPP_FAILURE_HANDSHAKE, "the connection broke during the handshake: %s",
                      strerror(conn->end_errno));
        else
            sapp_fail(&conn->failure, SAPP_FAILURE_IO, "%s the connection failed: %s",
                      conn->end_writing ? "writing to" : "reading from", strerror(conn->end_errno));
        hint_first_bytes(conn);
        break;
    case SAPP_END_TLS:
        explain_tls(conn, established ? "the connection" : "the handshake");
        break;
    case SAPP_END_EOF:
        if (!established)
            explain_handshake_eof(conn);
        break;
    case SAPP_END_TIMEOUT:
        explain_timeout(conn);
        break;
    case SAPP_END_CLOSE_NOTIFY:
    case SAPP_END_OWN:
        break;
    }
}
