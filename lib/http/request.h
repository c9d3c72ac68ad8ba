/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_HTTP_REQUEST_H
#define SAPP_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

/* Reading the first line of an HTTP request (RFC 9112 section 3); everything after it is left unread. And where the
 * header of a response ends. */

enum {
    SAPP_HTTP_LINE_SIZE = 8192 /* RFC 9112 section 3: recipients should support request lines of 8000 octets */
};

enum sapp_http_method {
    SAPP_HTTP_GET,
    SAPP_HTTP_HEAD,
    SAPP_HTTP_OTHER
};

/* What a request line says. `target` points into the buffer that was read. */
struct sapp_http_request {
    enum sapp_http_method method;
    const char *target; /* any bytes but space and LF; empty when there is none */
    size_t target_length;
    bool has_version; /* something follows the target */
};

enum sapp_http_progress {
    SAPP_HTTP_INCOMPLETE, /* the line has not ended yet */
    SAPP_HTTP_COMPLETE,
    SAPP_HTTP_TOO_LONG
};

/*
 * Looks for a request line in the `length` bytes that came so far, which the caller keeps in a buffer of `size`. Empty
 * lines before it are skipped (RFC 9112 section 2.2). `request` is filled when the line is complete.
 */
enum sapp_http_progress sapp_http_parse(const char *data, size_t length, size_t size,
                                        struct sapp_http_request *request);

/*
 * True when these bytes are a request to its end, an empty line, and announce no body (RFC 9112 section 6.3): a client
 * of HTTP/1.0 sends no more.
 */
bool sapp_http_is_whole(const char *data, size_t length);

/*
 * The length of the header at the beginning of a response, with the empty line that ends it: all of it where that line
 * is not among these bytes, 0 where they begin with no status line.
 */
size_t sapp_http_response_header(const char *data, size_t length);

/* True when the target is exactly `text`. */
bool sapp_http_target_is(const struct sapp_http_request *request, const char *text);

#endif
