/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_client/client.h"

#include "base/report.h"
#include "facts/brief.h"

#include <openssl/x509_vfy.h>

void sapp_s_client_report(struct sapp_s_client *client)
{
    const struct sapp_output_args *const args = &client->args->output;
    struct sapp_failure failure = {0};
    if (!sapp_facts_gather(&client->facts, sapp_conn_ssl(client->conn), &failure)) {
        sapp_s_client_tell(client, &failure);
        return;
    }
    if (args->brief && client->facts.handshake_done)
        sapp_brief_report(client->io->err, &client->facts, &client->style);
    if (!client->quiet)
        sapp_text_client_report(client->out, &client->facts, &client->style, client->repeated);
}

void sapp_s_client_report_at_exit(struct sapp_s_client *client)
{
    struct sapp_failure failure = {0};
    if (client->quiet || !client->args->output.prexit || client->ctx == NULL)
        return;
    SSL *const spare = client->conn == NULL ? SSL_new(client->ctx) : NULL;
    SSL *const ssl = client->conn == NULL ? spare : sapp_conn_ssl(client->conn);
    if (ssl != NULL && sapp_facts_gather(&client->facts, ssl, &failure))
        sapp_text_client_report(client->out, &client->facts, &client->style, false);
    sapp_failure_clear(&failure);
    SSL_free(spare);
}

void sapp_s_client_tell(struct sapp_s_client *client, struct sapp_failure *failure)
{
    client->status = 1;
    if (client->kind == SAPP_FAILURE_NONE)
        client->kind = failure->kind;
    (void)sapp_facts_add_failure(&client->facts, failure);
    if (client->args->output.json)
        sapp_facts_take_errors(&client->facts);
    (void)BIO_flush(client->io->out);
    sapp_failure_report(client->io->err, "s_client", failure);
    sapp_failure_clear(failure);
}

void sapp_s_client_note(struct sapp_s_client *client, struct sapp_failure *failure)
{
    const int status = client->status;
    sapp_s_client_tell(client, failure);
    client->status = status;
}

void sapp_s_client_judge(struct sapp_s_client *client)
{
    const struct sapp_facts *const facts = &client->facts;
    struct sapp_failure failure = {0};
    if (!client->detailed || client->kind != SAPP_FAILURE_NONE || !facts->gathered)
        return;
    if (facts->verification == SAPP_VERIFICATION_FAILED)
        sapp_fail(&failure, SAPP_FAILURE_VERIFICATION, "the server's certificate did not pass: %s",
                  X509_verify_cert_error_string(facts->verify_result));
    else if (facts->verification == SAPP_VERIFICATION_UNREPEATED)
        sapp_fail(&failure, SAPP_FAILURE_VERIFICATION,
                  "the session was resumed, and the name or revocation asked for was not looked at");
    else
        return;
    client->kind = failure.kind;
    (void)sapp_facts_add_failure(&client->facts, &failure);
    sapp_failure_clear(&failure);
}

int sapp_s_client_exit_status(const struct sapp_s_client *client)
{
    if (client->detailed && client->kind != SAPP_FAILURE_NONE)
        return sapp_failure_detailed_status(client->kind);
    return client->status;
}
