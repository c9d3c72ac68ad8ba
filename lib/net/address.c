/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "net/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/un.h>

static void write_ipv4(const struct sapp_address *address, char text[SAPP_ADDRESS_TEXT_SIZE], bool with_port)
{
    const struct sockaddr_in *const socket_address = (const struct sockaddr_in *)&address->storage;
    char host[INET_ADDRSTRLEN] = "?";
    inet_ntop(AF_INET, &socket_address->sin_addr, host, sizeof(host));
    if (with_port)
        snprintf(text, SAPP_ADDRESS_TEXT_SIZE, "%s:%d", host, ntohs(socket_address->sin_port));
    else
        snprintf(text, SAPP_ADDRESS_TEXT_SIZE, "%s", host);
}

static void write_ipv6(const struct sapp_address *address, char text[SAPP_ADDRESS_TEXT_SIZE], bool with_port)
{
    const struct sockaddr_in6 *const socket_address = (const struct sockaddr_in6 *)&address->storage;
    char host[INET6_ADDRSTRLEN] = "?";
    inet_ntop(AF_INET6, &socket_address->sin6_addr, host, sizeof(host));
    char name[IF_NAMESIZE] = "";
    if (socket_address->sin6_scope_id != 0 && if_indextoname(socket_address->sin6_scope_id, name) == NULL)
        snprintf(name, sizeof(name), "%u", (unsigned int)socket_address->sin6_scope_id);
    const char *const mark = name[0] != '\0' ? "%" : "";
    if (with_port)
        snprintf(text, SAPP_ADDRESS_TEXT_SIZE, "[%s%s%s]:%d", host, mark, name, ntohs(socket_address->sin6_port));
    else
        snprintf(text, SAPP_ADDRESS_TEXT_SIZE, "%s%s%s", host, mark, name);
}

static void write_unix(const struct sapp_address *address, char text[SAPP_ADDRESS_TEXT_SIZE])
{
    const struct sockaddr_un *const socket_address = (const struct sockaddr_un *)&address->storage;
    const size_t head = offsetof(struct sockaddr_un, sun_path);
    const size_t length = address->length > head ? address->length - head : 0;
    snprintf(text, SAPP_ADDRESS_TEXT_SIZE, "%.*s", (int)length, socket_address->sun_path);
}

static const char *write_text(const struct sapp_address *address, char text[SAPP_ADDRESS_TEXT_SIZE], bool with_port)
{
    switch (address->storage.ss_family) {
    case AF_INET:
        write_ipv4(address, text, with_port);
        break;
    case AF_INET6:
        write_ipv6(address, text, with_port);
        break;
    case AF_UNIX:
        write_unix(address, text);
        break;
    default:
        text[0] = '\0';
        break;
    }
    return text;
}

const char *sapp_address_text(const struct sapp_address *address, char text[SAPP_ADDRESS_TEXT_SIZE])
{
    return write_text(address, text, true);
}

const char *sapp_address_host(const struct sapp_address *address, char text[SAPP_ADDRESS_TEXT_SIZE])
{
    return write_text(address, text, false);
}

const char *sapp_address_port(const struct sapp_address *address, char text[SAPP_PORT_TEXT_SIZE])
{
    uint16_t port = 0;
    if (address->storage.ss_family == AF_INET)
        port = ntohs(((const struct sockaddr_in *)&address->storage)->sin_port);
    else if (address->storage.ss_family == AF_INET6)
        port = ntohs(((const struct sockaddr_in6 *)&address->storage)->sin6_port);
    snprintf(text, SAPP_PORT_TEXT_SIZE, "%u", (unsigned int)port);
    return text;
}

void sapp_addresses_free(struct sapp_addresses *addresses)
{
    free(addresses->items);
    *addresses = (struct sapp_addresses){0};
}

bool sapp_net_unix_address(const char *path, struct sapp_address *address, struct sapp_failure *failure)
{
    struct sockaddr_un *const socket_address = (struct sockaddr_un *)&address->storage;
    *address = (struct sapp_address){.length = sizeof(*socket_address)};
    socket_address->sun_family = AF_UNIX;
    const size_t length = strlen(path);
    if (length >= sizeof(socket_address->sun_path))
        return sapp_fail(failure, SAPP_FAILURE_CONNECT,
                         "the path of the Unix socket '%s' has %zu bytes, but at most %zu are possible", path, length,
                         sizeof(socket_address->sun_path) - 1);
    memcpy(socket_address->sun_path, path, length);
    return true;
}

int sapp_net_family(bool ipv4, bool ipv6)
{
    if (ipv4 == ipv6)
        return AF_UNSPEC;
    return ipv4 ? AF_INET : AF_INET6;
}

void sapp_net_raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}
