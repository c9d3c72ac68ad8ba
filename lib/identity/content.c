/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "identity/content.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_CONTENT ((size_t)16 << 20)

bool sapp_content_refuse(const struct sapp_source *source, const char *what, const char *cause,
                         struct sapp_failure *failure)
{
    return sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot load the %s of -%s from '%s': %s", what, source->option,
                     source->file, cause);
}

struct sapp_passphrase_request sapp_content_request(const struct sapp_source *source, struct sapp_secret *forgotten)
{
    return (struct sapp_passphrase_request){
        .secret = source->secret,
        .typed = source->typed != NULL ? source->typed : forgotten,
        .file = source->file,
        .what = "pass phrase",
    };
}

/* Doubles the room; the old one may hold secrets and is wiped. */
static bool grow(struct sapp_content *content, size_t *room)
{
    const size_t larger = *room == 0 ? 8192 : *room * 2;
    unsigned char *data = calloc(1, larger + 1);
    if (data == NULL)
        return false;
    if (content->data != NULL) {
        memcpy(data, content->data, content->length);
        OPENSSL_cleanse(content->data, content->length);
        free(content->data);
    }
    content->data = data;
    *room = larger;
    return true;
}

/* Returns NULL, or why it could not be read. */
static const char *read_all(struct sapp_content *content, int fd)
{
    size_t room = 0;
    for (;;) {
        if (content->length == room && (room >= MAX_CONTENT || !grow(content, &room)))
            return room >= MAX_CONTENT ? "it is larger than 16 MiB" : "out of memory";
        const ssize_t got = read(fd, content->data + content->length, room - content->length);
        if (got == 0)
            return content->length == 0 ? "it is empty" : NULL;
        if (got > 0)
            content->length += (size_t)got;
        else if (errno != EINTR)
            return strerror(errno);
    }
}

static void classify(struct sapp_content *content)
{
    content->format = SAPP_FORMAT_PEM;
    if (sapp_content_block(content, "") != SAPP_BLOCK_ABSENT)
        return;
    const unsigned char *position = content->data;
    ERR_set_mark();
    content->bundle = d2i_PKCS12(NULL, &position, (long)content->length);
    ERR_pop_to_mark();
    content->format = content->bundle != NULL ? SAPP_FORMAT_P12 : SAPP_FORMAT_DER;
}

static const char *format_name(enum sapp_format format)
{
    return format == SAPP_FORMAT_PEM ? "PEM" : format == SAPP_FORMAT_DER ? "DER" : "PKCS#12";
}

bool sapp_content_read(struct sapp_content *content, const struct sapp_source *source, const char *what,
                       struct sapp_failure *failure)
{
    *content = (struct sapp_content){0};
    const int fd = open(source->file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return sapp_content_refuse(source, what, strerror(errno), failure);
    const char *cause = read_all(content, fd);
    close(fd);
    if (cause == NULL)
        classify(content);
    if (cause == NULL && (source->format == SAPP_FORMAT_ANY || source->format == content->format))
        return true;
    if (cause != NULL)
        sapp_content_refuse(source, what, cause, failure);
    else
        sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot load the %s of -%s from '%s': it is not in %s, as -%sform says",
                  what, source->option, source->file, format_name(source->format), source->option);
    sapp_content_free(content);
    return false;
}

/* Finds `text` in the bytes from `from` on; NULL when it is not there. */
static const unsigned char *find(const struct sapp_content *content, const unsigned char *from, const char *text)
{
    return memmem(from, (size_t)(content->data + content->length - from), text, strlen(text));
}

enum sapp_block sapp_content_block(const struct sapp_content *content, const char *label)
{
    const unsigned char *from = content->data;
    const size_t length = strlen(label);
    while ((from = find(content, from, "-----BEGIN ")) != NULL) {
        from += strlen("-----BEGIN ");
        const unsigned char *end = find(content, from, "-----");
        if (end == NULL)
            return SAPP_BLOCK_TRUNCATED;
        if ((size_t)(end - from) >= length && memcmp(end - length, label, length) == 0)
            return find(content, end, "-----END ") != NULL ? SAPP_BLOCK_COMPLETE : SAPP_BLOCK_TRUNCATED;
    }
    return SAPP_BLOCK_ABSENT;
}

BIO *sapp_content_bio(const struct sapp_content *content)
{
    return BIO_new_mem_buf(content->data, (int)content->length);
}

void sapp_content_free(struct sapp_content *content)
{
    if (content->data != NULL)
        OPENSSL_cleanse(content->data, content->length);
    free(content->data);
    PKCS12_free(content->bundle);
    *content = (struct sapp_content){0};
}
