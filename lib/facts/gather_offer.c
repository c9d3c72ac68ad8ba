/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/gather.h"

#include "args/features.h"
#include "facts/sigalg.h"

#include <openssl/ec.h>
#include <openssl/objects.h>
#include <stdio.h>
#include <string.h>

enum {
    CODE_TEXT = 16,
    SHARED_CIPHERS_TEXT = 8192, /* longer lists are cut by libssl */
    MOST_SHARED_GROUPS = 256    /* more than there are; libssl goes through both lists anew for each */
};

static const char *classic_sigalg(struct sapp_arena *arena, uint16_t code, int signature_nid, int hash_nid)
{
    const char *name = sapp_sigalg_own_name(code);
    if (name != NULL)
        return name;
    name = sapp_signature_classic_type(signature_nid);
    if (name != NULL && hash_nid == NID_undef && signature_nid != NID_undef)
        return name;
    char type[CODE_TEXT];
    char text[80];
    snprintf(type, sizeof(type), "0x%02X", code & 0xffu);
    if (hash_nid != NID_undef)
        snprintf(text, sizeof(text), "%s+%s", name != NULL ? name : type, OBJ_nid2sn(hash_nid));
    else
        snprintf(text, sizeof(text), "%s+0x%02X", name != NULL ? name : type, code >> 8u);
    return sapp_arena_copy(arena, text, strlen(text));
}

/* One list of signature algorithms; `ask` is SSL_get_sigalgs(3) or SSL_get_shared_sigalgs(3). */
static bool gather_sigalgs(struct sapp_facts *facts, SSL *ssl,
                           int (*ask)(SSL *, int, int *, int *, int *, unsigned char *, unsigned char *),
                           struct sapp_names *names, const uint16_t **codes)
{
    const int count = ask(ssl, 0, NULL, NULL, NULL, NULL, NULL);
    if (count <= 0)
        return true;
    const char **items = sapp_arena_alloc(&facts->arena, (size_t)count * sizeof(*items));
    uint16_t *numbers = sapp_arena_alloc(&facts->arena, (size_t)count * sizeof(*numbers));
    if (items == NULL || numbers == NULL)
        return false;
    for (int i = 0; i < count; i++) {
        int signature_nid = NID_undef;
        int hash_nid = NID_undef;
        unsigned char low = 0;
        unsigned char high = 0;
        (void)ask(ssl, i, &signature_nid, &hash_nid, NULL, &low, &high);
        numbers[i] = (uint16_t)(high << 8 | low);
        items[i] = classic_sigalg(&facts->arena, numbers[i], signature_nid, hash_nid);
        if (items[i] == NULL)
            return false;
    }
    *names = (struct sapp_names){.items = items, .count = (size_t)count};
    *codes = numbers;
    return true;
}

static const char *group_name(struct sapp_facts *facts, SSL *ssl, int group)
{
    const char *name = NULL;
#if SAPP_HAVE_GROUP_NAMES
    name = SSL_group_to_name(ssl, group);
#else
    (void)ssl;
    if ((group & TLSEXT_nid_unknown) == 0)
        name = EC_curve_nid2nist(group) != NULL ? EC_curve_nid2nist(group) : OBJ_nid2sn(group);
#endif
    char text[CODE_TEXT];
    if (name == NULL)
        snprintf(text, sizeof(text), "0x%04X", (unsigned)group & 0xffffu);
    return sapp_arena_copy(&facts->arena, name != NULL ? name : text, strlen(name != NULL ? name : text));
}

static bool name_groups(struct sapp_facts *facts, SSL *ssl, const int *groups, size_t count, struct sapp_names *names)
{
    const char **items = sapp_arena_alloc(&facts->arena, count * sizeof(*items) + 1);
    bool done = items != NULL;
    for (size_t i = 0; done && i < count; i++) {
        items[i] = group_name(facts, ssl, groups[i]);
        done = items[i] != NULL;
    }
    if (done)
        *names = (struct sapp_names){.items = items, .count = count};
    return done;
}

static bool gather_groups(struct sapp_facts *facts, SSL *ssl)
{
    const int offered = (int)SSL_get1_groups(ssl, NULL);
    if (offered <= 0)
        return true;
    int *groups = sapp_arena_alloc(&facts->arena, (size_t)offered * sizeof(*groups));
    if (groups == NULL)
        return false;
    (void)SSL_get1_groups(ssl, groups);
    if (!name_groups(facts, ssl, groups, (size_t)offered, &facts->offer.groups))
        return false;
    const long shared = SSL_get_shared_group(ssl, -1);
    size_t count = 0;
    for (long i = 0; i < shared && count < (size_t)offered && count < MOST_SHARED_GROUPS; i++)
        groups[count++] = (int)SSL_get_shared_group(ssl, i);
    return name_groups(facts, ssl, groups, count, &facts->offer.shared_groups);
}

static const char *offered_ciphers(struct sapp_facts *facts, SSL *ssl)
{
    const unsigned char *codes = NULL;
    const size_t size = SSL_get0_raw_cipherlist(ssl, NULL);
    const size_t length = size == 2 ? SSL_get0_raw_cipherlist(ssl, &codes) : 0;
    BIO *list = codes != NULL ? BIO_new(BIO_s_mem()) : NULL;
    if (list == NULL)
        return NULL;
    for (size_t i = 0; i + size <= length; i += size) {
        const SSL_CIPHER *cipher = SSL_CIPHER_find(ssl, codes + i);
        if (i > 0)
            (void)BIO_puts(list, ":");
        if (cipher != NULL)
            (void)BIO_puts(list, SSL_CIPHER_get_name(cipher));
        else if (codes[i] == 0 && codes[i + 1] == 0xff)
            (void)BIO_puts(list, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV");
        else
            (void)BIO_printf(list, "0x%02X%02X", codes[i], codes[i + 1]);
    }
    char *text = NULL;
    const long used = BIO_get_mem_data(list, &text);
    const char *copy = used > 0 ? sapp_arena_copy(&facts->arena, text, (size_t)used) : NULL;
    BIO_free(list);
    return copy;
}

static bool gather_server_side(struct sapp_facts *facts, SSL *ssl)
{
    char *shared = sapp_arena_alloc(&facts->arena, SHARED_CIPHERS_TEXT);
    if (shared == NULL)
        return false;
    facts->offer.shared_ciphers = SSL_get_shared_ciphers(ssl, shared, SHARED_CIPHERS_TEXT);
    facts->offer.ciphers = offered_ciphers(facts, ssl);
    return gather_groups(facts, ssl);
}

/* X509_NAME_dup(3) takes a const name only from 3.0 on. */
static X509_NAME *copy_name(const X509_NAME *name)
{
    return X509_NAME_dup((X509_NAME *)name);
}

bool sapp_gather_offer(struct sapp_facts *facts, SSL *ssl)
{
    struct sapp_offer_facts *offer = &facts->offer;
    if (!gather_sigalgs(facts, ssl, SSL_get_sigalgs, &offer->sigalgs, &offer->sigalg_codes) ||
        !gather_sigalgs(facts, ssl, SSL_get_shared_sigalgs, &offer->shared_sigalgs, &offer->shared_sigalg_codes))
        return false;
    const STACK_OF(X509_NAME) *names = SSL_get0_peer_CA_list(ssl);
    if (names != NULL && sk_X509_NAME_num(names) > 0) {
        offer->ca_names = sk_X509_NAME_deep_copy(names, copy_name, X509_NAME_free);
        if (offer->ca_names == NULL)
            return false;
    }
    const char *formats = NULL;
    const int format_count = (int)SSL_get0_ec_point_formats(ssl, &formats);
    if (format_count > 0) {
        offer->point_formats = (const unsigned char *)sapp_arena_copy(&facts->arena, formats, (size_t)format_count);
        offer->point_format_count = offer->point_formats != NULL ? (size_t)format_count : 0;
    }
    if (facts->is_server)
        return gather_server_side(facts, ssl);
    const unsigned char *types = NULL;
    const size_t type_count = SSL_get0_certificate_types(ssl, &types);
    if (type_count == 0)
        return true;
    offer->certificate_types = (const unsigned char *)sapp_arena_copy(&facts->arena, (const char *)types, type_count);
    offer->certificate_type_count = type_count;
    return offer->certificate_types != NULL;
}
