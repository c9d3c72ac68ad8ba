/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/facts.h"

#include <openssl/err.h>
#include <string.h>

enum {
    MOST_FAILURES = 16,
    MOST_ERRORS = 32
};

void sapp_facts_start(struct sapp_facts *facts, const char *program)
{
    *facts = (struct sapp_facts){
        .given = {.program = program,
                  .npn_status = -1,
                  .timings = {.lookup_us = -1, .connect_us = -1, .handshake_us = -1, .first_byte_us = -1}}};
}

static const char *keep_text(struct sapp_facts *facts, const char *text)
{
    return text != NULL ? sapp_arena_copy(&facts->kept, text, strlen(text)) : NULL;
}

bool sapp_facts_asked_certificate(const struct sapp_facts *facts)
{
    const struct sapp_offer_facts *const offer = &facts->offer;
    const bool asked = offer->sigalgs.count > 0 || offer->certificate_type_count > 0 || offer->ca_names != NULL;
    return asked && !facts->is_server;
}

bool sapp_facts_add_failure(struct sapp_facts *facts, const struct sapp_failure *failure)
{
    if (failure->kind == SAPP_FAILURE_NONE || facts->failure_count == MOST_FAILURES)
        return true;
    if (facts->failures == NULL)
        facts->failures = sapp_arena_alloc(&facts->kept, MOST_FAILURES * sizeof(*facts->failures));
    if (facts->failures == NULL)
        return false;
    struct sapp_failure_facts *entry = &facts->failures[facts->failure_count++];
    entry->kind = failure->kind;
    entry->text = keep_text(facts, failure->text);
    entry->hint = keep_text(facts, failure->hint);
    return true;
}

/* Called by libcrypto with each line of the queue. */
static int take_error(const char *line, size_t length, void *argument)
{
    struct sapp_facts *facts = argument;
    if (facts->errors == NULL)
        facts->errors = sapp_arena_alloc(&facts->kept, MOST_ERRORS * sizeof(*facts->errors));
    if (facts->errors == NULL || facts->error_count == MOST_ERRORS)
        return 1;
    const size_t end = length > 0 && line[length - 1] == '\n' ? length - 1 : length;
    const char *copy = sapp_arena_copy(&facts->kept, line, end);
    if (copy != NULL)
        facts->errors[facts->error_count++] = copy;
    return 1;
}

void sapp_facts_take_errors(struct sapp_facts *facts)
{
    ERR_print_errors_cb(take_error, facts);
}

void sapp_facts_clear(struct sapp_facts *facts)
{
    for (size_t i = 0; i < facts->chain_count; i++)
        sapp_certificate_clear(&facts->chain[i]);
    if (facts->peer != NULL && facts->peer->x509 != NULL)
        sapp_certificate_clear(facts->peer);
    sk_X509_NAME_pop_free(facts->offer.ca_names, X509_NAME_free);
    SSL_SESSION_free(facts->session);
    sapp_arena_free(&facts->arena);
    sapp_arena_free(&facts->kept);
    *facts = (struct sapp_facts){0};
}
