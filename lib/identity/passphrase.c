/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "identity/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/ui.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Longer pass phrases are refused; libcrypto's own buffers have the same size. */
#define MAX_PASSPHRASE 1024

static bool keep(const char *option, const char *text, size_t length, struct sapp_secret *secret,
                 struct sapp_failure *failure)
{
    if (length >= MAX_PASSPHRASE)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "the pass phrase of -%s is longer than %d bytes", option,
                         MAX_PASSPHRASE - 1);
    secret->text = malloc(length + 1);
    if (secret->text == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory for the pass phrase of -%s", option);
    memcpy(secret->text, text, length);
    secret->text[length] = '\0';
    secret->length = length;
    return true;
}

/* Reads one byte; returns 1, or 0 at the end, or -1 with errno set. */
static int read_byte(int fd, char *byte)
{
    ssize_t got = 0;
    do {
        got = read(fd, byte, 1);
    } while (got < 0 && errno == EINTR);
    return got > 0 ? 1 : (int)got;
}

/*
 * Reads line number `line`, without its end, into a buffer of `size` bytes. One byte at a time, since what follows
 * belongs to somebody else. Returns 1, or 0 when there is no such line, or -1 with errno set.
 */
static int read_line(int fd, unsigned line, char *buffer, size_t size, size_t *length)
{
    *length = 0;
    bool seen = false;
    char byte = 0;
    int got = 0;
    while ((got = read_byte(fd, &byte)) == 1) {
        if (byte == '\n' && line == 0)
            break;
        seen = byte != '\n';
        if (byte == '\n')
            line--;
        else if (line == 0 && *length < size)
            buffer[(*length)++] = byte;
    }
    OPENSSL_cleanse(&byte, sizeof(byte));
    if (got <= 0 && (got < 0 || line > 0 || !seen))
        return got;
    return 1;
}

static bool read_fd(const char *option, const char *source, int fd, unsigned line, struct sapp_secret *secret,
                    struct sapp_failure *failure)
{
    char buffer[MAX_PASSPHRASE];
    size_t length = 0;
    const int got = read_line(fd, line, buffer, sizeof(buffer), &length);
    bool done = false;
    if (got < 0)
        sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot read the pass phrase of -%s from '%s': %s", option, source,
                  strerror(errno));
    else if (got == 0)
        sapp_fail(failure, SAPP_FAILURE_INPUT, "'%s' has no line %u with the pass phrase of -%s", source, line + 1,
                  option);
    else
        done = keep(option, buffer, strnlen(buffer, length), secret, failure); /* the original's ends at a NUL too */
    OPENSSL_cleanse(buffer, sizeof(buffer));
    return done;
}

static bool read_file(const char *option, const char *source, const char *name, unsigned line,
                      struct sapp_secret *secret, struct sapp_failure *failure)
{
    const int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "cannot open the pass phrase file '%s' of -%s: %s", name, option,
                         strerror(errno));
    const bool done = read_fd(option, source, fd, line, secret, failure);
    close(fd);
    return done;
}

static bool read_numbered_fd(const char *option, const char *source, const char *number, unsigned line,
                             struct sapp_secret *secret, struct sapp_failure *failure)
{
    char *end = NULL;
    errno = 0;
    const long fd = strtol(number, &end, 10);
    if (*number < '0' || *number > '9' || *end != '\0' || errno != 0 || fd > INT_MAX)
        return sapp_fail(failure, SAPP_FAILURE_INPUT,
                         "-%s expects the number of a file descriptor after 'fd:', not '%s'", option, number);
    return read_fd(option, source, (int)fd, line, secret, failure);
}

static bool read_environment(const char *option, const char *name, struct sapp_secret *secret,
                             struct sapp_failure *failure)
{
    const char *value = getenv(name);
    if (value == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "-%s names the environment variable '%s', which is not set",
                         option, name);
    return keep(option, value, strlen(value), secret, failure);
}

/* What follows `prefix` in `text`; NULL when it does not begin so. */
static const char *after(const char *text, const char *prefix)
{
    const size_t length = strlen(prefix);
    return strncmp(text, prefix, length) == 0 ? text + length : NULL;
}

bool sapp_passphrase_read(const char *option, const char *source, unsigned line, struct sapp_secret *secret,
                          struct sapp_failure *failure)
{
    *secret = (struct sapp_secret){0};
    const char *rest = NULL;
    if (source == NULL)
        return true;
    if ((rest = after(source, "pass:")) != NULL)
        return keep(option, rest, strlen(rest), secret, failure);
    if ((rest = after(source, "env:")) != NULL)
        return read_environment(option, rest, secret, failure);
    if ((rest = after(source, "file:")) != NULL)
        return read_file(option, source, rest, line, secret, failure);
    if ((rest = after(source, "fd:")) != NULL)
        return read_numbered_fd(option, source, rest, line, secret, failure);
    if (strcmp(source, "stdin") == 0)
        return read_fd(option, source, STDIN_FILENO, line, secret, failure);
    /* The value may be a pass phrase without its prefix, so it is not shown. */
    return sapp_fail(failure, SAPP_FAILURE_INPUT, "-%s expects pass:TEXT, env:NAME, file:NAME, fd:NUMBER or stdin",
                     option);
}

/* Asks at the terminal, into `buffer`. Returns the length, or -1. */
static int ask_terminal(char *buffer, int size, const struct sapp_passphrase_request *request)
{
    UI *ui = UI_new();
    char *prompt = ui != NULL ? UI_construct_prompt(ui, request->what, request->file) : NULL;
    int length = -1;
    if (prompt != NULL && UI_add_input_string(ui, prompt, UI_INPUT_FLAG_DEFAULT_PWD, buffer, 0, size - 1) >= 0 &&
        UI_process(ui) == 0)
        length = (int)strlen(buffer);
    OPENSSL_free(prompt);
    UI_free(ui);
    return length;
}

static void ask(const struct sapp_passphrase_request *request)
{
    char buffer[MAX_PASSPHRASE];
    struct sapp_failure failure = {0};
    const int length = ask_terminal(buffer, sizeof(buffer), request);
    if (length >= 0)
        (void)keep("pass", buffer, (size_t)length, request->typed, &failure);
    OPENSSL_cleanse(buffer, sizeof(buffer));
    sapp_failure_clear(&failure);
}

int sapp_passphrase_callback(char *buffer, int size, int writing, void *argument)
{
    struct sapp_passphrase_request *request = argument;
    (void)writing;
    const struct sapp_secret *secret = request->secret;
    if (secret == NULL || secret->text == NULL) {
        if (request->typed->text == NULL && !request->asked)
            ask(request);
        secret = request->typed;
    }
    request->asked = true;
    request->answered = secret->text != NULL && secret->length <= (size_t)size;
    if (!request->answered)
        return -1;
    memcpy(buffer, secret->text, secret->length);
    return (int)secret->length;
}

void sapp_secret_clear(struct sapp_secret *secret)
{
    if (secret->text != NULL)
        OPENSSL_cleanse(secret->text, secret->length);
    free(secret->text);
    *secret = (struct sapp_secret){0};
}
