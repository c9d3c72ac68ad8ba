/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

/*
 * A load of full TLS handshakes for benchmarks: `handshakes PORT COUNT PARALLEL PATH` makes COUNT connections to
 * 127.0.0.1, PARALLEL at a time, asks each for PATH by HTTP/1.0 and reads to the end. It prints the seconds that passed
 * and the bytes of the last answer, and fails when a connection fails.
 */

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A socket that sends at once, as that of browsers and curl: a request waits for no acknowledgement. */
static int open_socket(unsigned short port)
{
    const int yes = 1;
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd >= 0 && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes)) == 0 &&
        connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The bytes that the server sends for the request, or -1. */
static long fetch(SSL *ssl, const char *request)
{
    char buffer[16384];
    long total = 0;
    int length = 0;
    if (SSL_connect(ssl) != 1 || SSL_write(ssl, request, (int)strlen(request)) <= 0)
        return -1;
    while ((length = SSL_read(ssl, buffer, sizeof(buffer))) > 0)
        total += length;
    return total > 0 ? total : -1;
}

static long connect_once(SSL_CTX *ctx, unsigned short port, const char *request)
{
    long bytes = -1;
    const int fd = open_socket(port);
    SSL *ssl = SSL_new(ctx);
    if (fd >= 0 && ssl != NULL && SSL_set_fd(ssl, fd) == 1)
        bytes = fetch(ssl, request);
    SSL_free(ssl);
    if (fd >= 0)
        close(fd);
    return bytes;
}

static int work(unsigned short port, long count, const char *path)
{
    char *request = NULL;
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    if (ctx == NULL || asprintf(&request, "GET %s HTTP/1.0\r\n\r\n", path) < 0)
        return 1;
    SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
    int status = 0;
    for (long i = 0; i < count && status == 0; i++)
        status = connect_once(ctx, port, request) > 0 ? 0 : 1;
    free(request);
    SSL_CTX_free(ctx);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: handshakes PORT COUNT PARALLEL PATH\n");
        return 2;
    }
    const unsigned short port = (unsigned short)strtoul(argv[1], NULL, 10);
    const long count = strtol(argv[2], NULL, 10);
    const long parallel = strtol(argv[3], NULL, 10);
    const double start = now();
    for (long i = 0; i < parallel; i++) {
        const pid_t pid = fork();
        if (pid == 0)
            _exit(work(port, count / parallel, argv[4]));
        if (pid < 0)
            return 1;
    }
    int failed = 0;
    for (long i = 0; i < parallel; i++) {
        int status = 0;
        if (wait(&status) < 0 || status != 0)
            failed = 1;
    }
    printf("%.3f\n", now() - start);
    return failed;
}
