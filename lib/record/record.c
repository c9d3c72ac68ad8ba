/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "record/record.h"

#include "args/features.h"

static bool refuse(const char *option, int value, struct sapp_failure *failure)
{
    return sapp_fail(failure, SAPP_FAILURE_INPUT, "libssl refuses the value %d of -%s", value, option);
}

bool sapp_record_apply(const struct sapp_record_args *args, SSL_CTX *ctx, struct sapp_failure *failure)
{
    if (args->max_send_frag_given && SSL_CTX_set_max_send_fragment(ctx, args->max_send_frag) != 1)
        return refuse("max_send_frag", args->max_send_frag, failure);
    if (args->split_send_frag_given && SSL_CTX_set_split_send_fragment(ctx, args->split_send_frag) != 1)
        return refuse("split_send_frag", args->split_send_frag, failure);
    if (args->max_pipelines_given && SSL_CTX_set_max_pipelines(ctx, args->max_pipelines) != 1)
        return refuse("max_pipelines", args->max_pipelines, failure);
    if (args->maxfraglen_given && SSL_CTX_set_tlsext_max_fragment_length(ctx, (uint8_t)args->maxfraglen) != 1)
        return refuse("maxfraglen", args->maxfraglen, failure);
    if (args->read_buf_given)
        SSL_CTX_set_default_read_buffer_len(ctx, (size_t)args->read_buf);
#if SAPP_HAVE_KTLS
    if (args->ktls)
        SSL_CTX_set_options(ctx, SSL_OP_ENABLE_KTLS);
#endif
    if (args->async)
        SSL_CTX_set_mode(ctx, SSL_MODE_ASYNC);
    return true;
}
