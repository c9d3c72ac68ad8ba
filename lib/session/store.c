/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "session/internal.h"

#include "base/hooks.h"
#include "session/session.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SESSIONS 1024

struct entry {
    unsigned char id[SSL_MAX_SSL_SESSION_ID_LENGTH];
    unsigned id_length;
    unsigned char *data; /* the session in DER; NULL: the place is free */
    int length;
};

struct sapp_session_store {
    struct entry entries[MAX_SESSIONS];
    size_t next; /* the oldest, which the next session replaces */
};

struct sapp_session_store *sapp_session_store_new(void)
{
    return calloc(1, sizeof(struct sapp_session_store));
}

static void clear(struct entry *entry)
{
    OPENSSL_clear_free(entry->data, (size_t)entry->length);
    *entry = (struct entry){0};
}

static struct entry *find(struct sapp_session_store *store, const unsigned char *id, unsigned length)
{
    for (size_t i = 0; i < MAX_SESSIONS; i++) {
        struct entry *entry = &store->entries[i];
        if (entry->data != NULL && entry->id_length == length && memcmp(entry->id, id, length) == 0)
            return entry;
    }
    return NULL;
}

/* SSL_CTX_sess_set_new_cb(3): returns 0, since no reference is kept. */
static int add(SSL *ssl, SSL_SESSION *session)
{
    struct sapp_session_store *store = sapp_hooks_of(ssl)->session->store;
    struct entry entry = {0};
    const unsigned char *id = SSL_SESSION_get_id(session, &entry.id_length);
    if (entry.id_length > sizeof(entry.id))
        return 0;
    memcpy(entry.id, id, entry.id_length);
    entry.length = i2d_SSL_SESSION(session, &entry.data);
    if (entry.length <= 0)
        return 0;
    clear(&store->entries[store->next]);
    store->entries[store->next] = entry;
    store->next = (store->next + 1) % MAX_SESSIONS;
    BIO_puts(sapp_hooks_of(ssl)->session->err, "New session added to external cache\n");
    return 0;
}

/* SSL_CTX_sess_set_get_cb(3). */
static SSL_SESSION *get(SSL *ssl, const unsigned char *id, int length, int *copy)
{
    const struct sapp_session_server *const session = sapp_hooks_of(ssl)->session;
    const struct entry *const entry = find(session->store, id, (unsigned)length);
    *copy = 0; /* libssl takes over the only reference */
    BIO_printf(session->err, "Lookup session: cache %s\n", entry != NULL ? "hit" : "miss");
    if (entry == NULL)
        return NULL;
    const unsigned char *position = entry->data;
    return d2i_SSL_SESSION(NULL, &position, entry->length);
}

/* SSL_CTX_sess_set_remove_cb(3). */
static void drop(SSL_CTX *ctx, SSL_SESSION *session)
{
    struct sapp_hooks *hooks = SSL_CTX_get_app_data(ctx);
    unsigned length = 0;
    const unsigned char *id = SSL_SESSION_get_id(session, &length);
    struct entry *entry = hooks != NULL ? find(hooks->session->store, id, length) : NULL;
    if (entry != NULL)
        clear(entry);
}

void sapp_session_store_use(SSL_CTX *ctx)
{
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_NO_INTERNAL | SSL_SESS_CACHE_SERVER);
    SSL_CTX_sess_set_new_cb(ctx, add);
    SSL_CTX_sess_set_get_cb(ctx, get);
    SSL_CTX_sess_set_remove_cb(ctx, drop);
}

void sapp_session_store_free(struct sapp_session_store *store)
{
    for (size_t i = 0; store != NULL && i < MAX_SESSIONS; i++)
        clear(&store->entries[i]);
    free(store);
}
