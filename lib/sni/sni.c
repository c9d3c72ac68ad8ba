/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "sni/sni.h"

#include "base/escape.h"
#include "identity/selfsign.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The length of `host` without the dot at its end when it looks like a DNS name, else 0. */
static size_t dns_length(const char *host)
{
    size_t length = strlen(host);
    bool letters = false;
    bool dots = false;
    if (length > 1 && host[length - 1] == '.')
        length--;
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)host[i];
        if (byte == '.' && (i == 0 || i + 1 == length || host[i - 1] == '.'))
            return 0;
        if (!isalnum(byte) && strchr("-_.", byte) == NULL)
            return 0;
        dots = dots || byte == '.';
        letters = letters || isalpha(byte);
    }
    return letters && dots && length <= 253 ? length : 0;
}

static bool set_name(SSL *ssl, const char *name, struct sapp_failure *failure)
{
    return SSL_set_tlsext_host_name(ssl, name) == 1 ||
           sapp_fail(failure, SAPP_FAILURE_INPUT, "Unable to set TLS servername extension: '%s'", name);
}

/* The original tells so, once the server has answered, of a connection that asked for no name. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the type of the callback is libssl's */
static int tell_missing_name(SSL *ssl, int *alert, void *err)
{
    (void)alert;
    if (SSL_get_servername_type(ssl) == -1)
        BIO_puts(err, "Can't use SSL_get_servername\n");
    return SSL_TLSEXT_ERR_OK;
}

bool sapp_sni_client_apply(const struct sapp_sni_args *args, const char *host, BIO *err, SSL *ssl,
                           struct sapp_failure *failure)
{
    if (args->noservername)
        return true;
    SSL_CTX *const ctx = SSL_get_SSL_CTX(ssl);
    if (err != NULL) {
        SSL_CTX_set_tlsext_servername_callback(ctx, tell_missing_name);
        SSL_CTX_set_tlsext_servername_arg(ctx, err);
    }
    if (args->servername != NULL)
        return set_name(ssl, args->servername, failure);
    if (host == NULL)
        return set_name(ssl, "localhost", failure);
    const size_t length = dns_length(host);
    if (length == 0)
        return true;
    char *name = strndup(host, length);
    const bool done =
        name != NULL ? set_name(ssl, name, failure) : sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory");
    free(name);
    return done;
}

bool sapp_sni_wants_second(const struct sapp_sni_args *args)
{
    return args->servername != NULL;
}

bool sapp_sni_load(const struct sapp_sni_args *args, const struct sapp_identity_args *identity_args,
                   const struct sapp_identity *identity, struct sapp_credential *credential,
                   struct sapp_failure *failure)
{
    *credential = (struct sapp_credential){0};
    if (identity->selfsigned && !args->cert2_given && !args->key2_given)
        return sapp_selfsign(args->servername, &credential->certificate, &credential->key, failure);
    const struct sapp_credential_files files = {
        .cert_option = "cert2",
        .cert_file = args->cert2 != NULL ? args->cert2 : SAPP_SERVER_CERTIFICATE2,
        .key_option = "key2",
        .key_file = args->key2,
        .key_format = (enum sapp_format)identity_args->keyform,
        .secret = &identity->pass,
    };
    const bool done = sapp_credential_load(credential, &files, failure);
    if (!done && !args->cert2_given)
        sapp_hint(failure, "'%s' is opened because -servername was given and -cert2 was not", SAPP_SERVER_CERTIFICATE2);
    return done;
}

static void print_name(BIO *out, const char *name)
{
    BIO_puts(out, "Hostname in TLS extension: \"");
    sapp_escape_print(out, name, strlen(name));
    BIO_puts(out, "\"\n");
    (void)BIO_flush(out);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type of the callback is libssl's */
static int choose_context(SSL *ssl, int *alert, void *argument)
{
    const struct sapp_sni_server *server = argument;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    (void)alert; /* unrecognized_name already */
    if (name == NULL)
        return SSL_TLSEXT_ERR_NOACK;
    if (server->out != NULL)
        print_name(server->out, name);
    if (strcasecmp(name, server->name) != 0)
        return server->fatal ? SSL_TLSEXT_ERR_ALERT_FATAL : SSL_TLSEXT_ERR_ALERT_WARNING;
    if (server->second == NULL)
        return SSL_TLSEXT_ERR_OK;
    if (server->out != NULL) {
        BIO_puts(server->out, "Switching server context.\n");
        (void)BIO_flush(server->out);
    }
    SSL_set_SSL_CTX(ssl, server->second);
    return SSL_TLSEXT_ERR_OK;
}

bool sapp_sni_server_apply(const struct sapp_sni_args *args, struct sapp_sni_server *server, SSL_CTX *ctx,
                           struct sapp_failure *failure)
{
    (void)failure;
    if (args->servername == NULL)
        return true;
    server->name = args->servername;
    server->fatal = args->servername_fatal;
    SSL_CTX_set_tlsext_servername_callback(ctx, choose_context);
    SSL_CTX_set_tlsext_servername_arg(ctx, server);
    return true;
}
