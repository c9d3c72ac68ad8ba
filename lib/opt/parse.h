/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_OPT_PARSE_H
#define SAPP_OPT_PARSE_H

#include "base/arena.h"
#include "base/failure.h"
#include "opt/table.h"
#include "opt/values.h"

/* A value after conversion; which member holds it follows from the base of its type. */
struct sapp_value {
    const char *text;
    int64_t number; /* also of an enumeration; milliseconds */
    struct sapp_host_port address;
    const void *items; /* bytes, texts or numbers */
    size_t count;
};

/* One option as it stood on the command line. */
struct sapp_occurrence {
    const char *spelling; /* without its dash; the main name for an argument without a dash */
    char *given;          /* the value in argv; NULL for a flag */
    struct sapp_value value;
    uint16_t option;
    bool positional; /* given without a dash */
    bool dropped;    /* overruled by another */
    bool implied;    /* not written, but follows from another */
};

/* A parsed command line. A zeroed struct is empty; sapp_parse_free() ends it, also after a failure. */
struct sapp_parse {
    struct sapp_arena arena;
    const struct sapp_program *program;
    struct sapp_occurrence *occurrences;
    size_t occurrence_count;
    size_t occurrence_room;
    uint32_t *given; /* by option: how often it counts */
    bool help_wanted;
    bool document_wanted; /* an option of the line asks for a document; also when the line was refused before it */
};

/*
 * Reads a command line (argv[0] is the program's name), checks it against every fact of the table, and fills `args`,
 * the args struct of `program`. Nothing but memory is touched. Secret values are wiped from argv. `siblings` are all
 * programs whose options may be named in a suggestion. On failure (kind usage), `failure` tells why, `args` is not to
 * be read, and false is returned. When -help was given, help_wanted is true and the rest of the line was not read.
 */
bool sapp_parse_line(struct sapp_parse *parse, const struct sapp_program *program,
                     const struct sapp_program *const *siblings, size_t sibling_count, int argc, char **argv,
                     void *args, struct sapp_failure *failure);

/* Frees what the parse and its args struct own. */
void sapp_parse_free(struct sapp_parse *parse);

#endif
