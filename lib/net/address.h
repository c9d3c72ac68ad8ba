/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_NET_ADDRESS_H
#define SAPP_NET_ADDRESS_H

#include "net/net.h"

/* Inside lib/net only. */

/* Fills the address of a Unix socket. Fails with kind connect when the path is too long for the system. */
bool sapp_net_unix_address(const char *path, struct sapp_address *address, struct sapp_failure *failure);

/* Makes a nonblocking, close-on-exec socket. Returns -1 with errno set. */
int sapp_net_socket(int family, int type);

#endif
