/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

/*
 * What libssl alone costs a server: `libssl CERT KEY COUNT` makes COUNT full TLS 1.3 handshakes in memory, and prints
 * the milliseconds of CPU time that the server's side took for each.
 */

#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double cpu_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Joins two connections by a pair of memory buffers. */
static int join(SSL *client, SSL *server)
{
    BIO *near = NULL;
    BIO *far = NULL;
    if (BIO_new_bio_pair(&near, 65536, &far, 65536) != 1)
        return 0;
    SSL_set_bio(client, near, near);
    SSL_set_bio(server, far, far);
    SSL_set_connect_state(client);
    SSL_set_accept_state(server);
    return 1;
}

/* The server's CPU seconds for one handshake, a small answer and the end, or a negative number. */
static double handshake(SSL_CTX *client_ctx, SSL_CTX *server_ctx)
{
    char buffer[256];
    double used = 0;
    SSL *client = SSL_new(client_ctx);
    double before = cpu_seconds();
    SSL *server = SSL_new(server_ctx);
    used += cpu_seconds() - before;
    if (client == NULL || server == NULL || !join(client, server))
        return -1;
    for (int round = 0; round < 8 && !(SSL_is_init_finished(client) && SSL_is_init_finished(server)); round++) {
        (void)SSL_do_handshake(client);
        before = cpu_seconds();
        (void)SSL_do_handshake(server);
        used += cpu_seconds() - before;
    }
    const int done = SSL_is_init_finished(client) && SSL_write(client, "GET", 3) == 3;
    before = cpu_seconds();
    const int answered = done && SSL_read(server, buffer, sizeof(buffer)) == 3 && SSL_write(server, buffer, 200) == 200;
    (void)SSL_shutdown(server);
    SSL_free(server);
    used += cpu_seconds() - before;
    SSL_free(client);
    return answered ? used : -1;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: libssl CERT KEY COUNT\n");
        return 2;
    }
    const long count = strtol(argv[3], NULL, 10);
    SSL_CTX *client = SSL_CTX_new(TLS_client_method());
    SSL_CTX *server = SSL_CTX_new(TLS_server_method());
    if (client == NULL || server == NULL || SSL_CTX_use_certificate_chain_file(server, argv[1]) != 1 ||
        SSL_CTX_use_PrivateKey_file(server, argv[2], SSL_FILETYPE_PEM) != 1)
        return 1;
    double used = 0;
    for (long i = 0; i < count; i++) {
        const double one = handshake(client, server);
        if (one < 0)
            return 1;
        used += one;
    }
    printf("%.4f\n", used * 1000 / (double)count);
    SSL_CTX_free(client);
    SSL_CTX_free(server);
    return 0;
}
