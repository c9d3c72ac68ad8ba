/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

/* Facts of connections in memory and their views: verdicts, escaping, secrets. Prints TAP. */

#include "base/io.h"
#include "facts/brief.h"
#include "facts/html.h"
#include "facts/json.h"
#include "facts/nameopt.h"
#include "facts/printable.h"
#include "facts/text.h"

#include "tap.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct fixture {
    struct check check;
    EVP_PKEY *key;
    X509 *certificate;
};

/* What a memory BIO holds, as a text of its own; the BIO is empty afterwards. */
static char *take(BIO *memory)
{
    char *data = NULL;
    const long length = BIO_get_mem_data(memory, &data);
    char *text = calloc(1, (size_t)length + 1);
    if (text != NULL)
        memcpy(text, data, (size_t)length);
    (void)BIO_reset(memory);
    return text;
}

static bool has(const char *text, const char *part)
{
    return text != NULL && strstr(text, part) != NULL;
}

/* A certificate whose name is hostile. */
static bool make_certificate(struct fixture *fixture)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, NULL);
    X509 *x509 = X509_new();
    static const unsigned char name[] = "evil\x1b[31m\n<b>&\"";
    bool done =
        ctx != NULL && x509 != NULL && EVP_PKEY_keygen_init(ctx) == 1 && EVP_PKEY_keygen(ctx, &fixture->key) == 1;
    EVP_PKEY_CTX_free(ctx);
    done = done && X509_set_version(x509, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(x509), -60) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(x509), 36L * 3600) != NULL && X509_set_pubkey(x509, fixture->key) == 1;
    X509_NAME *subject = done ? X509_NAME_new() : NULL;
    done = subject != NULL &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, name, sizeof(name) - 1, -1, 0) == 1 &&
           X509_set_subject_name(x509, subject) == 1 && X509_set_issuer_name(x509, subject) == 1 &&
           X509_sign(x509, fixture->key, NULL) > 0;
    X509_NAME_free(subject);
    fixture->certificate = x509;
    return done;
}

struct pair {
    SSL_CTX *contexts[2];
    SSL *client;
    SSL *server;
};

/* Two ends in memory. The server has the certificate unless `cipher` does without. */
static bool pair_open(struct pair *pair, const struct fixture *fixture, const char *cipher, bool trust)
{
    BIO *client_bio = NULL;
    BIO *server_bio = NULL;
    pair->contexts[0] = SSL_CTX_new(TLS_client_method());
    pair->contexts[1] = SSL_CTX_new(TLS_server_method());
    for (int i = 0; i < 2 && cipher != NULL; i++) {
        SSL_CTX_set_max_proto_version(pair->contexts[i], TLS1_2_VERSION);
        SSL_CTX_set_cipher_list(pair->contexts[i], cipher);
    }
    SSL_CTX_set_dh_auto(pair->contexts[1], 1);
    if (cipher == NULL) {
        SSL_CTX_use_certificate(pair->contexts[1], fixture->certificate);
        SSL_CTX_use_PrivateKey(pair->contexts[1], fixture->key);
    }
    if (trust)
        X509_STORE_add_cert(SSL_CTX_get_cert_store(pair->contexts[0]), fixture->certificate);
    pair->client = SSL_new(pair->contexts[0]);
    pair->server = SSL_new(pair->contexts[1]);
    if (pair->client == NULL || pair->server == NULL || BIO_new_bio_pair(&client_bio, 0, &server_bio, 0) != 1)
        return false;
    SSL_set_bio(pair->client, client_bio, client_bio);
    SSL_set_bio(pair->server, server_bio, server_bio);
    SSL_set_connect_state(pair->client);
    SSL_set_accept_state(pair->server);
    return true;
}

static bool pair_shake_hands(struct pair *pair)
{
    for (int i = 0; i < 20; i++) {
        const int client = SSL_do_handshake(pair->client);
        const int server = SSL_do_handshake(pair->server);
        if (client == 1 && server == 1)
            return true;
    }
    return false;
}

static void pair_close(struct pair *pair)
{
    SSL_free(pair->client);
    SSL_free(pair->server);
    SSL_CTX_free(pair->contexts[0]);
    SSL_CTX_free(pair->contexts[1]);
    ERR_clear_error();
}

static char *client_text(const struct sapp_facts *facts)
{
    const struct sapp_text_style style = {.name_flags = XN_FLAG_ONELINE};
    BIO *memory = BIO_new(BIO_s_mem());
    sapp_text_client_report(memory, facts, &style, false);
    char *text = take(memory);
    BIO_free(memory);
    return text;
}

static char *client_json(const struct sapp_facts *facts)
{
    BIO *memory = BIO_new(BIO_s_mem());
    sapp_json_report(memory, facts, 0);
    char *text = take(memory);
    BIO_free(memory);
    return text;
}

static const char nothing_checked[] = "No certificate was checked, so OK says nothing about the peer\n";

/* The connection ends before, or does without, a certificate: nothing may look verified. */
static void test_nothing_checked(struct fixture *fixture, const char *cipher, bool handshake, const char *what)
{
    struct pair pair;
    struct sapp_facts facts;
    struct sapp_failure failure = {0};
    sapp_facts_start(&facts, "s_client");
    const bool ready = pair_open(&pair, fixture, cipher, false) && (!handshake || pair_shake_hands(&pair));
    ok(&fixture->check, ready && sapp_facts_gather(&facts, pair.client, &failure), what);
    ok(&fixture->check, facts.verification == SAPP_VERIFICATION_NONE && facts.peer == NULL, "no verdict");
    char *text = client_text(&facts);
    ok(&fixture->check, has(text, "Verification: OK\n") && has(text, nothing_checked),
       "the text keeps the line and warns");
    const char *first = text != NULL ? strstr(text, nothing_checked) : NULL;
    ok(&fixture->check, first != NULL && has(first + 1, nothing_checked), "after the return code as well");
    free(text);
    text = client_json(&facts);
    ok(&fixture->check, has(text, "\"verified\": null") && has(text, "\"basis\": \"none\""), "verified is null");
    free(text);
    sapp_facts_clear(&facts);
    pair_close(&pair);
}

static void test_checked(struct fixture *fixture, bool trust)
{
    struct pair pair;
    struct sapp_facts facts;
    struct sapp_failure failure = {0};
    sapp_facts_start(&facts, "s_client");
    const bool ready = pair_open(&pair, fixture, NULL, trust) && pair_shake_hands(&pair);
    ok(&fixture->check, ready && sapp_facts_gather(&facts, pair.client, &failure), trust ? "trusted" : "not trusted");
    ok(&fixture->check, facts.verification == (trust ? SAPP_VERIFICATION_OK : SAPP_VERIFICATION_FAILED),
       "the right verdict");
    ok(&fixture->check, facts.peer != NULL && facts.peer->days_left == 1 && !facts.peer->expired,
       "a day and a half is one day");
    char *text = client_text(&facts);
    ok(&fixture->check, !has(text, nothing_checked) && has(text, trust ? "Verification: OK\n" : "Verification error: "),
       "text");
    ok(&fixture->check, !has(text, "\x1b") && !has(text, "\n<b>"),
       "a hostile name stays on its line and steers no terminal");
    free(text);
    text = client_json(&facts);
    ok(&fixture->check, has(text, trust ? "\"verified\": true" : "\"verified\": false"), "JSON");
    ok(&fixture->check, has(text, "\"common_name\": \"evil\\u001b[31m\\n<b>&\\\"\""), "JSON has the name, escaped");
    free(text);
    ok(&fixture->check, sapp_facts_gather(&facts, pair.client, &failure), "gathers again");
    sapp_facts_clear(&facts);
    pair_close(&pair);
}

/* A chain that is good and a handshake that stops there prove nothing. */
static void test_unproved(struct fixture *fixture)
{
    struct sapp_facts facts;
    struct sapp_failure failure = {0};
    struct pair pair;
    sapp_facts_start(&facts, "s_client");
    const bool ready = pair_open(&pair, fixture, NULL, true) && pair_shake_hands(&pair);
    ok(&fixture->check, ready && sapp_facts_gather(&facts, pair.client, &failure), "a connection");
    facts.handshake_done = false;
    facts.verification = SAPP_VERIFICATION_UNPROVED;
    char *text = client_text(&facts);
    ok(&fixture->check, has(text, "Verification: OK\nThe handshake did not end, so OK does not say"),
       "a warning follows OK");
    free(text);
    text = client_json(&facts);
    ok(&fixture->check, has(text, "\"verified\": null") && has(text, "\"basis\": \"unproved\""), "verified is null");
    free(text);
    sapp_facts_clear(&facts);
    pair_close(&pair);
}

static void test_status_page(struct fixture *fixture)
{
    struct sapp_facts facts;
    struct sapp_failure failure = {0};
    struct pair pair;
    sapp_facts_start(&facts, "s_server");
    const bool ready = pair_open(&pair, fixture, NULL, false) && pair_shake_hands(&pair);
    ok(&fixture->check, ready && sapp_facts_gather(&facts, pair.server, &failure), "a server's connection");
    unsigned char key[SSL_MAX_MASTER_KEY_LENGTH];
    const size_t length = SSL_SESSION_get_master_key(facts.session, key, sizeof(key));
    char digits[2 * sizeof(key) + 1] = "";
    for (size_t i = 0; i < length; i++)
        snprintf(digits + 2 * i, 3, "%02X", key[i]);
    BIO *memory = BIO_new(BIO_s_mem());
    sapp_html_status_page(memory, &facts, pair.contexts[1]);
    char *text = take(memory);
    BIO_free(memory);
    ok(&fixture->check, has(text, "HTTP/1.0 200 ok\r\nContent-type: text/html\r\n\r\n<HTML>"), "a status page");
    ok(&fixture->check, length > 0 && !has(text, digits) && has(text, ": (not shown)\n"), "without the key");
    ok(&fixture->check, has(text, "   1 server accepts that finished\n"), "with statistics");
    free(text);
    sapp_facts_clear(&facts);
    pair_close(&pair);
}

static bool nameopt(const char *one, const char *two, unsigned long *flags)
{
    const char *const items[] = {one, two};
    const struct sapp_texts texts = {.items = items, .count = two != NULL ? 2 : one != NULL ? 1 : 0};
    struct sapp_failure failure = {0};
    const bool done = sapp_nameopt_parse(&texts, flags, &failure);
    if (!done)
        printf("# %s\n", failure.text);
    sapp_failure_clear(&failure);
    return done;
}

static void test_nameopt(struct fixture *fixture)
{
    unsigned long flags = 0;
    ok(&fixture->check, nameopt("oneline,-esc_msb", NULL, &flags) && flags == (XN_FLAG_ONELINE & ~4UL),
       "a word switched off");
    ok(&fixture->check, nameopt("RFC2253", "-esc_msb", &flags) && flags == (XN_FLAG_RFC2253 & ~4UL), "in two options");
    ok(&fixture->check, nameopt("utf8", NULL, &flags) && (flags & XN_FLAG_SEP_MASK) == XN_FLAG_SEP_CPLUS_SPC,
       "a separator");
    ok(&fixture->check, nameopt("compat", NULL, &flags) && flags == XN_FLAG_COMPAT, "compat");
    ok(&fixture->check, nameopt(" multiline , -align ", NULL, &flags) && (flags & XN_FLAG_FN_ALIGN) == 0, "spaces");
    ok(&fixture->check, !nameopt("oneline,nonsense", NULL, &flags), "no such word");
}

static void test_printable(struct fixture *fixture)
{
    static const char hostile[] = "a\x1b[2J\x7f\xc2\x9b\xff\xc3\xa9\n\t\\\0z";
    BIO *memory = BIO_new(BIO_s_mem());
    sapp_printable_write(memory, hostile, sizeof(hostile) - 1);
    char *text = take(memory);
    BIO_free(memory);
    ok(&fixture->check, text != NULL && strcmp(text, "a\\x1b[2J\\x7f\\xc2\\x9b\\xff\xc3\xa9\n\t\\\\x00z") == 0,
       "printable");
    free(text);
}

/* Puts a number of two bytes at the end of a message. */
static void put16(BIO *message, size_t number)
{
    const unsigned char bytes[2] = {(unsigned char)(number >> 8), (unsigned char)number};
    BIO_write(message, bytes, sizeof(bytes));
}

/* A ClientHello of TLS 1.2 that offers one group very often, in records. */
static BIO *make_hello(size_t groups)
{
    static const unsigned char random[32] = {0};
    BIO *body = BIO_new(BIO_s_mem());
    BIO *records = BIO_new(BIO_s_mem());
    put16(body, TLS1_2_VERSION);
    BIO_write(body, random, sizeof(random));
    BIO_write(body, "\0\0\x02\xc0\x2b\x01\0", 7); /* no session, one cipher suite, no compression */
    put16(body, 4 + 4 + 2 * groups + 2 + 4 + 4);
    put16(body, TLSEXT_TYPE_supported_groups);
    put16(body, 2 + 2 * groups);
    put16(body, 2 * groups);
    for (size_t i = 0; i < groups; i++)
        put16(body, 0x001d);
    put16(body, TLSEXT_TYPE_signature_algorithms);
    BIO_write(body, "\0\x04\0\x02\x08\x07\0", 6);
    put16(body, TLSEXT_TYPE_extended_master_secret);
    put16(body, 0);
    char *data = NULL;
    const size_t length = (size_t)BIO_get_mem_data(body, &data);
    BIO *message = BIO_new(BIO_s_mem());
    BIO_write(message, "\x01", 1);
    BIO_write(message, &(unsigned char){(unsigned char)(length >> 16)}, 1);
    put16(message, length & 0xffff);
    BIO_write(message, data, (int)length);
    BIO_free(body);
    char part[16000];
    int size;
    while ((size = BIO_read(message, part, sizeof(part))) > 0) {
        BIO_write(records, "\x16\x03\x01", 3);
        put16(records, (size_t)size);
        BIO_write(records, part, size);
    }
    BIO_free(message);
    return records;
}

/* libssl goes through both lists for each group that they share. */
static void test_many_groups(struct fixture *fixture)
{
    struct sapp_facts facts;
    struct sapp_failure failure = {0};
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    SSL_CTX_use_certificate(ctx, fixture->certificate);
    SSL_CTX_use_PrivateKey(ctx, fixture->key);
    SSL *ssl = SSL_new(ctx);
    SSL_set_accept_state(ssl);
    SSL_set_bio(ssl, make_hello(20000), BIO_new(BIO_s_mem()));
    (void)SSL_do_handshake(ssl);
    sapp_facts_start(&facts, "s_server");
    const clock_t begin = clock();
    ok(&fixture->check, sapp_facts_gather(&facts, ssl, &failure), "the facts of a client with 20000 groups");
    const clock_t took = clock() - begin;
    ok(&fixture->check, facts.offer.groups.count == 20000, "all of them are there");
    ok(&fixture->check, took < CLOCKS_PER_SEC, "and cost less than a second");
    ERR_clear_error();
    sapp_facts_clear(&facts);
    SSL_free(ssl);
    SSL_CTX_free(ctx);
}

static void test_failures(struct fixture *fixture)
{
    struct sapp_facts facts;
    struct sapp_failure failure = {0};
    sapp_facts_start(&facts, "s_client");
    sapp_fail(&failure, SAPP_FAILURE_LOOKUP, "no such name '%s'", "x\"y");
    ok(&fixture->check, sapp_facts_add_failure(&facts, &failure), "a failure");
    ERR_put_error(ERR_LIB_SSL, 0, ERR_R_INTERNAL_ERROR, __FILE__, __LINE__);
    sapp_facts_take_errors(&facts);
    ok(&fixture->check, ERR_peek_error() == 0 && facts.error_count == 1, "the error queue is taken");
    char *text = client_json(&facts);
    ok(&fixture->check, has(text, "\"kind\": \"lookup\"") && has(text, "no such name 'x\\\"y'"), "in the document");
    ok(&fixture->check, has(text, "\"handshake\": null") && has(text, ":error:"), "with nothing else");
    free(text);
    sapp_facts_clear(&facts);
    sapp_failure_clear(&failure);
}

int main(void)
{
    struct fixture fixture = {0};
    ok(&fixture.check, make_certificate(&fixture), "a certificate");
    test_nothing_checked(&fixture, NULL, false, "before the handshake");
    test_nothing_checked(&fixture, "aNULL:@SECLEVEL=0", true, "an anonymous cipher");
    test_checked(&fixture, true);
    test_checked(&fixture, false);
    test_unproved(&fixture);
    test_status_page(&fixture);
    test_nameopt(&fixture);
    test_printable(&fixture);
    test_failures(&fixture);
    test_many_groups(&fixture);
    X509_free(fixture.certificate);
    EVP_PKEY_free(fixture.key);
    return finish(&fixture.check);
}
