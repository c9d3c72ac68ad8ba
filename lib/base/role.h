/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_BASE_ROLE_H
#define SAPP_BASE_ROLE_H

/* Which side of TLS a program is. */
enum sapp_role {
    SAPP_ROLE_CLIENT,
    SAPP_ROLE_SERVER
};

#endif
