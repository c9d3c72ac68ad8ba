/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

/* Command letters, line ends, and writing without waiting. Prints TAP. */

#include "relay/input.h"
#include "relay/sink.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool is_command(bool terminal, const char *text, size_t length)
{
    return sapp_input_is_command("QRkK", "c", terminal, (const unsigned char *)text, length);
}

static void test_commands(struct check *check)
{
    char bulk[4096];
    memset(bulk, 'R', sizeof(bulk));
    bulk[1] = '\n';
    ok(check, is_command(false, "Q", 1), "a letter alone");
    ok(check, is_command(false, "QUIT\r\n", 6), "a word that begins with it");
    ok(check, is_command(false, "R\nmore\n", 7), "a line before others");
    ok(check, !is_command(false, "q\n", 2), "another letter");
    ok(check, is_command(false, "c\n", 2), "a letter that must be alone");
    ok(check, is_command(true, "c\r\n", 3), "before CR LF too");
    ok(check, !is_command(true, "come\n", 5), "not at the beginning of a word");
    ok(check, !is_command(true, "c", 1), "and not without the end of its line");
    ok(check, !is_command(false, "", 0), "nothing");
    ok(check, !is_command(false, "\0", 1), "a NUL is not the end of the letters");
    ok(check, !is_command(false, "R\1\2\n", 4), "a line that no person types");
    ok(check, is_command(false, bulk, sizeof(bulk) - 1), "a read just below a page");
    ok(check, !is_command(false, bulk, sizeof(bulk)), "a read of a page");
    bulk[1] = 'R';
    ok(check, is_command(false, bulk, 80), "a line of 80 bytes");
    ok(check, !is_command(false, bulk, 81), "a line of 81 bytes");
    ok(check, is_command(true, bulk, 81), "at a terminal too");
    ok(check, !sapp_input_is_command(NULL, NULL, true, (const unsigned char *)"Q\n", 2), "without letters");
}

static void test_lines(struct check *check)
{
    unsigned char converted[16];
    const size_t length = sapp_input_to_crlf((const unsigned char *)"a\n\r\nb", 5, converted);
    ok(check, length == 7 && memcmp(converted, "a\r\n\r\r\nb", 7) == 0, "each LF gets a CR, as in the original");
    ok(check, sapp_input_line((const unsigned char *)"ab\ncd", 5) == 3, "a line with its end");
    ok(check, sapp_input_line((const unsigned char *)"abcd", 4) == 4, "a line without end");
}

/* Fills the sink and reports how much it took; never waits, or the test would hang. */
static size_t fill(const struct sapp_sink *sink)
{
    static const char block[65536];
    size_t total = 0;
    ptrdiff_t written;
    while ((written = sapp_sink_write(sink, block, sizeof(block))) > 0)
        total += (size_t)written;
    return written == 0 ? total : 0;
}

static void test_sink(struct check *check, int out, int in, const char *what)
{
    struct sapp_sink sink;
    char byte;
    sapp_sink_open(&sink, out);
    ok(check, fill(&sink) > 0, what);
    ok(check, (fcntl(out, F_GETFL) & O_NONBLOCK) == 0, "the flags of the descriptor stay");
    ok(check, read(in, &byte, 1) == 1, "what was written can be read");
    close(in);
    ok(check, sapp_sink_write(&sink, "x", 1) == -1 && (errno == EPIPE || errno == ECONNRESET), "the reader has gone");
    sapp_sink_close(&sink);
    close(out);
}

static void test_sinks(struct check *check)
{
    int ends[2];
    struct sapp_sink sink;
    if (pipe(ends) == 0)
        test_sink(check, ends[1], ends[0], "a full pipe does not block");
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0)
        test_sink(check, ends[1], ends[0], "a full socket does not block");
    if (pipe(ends) == 0) {
        sink = (struct sapp_sink){.kind = SAPP_SINK_SHARED, .fd = ends[1]};
        ok(check, fill(&sink) > 0, "a full pipe that cannot be opened again does not block");
        close(ends[0]);
        close(ends[1]);
    }
    const int full = open("/dev/full", O_WRONLY);
    sapp_sink_open(&sink, full);
    ok(check, sapp_sink_write(&sink, "x", 1) == -1 && errno == ENOSPC, "a full disk is an error");
    sapp_sink_close(&sink);
    close(full);
}

int main(void)
{
    struct check check = {0};
    (void)signal(SIGPIPE, SIG_IGN);
    test_commands(&check);
    test_lines(&check);
    test_sinks(&check);
    return finish(&check);
}
