/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_CONF_CONF_H
#define SAPP_CONF_CONF_H

#include "base/failure.h"
#include "base/role.h"
#include "opt/values.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdbool.h>

/*
 * Runs the SSL_CONF_cmd(3) commands of the command line on a context: in their order, those marked after_user last,
 * then SSL_CONF_CTX_finish(3). Run it before the identity group: the security level of -cipher decides which
 * certificates libssl takes. A command that libssl refuses prints the line "Call to SSL_CONF_cmd(-groups, foo) failed"
 * on `err`, which scripts look for, and fails with kind input.
 */
bool sapp_conf_apply(const struct sapp_settings *commands, enum sapp_role role, SSL_CTX *ctx, BIO *err,
                     struct sapp_failure *failure);

#endif
