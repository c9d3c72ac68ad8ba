/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/release.h"

#include <openssl/crypto.h>

bool sapp_release_is_at_least(unsigned int major, unsigned int minor)
{
    const unsigned long number = OpenSSL_version_num();
    const unsigned long linked = number >> 20 & 0xfff;
    /* Up to 1.1.1 the nibbles are MNNFF, from 3.0 on MNN00; the first three say major and minor in both. */
    return linked >= ((unsigned long)(major & 0xf) << 8 | (minor & 0xff));
}
