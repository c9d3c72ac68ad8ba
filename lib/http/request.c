/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "http/request.h"

#include <string.h>
#include <strings.h>

static size_t skip_empty_lines(const char *data, size_t length)
{
    size_t at = 0;
    while (at < length && (data[at] == '\n' || (data[at] == '\r' && at + 1 < length && data[at + 1] == '\n')))
        at++;
    return at;
}

static enum sapp_http_method find_method(const char *word, size_t length)
{
    if (length == 3 && memcmp(word, "GET", 3) == 0)
        return SAPP_HTTP_GET;
    if (length == 4 && memcmp(word, "HEAD", 4) == 0)
        return SAPP_HTTP_HEAD;
    return SAPP_HTTP_OTHER;
}

static size_t word_length(const char *text, const char *end)
{
    const char *const space = memchr(text, ' ', (size_t)(end - text));
    return (size_t)((space != NULL ? space : end) - text);
}

enum sapp_http_progress sapp_http_parse(const char *data, size_t length, size_t size, struct sapp_http_request *request)
{
    const size_t skipped = skip_empty_lines(data, length);
    const char *const line = data + skipped;
    const char *end = memchr(line, '\n', length - skipped);
    if (end == NULL)
        return length < size ? SAPP_HTTP_INCOMPLETE : SAPP_HTTP_TOO_LONG;
    if (end > line && end[-1] == '\r')
        end--;
    const size_t method_length = word_length(line, end);
    *request = (struct sapp_http_request){.method = find_method(line, method_length), .target = end};
    const char *const target = line + method_length + 1;
    if (target >= end)
        return SAPP_HTTP_COMPLETE;
    request->target = target;
    request->target_length = word_length(target, end);
    request->has_version = target + request->target_length + 1 < end;
    return SAPP_HTTP_COMPLETE;
}

static bool announces_body(const char *line, size_t length)
{
    static const char *const fields[] = {"content-length:", "transfer-encoding:"};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (length >= strlen(fields[i]) && strncasecmp(line, fields[i], strlen(fields[i])) == 0)
            return true;
    }
    return false;
}

/* Whether nothing stands between `line` and the line feed at `feed`, be it for a CR. */
static bool is_empty(const char *line, const char *feed)
{
    return feed == line || (feed == line + 1 && line[0] == '\r');
}

bool sapp_http_is_whole(const char *data, size_t length)
{
    const char *const end = data + length;
    const char *line = data + skip_empty_lines(data, length);
    const char *next;
    while ((next = memchr(line, '\n', (size_t)(end - line))) != NULL) {
        if (is_empty(line, next))
            return next + 1 == end;
        if (announces_body(line, (size_t)(next - line)))
            return false;
        line = next + 1;
    }
    return false;
}

size_t sapp_http_response_header(const char *data, size_t length)
{
    static const char protocol[] = "HTTP/";
    const char *const end = data + length;
    const char *line = data;
    const char *next;
    if (length < strlen(protocol) || memcmp(data, protocol, strlen(protocol)) != 0)
        return 0;
    while ((next = memchr(line, '\n', (size_t)(end - line))) != NULL) {
        if (is_empty(line, next))
            return (size_t)(next + 1 - data);
        line = next + 1;
    }
    return length;
}

bool sapp_http_target_is(const struct sapp_http_request *request, const char *text)
{
    return request->target_length == strlen(text) && memcmp(request->target, text, request->target_length) == 0;
}
