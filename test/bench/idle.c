/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

/*
 * Clients that do nothing: `idle PORT TLS SILENT` makes TLS connections that stay idle after the handshake, and SILENT
 * TCP connections that send no byte, to 127.0.0.1. It prints "ready" and waits for a signal.
 */

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static int open_socket(unsigned short port)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    perror("connect");
    return -1;
}

static int open_tls(SSL_CTX *ctx, unsigned short port)
{
    SSL *ssl = SSL_new(ctx);
    const int fd = open_socket(port);
    return ssl != NULL && fd >= 0 && SSL_set_fd(ssl, fd) == 1 && SSL_connect(ssl) == 1;
}

/* Two thousand connections are more than most limits allow at first. */
static void raise_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: idle PORT TLS SILENT\n");
        return 2;
    }
    raise_limit();
    const unsigned short port = (unsigned short)strtoul(argv[1], NULL, 10);
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    if (ctx == NULL)
        return 1;
    for (long i = strtol(argv[3], NULL, 10); i > 0; i--) {
        if (open_socket(port) < 0)
            return 1;
    }
    for (long i = strtol(argv[2], NULL, 10); i > 0; i--) {
        if (!open_tls(ctx, port)) {
            fprintf(stderr, "TLS connection %ld failed\n", i);
            return 1;
        }
    }
    puts("ready");
    fflush(stdout);
    pause();
    return 0;
}
