/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "facts/nameopt.h"

#include "base/escape.h"
#include "base/release.h"
#include "facts/facts.h"

#include <openssl/asn1.h>
#include <openssl/crypto.h>
#include <string.h>
#include <strings.h>

struct word {
    const char *text;
    unsigned long set;
    unsigned long cleared; /* before: the bits that it is an alternative of */
};

static const struct word words[] = {
    {"esc_2253", ASN1_STRFLGS_ESC_2253, 0},
    {"esc_2254", ASN1_STRFLGS_ESC_2254, 0},
    {"esc_ctrl", ASN1_STRFLGS_ESC_CTRL, 0},
    {"esc_msb", ASN1_STRFLGS_ESC_MSB, 0},
    {"use_quote", ASN1_STRFLGS_ESC_QUOTE, 0},
    {"utf8", ASN1_STRFLGS_UTF8_CONVERT, 0},
    {"ignore_type", ASN1_STRFLGS_IGNORE_TYPE, 0},
    {"show_type", ASN1_STRFLGS_SHOW_TYPE, 0},
    {"dump_all", ASN1_STRFLGS_DUMP_ALL, 0},
    {"dump_nostr", ASN1_STRFLGS_DUMP_UNKNOWN, 0},
    {"dump_der", ASN1_STRFLGS_DUMP_DER, 0},
    {"compat", XN_FLAG_COMPAT, 0xffffffffUL},
    {"sep_comma_plus", XN_FLAG_SEP_COMMA_PLUS, XN_FLAG_SEP_MASK},
    {"sep_comma_plus_space", XN_FLAG_SEP_CPLUS_SPC, XN_FLAG_SEP_MASK},
    {"sep_semi_plus_space", XN_FLAG_SEP_SPLUS_SPC, XN_FLAG_SEP_MASK},
    {"sep_multiline", XN_FLAG_SEP_MULTILINE, XN_FLAG_SEP_MASK},
    {"dn_rev", XN_FLAG_DN_REV, 0},
    {"nofname", XN_FLAG_FN_NONE, XN_FLAG_FN_MASK},
    {"sname", XN_FLAG_FN_SN, XN_FLAG_FN_MASK},
    {"lname", XN_FLAG_FN_LN, XN_FLAG_FN_MASK},
    {"align", XN_FLAG_FN_ALIGN, 0},
    {"oid", XN_FLAG_FN_OID, XN_FLAG_FN_MASK},
    {"space_eq", XN_FLAG_SPC_EQ, 0},
    {"dump_unknown", XN_FLAG_DUMP_UNKNOWN_FIELDS, 0},
    {"RFC2253", XN_FLAG_RFC2253, 0xffffffffUL},
    {"oneline", XN_FLAG_ONELINE, 0xffffffffUL},
    {"multiline", XN_FLAG_MULTILINE, 0xffffffffUL},
    {"ca_default", XN_FLAG_MULTILINE, 0xffffffffUL},
};

static const struct word *find_word(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strlen(words[i].text) == length && strncasecmp(words[i].text, text, length) == 0)
            return &words[i];
    }
    return NULL;
}

static bool apply_word(const char *text, size_t length, unsigned long *flags)
{
    const bool off = text[0] == '-';
    const size_t sign = off || text[0] == '+' ? 1 : 0;
    const struct word *word = find_word(text + sign, length - sign);
    if (word == NULL)
        return false;
    *flags &= ~word->cleared;
    *flags = off ? *flags & ~word->set : *flags | word->set;
    return true;
}

static bool apply_value(const char *value, unsigned long *flags, struct sapp_failure *failure)
{
    static const char spaces[] = " \t";
    while (*value != '\0') {
        const size_t whole = strcspn(value, ",");
        const char *word = value + strspn(value, spaces);
        size_t length = word < value + whole ? whole - (size_t)(word - value) : 0;
        while (length > 0 && strchr(spaces, word[length - 1]) != NULL)
            length--;
        if (length > 0 && !apply_word(word, length, flags))
            return sapp_fail(failure, SAPP_FAILURE_USAGE,
                             "-nameopt: '%.*s' is none of the words of openssl-namedisplay-options(1)", (int)length,
                             word);
        value += whole + (value[whole] == ',' ? 1 : 0);
    }
    return true;
}

bool sapp_nameopt_parse(const struct sapp_texts *values, unsigned long *flags, struct sapp_failure *failure)
{
    const unsigned long utf8 = ASN1_STRFLGS_UTF8_CONVERT | XN_FLAG_SEP_CPLUS_SPC;
    *flags = sapp_release_is_at_least(3, 2) ? utf8 : XN_FLAG_ONELINE;
    if (values->count == 0)
        return true;
    *flags = 0;
    for (size_t i = 0; i < values->count; i++) {
        if (!apply_value(values->items[i], flags, failure))
            return false;
    }
    if (*flags != XN_FLAG_COMPAT && (*flags & XN_FLAG_SEP_MASK) == 0)
        *flags |= XN_FLAG_SEP_CPLUS_SPC;
    return true;
}

static bool has_lines(unsigned long flags)
{
    return (flags & XN_FLAG_SEP_MASK) == XN_FLAG_SEP_MULTILINE;
}

/*
 * A name on several lines has its control characters escaped by libcrypto, which can tell its own line ends. Elsewhere
 * that is left to us, since libcrypto would double each backslash as well.
 */
static void print_indented(BIO *out, const X509_NAME *name, int indent, unsigned long flags)
{
    const bool lines = has_lines(flags);
    char *text = NULL;
    BIO *memory = BIO_new(BIO_s_mem());
    if (memory == NULL)
        return;
    (void)X509_NAME_print_ex(memory, name, indent, lines ? flags | ASN1_STRFLGS_ESC_CTRL : flags);
    const long length = BIO_get_mem_data(memory, &text);
    if (length > 0)
        sapp_escape_controls(out, text, (size_t)length, lines ? "\n" : "");
    BIO_free(memory);
}

void sapp_name_print(BIO *out, const X509_NAME *name, unsigned long flags)
{
    print_indented(out, name, 0, flags);
}

void sapp_name_print_titled(BIO *out, const char *title, const X509_NAME *name, unsigned long flags)
{
    (void)BIO_puts(out, title);
    if (flags == XN_FLAG_COMPAT) {
        char *line = X509_NAME_oneline(name, NULL, 0);
        (void)BIO_puts(out, line != NULL ? line : "");
        OPENSSL_free(line);
    } else if (has_lines(flags)) {
        (void)BIO_puts(out, "\n");
        print_indented(out, name, 4, flags);
    } else {
        print_indented(out, name, 0, flags);
    }
    /* 1.1.1 left a line empty after each. */
    (void)BIO_puts(out, sapp_release_is_at_least(3, 0) ? "\n" : "\n\n");
}
