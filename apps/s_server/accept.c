/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_server/server.h"

#include <string.h>
#include <unistd.h>

enum {
    REST_WHEN_FULL_MS = 100
};

static void update_listening(struct sapp_server *server)
{
    const bool rests = server->paused || sapp_timer_active(&server->retry_timer);
    sapp_watch_set(&server->listener_watch, rests ? 0 : SAPP_READ);
}

static void on_retry(void *data)
{
    update_listening(data);
}

static void rest(struct sapp_server *server)
{
    (void)sapp_timer_start(server->loop, &server->retry_timer, REST_WHEN_FULL_MS, on_retry, server, server->failure);
    update_listening(server);
}

static void count_client(struct sapp_server *server)
{
    const struct sapp_network_args *const network = &server->args->network;
    sapp_timer_stop(&server->connect_timer);
    server->accepted++;
    if (network->naccept_given && server->accepted >= network->naccept)
        sapp_server_close_listener(server);
}

/* Accepts nobody any more. The program ends when the last client has left, at once when there is none. */
static void stop(struct sapp_server *server)
{
    sapp_server_close_listener(server);
    if (server->clients == NULL)
        sapp_loop_stop(server->loop);
}

/* One client for each event: those that are served already get their turn in between. */
static void on_client(void *data, unsigned int ready)
{
    struct sapp_server *const server = data;
    struct sapp_address peer;
    int fd = -1;
    (void)ready;
    switch (sapp_net_accept(server->listener.fd, &fd, &peer, server->failure)) {
    case SAPP_ACCEPT_DONE:
        count_client(server);
        sapp_server_client_start(server, fd, &peer);
        break;
    case SAPP_ACCEPT_NONE:
        break;
    case SAPP_ACCEPT_FULL:
        rest(server);
        break;
    case SAPP_ACCEPT_FAILED:
        stop(server);
        break;
    }
}

static void on_nobody(void *data)
{
    struct sapp_server *const server = data;
    sapp_fail(server->failure, SAPP_FAILURE_TIMEOUT, "no client connected within %g s (-connect_timeout)",
              (double)server->args->timeout.connect_timeout / 1000);
    stop(server);
}

/* TLSProxy and others read the port from this line: "ACCEPT [::]:4433" where it was not known before. */
static void announce(struct sapp_server *server)
{
    char text[SAPP_ADDRESS_TEXT_SIZE];
    if (server->listener.address.storage.ss_family == AF_UNIX)
        (void)BIO_printf(server->text, "ACCEPT localhost:%s\n", server->args->network.unix);
    else if (server->listener.any_port)
        (void)BIO_printf(server->text, "ACCEPT %s\n", sapp_address_text(&server->listener.address, text));
    else
        (void)BIO_puts(server->text, "ACCEPT\n");
    (void)BIO_flush(server->text);
}

bool sapp_server_listen(struct sapp_server *server)
{
    const struct sapp_network_args *const network = &server->args->network;
    const struct sapp_timeout_args *const timeout = &server->args->timeout;
    struct sapp_listen_request request = {
        .address = network->accept,
        .unix_path = network->unix_given ? network->unix : NULL,
        .unlink_first = network->unlink,
        .family = sapp_net_family(network->ipv4, network->ipv6),
    };
    if (network->port_given)
        request.address = (struct sapp_host_port){.port = network->port};
    if (!sapp_net_listen(&request, &server->listener, server->failure))
        return false;
    announce(server);
    return sapp_watch_start(server->loop, &server->listener_watch, server->listener.fd, SAPP_READ, on_client, server,
                            server->failure) &&
           (!timeout->connect_timeout_given ||
            sapp_timer_start(server->loop, &server->connect_timer, timeout->connect_timeout, on_nobody, server,
                             server->failure));
}

void sapp_server_pause(struct sapp_server *server, bool pause)
{
    server->paused = pause;
    update_listening(server);
}

void sapp_server_close_listener(struct sapp_server *server)
{
    server->ending = true;
    if (server->listener.fd < 0)
        return;
    sapp_timer_stop(&server->retry_timer);
    sapp_watch_stop(&server->listener_watch);
    close(server->listener.fd);
    server->listener.fd = -1;
    if (server->listener.address.storage.ss_family == AF_UNIX)
        (void)unlink(server->args->network.unix);
}
