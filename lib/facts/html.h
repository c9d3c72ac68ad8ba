/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_FACTS_HTML_H
#define SAPP_FACTS_HTML_H

#include "facts/facts.h"

#include <openssl/bio.h>

/*
 * -www: writes the whole answer, the HTTP/1.0 status line and header and the status page, in the structure of the
 * original's page. The original shows its command line there, with the secrets in it, and the session's master key;
 * this page shows the program's name, and no key. The statistics are those of `ctx`. Text from the peer is escaped. The
 * caller sends what was written and ends the connection; a memory BIO serves as `out`. Nothing is flushed.
 */
void sapp_html_status_page(BIO *out, const struct sapp_facts *facts, SSL_CTX *ctx);

#endif
