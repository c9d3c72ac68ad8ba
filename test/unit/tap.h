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
};

/* Counts one test and prints its line of TAP. */
static inline void ok(struct check *check, bool good, const char *what)
{
    check->count++;
    check->failed += good ? 0 : 1;
    printf("%sok %d - %s\n", good ? "" : "not ", check->count, what);
}

#endif
