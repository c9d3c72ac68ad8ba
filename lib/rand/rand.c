/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "rand/rand.h"

#include <errno.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

static bool load(const char *file, struct sapp_failure *failure)
{
    errno = 0;
    return RAND_load_file(file, -1) >= 0 ||
           sapp_fail(failure, SAPP_FAILURE_INPUT, "Can't load %s into RNG, as -rand asks: %s", file,
                     errno != 0 ? strerror(errno) : "it cannot be read");
}

/* Loads each file of a list that colons separate. */
static bool load_list(const char *list, struct sapp_failure *failure)
{
    bool done = true;
    while (done && *list != '\0') {
        const size_t length = strcspn(list, ":");
        char *file = strndup(list, length);
        done = file != NULL ? length == 0 || load(file, failure)
                            : sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory");
        free(file);
        list += length + (list[length] == ':');
    }
    return done;
}

bool sapp_rand_apply(const struct sapp_rand_args *args, struct sapp_failure *failure)
{
    for (size_t i = 0; i < args->rand.count; i++) {
        if (!load_list(args->rand.items[i], failure))
            return false;
    }
    return true;
}

bool sapp_rand_save(const struct sapp_rand_args *args, struct sapp_failure *failure)
{
    errno = 0;
    if (args->writerand == NULL || RAND_write_file(args->writerand) >= 0)
        return true;
    return sapp_fail(failure, SAPP_FAILURE_IO, "Cannot write random bytes to '%s', as -writerand asks: %s",
                     args->writerand, errno != 0 ? strerror(errno) : "it cannot be written");
}
