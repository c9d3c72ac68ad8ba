/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_client/client.h"

#include "base/release.h"
#include "s_client_table.h"

/* What -connect leaves open is "localhost": the original sends that name to the server too, but looks no name up. */
bool sapp_s_client_names_host(const struct sapp_s_client *client)
{
    const struct sapp_s_client_args *const defaults = sapp_s_client_program.defaults;
    const char *const host = client->target.host;
    return host != NULL && host != defaults->network.connect.host;
}

/* -host and -port give what -connect leaves open: the parser put the default there, and not an equal text. */
static void find_target(struct sapp_s_client *client)
{
    const struct sapp_network_args *const args = &client->args->network;
    const struct sapp_s_client_args *const defaults = sapp_s_client_program.defaults;
    client->target = args->connect;
    if (args->host_given && args->connect.host == defaults->network.connect.host)
        client->target.host = args->host;
    if (args->port_given && args->connect.port == defaults->network.connect.port)
        client->target.port = args->port;
}

static int64_t passed_ms(const struct sapp_s_client *client)
{
    return (sapp_clock_us() - client->begin_us) / 1000;
}

/* The shorter of -connect_timeout and what is left of -max_time; 0: no limit. */
static int64_t time_to_connect(const struct sapp_s_client *client)
{
    const struct sapp_timeout_args *const args = &client->args->timeout;
    const int64_t connect_ms = args->connect_timeout_given ? args->connect_timeout : 0;
    if (!args->max_time_given)
        return connect_ms;
    const int64_t left = args->max_time - passed_ms(client);
    const int64_t all_ms = left > 0 ? left : 1;
    return connect_ms > 0 && connect_ms < all_ms ? connect_ms : all_ms;
}

static void name_ends(struct sapp_s_client *client)
{
    struct sapp_address local = {.length = sizeof(local.storage)};
    const struct sapp_address *const peer = &client->connected.peer;
    struct sapp_facts_given *const given = &client->facts.given;
    if (client->args->network.unix_given)
        return;
    given->peer_address = sapp_address_host(peer, client->peer_host);
    given->peer_port = sapp_address_port(peer, client->peer_port);
    if (getsockname(client->connected.fd, (struct sockaddr *)&local.storage, &local.length) != 0)
        return;
    given->local_address = sapp_address_host(&local, client->local_host);
    given->local_port = sapp_address_port(&local, client->local_port);
}

static void begin_facts(struct sapp_s_client *client)
{
    const struct sapp_s_client_args *const args = client->args;
    struct sapp_facts_given *const given = &client->facts.given;
    sapp_facts_clear(&client->facts);
    sapp_facts_start(&client->facts, "s_client");
    given->host = args->network.unix_given ? args->network.unix : client->target.host;
    given->port = args->network.unix_given ? NULL : client->target.port;
    given->asked_name = sapp_validation_asked_name(&args->verify_param);
    given->asked_revocation = sapp_validation_asks_revocation(&args->verify_param);
    given->keymat_label = args->output.keymatexport;
    given->keymat_length = args->output.keymatexportlen;
}

static void tell_failure(struct sapp_s_client *client, struct sapp_failure *failure)
{
    const struct sapp_timeout_args *const args = &client->args->timeout;
    if (failure->kind == SAPP_FAILURE_TIMEOUT && args->max_time > 0 && passed_ms(client) >= args->max_time)
        sapp_s_client_time_over(client, failure);
    sapp_s_client_tell(client, failure);
    BIO_printf(client->io->err, "connect:errno=%d\n", client->connected.last_errno);
}

/* Releases from 3.2 on name the address on standard error, with -quiet too; a Unix socket is "localhost". */
static void tell_success(struct sapp_s_client *client)
{
    if (sapp_release_is_at_least(3, 2))
        BIO_printf(client->io->err, "Connecting to %s\n",
                   client->args->network.unix_given ? "localhost" : client->peer_host);
    BIO_printf(client->out, "CONNECTED(%08X)\n", (unsigned int)client->connected.fd);
    if (client->args->relay.nbio)
        BIO_puts(client->out, "Turned on non blocking io\n");
    (void)BIO_flush(client->out);
}

bool sapp_s_client_connect(struct sapp_s_client *client)
{
    const struct sapp_network_args *const args = &client->args->network;
    struct sapp_failure failure = {0};
    find_target(client);
    begin_facts(client);
    const struct sapp_connect_request request = {
        .target = client->target,
        .loopback = !sapp_s_client_names_host(client),
        .bind = args->bind,
        .unix_path = args->unix,
        .family = sapp_net_family(args->ipv4, args->ipv6),
        .type = SOCK_STREAM,
        .timeout_ms = time_to_connect(client),
    };
    const bool good = sapp_net_connect(client->loop, &request, &client->connected, &failure);
    struct sapp_timings *const timings = &client->facts.given.timings;
    timings->lookup_us = args->unix_given ? -1 : client->connected.lookup_us;
    if (!good) {
        tell_failure(client, &failure);
        return false;
    }
    timings->connect_us = client->connected.connect_us;
    name_ends(client);
    tell_success(client);
    return true;
}
