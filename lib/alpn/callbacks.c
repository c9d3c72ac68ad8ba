/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "alpn/internal.h"

#include "alpn/alpn.h"
#include "base/escape.h"
#include "base/release.h"

#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

/* Calls for each name of a wire list; a list that ends within a name ends before it. */
static const unsigned char *next_name(const unsigned char *list, size_t length, size_t *offset, size_t *size)
{
    if (*offset >= length || list[*offset] > length - *offset - 1)
        return NULL;
    const unsigned char *name = list + *offset + 1;
    *size = list[*offset];
    *offset += 1 + *size;
    return name;
}

static void print_list(BIO *out, const char *label, const unsigned char *list, size_t length)
{
    const unsigned char *name = NULL;
    const char *separator = "";
    size_t size = 0;
    BIO_puts(out, label);
    for (size_t offset = 0; (name = next_name(list, length, &offset, &size)) != NULL; separator = ", ") {
        BIO_puts(out, separator);
        sapp_escape_print(out, name, size);
    }
    BIO_puts(out, "\n");
    (void)BIO_flush(out);
}

/* The first name of `own` that `offered` has; NULL when there is none. */
static const unsigned char *choose(const struct sapp_protocols *own, const unsigned char *offered,
                                   size_t offered_length, size_t *size)
{
    const unsigned char *mine = NULL;
    const unsigned char *theirs = NULL;
    size_t their_size = 0;
    for (size_t i = 0; (mine = next_name(own->data, own->length, &i, size)) != NULL;) {
        for (size_t j = 0; (theirs = next_name(offered, offered_length, &j, &their_size)) != NULL;) {
            if (their_size == *size && memcmp(mine, theirs, *size) == 0)
                return mine;
        }
    }
    return NULL;
}

int sapp_alpn_select(SSL *ssl, const unsigned char **chosen, unsigned char *chosen_length, const unsigned char *offered,
                     unsigned offered_length, void *argument)
{
    const struct sapp_alpn *alpn = argument;
    size_t size = 0;
    (void)ssl;
    if (!alpn->quiet)
        print_list(alpn->out, "ALPN protocols advertised by the client: ", offered, offered_length);
    *chosen = choose(&alpn->alpn, offered, offered_length, &size);
    /* Up to 1.1.1 the connection goes on without a protocol. */
    if (*chosen == NULL)
        return sapp_release_is_at_least(3, 0) ? SSL_TLSEXT_ERR_ALERT_FATAL : SSL_TLSEXT_ERR_NOACK;
    *chosen_length = (unsigned char)size;
    if (!alpn->quiet) {
        BIO_puts(alpn->out, "ALPN protocols selected: ");
        sapp_escape_print(alpn->out, *chosen, size);
        BIO_puts(alpn->out, "\n");
        (void)BIO_flush(alpn->out);
    }
    return SSL_TLSEXT_ERR_OK;
}

int sapp_npn_advertise(SSL *ssl, const unsigned char **list, unsigned *length, void *argument)
{
    const struct sapp_alpn *alpn = argument;
    (void)ssl;
    *list = alpn->npn.data;
    *length = (unsigned)alpn->npn.length;
    return SSL_TLSEXT_ERR_OK;
}

int sapp_npn_select(SSL *ssl, unsigned char **chosen, unsigned char *chosen_length, const unsigned char *offered,
                    unsigned offered_length, void *argument)
{
    struct sapp_alpn *alpn = argument;
    (void)ssl;
    if (!alpn->quiet)
        print_list(alpn->out, "Protocols advertised by server: ", offered, offered_length);
    alpn->npn_status = SSL_select_next_proto(chosen, chosen_length, offered, offered_length, alpn->npn.data,
                                             (unsigned)alpn->npn.length);
    return SSL_TLSEXT_ERR_OK;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type of the callback is libssl's */
int sapp_serverinfo_print(SSL *ssl, unsigned type, const unsigned char *data, size_t length, int *alert, void *argument)
{
    const struct sapp_alpn *alpn = argument;
    (void)ssl;
    (void)alert;
    if (length > 65535)
        return 1;
    unsigned char *block = malloc(4 + length);
    if (block == NULL)
        return 1;
    const unsigned char head[4] = {(unsigned char)(type >> 8), (unsigned char)type, (unsigned char)(length >> 8),
                                   (unsigned char)length};
    memcpy(block, head, sizeof(head));
    if (length > 0)
        memcpy(block + sizeof(head), data, length);
    char label[sizeof("SERVERINFO FOR EXTENSION 4294967295")];
    BIO_snprintf(label, sizeof(label), "SERVERINFO FOR EXTENSION %u", type);
    PEM_write_bio(alpn->out, label, "", block, (long)(4 + length));
    (void)BIO_flush(alpn->out);
    free(block);
    return 1;
}
