/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "base/escape.h"
#include "facts/printable.h"
#include "verify/internal.h"

#include <openssl/x509v3.h>
#include <string.h>

/* What libcrypto has printed of a policy, of which `at` is not told yet. */
struct printed {
    BIO *out;
    const char *at;
    const char *end;
};

/*
 * Tells what comes before a text that the peer chose, and the text itself so that it stays on its line. libcrypto
 * prints it behind a title, and ends it at its first zero byte.
 */
static void tell_text(struct printed *printed, const char *title, const ASN1_STRING *text)
{
    if (text == NULL || ASN1_STRING_length(text) <= 0)
        return;
    const char *const bytes = (const char *)ASN1_STRING_get0_data(text);
    const size_t length = strnlen(bytes, (size_t)ASN1_STRING_length(text));
    const char *found = printed->at;
    while ((found = memmem(found, (size_t)(printed->end - found), title, strlen(title))) != NULL) {
        found += strlen(title);
        if ((size_t)(printed->end - found) < length || memcmp(found, bytes, length) != 0)
            continue;
        sapp_printable_write(printed->out, printed->at, (size_t)(found - printed->at));
        sapp_escape_controls(printed->out, bytes, length, "");
        printed->at = found + length;
        return;
    }
}

static void tell_notice(struct printed *printed, const USERNOTICE *notice)
{
    if (notice->noticeref != NULL)
        tell_text(printed, "Organization: ", notice->noticeref->organization);
    tell_text(printed, "Explicit Text: ", notice->exptext);
}

static void tell_qualifiers(struct printed *printed, const STACK_OF(POLICYQUALINFO) * qualifiers)
{
    for (int i = 0; i < sk_POLICYQUALINFO_num(qualifiers); i++) {
        const POLICYQUALINFO *const qualifier = sk_POLICYQUALINFO_value(qualifiers, i);
        switch (OBJ_obj2nid(qualifier->pqualid)) {
        case NID_id_qt_cps:
            tell_text(printed, "CPS: ", qualifier->d.cpsuri);
            break;
        case NID_id_qt_unotice:
            tell_notice(printed, qualifier->d.usernotice);
            break;
        default:
            break;
        }
    }
}

void sapp_verify_print_policy(BIO *out, X509_POLICY_NODE *node)
{
    char *text = NULL;
    BIO *const memory = BIO_new(BIO_s_mem());
    if (memory == NULL)
        return;
    X509_POLICY_NODE_print(memory, node, 2);
    const long length = BIO_get_mem_data(memory, &text);
    struct printed printed = {out, text, text + (length > 0 ? length : 0)};
    tell_qualifiers(&printed, X509_policy_node_get0_qualifiers(node));
    sapp_printable_write(out, printed.at, (size_t)(printed.end - printed.at));
    BIO_free(memory);
}
