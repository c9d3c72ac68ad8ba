/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_JSON_H
#define SAPP_FACTS_JSON_H

#include "facts/facts.h"

/* The number in the member "schema" of the document. It changes when a member goes or changes its meaning. */
#define SAPP_JSON_SCHEMA 1

/*
 * -json: writes one JSON document (RFC 8259) that ends with a line end, and flushes. The members come in a fixed order
 * and are always there: what is unknown is null. doc/json-output.schema.json describes it. Secrets (keys, tickets'
 * contents, keying material) are not in it, except keying material that -keymatexport asked for. `facts` need not have
 * been gathered: a connection that failed before TLS has a document too. `exit_status` is that of the process.
 */
void sapp_json_report(BIO *out, const struct sapp_facts *facts, int exit_status);

#endif
