/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "net/bind.h"

#include "net/address.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value of the option as one would write it, to be freed; NULL without memory. */
static char *write_value(const struct sapp_host_port *bind)
{
    const char *const host = bind->host != NULL ? bind->host : "";
    const bool brackets = strchr(host, ':') != NULL;
    const bool port = bind->port != NULL;
    char *text = NULL;
    const int length = asprintf(&text, "%s%s%s%s%s", brackets ? "[" : "", host, brackets ? "]" : "", port ? ":" : "",
                                port ? bind->port : "");
    return length >= 0 ? text : NULL;
}

/* Puts the option and its value before the reason. */
static bool fail(const struct sapp_host_port *bind, enum sapp_failure_kind kind, const char *reason,
                 struct sapp_failure *failure)
{
    char *const value = write_value(bind);
    sapp_fail(failure, kind, "cannot connect from '%s' (-bind): %s", value != NULL ? value : "", reason);
    free(value);
    return false;
}

bool sapp_net_fail_local(const struct sapp_host_port *bind, int error, struct sapp_failure *failure)
{
    fail(bind, SAPP_FAILURE_CONNECT, strerror(error), failure);
    if (error == EACCES)
        sapp_hint(failure, "ports below 1024 need a privilege");
    if (error == EADDRNOTAVAIL && bind->host == NULL)
        sapp_hint(failure, "another connection to the target has this port already");
    return false;
}

static bool look_up(struct sapp_loop *loop, const struct sapp_connect_request *request, struct sapp_addresses *local,
                    struct sapp_failure *failure)
{
    const int type = request->type != 0 ? request->type : SOCK_STREAM;
    if (request->unix_path == NULL)
        return sapp_net_resolve_within(loop, request->timeout_ms, &request->bind, SAPP_ADDRESS_LISTEN, request->family,
                                       type, local, failure);
    local->items = calloc(1, sizeof(*local->items));
    if (local->items == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for connecting");
    local->count = 1;
    return sapp_net_unix_address(request->bind.host, local->items, failure);
}

static bool has_family(const struct sapp_addresses *addresses, int family)
{
    for (size_t i = 0; i < addresses->count; i++) {
        if (addresses->items[i].storage.ss_family == family)
            return true;
    }
    return false;
}

static void keep_families(struct sapp_addresses *targets, const struct sapp_addresses *local)
{
    size_t kept = 0;
    for (size_t i = 0; i < targets->count; i++) {
        if (has_family(local, targets->items[i].storage.ss_family))
            targets->items[kept++] = targets->items[i];
    }
    targets->count = kept;
}

static bool fail_families(const struct sapp_connect_request *request, const struct sapp_addresses *local,
                          struct sapp_failure *failure)
{
    char *reason = NULL;
    const char *const family = has_family(local, AF_INET6) ? "IPv6" : "IPv4";
    if (asprintf(&reason, "'%s' has no %s address", request->target.host, family) < 0)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for connecting");
    fail(&request->bind, SAPP_FAILURE_CONNECT, reason, failure);
    free(reason);
    return false;
}

bool sapp_net_find_local(struct sapp_loop *loop, const struct sapp_connect_request *request,
                         struct sapp_addresses *targets, struct sapp_addresses *local, struct sapp_failure *failure)
{
    struct sapp_failure inner = {0};
    const bool wanted = request->unix_path != NULL ? request->bind.host != NULL
                                                   : request->bind.host != NULL || request->bind.port != NULL;
    if (!wanted)
        return true;
    if (!look_up(loop, request, local, &inner)) {
        fail(&request->bind, inner.kind, inner.text != NULL ? inner.text : "out of memory", failure);
        sapp_failure_clear(&inner);
        return false;
    }
    keep_families(targets, local);
    return targets->count > 0 || fail_families(request, local, failure);
}

int sapp_net_bind_local(const struct sapp_addresses *local, int fd, int family)
{
    const int yes = 1;
    for (size_t i = 0; i < local->count; i++) {
        const struct sapp_address *const from = &local->items[i];
        if (from->storage.ss_family != family)
            continue;
        if (family != AF_UNIX)
            (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
        return bind(fd, (const struct sockaddr *)&from->storage, from->length) == 0 ? 0 : errno;
    }
    return 0;
}
