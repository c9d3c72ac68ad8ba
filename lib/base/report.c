/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/report.h"

#include "base/escape.h"

#include <openssl/err.h>
#include <string.h>

static void print_line(BIO *err, const char *program, const char *text)
{
    BIO_printf(err, "%s: ", program);
    sapp_escape_print(err, text, strlen(text));
    BIO_puts(err, "\n");
}

/* Called by libcrypto with each line of the queue. */
static int print_error(const char *line, size_t length, void *err)
{
    const size_t end = length > 0 && line[length - 1] == '\n' ? length - 1 : length;
    sapp_escape_controls(err, line, end, "");
    return BIO_puts(err, "\n");
}

void sapp_report_errors(BIO *err)
{
    ERR_print_errors_cb(print_error, err);
}

void sapp_failure_report(BIO *err, const char *program, const struct sapp_failure *failure)
{
    if (failure->kind != SAPP_FAILURE_NONE)
        print_line(err, program, failure->text != NULL ? failure->text : "out of memory");
    if (failure->hint != NULL)
        print_line(err, program, failure->hint);
    sapp_report_errors(err);
}

const char *sapp_openssl_reason(void)
{
    const unsigned long code = ERR_peek_error();
    const char *reason = ERR_reason_error_string(code);
    if (reason != NULL)
        return reason;
    return code != 0 ? "a reason without a name" : "no reason given";
}
