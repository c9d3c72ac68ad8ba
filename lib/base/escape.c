/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/escape.h"

#include <stdbool.h>
#include <string.h>

/* Collects bytes for a BIO, since one write for each would be slow. */
struct sink {
    BIO *out;
    size_t used;
    char bytes[512];
};

static void flush(struct sink *sink)
{
    if (sink->used > 0)
        BIO_write(sink->out, sink->bytes, (int)sink->used);
    sink->used = 0;
}

static void put(struct sink *sink, const char *text, size_t length)
{
    if (length > sizeof(sink->bytes) - sink->used)
        flush(sink);
    memcpy(sink->bytes + sink->used, text, length);
    sink->used += length;
}

/* Puts `prefix` and the byte in two hexadecimal digits. */
static void put_hex(struct sink *sink, const char *prefix, unsigned char byte)
{
    static const char digits[] = "0123456789abcdef";
    put(sink, prefix, strlen(prefix));
    put(sink, &digits[byte >> 4], 1);
    put(sink, &digits[byte & 15], 1);
}

void sapp_escape_print(BIO *out, const void *text, size_t length)
{
    const unsigned char *bytes = text;
    struct sink sink = {.out = out};
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] < 0x20 || bytes[i] > 0x7e || bytes[i] == '\\')
            put_hex(&sink, "\\x", bytes[i]);
        else
            put(&sink, (const char *)&bytes[i], 1);
    }
    flush(&sink);
}

/* How many bytes the first UTF-8 character of `length` > 0 bytes has (RFC 3629 section 4); 0 when they are not UTF-8.
 */
static size_t utf8_length(const unsigned char *bytes, size_t length)
{
    const unsigned char first = bytes[0];
    if (first < 0x80)
        return 1;
    const size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || size > length)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    }
    const unsigned char second = bytes[1];
    const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool outside = (first == 0xed && second > 0x9f) || (first == 0xf4 && second > 0x8f);
    return overlong || outside ? 0 : size;
}

/* U+0080 to U+009F, which some terminals obey as they obey ESC. */
static bool is_c1_control(const unsigned char *bytes, size_t size)
{
    return size == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0;
}

/* How many bytes the character at `bytes` has when a terminal may get it as it is; 0 when it may not. */
static size_t harmless_length(const unsigned char *bytes, size_t length, const char *kept)
{
    const unsigned char first = bytes[0];
    if (first < 0x20 || first == 0x7f)
        return first != 0 && strchr(kept, first) != NULL ? 1 : 0;
    const size_t size = utf8_length(bytes, length);
    return size > 0 && is_c1_control(bytes, size) ? 0 : size;
}

void sapp_escape_controls(BIO *out, const void *text, size_t length, const char *kept)
{
    const unsigned char *bytes = text;
    struct sink sink = {.out = out};
    for (size_t i = 0; i < length;) {
        const size_t size = harmless_length(bytes + i, length - i, kept);
        if (size == 0)
            put_hex(&sink, "\\x", bytes[i]);
        else
            put(&sink, (const char *)&bytes[i], size);
        i += size == 0 ? 1 : size;
    }
    flush(&sink);
}

static void put_json_ascii(struct sink *sink, unsigned char byte)
{
    static const char plain[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    const char *found = byte != 0 ? strchr(plain, byte) : NULL;
    if (found != NULL) {
        put(sink, "\\", 1);
        put(sink, &letters[found - plain], 1);
    } else if (byte < 0x20 || byte == 0x7f) {
        put_hex(sink, "\\u00", byte);
    } else {
        put(sink, (const char *)&byte, 1);
    }
}

void sapp_escape_json(BIO *out, const void *text, size_t length)
{
    const unsigned char *bytes = text;
    struct sink sink = {.out = out};
    put(&sink, "\"", 1);
    for (size_t i = 0; i < length;) {
        const size_t size = utf8_length(bytes + i, length - i);
        if (size == 0)
            put(&sink, "\\ufffd", 6);
        else if (size == 1)
            put_json_ascii(&sink, bytes[i]);
        else if (is_c1_control(bytes + i, size))
            put_hex(&sink, "\\u00", bytes[i + 1]);
        else
            put(&sink, (const char *)&bytes[i], size);
        i += size == 0 ? 1 : size;
    }
    put(&sink, "\"", 1);
    flush(&sink);
}

static const char *html_entity(unsigned char byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void sapp_escape_html(BIO *out, const void *text, size_t length)
{
    const unsigned char *bytes = text;
    struct sink sink = {.out = out};
    for (size_t i = 0; i < length;) {
        const size_t size = utf8_length(bytes + i, length - i);
        const bool control = bytes[i] == 0x7f || (bytes[i] < 0x20 && bytes[i] != '\n' && bytes[i] != '\t');
        const char *entity = html_entity(bytes[i]);
        if (size == 0 || control || is_c1_control(bytes + i, size))
            put(&sink, "\xef\xbf\xbd", 3);
        else if (entity != NULL)
            put(&sink, entity, strlen(entity));
        else
            put(&sink, (const char *)&bytes[i], size);
        i += size == 0 ? 1 : size;
    }
    flush(&sink);
}
