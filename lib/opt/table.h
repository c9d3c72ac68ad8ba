/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_OPT_TABLE_H
#define SAPP_OPT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The form of the option tables. codegen/ writes the tables from opts/; lib/opt reads them. */

/* A word of an enumeration. */
struct sapp_word {
    const char *text;
    int value;
    bool available; /* in this build */
    bool hidden;    /* accepted but not listed */
};

enum sapp_base {
    SAPP_BASE_INT,
    SAPP_BASE_STRING, /* also files, directories, URIs */
    SAPP_BASE_ENUM,
    SAPP_BASE_HOST_PORT,
    SAPP_BASE_PORT,
    SAPP_BASE_HEX,
    SAPP_BASE_SECONDS, /* a decimal number with at most three places, stored in milliseconds */
    SAPP_BASE_TEXTS,   /* a list in one value */
    SAPP_BASE_NUMBERS
};

enum sapp_match {
    SAPP_MATCH_EXACT,
    SAPP_MATCH_NOCASE,
    SAPP_MATCH_INITIAL /* also the first letter alone; case does not matter */
};

/* A type of values; opts/types.yaml tells what each field means. */
struct sapp_type {
    const char *name;
    const char *expected; /* the end of "... expected " in messages */
    const struct sapp_word *words;
    int64_t min, max;           /* of a number, of a count of bytes or items; milliseconds for seconds */
    int64_t item_min, item_max; /* of the numbers in a list */
    uint16_t word_count;
    uint8_t base;
    uint8_t match;
    char separator;
    bool nonempty;
    bool bare_port; /* of an address: a word without a colon is the port, not the host */
};

/* How a field of the args struct is written. */
enum sapp_field {
    SAPP_FIELD_NONE,
    SAPP_FIELD_BOOL,
    SAPP_FIELD_INT, /* int, also enumerations */
    SAPP_FIELD_INT64,
    SAPP_FIELD_TEXT,      /* const char * */
    SAPP_FIELD_HOST_PORT, /* struct sapp_host_port; parts that are missing stay as they are */
    SAPP_FIELD_BYTES,
    SAPP_FIELD_TEXTS,
    SAPP_FIELD_NUMBERS
};

enum sapp_verb {
    SAPP_VERB_SET,    /* number into field */
    SAPP_VERB_STORE,  /* value into field */
    SAPP_VERB_APPEND, /* value to the end of a list field */
    SAPP_VERB_COUNT,  /* one more */
    SAPP_VERB_SSLCONF,
    SAPP_VERB_VERIFY_PARAM,
    SAPP_VERB_CALL
};

struct sapp_failure;

/*
 * A function that an option names with `call`. It runs when all checks are done and all values are stored, for each use
 * that counts, with the args struct of the option's group. It may refuse the line with sapp_fail() and kind usage.
 */
typedef bool (*sapp_call_fn)(void *group_args, struct sapp_failure *failure);

struct sapp_action {
    uint8_t verb;
    uint8_t field;
    bool after_user;
    uint8_t slot;
    uint16_t offset;       /* of the field, or of the group for a call, in the program's args struct */
    int64_t number;        /* the constant to set; the flag of SAPP_SLOT_FLAG */
    const char *name;      /* the SSL_CONF command, or the function's name */
    const char *text;      /* its constant value; NULL to take the option's value */
    sapp_call_fn function; /* SAPP_VERB_CALL */
};

enum sapp_repeat {
    SAPP_REPEAT_LAST,
    SAPP_REPEAT_APPEND,
    SAPP_REPEAT_COUNT,
    SAPP_REPEAT_ERROR
};

/* One logical option, whatever its spelling. */
struct sapp_option {
    const char *name;             /* the main spelling, without its dash */
    const struct sapp_type *type; /* NULL: a flag */
    const struct sapp_action *actions;
    const char *unavailable; /* why this build does not have it; NULL when it does */
    uint16_t given_offset;   /* of the bool NAME_given in the args struct; 0: none */
    uint8_t action_count;
    uint8_t repeat;
    bool secret;
    bool document;    /* asks for one document on standard output, also for a command line that is refused */
    bool positional;  /* an argument without a dash means this option */
    bool help;        /* ends parsing and asks for the help text */
    bool has_default; /* has a value although not given */
};

/* A spelling. The table is sorted as strcmp() would, with underscore and dash equal, since both may separate words. */
struct sapp_spelling {
    const char *text;
    uint16_t option;
};

enum sapp_relation_kind {
    SAPP_EXCLUSIVE_MEMBERS, /* no two of left */
    SAPP_EXCLUSIVE_BETWEEN, /* none of left with one of right */
    SAPP_REQUIRES_ALL,      /* one of left given: all of right have a value */
    SAPP_REQUIRES_ANY,
    SAPP_IMPLIES /* one of left given: right too */
};

struct sapp_relation {
    const char *id;
    const char *why;
    const uint16_t *left;
    const uint16_t *right;
    uint16_t left_count;
    uint16_t right_count;
    uint8_t kind;
    bool last_wins;
};

/* A field of the args struct, for sapp_explain(). */
struct sapp_field_info {
    const char *name;              /* group.field */
    const struct sapp_word *words; /* of an enumeration */
    uint16_t word_count;
    uint16_t offset;
    uint8_t field;
    bool secret;
    bool has_default; /* has a value although no option gives it */
};

/* A piece of a long text. */
struct sapp_part {
    const char *text;
    size_t length;
};

/* Everything about the command line of one program. */
struct sapp_program {
    const char *name;
    const struct sapp_part *help; /* the parts of what -help prints */
    const struct sapp_option *options;
    const struct sapp_spelling *spellings;
    const uint16_t *first; /* by the spelling's first byte, 0 to 128: the index of the first such spelling */
    const struct sapp_relation *relations;
    const struct sapp_field_info *fields;
    const void *defaults; /* an args struct with every default */
    size_t args_size;
    size_t conf_offset;         /* of struct sapp_settings conf */
    size_t verify_param_offset; /* of struct sapp_settings verify_param */
    uint16_t option_count;
    uint16_t spelling_count;
    uint16_t relation_count;
    uint16_t field_count;
    uint16_t help_count;
};

#endif
