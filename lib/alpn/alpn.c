/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "alpn/alpn.h"

#include "alpn/internal.h"
#include "args/features.h"
#include "base/report.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#if SAPP_HAVE_SRTP
#include <openssl/srtp.h>
#endif

static bool check_name(const char *option, const char *name, struct sapp_failure *failure)
{
    if (*name == '\0')
        return sapp_fail(failure, SAPP_FAILURE_USAGE, "an application protocol of -%s is empty", option);
    return strlen(name) <= 255 ||
           sapp_fail(failure, SAPP_FAILURE_USAGE, "the application protocol '%s' of -%s is longer than 255 bytes", name,
                     option);
}

bool sapp_protocols_parse(const char *option, const struct sapp_texts *names, struct sapp_protocols *result,
                          struct sapp_failure *failure)
{
    size_t length = 0;
    *result = (struct sapp_protocols){0};
    for (size_t i = 0; i < names->count; i++) {
        if (!check_name(option, names->items[i], failure))
            return false;
        length += 1 + strlen(names->items[i]);
    }
    if (length == 0 || length > 65535)
        return sapp_fail(failure, SAPP_FAILURE_USAGE, "-%s expects application protocols of 1 to 65535 bytes in all",
                         option);
    result->data = malloc(length);
    if (result->data == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for -%s", option);
    for (size_t i = 0; i < names->count; i++) {
        const size_t size = strlen(names->items[i]);
        result->data[result->length] = (unsigned char)size;
        memcpy(result->data + result->length + 1, names->items[i], size);
        result->length += 1 + size;
    }
    return true;
}

static bool apply_alpn(enum sapp_role role, struct sapp_alpn *alpn, SSL_CTX *ctx, struct sapp_failure *failure)
{
    if (alpn->alpn.data == NULL)
        return true;
    if (role == SAPP_ROLE_SERVER)
        SSL_CTX_set_alpn_select_cb(ctx, sapp_alpn_select, alpn);
    else if (SSL_CTX_set_alpn_protos(ctx, alpn->alpn.data, (unsigned)alpn->alpn.length) != 0)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "libssl refuses the application protocols of -alpn");
    return true;
}

static void apply_npn(enum sapp_role role, struct sapp_alpn *alpn, SSL_CTX *ctx)
{
#if SAPP_HAVE_NPN
    if (alpn->npn.data == NULL)
        return;
    if (role == SAPP_ROLE_SERVER)
        SSL_CTX_set_next_protos_advertised_cb(ctx, sapp_npn_advertise, alpn);
    else
        SSL_CTX_set_next_proto_select_cb(ctx, sapp_npn_select, alpn);
#else
    (void)role;
    (void)alpn;
    (void)ctx;
#endif
}

static bool apply_srtp(const char *profiles, SSL_CTX *ctx, struct sapp_failure *failure)
{
#if SAPP_HAVE_SRTP
    /* Unlike almost all of libssl, this returns 0 for success. */
    if (profiles != NULL && SSL_CTX_set_tlsext_use_srtp(ctx, profiles) != 0)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "Error setting SRTP profile: -use_srtp '%s'", profiles);
#else
    (void)profiles;
    (void)ctx;
    (void)failure;
#endif
    return true;
}

static bool load_server_info(const char *file, SSL_CTX *ctx, struct sapp_failure *failure)
{
    /* libssl leaves the end of the file in the error queue although it succeeded. */
    ERR_set_mark();
    const bool done = SSL_CTX_use_serverinfo_file(ctx, file) == 1;
    if (done)
        ERR_pop_to_mark();
    else
        ERR_clear_last_mark();
    return done || sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot load the extensions of -serverinfo '%s': %s", file,
                             sapp_openssl_reason());
}

/* A server answers from a file; a client asks for extensions by number and prints the answers. */
static bool apply_server_info(const struct sapp_alpn_args *args, enum sapp_role role, struct sapp_alpn *alpn,
                              SSL_CTX *ctx, struct sapp_failure *failure)
{
    if (role == SAPP_ROLE_SERVER)
        return args->serverinfo == NULL || load_server_info(args->serverinfo, ctx, failure);
    for (size_t i = 0; i < args->serverinfo_types.count; i++) {
        const unsigned type = (unsigned)args->serverinfo_types.items[i];
        ERR_set_mark();
        if (SSL_CTX_add_client_custom_ext(ctx, type, NULL, NULL, NULL, sapp_serverinfo_print, alpn) != 1)
            BIO_printf(alpn->err, "Warning: Unable to add custom extension %u, skipping\n", type);
        ERR_pop_to_mark();
    }
    return true;
}

bool sapp_alpn_apply(const struct sapp_alpn_args *args, enum sapp_role role, struct sapp_alpn *alpn, SSL_CTX *ctx,
                     struct sapp_failure *failure)
{
    alpn->npn_status = -1;
    if (args->alpn_given && alpn->alpn.data == NULL && !sapp_protocols_parse("alpn", &args->alpn, &alpn->alpn, failure))
        return false;
    if (args->nextprotoneg_given && alpn->npn.data == NULL &&
        !sapp_protocols_parse("nextprotoneg", &args->nextprotoneg, &alpn->npn, failure))
        return false;
    apply_npn(role, alpn, ctx);
    return apply_alpn(role, alpn, ctx, failure) && apply_srtp(args->use_srtp, ctx, failure) &&
           apply_server_info(args, role, alpn, ctx, failure);
}

void sapp_alpn_free(struct sapp_alpn *alpn)
{
    free(alpn->alpn.data);
    free(alpn->npn.data);
    *alpn = (struct sapp_alpn){0};
}
