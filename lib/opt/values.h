/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_OPT_VALUES_H
#define SAPP_OPT_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The C types of the fields in generated args structs. All memory belongs to the parse that filled the struct. */

/* An address. Each part is NULL when neither the command line nor the default gives it; a host has no brackets. */
struct sapp_host_port {
    const char *host;
    const char *port;
};

/* Texts in the order in which they were given. */
struct sapp_texts {
    const char *const *items;
    size_t count;
    size_t room; /* of a list that the parser appends to */
};

/* Bytes, from hexadecimal digits. */
struct sapp_bytes {
    const unsigned char *data;
    size_t length;
};

/* Numbers, from a list. */
struct sapp_numbers {
    const int64_t *items;
    size_t count;
};

/* One command for SSL_CONF_cmd(3), or one setting for X509_VERIFY_PARAM. */
struct sapp_setting {
    const char *option; /* the spelling that was used, without its dash */
    const char *name;   /* the SSL_CONF command, with its dash; NULL for a setting of X509_VERIFY_PARAM */
    int slot;           /* enum sapp_verify_slot, where name is NULL */
    int64_t number;     /* slot's number, flag or time */
    const char *text;   /* the value; NULL for a command without one */
    bool after_user;    /* to run after the user's commands and -ssl_config */
};

/* Settings in the order of the command line. */
struct sapp_settings {
    const struct sapp_setting *items;
    size_t count;
    size_t room; /* for the parser, which appends */
};

/* The settings of X509_VERIFY_PARAM that an option can give. */
enum sapp_verify_slot {
    SAPP_SLOT_DEPTH,
    SAPP_SLOT_AUTH_LEVEL,
    SAPP_SLOT_PURPOSE,
    SAPP_SLOT_NAME,
    SAPP_SLOT_POLICY,
    SAPP_SLOT_TIME,
    SAPP_SLOT_HOST,
    SAPP_SLOT_EMAIL,
    SAPP_SLOT_IP,
    SAPP_SLOT_FLAG
};

/* Formats of certificate and key files; SAPP_FORMAT_ANY lets the content decide. */
enum sapp_format {
    SAPP_FORMAT_ANY = 0,
    SAPP_FORMAT_PEM,
    SAPP_FORMAT_DER,
    SAPP_FORMAT_P12,
    SAPP_FORMAT_ENGINE
};

#endif
