/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

/* Two connections talk to each other over a socket pair on one loop. Prints TAP. */

#include "conn/conn.h"

#include "tap.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixture {
    struct check check;
    struct sapp_loop *loop;
    SSL_CTX *server_ctx;
    SSL_CTX *client_ctx;
};

struct side {
    struct sapp_loop *loop;
    struct sapp_conn *conn;
    size_t to_send; /* still */
    size_t received;
    bool echo_end;   /* shut down when the peer did */
    bool from_timer; /* begin to send outside of the connection's events */
    struct sapp_timer timer;
    bool damaged;
    bool half_closed;
    bool closed;
    enum sapp_conn_end end;
    struct sapp_failure failure;
    bool *over;
};

/* Byte i of a stream. */
static unsigned char byte_at(size_t i)
{
    return (unsigned char)(i * 131 + i / 251);
}

static void send_more(struct side *side, size_t whole)
{
    static unsigned char buffer[100000];
    while (side->to_send > 0) {
        const size_t begin = whole - side->to_send;
        const size_t length = side->to_send < sizeof(buffer) ? side->to_send : sizeof(buffer);
        for (size_t i = 0; i < length; i++)
            buffer[i] = byte_at(begin + i);
        const size_t taken = sapp_conn_write(side->conn, buffer, length);
        side->to_send -= taken;
        if (taken < length)
            return;
    }
    sapp_conn_shutdown(side->conn);
    if (side->half_closed)
        sapp_conn_close(side->conn, 1000);
}

enum {
    WHOLE = 700000 /* more than all buffers on the way take */
};

static void on_timer(void *data)
{
    send_more(data, WHOLE);
}

static void on_done(void *data)
{
    struct side *side = data;
    if (side->from_timer)
        sapp_timer_start(side->loop, &side->timer, 0, on_timer, side, &side->failure);
    else if (side->to_send > 0)
        send_more(side, WHOLE);
}

static void on_readable(void *data)
{
    struct side *side = data;
    unsigned char buffer[40000];
    const size_t length = sapp_conn_read(side->conn, buffer, sizeof(buffer));
    for (size_t i = 0; i < length; i++)
        side->damaged = side->damaged || buffer[i] != byte_at(side->received + i);
    side->received += length;
}

static void on_half_closed(void *data)
{
    struct side *side = data;
    side->half_closed = true;
    if (side->echo_end && side->to_send == 0)
        sapp_conn_close(side->conn, 1000);
}

static void on_closed(void *data, const struct sapp_conn_closed *closed)
{
    struct side *side = data;
    side->closed = true;
    side->end = closed->end;
    sapp_fail(&side->failure, closed->failure->kind, "%s", closed->failure->text != NULL ? closed->failure->text : "");
    if (closed->failure->hint != NULL)
        sapp_hint(&side->failure, "%s", closed->failure->hint);
    *side->over = true;
}

static const struct sapp_conn_events events = {
    .handshake_done = on_done,
    .readable = on_readable,
    .writable = on_done,
    .half_closed = on_half_closed,
    .closed = on_closed,
};

static void open_side(struct fixture *fixture, struct side *side, bool server, int fd, bool nbio_test,
                      int64_t timeout_ms)
{
    SSL *ssl = SSL_new(server ? fixture->server_ctx : fixture->client_ctx);
    if (server)
        SSL_set_accept_state(ssl);
    else
        SSL_set_connect_state(ssl);
    (void)BIO_socket_nbio(fd, 1);
    const struct sapp_conn_options options = {
        .events = &events, .data = side, .nbio_test = nbio_test, .handshake_timeout_ms = timeout_ms};
    side->loop = fixture->loop;
    side->conn = sapp_conn_new(fixture->loop, ssl, fd, &options, &side->failure);
    sapp_conn_start(side->conn);
}

static void test_transfer(struct fixture *fixture, bool nbio_test, int version, bool from_timer)
{
    int ends[2];
    bool server_over = false;
    bool client_over = false;
    struct sapp_failure failure = {0};
    struct side server = {.to_send = WHOLE, .echo_end = true, .over = &server_over};
    struct side client = {.to_send = WHOLE, .echo_end = true, .over = &client_over, .from_timer = from_timer};
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    SSL_CTX_set_max_proto_version(fixture->client_ctx, version);
    open_side(fixture, &server, true, ends[0], nbio_test, 5000);
    open_side(fixture, &client, false, ends[1], nbio_test, 5000);
    ok(&fixture->check, sapp_loop_run_until(fixture->loop, &server_over, &failure), "the server ends");
    ok(&fixture->check, sapp_loop_run_until(fixture->loop, &client_over, &failure), "the client ends");
    ok(&fixture->check, server.received == WHOLE && !server.damaged, "all arrived at the server");
    ok(&fixture->check, client.received == WHOLE && !client.damaged, "all arrived at the client");
    ok(&fixture->check, server.half_closed && client.half_closed, "both saw close_notify");
    ok(&fixture->check, server.failure.kind == SAPP_FAILURE_NONE && client.failure.kind == SAPP_FAILURE_NONE,
       "no failure");
    ok(&fixture->check, sapp_conn_handshake_us(client.conn) > 0, "the handshake was timed");
    sapp_conn_free(server.conn);
    sapp_conn_free(client.conn);
    sapp_failure_clear(&server.failure);
    sapp_failure_clear(&client.failure);
}

/* The other end says `text` and, when asked, closes. */
static void test_stranger(struct fixture *fixture, bool server, const char *text, bool leave,
                          enum sapp_failure_kind kind, const char *sentence, const char *hint)
{
    int ends[2];
    bool over = false;
    struct sapp_failure failure = {0};
    struct side side = {.over = &over};
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    (void)!write(ends[1], text, strlen(text));
    if (leave)
        (void)shutdown(ends[1], SHUT_WR);
    open_side(fixture, &side, server, ends[0], false, 100);
    sapp_loop_run_until(fixture->loop, &over, &failure);
    const char *said = side.failure.text != NULL ? side.failure.text : "";
    const char *hinted = side.failure.hint != NULL ? side.failure.hint : "";
    printf("# %s: %s (%s)\n", sapp_failure_name(side.failure.kind), said, hinted);
    ok(&fixture->check, side.failure.kind == kind && strstr(said, sentence) != NULL && strstr(hinted, hint) != NULL,
       sentence);
    sapp_conn_free(side.conn);
    close(ends[1]);
    sapp_failure_clear(&side.failure);
    ERR_clear_error();
}

static void test_alert(struct fixture *fixture)
{
    int ends[2];
    bool over = false;
    bool other = false;
    struct sapp_failure failure = {0};
    struct side server = {.over = &other};
    struct side client = {.over = &over};
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    SSL_CTX_set_max_proto_version(fixture->client_ctx, TLS1_2_VERSION);
    SSL_CTX_set_min_proto_version(fixture->server_ctx, TLS1_3_VERSION);
    open_side(fixture, &server, true, ends[0], false, 1000);
    open_side(fixture, &client, false, ends[1], false, 1000);
    sapp_loop_run_until(fixture->loop, &over, &failure);
    ok(&fixture->check,
       client.failure.kind == SAPP_FAILURE_HANDSHAKE && strstr(client.failure.text, "alert 70") != NULL,
       client.failure.text);
    ok(&fixture->check, client.failure.hint != NULL && strstr(client.failure.hint, "version") != NULL, "with a hint");
    SSL_CTX_set_min_proto_version(fixture->server_ctx, 0);
    sapp_conn_free(server.conn);
    sapp_conn_free(client.conn);
    sapp_failure_clear(&server.failure);
    sapp_failure_clear(&client.failure);
    ERR_clear_error();
}

static bool add_certificate(SSL_CTX *ctx)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
    EVP_PKEY_keygen_init(maker);
    EVP_PKEY_CTX_set_ec_paramgen_curve_nid(maker, NID_X9_62_prime256v1);
    EVP_PKEY_keygen(maker, &key);
    EVP_PKEY_CTX_free(maker);
    X509 *cert = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(cert), 0);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    X509_sign(cert, key, EVP_sha256());
    const bool good = SSL_CTX_use_certificate(ctx, cert) == 1 && SSL_CTX_use_PrivateKey(ctx, key) == 1;
    X509_free(cert);
    EVP_PKEY_free(key);
    return good;
}

int main(void)
{
    struct sapp_failure failure = {0};
    struct fixture fixture = {.loop = sapp_loop_new(&failure),
                              .server_ctx = SSL_CTX_new(TLS_server_method()),
                              .client_ctx = SSL_CTX_new(TLS_client_method())};
    sapp_conn_ignore_sigpipe();
    ok(&fixture.check, add_certificate(fixture.server_ctx), "a certificate");
    test_transfer(&fixture, false, TLS1_2_VERSION, false);
    test_transfer(&fixture, false, 0, false);
    test_transfer(&fixture, true, 0, false);
    SSL_CTX_set_read_ahead(fixture.client_ctx, 1);
    SSL_CTX_set_read_ahead(fixture.server_ctx, 1);
    SSL_CTX_set_default_read_buffer_len(fixture.server_ctx, 65536);
    test_transfer(&fixture, false, 0, false);
    test_transfer(&fixture, true, TLS1_2_VERSION, false);
    for (int i = 0; i < 20; i++)
        test_transfer(&fixture, false, 0, true);
    test_alert(&fixture);
    SSL_CTX_set_max_proto_version(fixture.client_ctx, 0);
    test_stranger(&fixture, false, "HTTP/1.1 400 Bad Request\r\n", false, SAPP_FAILURE_HANDSHAKE, "handshake", "HTTP");
    test_stranger(&fixture, false, "220 mail ESMTP ready\r\n", true, SAPP_FAILURE_HANDSHAKE, "handshake", "STARTTLS");
    test_stranger(&fixture, false, "who are you?\r\n", false, SAPP_FAILURE_HANDSHAKE, "handshake", "plain text");
    test_stranger(&fixture, false, "", true, SAPP_FAILURE_HANDSHAKE, "closed", "may not speak TLS");
    test_stranger(&fixture, false, "", false, SAPP_FAILURE_TIMEOUT, "longer than 0.1 s", "nothing at all");
    test_stranger(&fixture, true, "GET / HTTP/1.0\r\n\r\n", false, SAPP_FAILURE_HANDSHAKE, "http request", "HTTP");
    test_stranger(&fixture, true, "\x16\x03", false, SAPP_FAILURE_TIMEOUT, "longer than 0.1 s", "");
    SSL_CTX_free(fixture.server_ctx);
    SSL_CTX_free(fixture.client_ctx);
    sapp_loop_free(fixture.loop);
    return finish(&fixture.check);
}
