/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_TEST_UNIT_TAP_H
#define SAPP_TEST_UNIT_TAP_H

#include <stdbool.h>
#include <stdio.h>

/* How many tests a program has run, for its plan, and how many of them failed. */
struct check {
    int count;
    int failed;
    const char *about; /* what stands before each test's sentence; NULL: nothing */
};

/* Counts one test and prints its line of TAP. */
static inline void ok(struct check *check, bool good, const char *what)
{
    check->count++;
    check->failed += good ? 0 : 1;
    printf("%sok %d - %s%s%s\n", good ? "" : "not ", check->count, check->about != NULL ? check->about : "",
           check->about != NULL ? ": " : "", what);
}

/* Prints the plan after the last test. Returns the program's exit status. */
static inline int finish(const struct check *check)
{
    printf("1..%d\n", check->count);
    return check->failed > 0 ? 1 : 0;
}

#endif
