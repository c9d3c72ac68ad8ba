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
#include <string.h>
#include <sys/resource.h>
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

/* Returns 0 where there is room for all, or where the file system tells only while one writes; otherwise an errno. */
static int reserve(int fd, size_t length)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && length > limit.rlim_cur)
        return EFBIG;
    const int error = posix_fallocate(fd, 0, (off_t)length);
    return error == ENOSPC || error == EDQUOT || error == EFBIG ? error : 0;
}

/* What the file held is gone only when there is room for all of the new. Returns 0, or what errno told. */
static int replace_content(int fd, off_t old_length, bool is_ours, const char *data, size_t length)
{
    int error = reserve(fd, length);
    if (error == 0 && is_ours)
        (void)fchmod(fd, S_IRUSR | S_IWUSR); /* fails where another user owns the file, which keeps its mode */
    if (error == 0)
        error = write_all(fd, data, length);
    if (ftruncate(fd, error == 0 ? (off_t)length : old_length) != 0 && error == 0)
        error = errno;
    return error;
}

/* A name like /dev/stdout is that of a file which something else opened, and which holds more than the session. */
static bool names_descriptor(const char *path)
{
    static const char *const places[] = {"/dev/fd/", "/dev/std", "/proc/"};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (strncmp(path, places[i], strlen(places[i])) == 0)
            return true;
    }
    return false;
}

static int write_open(int fd, const char *path, const char *data, size_t length)
{
    struct stat status;
    if (fstat(fd, &status) != 0)
        return errno;
    if (!S_ISREG(status.st_mode))
        return write_all(fd, data, length);
    return replace_content(fd, status.st_size, !names_descriptor(path), data, length);
}

/* Every name of the file, be it a link, leads to the new content. Returns 0, or what errno told. */
static int write_file(const char *path, const char *data, size_t length)
{
    const int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
    int fd = open(path, flags | O_EXCL, S_IRUSR | S_IWUSR);
    const bool is_new = fd >= 0;
    if (!is_new)
        fd = open(path, flags, S_IRUSR | S_IWUSR);
    if (fd < 0)
        return errno;
    int error = write_open(fd, path, data, length);
    if (close(fd) != 0 && error == 0)
        error = errno;
    if (error != 0 && is_new)
        unlink(path);
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
        const int error = write_file(args->sess_out, data, (size_t)length);
        done = error == 0 || refuse(args, strerror(error), failure);
        OPENSSL_cleanse(data, (size_t)length);
    }
    BIO_free(bio);
    return done;
}
