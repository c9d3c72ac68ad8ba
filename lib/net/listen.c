/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "net/net.h"

#include "net/address.h"
#include "net/raise.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int sapp_net_socket(int family, int type)
{
    return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static void set_flag(int fd, int level, int name, int value)
{
    (void)setsockopt(fd, level, name, &value, sizeof(value));
}

/* TCP_NODELAY is inherited by what is accepted (tcp(7)), which saves a call per client. */
static int open_bound(const struct sapp_address *address, const struct sapp_listen_request *request, int type)
{
    const int family = address->storage.ss_family;
    const int fd = sapp_net_socket(family, type);
    if (fd < 0)
        return -1;
    if (family != AF_UNIX)
        set_flag(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (family == AF_INET6)
        set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY, request->family == AF_INET6);
    if (family != AF_UNIX && type == SOCK_STREAM)
        set_flag(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    if (bind(fd, (const struct sockaddr *)&address->storage, address->length) == 0 &&
        (type != SOCK_STREAM || listen(fd, SOMAXCONN) == 0))
        return fd;
    const int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static bool finish(int fd, struct sapp_listener *listener)
{
    listener->fd = fd;
    listener->address.length = sizeof(listener->address.storage);
    return getsockname(fd, (struct sockaddr *)&listener->address.storage, &listener->address.length) == 0;
}

static bool remove_socket(const char *path, struct sapp_failure *failure)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return errno == ENOENT ||
               sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot look at '%s' (-unix): %s", path, strerror(errno));
    if (!S_ISSOCK(status.st_mode))
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "'%s' (-unix, -unlink) is not a socket and is left alone", path);
    if (unlink(path) != 0)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot remove '%s' (-unlink): %s", path, strerror(errno));
    return true;
}

static bool listen_unix(const struct sapp_listen_request *request, int type, struct sapp_listener *listener,
                        struct sapp_failure *failure)
{
    struct sapp_address address;
    if (request->unlink_first && !remove_socket(request->unix_path, failure))
        return false;
    if (!sapp_net_unix_address(request->unix_path, &address, failure))
        return false;
    const int fd = open_bound(&address, request, type);
    if (fd >= 0 && finish(fd, listener))
        return true;
    const int error = errno;
    if (fd >= 0)
        close(fd);
    sapp_net_raise_bind(error);
    sapp_fail(failure, SAPP_FAILURE_CONNECT, "cannot listen on the Unix socket '%s': %s", request->unix_path,
              strerror(error));
    if (error == EADDRINUSE)
        sapp_hint(failure, "-unlink removes a socket that an earlier run has left");
    return false;
}

/* The resolver puts 0.0.0.0 before ::, but only an IPv6 socket can serve both. */
static void prefer_ipv6(struct sapp_addresses *addresses)
{
    for (size_t i = 1; i < addresses->count; i++) {
        if (addresses->items[i].storage.ss_family != AF_INET6)
            continue;
        const struct sapp_address first = addresses->items[0];
        addresses->items[0] = addresses->items[i];
        addresses->items[i] = first;
        return;
    }
}

static bool is_port_zero(const char *port)
{
    return port != NULL && port[0] != '\0' && port[strspn(port, "0")] == '\0';
}

static void fail_listen(const struct sapp_listen_request *request, const struct sapp_address *address, int error,
                        struct sapp_failure *failure)
{
    char text[SAPP_ADDRESS_TEXT_SIZE];
    sapp_fail(failure, SAPP_FAILURE_CONNECT, "cannot listen on %s: %s", sapp_address_text(address, text),
              strerror(error));
    if (error == EADDRINUSE)
        sapp_hint(failure, "another program uses port %s; -accept 0 takes a free one", request->address.port);
    if (error == EACCES)
        sapp_hint(failure, "ports below 1024 need a privilege");
}

static bool listen_first(const struct sapp_listen_request *request, int type, const struct sapp_addresses *addresses,
                         struct sapp_listener *listener, struct sapp_failure *failure)
{
    int error = EADDRNOTAVAIL;
    for (size_t i = 0; i < addresses->count; i++) {
        const int fd = open_bound(&addresses->items[i], request, type);
        if (fd >= 0 && finish(fd, listener))
            return true;
        const int this_error = errno;
        if (fd >= 0)
            close(fd);
        sapp_net_raise_bind(this_error);
        if (i == 0 || error == EAFNOSUPPORT)
            error = this_error;
    }
    fail_listen(request, &addresses->items[0], error, failure);
    return false;
}

bool sapp_net_listen(const struct sapp_listen_request *request, struct sapp_listener *listener,
                     struct sapp_failure *failure)
{
    const int type = request->type != 0 ? request->type : SOCK_STREAM;
    *listener = (struct sapp_listener){.fd = -1, .any_port = is_port_zero(request->address.port)};
    if (request->unix_path != NULL)
        return listen_unix(request, type, listener, failure);

    struct sapp_addresses addresses;
    if (!sapp_net_resolve(&request->address, SAPP_ADDRESS_LISTEN, request->family, type, &addresses, failure))
        return false;
    if (request->address.host == NULL || strcmp(request->address.host, "*") == 0)
        prefer_ipv6(&addresses);
    ERR_set_mark();
    const bool good = listen_first(request, type, &addresses, listener, failure);
    if (good)
        ERR_pop_to_mark();
    else
        ERR_clear_last_mark();
    sapp_addresses_free(&addresses);
    return good;
}

enum sapp_accept_status sapp_net_accept(int listener_fd, int *fd, struct sapp_address *peer,
                                        struct sapp_failure *failure)
{
    for (;;) {
        struct sapp_address address = {.length = sizeof(address.storage)};
        *fd = accept4(listener_fd, (struct sockaddr *)&address.storage, &address.length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (*fd >= 0) {
            if (peer != NULL)
                *peer = address;
            return SAPP_ACCEPT_DONE;
        }
        switch (errno) {
        case EAGAIN:
            return SAPP_ACCEPT_NONE;
        case EMFILE:
        case ENFILE:
        case ENOBUFS:
        case ENOMEM:
            return SAPP_ACCEPT_FULL;
        case EBADF:
        case EINVAL:
        case ENOTSOCK:
        case EOPNOTSUPP:
            sapp_fail(failure, SAPP_FAILURE_CONNECT, "cannot accept clients: %s", strerror(errno));
            return SAPP_ACCEPT_FAILED;
        default:
            continue; /* what went wrong belongs to one client that has gone: accept(2) */
        }
    }
}
