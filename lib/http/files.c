/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "http/files.h"

#include "args/features.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#if SAPP_HAVE_OPENAT2
#include <linux/openat2.h>
#include <sys/syscall.h>
#endif

static const int open_flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

static enum sapp_file_status check_component(const char *component, size_t length)
{
    if (length == 0)
        return SAPP_FILE_BAD_NAME;
    if (length == 2 && component[0] == '.' && component[1] == '.')
        return SAPP_FILE_UPWARD;
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)component[i] < 0x20 || component[i] == 0x7f)
            return SAPP_FILE_BAD_NAME;
        if (component[i] == ':')
            return SAPP_FILE_UPWARD;
    }
    return SAPP_FILE_OPEN;
}

static enum sapp_file_status check_name(const char *name, size_t length)
{
    if (length == 0)
        return SAPP_FILE_MISSING;
    if (length >= PATH_MAX)
        return SAPP_FILE_BAD_NAME;
    size_t begin = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && name[i] != '/')
            continue;
        const enum sapp_file_status status = check_component(name + begin, i - begin);
        if (status != SAPP_FILE_OPEN)
            return status;
        begin = i + 1;
    }
    return SAPP_FILE_OPEN;
}

/* Opens one component after the other, so that none can be a link. */
static int open_by_components(char *path)
{
    int folder = AT_FDCWD;
    for (;;) {
        char *const slash = strchr(path, '/');
        if (slash != NULL)
            *slash = '\0';
        const int fd = openat(folder, path, open_flags | O_NOFOLLOW | (slash != NULL ? O_DIRECTORY : 0));
        const int saved_errno = errno;
        if (folder != AT_FDCWD)
            close(folder);
        errno = saved_errno;
        if (fd < 0 || slash == NULL)
            return fd;
        folder = fd;
        path = slash + 1;
    }
}

static int open_beneath(char *path)
{
#if SAPP_HAVE_OPENAT2
    const struct open_how how = {.flags = (unsigned int)open_flags, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    /* The kernel's name of the call: a libc older than the kernel has none of its own. */
    const long fd = syscall(__NR_openat2, AT_FDCWD, path, &how, sizeof(how));
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM && errno != EAGAIN))
        return (int)fd;
#endif
    return open_by_components(path);
}

static enum sapp_file_status explain_errno(void)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return SAPP_FILE_MISSING;
    case EXDEV: /* a link leads out */
    case ELOOP:
        return SAPP_FILE_OUTSIDE;
    case EACCES:
    case EPERM:
    case ENXIO: /* a socket */
    case ENODEV:
        return SAPP_FILE_FORBIDDEN;
    default:
        return SAPP_FILE_ERROR;
    }
}

enum sapp_file_status sapp_file_open(const char *name, size_t length, int *fd)
{
    char path[PATH_MAX];
    struct stat about;
    enum sapp_file_status status = check_name(name, length);
    if (status != SAPP_FILE_OPEN)
        return status;
    memcpy(path, name, length);
    path[length] = '\0';
    *fd = open_beneath(path);
    if (*fd < 0)
        return explain_errno();
    if (fstat(*fd, &about) != 0)
        status = SAPP_FILE_ERROR;
    else if (S_ISDIR(about.st_mode))
        status = SAPP_FILE_DIRECTORY;
    else if (!S_ISREG(about.st_mode))
        status = SAPP_FILE_FORBIDDEN;
    if (status != SAPP_FILE_OPEN) {
        close(*fd);
        *fd = -1;
    }
    return status;
}

static bool ends_with(const char *name, size_t length, const char *ending)
{
    const size_t ending_length = strlen(ending);
    return length > ending_length && strncasecmp(name + length - ending_length, ending, ending_length) == 0;
}

const char *sapp_file_type(const char *name, size_t length)
{
    if (ends_with(name, length, ".html") || ends_with(name, length, ".htm") || ends_with(name, length, ".php"))
        return "text/html";
    return "text/plain";
}
