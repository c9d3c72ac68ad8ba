/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char *format_text(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        return NULL;
    char *text = malloc((size_t)length + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

bool sapp_fail(struct sapp_failure *failure, enum sapp_failure_kind kind, const char *format, ...)
{
    if (failure->kind != SAPP_FAILURE_NONE)
        return false;
    failure->kind = kind;
    va_list arguments;
    va_start(arguments, format);
    failure->text = format_text(format, arguments);
    va_end(arguments);
    return false;
}

void sapp_hint(struct sapp_failure *failure, const char *format, ...)
{
    if (failure->hint != NULL)
        return;
    va_list arguments;
    va_start(arguments, format);
    failure->hint = format_text(format, arguments);
    va_end(arguments);
}

bool sapp_fail_about(struct sapp_failure *failure, const struct sapp_failure *from, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *who = format_text(format, arguments);
    va_end(arguments);
    sapp_fail(failure, from->kind, "%s: %s", who != NULL ? who : "", from->text != NULL ? from->text : "out of memory");
    if (from->hint != NULL)
        sapp_hint(failure, "%s", from->hint);
    free(who);
    return false;
}

void sapp_failure_clear(struct sapp_failure *failure)
{
    free(failure->text);
    free(failure->hint);
    *failure = (struct sapp_failure){0};
}

static const char *const names[] = {
    [SAPP_FAILURE_NONE] = "none",
    [SAPP_FAILURE_USAGE] = "usage",
    [SAPP_FAILURE_INPUT] = "input",
    [SAPP_FAILURE_LOOKUP] = "lookup",
    [SAPP_FAILURE_CONNECT] = "connect",
    [SAPP_FAILURE_PROXY] = "proxy",
    [SAPP_FAILURE_STARTTLS] = "starttls",
    [SAPP_FAILURE_HANDSHAKE] = "handshake",
    [SAPP_FAILURE_VERIFICATION] = "verification",
    [SAPP_FAILURE_TIMEOUT] = "timeout",
    [SAPP_FAILURE_IO] = "io",
    [SAPP_FAILURE_INTERNAL] = "internal",
};

const char *sapp_failure_name(enum sapp_failure_kind kind)
{
    return names[kind];
}

int sapp_failure_detailed_status(enum sapp_failure_kind kind)
{
    return (int)kind;
}
