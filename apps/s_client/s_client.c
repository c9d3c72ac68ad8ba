/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_client/s_client.h"

#include "facts/json.h"
#include "rand/rand.h"
#include "s_client/client.h"

#include <openssl/err.h>

enum {
    RECONNECTS = 5
};

static void on_time_limit(void *data)
{
    struct sapp_s_client *const client = data;
    if (client->conn != NULL && client->phase != SAPP_S_CLIENT_OVER)
        sapp_s_client_stop(client);
    else
        client->done = true;
}

/* What is left of -max_time after connecting, which has a limit of its own. */
static bool limit_time(struct sapp_s_client *client, struct sapp_failure *failure)
{
    const struct sapp_timeout_args *const args = &client->args->timeout;
    if (!args->max_time_given || args->max_time == 0)
        return true;
    const int64_t left = args->max_time - (sapp_clock_us() - client->begin_us) / 1000;
    return sapp_timer_start(client->loop, &client->time_limit, left, on_time_limit, client, failure);
}

/* Makes one connection and sees it to its end. Returns true when another one is to follow. */
static bool run_connection(struct sapp_s_client *client, struct sapp_failure *failure)
{
    if (!sapp_s_client_connect(client))
        return false;
    if (!limit_time(client, failure) || !sapp_s_client_handshake(client, failure))
        return false;
    if (!sapp_loop_run_until(client->loop, &client->done, failure)) {
        sapp_fail(failure, SAPP_FAILURE_INTERNAL, "the connection came to rest without an end");
        return false;
    }
    return client->reconnects_left > 0;
}

static void drop_connection(struct sapp_s_client *client)
{
    sapp_timer_stop(&client->timer);
    sapp_timer_stop(&client->time_limit);
    if (client->relay != NULL)
        sapp_relay_detach(client->relay);
    sapp_conn_free(client->conn);
    client->conn = NULL;
}

static void run_connections(struct sapp_s_client *client, struct sapp_failure *failure)
{
    client->reconnects_left = client->args->session.reconnect ? RECONNECTS : 0;
    while (run_connection(client, failure)) {
        drop_connection(client);
        client->reconnects_left--;
        client->repeated = true;
    }
    sapp_s_client_report_at_exit(client);
}

/* Files that were written on the way. */
static void check_files(struct sapp_s_client *client)
{
    struct sapp_failure failure = {0};
    if (!sapp_trace_check_keylog(&client->trace, &failure))
        sapp_s_client_note(client, &failure);
    if (!sapp_trace_check_messages(&client->trace, &failure))
        sapp_s_client_tell(client, &failure);
}

/* Prints the document of -json, and sees to it that all text has been written. Returns the exit status. */
static int finish_output(struct sapp_s_client *client)
{
    struct sapp_failure failure = {0};
    if (client->args->output.json)
        sapp_json_report(client->io->out, &client->facts, sapp_s_client_exit_status(client));
    const bool told = client->relay != NULL && sapp_relay_output_is_gone(client->relay);
    if (!told && !sapp_io_flush(client->io, &failure))
        sapp_s_client_tell(client, &failure);
    return sapp_s_client_exit_status(client);
}

int sapp_s_client_run(struct sapp_io *io, const struct sapp_s_client_args *args, struct sapp_failure *failure)
{
    struct sapp_s_client client = {.args = args, .io = io, .begin_us = sapp_clock_us()};
    client.detailed = args->general.exit_status == SAPP_EXIT_STATUS_DETAILED;
    sapp_facts_start(&client.facts, "s_client");
    if (!args->output.quiet && !args->output.brief)
        sapp_validation_announce(&args->validation, SAPP_ROLE_CLIENT, io->err);
    if (sapp_s_client_prepare(&client, failure))
        run_connections(&client, failure);
    if (failure->kind == SAPP_FAILURE_NONE && !sapp_rand_save(&args->rand, failure))
        client.status = 1;
    if (failure->kind != SAPP_FAILURE_NONE)
        sapp_s_client_tell(&client, failure);
    check_files(&client);
    sapp_s_client_judge(&client);
    const int status = finish_output(&client);
    drop_connection(&client);
    sapp_facts_clear(&client.facts);
    sapp_s_client_release(&client);
    ERR_clear_error();
    return status;
}

void sapp_s_client_refused(struct sapp_io *io, const struct sapp_failure *failure)
{
    struct sapp_facts facts;
    sapp_facts_start(&facts, "s_client");
    (void)sapp_facts_add_failure(&facts, failure);
    sapp_json_report(io->out, &facts, 1);
    sapp_facts_clear(&facts);
}
