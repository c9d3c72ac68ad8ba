/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "trace/trace.h"

#include "base/release.h"

/* A callback sees each call twice: before, and with BIO_CB_RETURN when it was made. */
long sapp_trace_bio(BIO *bio, int operation, const char *data, size_t length, int number, long detail, int result,
                    size_t *processed) /* NOLINT(readability-non-const-parameter): the type is libcrypto's */
{
    const struct sapp_trace *trace = (const struct sapp_trace *)(void *)BIO_get_callback_arg(bio);
    const bool read = operation == (BIO_CB_READ | BIO_CB_RETURN);
    const bool write = operation == (BIO_CB_WRITE | BIO_CB_RETURN);
    (void)number;
    (void)detail;
    if (trace == NULL || (!read && !write))
        return result;
    /* On a socket that never blocks, a call that found nothing is no event. */
    if (result <= 0 && BIO_should_retry(bio))
        return result;
    const char *title = read ? "read from" : "write to";
    if (result > 0 && processed != NULL) {
        (void)BIO_printf(trace->out, "%s %p [%p] (%zu bytes => %zu (0x%zX))\n", title, (void *)bio, (const void *)data,
                         length, *processed, *processed);
        (void)BIO_dump(trace->out, data, (int)*processed);
    } else {
        (void)BIO_printf(trace->out, "%s %p [%p] (%zu bytes => %d", title, (void *)bio, (const void *)data, length,
                         result);
        if (!sapp_release_is_at_least(3, 0))
            (void)BIO_printf(trace->out, " (0x%lX)", (unsigned long)result);
        (void)BIO_puts(trace->out, ")\n");
    }
    return result;
}
