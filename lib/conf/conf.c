/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "conf/conf.h"

#include "base/escape.h"
#include "base/release.h"

#include <string.h>

/* The line that tools look for, on standard error and without the program's name. */
static void print_refusal(BIO *err, const struct sapp_setting *command)
{
    const char *value = command->text != NULL ? command->text : "<NULL>";
    BIO_printf(err, "Call to SSL_CONF_cmd(%s, ", command->name);
    sapp_escape_print(err, value, strlen(value));
    BIO_puts(err, ") failed\n");
}

/* The same line in the words of 1.1.1. */
static void print_refusal_of_old(BIO *err, const struct sapp_setting *command)
{
    BIO_printf(err, "Error with command: \"%s", command->name);
    if (command->text != NULL) {
        BIO_puts(err, " ");
        sapp_escape_print(err, command->text, strlen(command->text));
    }
    BIO_puts(err, "\"\n");
}

static bool run(SSL_CONF_CTX *conf, const struct sapp_setting *command, BIO *err, struct sapp_failure *failure)
{
    const int result = SSL_CONF_cmd(conf, command->name, command->text);
    if (result > 0)
        return true;
    if (sapp_release_is_at_least(3, 0))
        print_refusal(err, command);
    else
        print_refusal_of_old(err, command);
    if (result == -2)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "libssl does not know the command of -%s here", command->option);
    if (command->text == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "libssl refuses -%s", command->option);
    return sapp_fail(failure, SAPP_FAILURE_INPUT, "libssl refuses the value '%s' of -%s", command->text,
                     command->option);
}

static bool run_phase(SSL_CONF_CTX *conf, const struct sapp_settings *commands, bool after_user, BIO *err,
                      struct sapp_failure *failure)
{
    for (size_t i = 0; i < commands->count; i++) {
        if (commands->items[i].after_user == after_user && !run(conf, &commands->items[i], err, failure))
            return false;
    }
    return true;
}

bool sapp_conf_apply(const struct sapp_settings *commands, enum sapp_role role, SSL_CTX *ctx, BIO *err,
                     struct sapp_failure *failure)
{
    SSL_CONF_CTX *conf = SSL_CONF_CTX_new();
    if (conf == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory");
    const unsigned side = role == SAPP_ROLE_CLIENT ? SSL_CONF_FLAG_CLIENT : SSL_CONF_FLAG_SERVER;
    SSL_CONF_CTX_set_flags(conf, SSL_CONF_FLAG_CMDLINE | SSL_CONF_FLAG_CERTIFICATE | side);
    SSL_CONF_CTX_set_ssl_ctx(conf, ctx);
    bool done = run_phase(conf, commands, false, err, failure) && run_phase(conf, commands, true, err, failure);
    if (done && SSL_CONF_CTX_finish(conf) != 1)
        done = sapp_fail(failure, SAPP_FAILURE_INPUT, "libssl refuses the settings as a whole");
    SSL_CONF_CTX_free(conf);
    return done;
}
