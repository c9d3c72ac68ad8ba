/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "net/net.h"

#include "net/address.h"
#include "net/bind.h"
#include "net/raise.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/buffer.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    NEXT_AFTER_MS = 250, /* RFC 8305 section 5 */
    RETRY_UNIX_MS = 10   /* a Unix socket whose queue is full gives no event */
};

struct race;

/* One address that is tried. */
struct attempt {
    struct race *race;
    const struct sapp_address *address;
    struct sapp_watch watch;
    struct sapp_timer retry;
    int fd; /* -1: not started, or failed */
    int error;
    bool started;
    bool unbound; /* it is the own end that failed */
};

/* The addresses of one target; the first that answers wins. */
struct race {
    struct sapp_loop *loop;
    const struct sapp_connect_request *request;
    const struct sapp_addresses *local; /* to bind to; empty: any */
    struct sapp_failure *failure;
    struct attempt *attempts;
    size_t count;
    size_t next; /* the first that has not started */
    size_t failed;
    struct attempt *winner;
    struct sapp_timer next_timer;
    struct sapp_timer deadline;
    int last_error;
    bool timed_out;
    bool over;
};

static void start_next(struct race *race);

static void lose(struct attempt *attempt, int error)
{
    struct race *const race = attempt->race;
    sapp_watch_stop(&attempt->watch);
    sapp_timer_stop(&attempt->retry);
    if (attempt->fd >= 0)
        close(attempt->fd);
    attempt->fd = -1;
    attempt->error = error;
    race->last_error = error;
    race->failed++;
    if (attempt->unbound)
        sapp_net_raise_bind(error);
    else
        sapp_net_raise_connect(error);
    if (race->failed == race->count)
        race->over = true;
    else
        start_next(race);
}

static void win(struct attempt *attempt)
{
    sapp_watch_stop(&attempt->watch);
    attempt->race->winner = attempt;
    attempt->race->over = true;
}

static void on_writable(void *data, unsigned int ready)
{
    struct attempt *const attempt = data;
    int error = 0;
    socklen_t length = sizeof(error);
    (void)ready;
    if (getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
        error = errno;
    if (error == 0)
        win(attempt);
    else
        lose(attempt, error);
}

static void connect_now(void *data)
{
    struct attempt *const attempt = data;
    struct race *const race = attempt->race;
    const struct sapp_address *const to = attempt->address;
    if (connect(attempt->fd, (const struct sockaddr *)&to->storage, to->length) == 0) {
        win(attempt);
    } else if (errno == EINPROGRESS || errno == EINTR) {
        if (!sapp_watch_start(race->loop, &attempt->watch, attempt->fd, SAPP_WRITE, on_writable, attempt,
                              race->failure))
            lose(attempt, ENOMEM);
    } else if (errno == EAGAIN && to->storage.ss_family == AF_UNIX) {
        if (!sapp_timer_start(race->loop, &attempt->retry, RETRY_UNIX_MS, connect_now, attempt, race->failure))
            lose(attempt, ENOMEM);
    } else {
        lose(attempt, errno);
    }
}

static void start(struct attempt *attempt)
{
    struct race *const race = attempt->race;
    const struct sapp_connect_request *const request = race->request;
    const int family = attempt->address->storage.ss_family;
    const int type = request->type != 0 ? request->type : SOCK_STREAM;
    const int yes = 1;
    attempt->started = true;
    attempt->fd = sapp_net_socket(family, type);
    if (attempt->fd < 0) {
        lose(attempt, errno);
        return;
    }
    const int error = sapp_net_bind_local(race->local, attempt->fd, family);
    if (error != 0) {
        attempt->unbound = true;
        lose(attempt, error);
        return;
    }
    if (family != AF_UNIX && type == SOCK_STREAM)
        (void)setsockopt(attempt->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    connect_now(attempt);
}

static void on_next(void *data)
{
    start_next(data);
}

static void start_next(struct race *race)
{
    if (race->over || race->next == race->count)
        return;
    struct attempt *const attempt = &race->attempts[race->next++];
    if (race->next < race->count)
        (void)sapp_timer_start(race->loop, &race->next_timer, NEXT_AFTER_MS, on_next, race, race->failure);
    start(attempt);
}

static void on_deadline(void *data)
{
    struct race *const race = data;
    race->timed_out = true;
    race->over = true;
}

static bool open_race(struct race *race, const struct sapp_addresses *targets)
{
    race->attempts = calloc(targets->count, sizeof(*race->attempts));
    if (race->attempts == NULL)
        return sapp_fail(race->failure, SAPP_FAILURE_INTERNAL, "out of memory for connecting");
    race->count = targets->count;
    for (size_t i = 0; i < race->count; i++)
        race->attempts[i] = (struct attempt){.race = race, .address = &targets->items[i], .fd = -1};
    return true;
}

static void close_race(struct race *race)
{
    sapp_timer_stop(&race->next_timer);
    sapp_timer_stop(&race->deadline);
    for (size_t i = 0; i < race->count; i++) {
        struct attempt *const attempt = &race->attempts[i];
        sapp_watch_stop(&attempt->watch);
        sapp_timer_stop(&attempt->retry);
        if (attempt->fd >= 0 && attempt != race->winner)
            close(attempt->fd);
    }
    free(race->attempts);
}

/* That the port is taken shows when connecting, where the same two ends have a connection already. */
static bool is_about_local(const struct attempt *attempt)
{
    const bool taken = attempt->error == EADDRNOTAVAIL || attempt->error == EADDRINUSE;
    return attempt->unbound || (taken && attempt->race->local->count > 0);
}

static bool all_about_local(const struct race *race)
{
    for (size_t i = 0; i < race->count; i++) {
        if (!is_about_local(&race->attempts[i]))
            return false;
    }
    return true;
}

/* "127.0.0.1:1: Connection refused; [::1]:1: Connection refused", to be freed with BUF_MEM_free(); NULL without memory.
 */
static BUF_MEM *list_reasons(const struct race *race)
{
    BUF_MEM *text = NULL;
    BIO *const list = BIO_new(BIO_s_mem());
    if (list == NULL)
        return NULL;
    for (size_t i = 0; i < race->count; i++) {
        const struct attempt *const attempt = &race->attempts[i];
        char name[SAPP_ADDRESS_TEXT_SIZE];
        if (attempt->started)
            BIO_printf(list, "%s%s%s: %s", i == 0 ? "" : "; ", sapp_address_text(attempt->address, name),
                       is_about_local(attempt) ? " (-bind)" : "",
                       attempt->error != 0 ? strerror(attempt->error) : "no answer");
    }
    (void)BIO_write(list, "", 1);
    BIO_get_mem_ptr(list, &text);
    (void)BIO_set_close(list, BIO_NOCLOSE);
    BIO_free(list);
    return text;
}

static void fail_race(const struct race *race)
{
    const struct sapp_connect_request *const request = race->request;
    if (!race->timed_out && all_about_local(race)) {
        sapp_net_fail_local(&request->bind, race->last_error, race->failure);
        return;
    }
    BUF_MEM *const reasons = list_reasons(race);
    const char *const why = reasons != NULL ? reasons->data : "out of memory";
    if (race->timed_out)
        sapp_fail(race->failure, SAPP_FAILURE_TIMEOUT, "connecting took longer than %g s (%s)",
                  (double)request->timeout_ms / 1000, why);
    else if (request->unix_path != NULL)
        sapp_fail(race->failure, SAPP_FAILURE_CONNECT, "cannot connect to the Unix socket %s", why);
    else
        sapp_fail(race->failure, SAPP_FAILURE_CONNECT, "cannot connect to '%s' port %s (%s)", request->target.host,
                  request->target.port, why);
    BUF_MEM_free(reasons);
}

static bool run_race(struct race *race, int64_t timeout_ms, struct sapp_connected *connected)
{
    const int64_t begin = sapp_clock_us();
    bool good =
        timeout_ms <= 0 || sapp_timer_start(race->loop, &race->deadline, timeout_ms, on_deadline, race, race->failure);
    if (good) {
        ERR_set_mark();
        start_next(race);
        good = sapp_loop_run_until(race->loop, &race->over, race->failure) && race->winner != NULL;
        if (good)
            ERR_pop_to_mark();
        else
            ERR_clear_last_mark();
    }
    connected->connect_us = sapp_clock_us() - begin;
    if (good) {
        connected->fd = race->winner->fd;
        connected->peer = *race->winner->address;
    } else {
        connected->last_errno = race->last_error;
        fail_race(race);
    }
    return good;
}

static bool resolve_target(struct sapp_loop *loop, const struct sapp_connect_request *request,
                           struct sapp_addresses *targets, struct sapp_failure *failure)
{
    const int type = request->type != 0 ? request->type : SOCK_STREAM;
    if (request->unix_path != NULL) {
        targets->items = calloc(1, sizeof(*targets->items));
        if (targets->items == NULL)
            return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for connecting");
        targets->count = 1;
        return sapp_net_unix_address(request->unix_path, targets->items, failure);
    }
    const struct sapp_host_port loopback = {.port = request->target.port};
    return sapp_net_resolve_within(loop, request->timeout_ms, request->loopback ? &loopback : &request->target,
                                   SAPP_ADDRESS_CONNECT, request->family, type, targets, failure);
}

/* What is left for connecting; at least a millisecond, because 0 means no limit. */
static int64_t time_left(int64_t timeout_ms, int64_t spent_us)
{
    if (timeout_ms <= 0)
        return 0;
    const int64_t left = timeout_ms - spent_us / 1000;
    return left > 0 ? left : 1;
}

bool sapp_net_connect(struct sapp_loop *loop, const struct sapp_connect_request *request,
                      struct sapp_connected *connected, struct sapp_failure *failure)
{
    struct sapp_addresses targets = {0};
    struct sapp_addresses local = {0};
    struct race race = {.loop = loop, .request = request, .local = &local, .failure = failure};
    const int64_t begin = sapp_clock_us();
    *connected = (struct sapp_connected){.fd = -1};

    bool good = resolve_target(loop, request, &targets, failure) &&
                sapp_net_find_local(loop, request, &targets, &local, failure);
    connected->lookup_us = sapp_clock_us() - begin;
    good = good && open_race(&race, &targets);
    good = good && run_race(&race, time_left(request->timeout_ms, connected->lookup_us), connected);
    close_race(&race);
    sapp_addresses_free(&targets);
    sapp_addresses_free(&local);
    return good;
}
