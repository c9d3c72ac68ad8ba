/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool sapp_session_load(const struct sapp_session_args *args, SSL_SESSION **session, struct sapp_failure *failure)
{
    *session = NULL;
    if (args->sess_in == NULL)
        return true;
    BIO *bio = BIO_new_file(args->sess_in, "r");
    if (bio == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INPUT, "Can't open session file %s of -sess_in: %s", args->sess_in,
                         strerror(errno));
    errno = 0;
    *session = PEM_read_bio_SSL_SESSION(bio, NULL, NULL, NULL);
    const char *const cause = errno == EISDIR ? "it is a directory" : "it holds no session in PEM";
    BIO_free(bio);
    return *session != NULL ||
           sapp_fail(failure, SAPP_FAILURE_INPUT, "Can't open session file %s of -sess_in: %s", args->sess_in, cause);
}

static bool refuse(const struct sapp_session_args *args, const char *cause, struct sapp_failure *failure)
{
    return sapp_fail(failure, SAPP_FAILURE_IO, "Error writing session file %s of -sess_out: %s", args->sess_out, cause);
}

/* Returns 0, or what errno told. */
static int write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        const ssize_t sent = write(fd, data, length);
        if (sent < 0 && errno != EINTR)
            return errno;
        if (sent > 0) {
            data += sent;
            length -= (size_t)sent;
        }
    }
    return 0;
}

/* Writes to a device, a pipe, or a file whose directory takes no new ones. Returns 0 or an errno. */
static int write_directly(const char *path, const char *data, size_t length)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return errno;
    int error = write_all(fd, data, length);
    if (close(fd) != 0 && error == 0)
        error = errno;
    return error;
}

/* Writes a new file beside `path`, whose name is `temporary`, and moves it there. Returns 0 or an errno. */
static int write_and_move(const char *path, char *temporary, const char *data, size_t length)
{
    const int fd = mkstemp(temporary); /* of mode 0600 */
    if (fd < 0)
        return errno;
    int error = write_all(fd, data, length);
    if (close(fd) != 0 && error == 0)
        error = errno;
    if (error == 0 && rename(temporary, path) != 0)
        error = errno;
    if (error != 0)
        unlink(temporary);
    return error;
}

/* Returns 0 or an errno. A symbolic link stays one, and what it leads to is replaced. */
static int replace_file(const char *path, const char *data, size_t length)
{
    static const char suffix[] = ".XXXXXX";
    struct stat status;
    /* Behind a name like /dev/stdout may be a file that is open elsewhere and must stay the same. */
    const bool special = strncmp(path, "/dev/", strlen("/dev/")) == 0 || strncmp(path, "/proc/", strlen("/proc/")) == 0;
    if (special || (stat(path, &status) == 0 && !S_ISREG(status.st_mode)))
        return write_directly(path, data, length);
    char *real = realpath(path, NULL);
    const char *target = real != NULL ? real : path;
    const size_t size = strlen(target);
    char *temporary = malloc(size + sizeof(suffix));
    int error = temporary != NULL ? 0 : ENOMEM;
    if (error == 0) {
        memcpy(temporary, target, size); /* NOLINT(bugprone-not-null-terminated-result): the suffix ends it */
        memcpy(temporary + size, suffix, sizeof(suffix));
        error = write_and_move(target, temporary, data, length);
        if (error == EACCES || error == EPERM || error == EROFS)
            error = write_directly(target, data, length);
    }
    free(temporary);
    free(real);
    return error;
}

bool sapp_session_save(const struct sapp_session_args *args, const SSL_SESSION *session, struct sapp_failure *failure)
{
    if (args->sess_out == NULL)
        return true;
    BIO *bio = BIO_new(BIO_s_mem());
    char *data = NULL;
    bool done = false;
    /* Releases before 3.0 want a session that is not const, and only read it. */
    if (bio == NULL || PEM_write_bio_SSL_SESSION(bio, (SSL_SESSION *)session) != 1) {
        refuse(args, "libssl cannot encode the session", failure);
    } else {
        const long length = BIO_get_mem_data(bio, &data);
        const int error = replace_file(args->sess_out, data, (size_t)length);
        done = error == 0 || refuse(args, strerror(error), failure);
        OPENSSL_cleanse(data, (size_t)length);
    }
    BIO_free(bio);
    return done;
}
