/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_NET_BIND_H
#define SAPP_NET_BIND_H

#include "net/net.h"

/* The own end of a connection, -bind. Inside lib/net only. Each failure names the option and its value. */

/*
 * Looks up the own end that `request` asks for; `local` stays empty where it asks for none. Targets whose family none
 * of the addresses has are dropped from `targets`, and if that leaves none it fails with kind connect. Else it fails as
 * sapp_net_resolve_within(). Both lists are the caller's to free.
 */
bool sapp_net_find_local(struct sapp_loop *loop, const struct sapp_connect_request *request,
                         struct sapp_addresses *targets, struct sapp_addresses *local, struct sapp_failure *failure);

/* Binds a socket to the first of the addresses that is of its family. Returns 0, also for an empty list, or an errno.
 */
int sapp_net_bind_local(const struct sapp_addresses *local, int fd, int family);

/* Records that the own end cannot be used. Always returns false. */
bool sapp_net_fail_local(const struct sapp_host_port *bind, int error, struct sapp_failure *failure);

#endif
