/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "net/net.h"

#include "net/raise.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A question to the resolver and its answer. Shared by the program and, while it works, the resolver's thread. */
struct lookup {
    pthread_mutex_t lock;
    int owners;
    int wake_fd; /* the thread's end of the pair that wakes the loop */
    char *host;  /* NULL: every interface, or loopback */
    char *port;
    struct addrinfo hints;
    struct addrinfo *found;
    int error; /* of getaddrinfo() */
    int saved_errno;
};

static char *copy_text(const char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

static void release(struct lookup *lookup)
{
    pthread_mutex_lock(&lookup->lock);
    const int owners = --lookup->owners;
    pthread_mutex_unlock(&lookup->lock);
    if (owners > 0)
        return;
    pthread_mutex_destroy(&lookup->lock);
    if (lookup->found != NULL)
        freeaddrinfo(lookup->found);
    if (lookup->wake_fd >= 0)
        close(lookup->wake_fd);
    free(lookup->host);
    free(lookup->port);
    free(lookup);
}

static bool is_number(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* getaddrinfo() takes the lower 16 bits of a larger number. */
static bool check_port(const char *port, struct sapp_failure *failure)
{
    if (port == NULL || !is_number(port))
        return true;
    const char *const digits = port + strspn(port, "0");
    if (strlen(digits) <= 5 && strtol(digits, NULL, 10) <= 65535)
        return true;
    sapp_net_raise_lookup("Servname not supported for ai_socktype");
    return sapp_fail(failure, SAPP_FAILURE_LOOKUP, "the port '%s' is not a number from 0 to 65535", port);
}

static struct lookup *new_lookup(const struct sapp_host_port *target, enum sapp_address_use use, int family, int type,
                                 struct sapp_failure *failure)
{
    struct lookup *lookup = calloc(1, sizeof(*lookup));
    const bool any_host = use == SAPP_ADDRESS_LISTEN && target->host != NULL && strcmp(target->host, "*") == 0;
    const char *const host = any_host ? NULL : target->host;
    if (lookup != NULL) {
        pthread_mutex_init(&lookup->lock, NULL);
        lookup->owners = 1;
        lookup->wake_fd = -1;
        lookup->host = copy_text(host);
        lookup->port = copy_text(target->port != NULL ? target->port : "0");
        lookup->hints = (struct addrinfo){.ai_family = family, .ai_socktype = type};
        lookup->hints.ai_flags = use == SAPP_ADDRESS_LISTEN ? AI_PASSIVE : 0;
    }
    if (lookup != NULL && lookup->port != NULL && (host == NULL || lookup->host != NULL))
        return lookup;
    if (lookup != NULL)
        release(lookup);
    sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for a name lookup");
    return NULL;
}

static void ask(struct lookup *lookup, int extra_flags)
{
    struct addrinfo hints = lookup->hints;
    hints.ai_flags |= extra_flags;
    lookup->error = getaddrinfo(lookup->host, lookup->port, &hints, &lookup->found);
    lookup->saved_errno = errno;
}

static void fail_lookup(const struct lookup *lookup, const struct sapp_host_port *target, struct sapp_failure *failure)
{
    const char *const reason =
        lookup->error == EAI_SYSTEM ? strerror(lookup->saved_errno) : gai_strerror(lookup->error);
    sapp_net_raise_lookup(reason);
    if (lookup->error == EAI_SERVICE)
        sapp_fail(failure, SAPP_FAILURE_LOOKUP, "cannot look up the service '%s': %s", target->port, reason);
    else
        sapp_fail(failure, SAPP_FAILURE_LOOKUP, "cannot look up the host '%s': %s",
                  target->host != NULL ? target->host : "", reason);
}

static bool take_answer(const struct lookup *lookup, const struct sapp_host_port *target,
                        struct sapp_addresses *addresses, struct sapp_failure *failure)
{
    if (lookup->error != 0) {
        fail_lookup(lookup, target, failure);
        return false;
    }
    size_t count = 0;
    for (const struct addrinfo *info = lookup->found; info != NULL; info = info->ai_next)
        count++;
    if (count == 0)
        return sapp_fail(failure, SAPP_FAILURE_LOOKUP, "'%s' has no address", target->host != NULL ? target->host : "");
    *addresses = (struct sapp_addresses){.items = calloc(count, sizeof(*addresses->items))};
    if (addresses->items == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for the addresses of a host");
    for (const struct addrinfo *info = lookup->found; info != NULL; info = info->ai_next) {
        struct sapp_address *const address = &addresses->items[addresses->count];
        if (info->ai_addrlen > sizeof(address->storage))
            continue;
        memcpy(&address->storage, info->ai_addr, info->ai_addrlen);
        address->length = info->ai_addrlen;
        addresses->count++;
    }
    return true;
}

bool sapp_net_resolve(const struct sapp_host_port *target, enum sapp_address_use use, int family, int type,
                      struct sapp_addresses *addresses, struct sapp_failure *failure)
{
    *addresses = (struct sapp_addresses){0};
    if (!check_port(target->port, failure))
        return false;
    struct lookup *lookup = new_lookup(target, use, family, type, failure);
    if (lookup == NULL)
        return false;
    ask(lookup, 0);
    const bool good = take_answer(lookup, target, addresses, failure);
    release(lookup);
    return good;
}

static void *run_thread(void *opaque)
{
    struct lookup *lookup = opaque;
    ask(lookup, 0);
    (void)!send(lookup->wake_fd, "", 1, MSG_NOSIGNAL);
    release(lookup);
    return NULL;
}

static bool start_thread(struct lookup *lookup)
{
    pthread_t thread;
    lookup->owners = 2;
    if (pthread_create(&thread, NULL, run_thread, lookup) == 0) {
        pthread_detach(thread);
        return true;
    }
    lookup->owners = 1;
    return false;
}

struct waiting {
    bool over;
    bool answered;
};

static void on_answer(void *data, unsigned int ready)
{
    struct waiting *waiting = data;
    (void)ready;
    waiting->over = true;
    waiting->answered = true;
}

static void on_timeout(void *data)
{
    struct waiting *waiting = data;
    waiting->over = true;
}

/* Waits for the thread, or for the deadline: the thread then goes on by itself and frees the lookup. */
static bool wait_for_answer(struct sapp_loop *loop, int64_t timeout_ms, int fd, bool *answered,
                            struct sapp_failure *failure)
{
    struct waiting waiting = {0};
    struct sapp_watch watch = {0};
    struct sapp_timer timer = {0};
    const bool good = sapp_watch_start(loop, &watch, fd, SAPP_READ, on_answer, &waiting, failure) &&
                      (timeout_ms <= 0 || sapp_timer_start(loop, &timer, timeout_ms, on_timeout, &waiting, failure)) &&
                      sapp_loop_run_until(loop, &waiting.over, failure);
    sapp_timer_stop(&timer);
    sapp_watch_stop(&watch);
    *answered = waiting.answered;
    return good;
}

static bool ask_in_thread(struct sapp_loop *loop, int64_t timeout_ms, struct lookup *lookup,
                          const struct sapp_host_port *target, struct sapp_addresses *addresses,
                          struct sapp_failure *failure)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "cannot make a socket pair: %s", strerror(errno));
    lookup->wake_fd = ends[1];
    bool answered = true;
    bool good = true;
    if (start_thread(lookup))
        good = wait_for_answer(loop, timeout_ms, ends[0], &answered, failure);
    else
        ask(lookup, 0);
    close(ends[0]);
    if (good && !answered)
        good = sapp_fail(failure, SAPP_FAILURE_TIMEOUT, "looking up the host '%s' took longer than %g s", target->host,
                         (double)timeout_ms / 1000);
    return good && answered && take_answer(lookup, target, addresses, failure);
}

bool sapp_net_resolve_within(struct sapp_loop *loop, int64_t timeout_ms, const struct sapp_host_port *target,
                             enum sapp_address_use use, int family, int type, struct sapp_addresses *addresses,
                             struct sapp_failure *failure)
{
    *addresses = (struct sapp_addresses){0};
    if (!check_port(target->port, failure))
        return false;
    struct lookup *lookup = new_lookup(target, use, family, type, failure);
    if (lookup == NULL)
        return false;
    ask(lookup, AI_NUMERICHOST);
    bool good;
    if (lookup->error == EAI_NONAME && lookup->host != NULL)
        good = ask_in_thread(loop, timeout_ms, lookup, target, addresses, failure);
    else
        good = take_answer(lookup, target, addresses, failure);
    release(lookup);
    return good;
}
