/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

/*
 * What a command of the group tls sets, where no libssl at hand shows it on the wire: one without a method of
 * compression never offers one. Prints TAP.
 */

#include "conf/conf.h"
#include "tap.h"

#include <stdio.h>
#include <string.h>

/* Whether a context may compress once the commands have run. */
static bool compresses(const struct sapp_setting *items, size_t count, enum sapp_role role)
{
    const struct sapp_settings commands = {.items = items, .count = count};
    struct sapp_failure failure = {0};
    SSL_CTX *ctx = SSL_CTX_new(TLS_method());
    BIO *err = BIO_new(BIO_s_mem());
    SSL_CTX_set_options(ctx, SSL_OP_NO_COMPRESSION);
    const bool applied = sapp_conf_apply(&commands, role, ctx, err, &failure);
    const bool may = (SSL_CTX_get_options(ctx) & SSL_OP_NO_COMPRESSION) == 0;
    sapp_failure_clear(&failure);
    BIO_free(err);
    SSL_CTX_free(ctx);
    return applied && may;
}

int main(void)
{
    static const struct sapp_setting commands[] = {
        {.option = "comp", .name = "-comp"},
        {.option = "no_comp", .name = "-no_comp"},
    };
    static const enum sapp_role roles[] = {SAPP_ROLE_CLIENT, SAPP_ROLE_SERVER};
    struct check check = {0};
    for (size_t i = 0; i < 2; i++) {
        ok(&check, !compresses(commands, 0, roles[i]), "without a command nothing is compressed");
        ok(&check, compresses(commands, 1, roles[i]), "-comp allows it");
        ok(&check, !compresses(commands, 2, roles[i]), "-no_comp behind it forbids it again");
    }
    return finish(&check);
}
