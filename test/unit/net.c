/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

/* Lookup, connecting, listening. Prints TAP. */

#include "net/net.h"

#include "tap.h"

#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    struct check check;
    struct sapp_loop *loop;
};

/* Takes the failure and the error queue as one text, and empties both. */
static bool failed_with(struct sapp_failure *failure, enum sapp_failure_kind kind, const char *text, const char *queue)
{
    bool in_queue = queue == NULL;
    unsigned long code;
    char line[256];
    while ((code = ERR_get_error()) != 0) {
        ERR_error_string_n(code, line, sizeof(line));
        in_queue = in_queue || strstr(line, queue) != NULL;
    }
    printf("# %s: %s\n", sapp_failure_name(failure->kind), failure->text != NULL ? failure->text : "");
    const bool good = failure->kind == kind && failure->text != NULL && strstr(failure->text, text) != NULL && in_queue;
    sapp_failure_clear(failure);
    return good;
}

static void test_listen_and_connect(struct fixture *fixture, const char *host, int family, const char *shown)
{
    struct sapp_failure failure = {0};
    struct sapp_listener listener;
    char text[SAPP_ADDRESS_TEXT_SIZE];
    const struct sapp_listen_request listening = {.address = {.host = host, .port = "0"}, .family = family};
    ok(&fixture->check, sapp_net_listen(&listening, &listener, &failure) && listener.any_port, "listens on port 0");
    sapp_address_text(&listener.address, text);
    ok(&fixture->check, strncmp(text, shown, strlen(shown)) == 0, text);

    const struct sapp_connect_request connecting = {
        .target = {.host = "localhost", .port = strrchr(text, ':') + 1}, .family = family, .timeout_ms = 2000};
    struct sapp_connected connected;
    ok(&fixture->check, sapp_net_connect(fixture->loop, &connecting, &connected, &failure), "connects by name");
    ok(&fixture->check, ERR_peek_error() == 0, "and leaves nothing in the error queue");
    int fd = -1;
    struct sapp_address peer;
    ok(&fixture->check, sapp_net_accept(listener.fd, &fd, &peer, &failure) == SAPP_ACCEPT_DONE, "accepts");
    ok(&fixture->check, sapp_net_accept(listener.fd, &(int){-1}, NULL, &failure) == SAPP_ACCEPT_NONE,
       "and nobody else waits");
    const struct sapp_listen_request again = {.address = {.host = host, .port = connecting.target.port},
                                              .family = family};
    struct sapp_listener second;
    ok(&fixture->check, !sapp_net_listen(&again, &second, &failure), "a port in use");
    ok(&fixture->check, failed_with(&failure, SAPP_FAILURE_CONNECT, "Address already in use", "unable to bind"),
       "is told");
    close(fd);
    close(connected.fd);
    close(listener.fd);
}

static void test_failures(struct fixture *fixture)
{
    struct sapp_failure failure = {0};
    struct sapp_connected connected;
    struct sapp_connect_request request = {.target = {.host = "127.0.0.1", .port = "1"}, .timeout_ms = 2000};
    ok(&fixture->check, !sapp_net_connect(fixture->loop, &request, &connected, &failure) && connected.last_errno != 0,
       "refused");
    ok(&fixture->check, failed_with(&failure, SAPP_FAILURE_CONNECT, "127.0.0.1:1: Connection refused", "connect error"),
       "told");

    request.target = (struct sapp_host_port){.host = "name.invalid", .port = "443"};
    ok(&fixture->check, !sapp_net_connect(fixture->loop, &request, &connected, &failure) && connected.last_errno == 0,
       "no name");
    ok(&fixture->check, failed_with(&failure, SAPP_FAILURE_LOOKUP, "name.invalid", "system lib"), "told");

    request.target = (struct sapp_host_port){.host = "127.0.0.1", .port = "nosuchservice"};
    ok(&fixture->check, !sapp_net_connect(fixture->loop, &request, &connected, &failure), "no service");
    ok(&fixture->check, failed_with(&failure, SAPP_FAILURE_LOOKUP, "nosuchservice", "system lib"), "told");

    request.target.port = "65536";
    ok(&fixture->check, !sapp_net_connect(fixture->loop, &request, &connected, &failure), "a port too large");
    ok(&fixture->check, failed_with(&failure, SAPP_FAILURE_LOOKUP, "65536", "system lib"), "told");

    request = (struct sapp_connect_request){.unix_path = "/nonexistent/socket"};
    ok(&fixture->check, !sapp_net_connect(fixture->loop, &request, &connected, &failure), "no Unix socket");
    ok(&fixture->check, failed_with(&failure, SAPP_FAILURE_CONNECT, "No such file", "connect error"), "told");
}

static void test_unix(struct fixture *fixture, const char *path)
{
    struct sapp_failure failure = {0};
    struct sapp_listener listener;
    struct sapp_listen_request listening = {.unix_path = path};
    ok(&fixture->check, sapp_net_listen(&listening, &listener, &failure), "listens on a Unix socket");
    close(listener.fd);
    ok(&fixture->check, !sapp_net_listen(&listening, &listener, &failure), "not over an old one");
    ok(&fixture->check, failed_with(&failure, SAPP_FAILURE_CONNECT, path, "unable to bind"), "told");
    listening.unlink_first = true;
    ok(&fixture->check, sapp_net_listen(&listening, &listener, &failure), "but with -unlink");
    struct sapp_connected connected;
    const struct sapp_connect_request request = {.unix_path = path, .timeout_ms = 1000};
    ok(&fixture->check, sapp_net_connect(fixture->loop, &request, &connected, &failure), "connects");
    close(connected.fd);
    close(listener.fd);
    unlink(path);
}

/* 192.0.2.0/24 is nobody's (RFC 5737); a system that refuses at once is fine too. */
static void test_timeout(struct fixture *fixture)
{
    struct sapp_failure failure = {0};
    struct sapp_connected connected;
    const struct sapp_connect_request request = {.target = {.host = "192.0.2.1", .port = "9"}, .timeout_ms = 200};
    const int64_t begin = sapp_clock_us();
    ok(&fixture->check, !sapp_net_connect(fixture->loop, &request, &connected, &failure), "nobody answers");
    ok(&fixture->check, sapp_clock_us() - begin < 1000000, "the deadline holds");
    printf("# %s\n", failure.text);
    sapp_failure_clear(&failure);
    ERR_clear_error();
}

int main(int argc, char **argv)
{
    struct sapp_failure failure = {0};
    struct fixture fixture = {.loop = sapp_loop_new(&failure)};
    test_listen_and_connect(&fixture, "127.0.0.1", AF_INET, "127.0.0.1:");
    test_listen_and_connect(&fixture, NULL, AF_UNSPEC, "[::]:");
    test_listen_and_connect(&fixture, "*", AF_INET, "0.0.0.0:");
    test_failures(&fixture);
    test_timeout(&fixture);
    test_unix(&fixture, argc > 1 ? argv[1] : "net-test.sock");
    sapp_loop_free(fixture.loop);
    return finish(&fixture.check);
}
