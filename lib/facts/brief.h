/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_BRIEF_H
#define SAPP_FACTS_BRIEF_H

#include "facts/text.h"

/*
 * -brief of both programs, to be written to standard error. Client: from "CONNECTION ESTABLISHED" on; server: from
 * "Protocol version: " on, with what the client offered.
 */
void sapp_brief_report(BIO *err, const struct sapp_facts *facts, const struct sapp_text_style *style);

#endif
