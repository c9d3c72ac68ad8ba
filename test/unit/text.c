/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

/* Escaping of foreign text, and protocol lists. Prints TAP. */

#include "alpn/alpn.h"
#include "base/escape.h"
#include "base/report.h"
#include "net/raise.h"
#include "tap.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void (*escape_fn)(BIO *out, const void *text, size_t length);

static bool gives(escape_fn escape, const void *text, size_t length, const char *expected)
{
    BIO *out = BIO_new(BIO_s_mem());
    char *data = NULL;
    escape(out, text, length);
    const long size = BIO_get_mem_data(out, &data);
    const bool same = (size_t)size == strlen(expected) && (size == 0 || memcmp(data, expected, (size_t)size) == 0);
    if (!same)
        printf("# got '%.*s'\n", (int)size, data);
    BIO_free(out);
    return same;
}

#define IS(check, escape, text, expected, what) ok(check, gives(escape, text, sizeof(text) - 1, expected), what)

static void check_terminal(struct check *check)
{
    IS(check, sapp_escape_print, "", "", "terminal: nothing");
    IS(check, sapp_escape_print, "www.example ~!", "www.example ~!", "terminal: plain text stays");
    IS(check, sapp_escape_print, "a\033[2Jb", "a\\x1b[2Jb", "terminal: escape sequences");
    IS(check, sapp_escape_print, "a\0b\n", "a\\x00b\\x0a", "terminal: zero and newline");
    IS(check, sapp_escape_print, "\\x41", "\\x5cx41", "terminal: a backslash, so that nothing is ambiguous");
    IS(check, sapp_escape_print, "\x7f\x9b\xff", "\\x7f\\x9b\\xff", "terminal: delete and the upper half");
}

static void escape_line(BIO *out, const void *text, size_t length)
{
    sapp_escape_controls(out, text, length, "");
}

static void escape_lines(BIO *out, const void *text, size_t length)
{
    sapp_escape_controls(out, text, length, "\n");
}

static void check_controls(struct check *check)
{
    IS(check, escape_line, "", "", "line: nothing");
    IS(check, escape_line, "a\\b ~ \xc3\xa9\xe2\x82\xac", "a\\b ~ \xc3\xa9\xe2\x82\xac",
       "line: harmless text stays as it is");
    IS(check, escape_line, "a\n\tb\r\0\x1b\x7f", "a\\x0a\\x09b\\x0d\\x00\\x1b\\x7f", "line: control characters");
    IS(check, escape_line, "\x9b\xc2\x9b\xc3", "\\x9b\\xc2\\x9b\\xc3", "line: C1 and what is not UTF-8");
    IS(check, escape_lines, "a\nb\t\0", "a\nb\\x09\\x00", "lines: what is kept stays, and no more");
}

static void print_queue(BIO *out, const void *text, size_t length)
{
    (void)length;
    sapp_net_raise_lookup(text);
    sapp_report_errors(out);
}

/* The detail of an error is its last field, and the line ends behind it. */
static void check_errors(struct check *check)
{
    BIO *out = BIO_new(BIO_s_mem());
    char *data = NULL;
    print_queue(out, "a\nb\x1b", 0);
    const long size = BIO_get_mem_data(out, &data);
    const char end[] = ":a\\x0ab\\x1b\n";
    const size_t length = sizeof(end) - 1;
    ok(check, size > (long)length && memcmp(data + size - length, end, length) == 0,
       "an error's detail stays on its line");
    ok(check, ERR_peek_error() == 0, "and the queue is empty");
    BIO_free(out);
}

static void check_json(struct check *check)
{
    IS(check, sapp_escape_json, "", "\"\"", "JSON: nothing");
    IS(check, sapp_escape_json, "a\"\\b/", "\"a\\\"\\\\b/\"", "JSON: quote and backslash");
    IS(check, sapp_escape_json, "\b\f\n\r\t\0\x1f\x7f", "\"\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f\"",
       "JSON: control bytes");
    IS(check, sapp_escape_json, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"",
       "JSON: UTF-8 of two, three and four bytes");
    IS(check, sapp_escape_json, "\xc3", "\"\\ufffd\"", "JSON: a character that is cut off");
    IS(check, sapp_escape_json, "\xc0\xaf", "\"\\ufffd\\ufffd\"", "JSON: an overlong slash");
    IS(check, sapp_escape_json, "\xe0\x80\xaf", "\"\\ufffd\\ufffd\\ufffd\"", "JSON: a longer overlong slash");
    IS(check, sapp_escape_json, "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"", "JSON: a surrogate");
    IS(check, sapp_escape_json, "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"", "JSON: beyond Unicode");
}

static void check_html(struct check *check)
{
    IS(check, sapp_escape_html, "<a href=\"x\">'&'</a>", "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;",
       "HTML: the five characters");
    IS(check, sapp_escape_html, "a\0b\033",
       "a\xef\xbf\xbd"
       "b\xef\xbf\xbd",
       "HTML: control bytes");
    IS(check, sapp_escape_html, "\xc3\xa9\xff", "\xc3\xa9\xef\xbf\xbd", "HTML: UTF-8 and what is not");
}

/* Longer than the buffer inside, at each offset of a character. */
static void check_long(struct check *check)
{
    char text[2000];
    char expected[8001] = "";
    bool good = true;
    for (size_t length = 500; length < sizeof(text); length += 37) {
        memset(text, 1, length);
        for (size_t i = 0; i < length; i++)
            memcpy(expected + 4 * i, "\\x01", 5);
        good = good && gives(sapp_escape_print, text, length, expected);
    }
    ok(check, good, "long texts come out whole");
}

static bool parses(const char *const *names, size_t count, const char *expected, size_t length)
{
    const struct sapp_texts texts = {.items = names, .count = count};
    struct sapp_protocols result;
    struct sapp_failure failure = {0};
    const bool done = sapp_protocols_parse("alpn", &texts, &result, &failure);
    const bool same = done && result.length == length && memcmp(result.data, expected, length) == 0;
    const bool refused = !done && expected == NULL && failure.kind == SAPP_FAILURE_USAGE && result.data == NULL;
    sapp_failure_clear(&failure);
    free(result.data);
    return same || refused;
}

static void check_protocols(struct check *check)
{
    char longest[256];
    char longer[257];
    memset(longest, 'x', sizeof(longest));
    memset(longer, 'x', sizeof(longer));
    longest[255] = '\0';
    longer[256] = '\0';
    char wire[256];
    memset(wire, 'x', sizeof(wire));
    wire[0] = (char)255;
    ok(check, parses((const char *const[]){"h2", "http/1.1"}, 2, "\2h2\10http/1.1", 12), "protocols: two names");
    ok(check, parses((const char *const[]){longest}, 1, wire, 256), "protocols: the longest name");
    ok(check, parses((const char *const[]){longer}, 1, NULL, 0), "protocols: a longer one is refused");
    ok(check, parses((const char *const[]){"a", ""}, 2, NULL, 0), "protocols: an empty one is refused");
    ok(check, parses(NULL, 0, NULL, 0), "protocols: none is refused");
    const char *many[300];
    for (size_t i = 0; i < 300; i++)
        many[i] = longest;
    ok(check, parses(many, 300, NULL, 0), "protocols: too many bytes in all are refused");
}

int main(void)
{
    struct check check = {0};
    check_terminal(&check);
    check_controls(&check);
    check_errors(&check);
    check_json(&check);
    check_html(&check);
    check_long(&check);
    check_protocols(&check);
    return finish(&check);
}
