/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "s_apps/s_apps.h"

#include <stdio.h>

int sapp_finish_output(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    perror("s_apps: standard output");
    return 1;
}
