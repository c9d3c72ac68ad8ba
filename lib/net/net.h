/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_NET_NET_H
#define SAPP_NET_NET_H

#include "base/failure.h"
#include "loop/loop.h"
#include "opt/values.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Names, sockets, connecting and listening. Every socket made here is nonblocking and close-on-exec. */

/* One socket address. */
struct sapp_address {
    struct sockaddr_storage storage;
    socklen_t length;
};

/* Addresses in the order in which they are to be tried. A zeroed struct is empty. */
struct sapp_addresses {
    struct sapp_address *items;
    size_t count;
};

/* What an address is for. */
enum sapp_address_use {
    SAPP_ADDRESS_CONNECT, /* an absent host is the loopback interface */
    SAPP_ADDRESS_LISTEN   /* an absent host or "*" is every interface */
};

/*
 * Looks up a host and a service (a name, or a number from 0 to 65535) for `family` (AF_UNSPEC, AF_INET, AF_INET6) and
 * `type` (SOCK_STREAM, SOCK_DGRAM). Blocks while the resolver works. Fails with kind lookup and the error queue holding
 * what BIO_lookup_ex(3) says. The addresses are the caller's, to be freed by sapp_addresses_free().
 */
bool sapp_net_resolve(const struct sapp_host_port *target, enum sapp_address_use use, int family, int type,
                      struct sapp_addresses *addresses, struct sapp_failure *failure);

/*
 * As sapp_net_resolve(), but serves the loop meanwhile and fails with kind timeout after `timeout_ms` (0: no limit).
 */
bool sapp_net_resolve_within(struct sapp_loop *loop, int64_t timeout_ms, const struct sapp_host_port *target,
                             enum sapp_address_use use, int family, int type, struct sapp_addresses *addresses,
                             struct sapp_failure *failure);

/* Frees the list; it is empty afterwards. */
void sapp_addresses_free(struct sapp_addresses *addresses);

/* Large enough for every text of sapp_address_text(): "[v6%scope]:65535", a Unix path. */
enum {
    SAPP_ADDRESS_TEXT_SIZE = 160,
    SAPP_PORT_TEXT_SIZE = sizeof("65535")
};

/* Writes "192.0.2.1:443", "[2001:db8::1]:443" or the path of a Unix socket, always ended with a NUL; returns `text`. */
const char *sapp_address_text(const struct sapp_address *address, char text[SAPP_ADDRESS_TEXT_SIZE]);

/* As sapp_address_text() without brackets and port: "192.0.2.1". */
const char *sapp_address_host(const struct sapp_address *address, char text[SAPP_ADDRESS_TEXT_SIZE]);

/* Writes the port of an address of the Internet, "443"; "0" for a Unix socket. Returns `text`. */
const char *sapp_address_port(const struct sapp_address *address, char text[SAPP_PORT_TEXT_SIZE]);

/* Where to connect to. */
struct sapp_connect_request {
    struct sapp_host_port target; /* both parts set, unless unix_path is */
    struct sapp_host_port bind;   /* the own end; both parts NULL: any. With unix_path, the host is the own path */
    bool loopback;                /* the loopback interface is meant: target.host is for messages, and not looked up */
    const char *unix_path;        /* connect to this Unix socket instead of target */
    int family;                   /* AF_UNSPEC, AF_INET or AF_INET6 */
    int type;                     /* SOCK_STREAM or SOCK_DGRAM; 0 counts as SOCK_STREAM */
    int64_t timeout_ms;           /* for lookup and all attempts together; 0: as long as the system tries */
};

/* A connection that was made. */
struct sapp_connected {
    int fd; /* the caller's to close; nonblocking, TCP_NODELAY */
    struct sapp_address peer;
    int64_t lookup_us;  /* time the lookup took */
    int64_t connect_us; /* time from the first attempt to the connection */
    int last_errno;     /* after a failure of kind connect: errno of the last attempt, for "connect:errno=N"; else 0 */
};

/*
 * Looks up the target and connects to its addresses one after the other until one answers, serving the loop meanwhile.
 * An address that has not answered after a quarter of a second does not hold up the next one (RFC 8305 section 5): the
 * first connection wins. Fails with kind lookup, connect (the text lists every address with its reason, or names -bind
 * where it is the own end) or timeout. The error queue then holds the reason of each attempt, "Connection refused"
 * among them. Only the times and `last_errno` of `connected` are set then, and fd is -1.
 */
bool sapp_net_connect(struct sapp_loop *loop, const struct sapp_connect_request *request,
                      struct sapp_connected *connected, struct sapp_failure *failure);

/* Where to listen. */
struct sapp_listen_request {
    struct sapp_host_port address; /* host NULL or "*": every interface, IPv6 and IPv4 in one socket where possible */
    const char *unix_path;         /* listen on this Unix socket instead */
    bool unlink_first; /* remove what is at unix_path before; what is not a socket is left alone and fails */
    int family;        /* AF_UNSPEC, AF_INET or AF_INET6 */
    int type;          /* SOCK_STREAM or SOCK_DGRAM; 0 counts as SOCK_STREAM */
};

/* A listening socket. */
struct sapp_listener {
    int fd;                      /* the caller's to close */
    struct sapp_address address; /* as bound, with the port that the system chose for port 0 */
    bool any_port;               /* port 0 was asked for */
};

/* Looks up, binds and listens. Fails with kind lookup, connect or input (a Unix path), naming the address. */
bool sapp_net_listen(const struct sapp_listen_request *request, struct sapp_listener *listener,
                     struct sapp_failure *failure);

enum sapp_accept_status {
    SAPP_ACCEPT_DONE,   /* *fd is a client; nonblocking, TCP_NODELAY, the caller's to close */
    SAPP_ACCEPT_NONE,   /* nobody waits */
    SAPP_ACCEPT_FULL,   /* no descriptors or memory: stop watching the listener for a while */
    SAPP_ACCEPT_FAILED, /* the listening socket cannot be used any more */
};

/* Accepts one client. A client that left again before it was accepted is skipped. `peer` may be NULL. */
enum sapp_accept_status sapp_net_accept(int listener_fd, int *fd, struct sapp_address *peer,
                                        struct sapp_failure *failure);

/* AF_INET for -4, AF_INET6 for -6, AF_UNSPEC for neither or both. */
int sapp_net_family(bool ipv4, bool ipv6);

/* Raises the soft limit of open descriptors to the hard limit. Fails silently: the old limit then holds. */
void sapp_net_raise_descriptor_limit(void);

#endif
