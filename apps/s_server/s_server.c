/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_server/s_server.h"

#include "facts/nameopt.h"
#include "rand/rand.h"
#include "s_server/server.h"

#include <stdlib.h>

static const struct sapp_server_mode *choose_mode(const struct sapp_http_args *args)
{
    if (args->rev)
        return &sapp_reverse_server_mode;
    if (args->www)
        return &sapp_page_server_mode;
    if (args->files || args->raw_files)
        return &sapp_file_server_mode;
    return &sapp_relay_server_mode;
}

static bool open_server(struct sapp_server *server)
{
    const struct sapp_s_server_args *const args = server->args;
    struct sapp_failure *const failure = server->failure;
    server->quiet = args->output.quiet || args->output.brief;
    /* With -debug the original prints the text in spite of -quiet. */
    server->text = server->quiet && !args->debug.debug ? BIO_new(BIO_s_null()) : server->io->out;
    if (server->text == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory");
    server->loop = sapp_loop_new(failure);
    if (server->loop == NULL || !sapp_nameopt_parse(&args->output.nameopt, &server->style.name_flags, failure))
        return false;
    server->mode = choose_mode(&args->http);
    sapp_conn_ignore_sigpipe();
    sapp_net_raise_descriptor_limit();
    return sapp_server_contexts_open(&server->contexts, args, server->io, server->text, server->style.name_flags,
                                     failure) &&
           (server->mode != &sapp_relay_server_mode || sapp_relay_mode_open(server));
}

static void run_server(struct sapp_server *server)
{
    if (sapp_server_listen(server))
        (void)sapp_loop_run(server->loop, server->failure);
    sapp_server_clients_end(server);
    sapp_server_close_listener(server);
    sapp_text_server_statistics(server->text, server->contexts.main);
    (void)sapp_rand_save(&server->args->rand, server->failure);
}

static void close_server(struct sapp_server *server)
{
    sapp_relay_mode_close(server);
    sapp_server_contexts_close(&server->contexts);
    sapp_timer_stop(&server->connect_timer);
    sapp_loop_free(server->loop);
    (void)BIO_flush(server->io->out);
    if (server->text != server->io->out)
        BIO_free(server->text);
}

int sapp_s_server_run(struct sapp_io *io, const struct sapp_s_server_args *args, struct sapp_failure *failure)
{
    struct sapp_server server = {.io = io, .args = args, .failure = failure, .listener.fd = -1};
    if (open_server(&server))
        run_server(&server);
    close_server(&server);
    if (failure->kind == SAPP_FAILURE_NONE)
        return EXIT_SUCCESS;
    if (args->general.exit_status == SAPP_EXIT_STATUS_DETAILED)
        return sapp_failure_detailed_status(failure->kind);
    return EXIT_FAILURE;
}
