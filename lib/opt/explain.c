/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/explain.h"

#include <inttypes.h>
#include <string.h>

#define MASK "***"

static void print_text(FILE *out, const char *text)
{
    if (text == NULL) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++) {
        const unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\')
            fprintf(out, "\\%c", byte);
        else if (byte < 0x20 || byte == 0x7f)
            fprintf(out, "\\u%04x", byte);
        else
            fputc(byte, out);
    }
    fputc('"', out);
}

static void print_texts(FILE *out, const struct sapp_texts *texts)
{
    fputc('[', out);
    for (size_t i = 0; i < texts->count; i++) {
        fputs(i > 0 ? "," : "", out);
        print_text(out, texts->items[i]);
    }
    fputc(']', out);
}

static void print_bytes(FILE *out, const struct sapp_bytes *bytes)
{
    if (bytes->data == NULL) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    for (size_t i = 0; i < bytes->length; i++)
        fprintf(out, "%02x", bytes->data[i]);
    fputc('"', out);
}

static void print_numbers(FILE *out, const struct sapp_numbers *numbers)
{
    fputc('[', out);
    for (size_t i = 0; i < numbers->count; i++)
        fprintf(out, "%s%" PRId64, i > 0 ? "," : "", numbers->items[i]);
    fputc(']', out);
}

static void print_address(FILE *out, const struct sapp_host_port *address)
{
    fputs("{\"host\":", out);
    print_text(out, address->host);
    fputs(",\"port\":", out);
    print_text(out, address->port);
    fputc('}', out);
}

static void print_int(FILE *out, const struct sapp_field_info *info, int number)
{
    for (size_t i = 0; i < info->word_count; i++) {
        if (info->words[i].available && info->words[i].value == number) {
            print_text(out, info->words[i].text);
            return;
        }
    }
    fprintf(out, "%d", number);
}

/* Whether an option of the line writes the field. */
static bool is_written(const struct sapp_parse *parse, const struct sapp_field_info *info)
{
    for (size_t i = 0; i < parse->occurrence_count; i++) {
        const struct sapp_option *option = &parse->program->options[parse->occurrences[i].option];
        for (size_t a = 0; a < option->action_count && !parse->occurrences[i].dropped; a++) {
            if (option->actions[a].field != SAPP_FIELD_NONE && option->actions[a].offset == info->offset)
                return true;
        }
    }
    return false;
}

/* An enumeration without a default has no word until an option gives one; its number would be that of the first. */
static bool has_no_word(const struct sapp_parse *parse, const struct sapp_field_info *info)
{
    return info->word_count > 0 && !info->has_default && !is_written(parse, info);
}

static void print_field(FILE *out, const struct sapp_field_info *info, const void *field)
{
    switch ((enum sapp_field)info->field) {
    case SAPP_FIELD_NONE:
        break;
    case SAPP_FIELD_BOOL:
        fputs(*(const bool *)field ? "true" : "false", out);
        break;
    case SAPP_FIELD_INT:
        print_int(out, info, *(const int *)field);
        break;
    case SAPP_FIELD_INT64:
        fprintf(out, "%" PRId64, *(const int64_t *)field);
        break;
    case SAPP_FIELD_TEXT:
        print_text(out, info->secret && *(const char *const *)field != NULL ? MASK : *(const char *const *)field);
        break;
    case SAPP_FIELD_HOST_PORT:
        print_address(out, field);
        break;
    case SAPP_FIELD_BYTES:
        if (info->secret && ((const struct sapp_bytes *)field)->data != NULL)
            print_text(out, MASK);
        else
            print_bytes(out, field);
        break;
    case SAPP_FIELD_TEXTS:
        print_texts(out, field);
        break;
    case SAPP_FIELD_NUMBERS:
        print_numbers(out, field);
        break;
    }
}

static size_t field_size(enum sapp_field kind)
{
    static const size_t sizes[] = {
        [SAPP_FIELD_BOOL] = sizeof(bool),
        [SAPP_FIELD_INT] = sizeof(int),
        [SAPP_FIELD_INT64] = sizeof(int64_t),
        [SAPP_FIELD_TEXT] = sizeof(const char *),
        [SAPP_FIELD_HOST_PORT] = sizeof(struct sapp_host_port),
        [SAPP_FIELD_BYTES] = sizeof(struct sapp_bytes),
        [SAPP_FIELD_TEXTS] = sizeof(struct sapp_texts),
        [SAPP_FIELD_NUMBERS] = sizeof(struct sapp_numbers),
    };
    return sizes[kind];
}

/* Whether the field was written; a text counts as written although it is the same as the default. */
static bool is_changed(const struct sapp_parse *parse, const struct sapp_field_info *info, const void *args)
{
    const struct sapp_program *program = parse->program;
    if (info->word_count > 0 && !info->has_default)
        return is_written(parse, info);
    return memcmp((const unsigned char *)args + info->offset, (const unsigned char *)program->defaults + info->offset,
                  field_size(info->field)) != 0;
}

static void print_fields(FILE *out, const struct sapp_parse *parse, const void *args, bool only_changed)
{
    const struct sapp_program *program = parse->program;
    const char *separator = "";
    fputs("\"fields\":{", out);
    for (size_t i = 0; i < program->field_count; i++) {
        const struct sapp_field_info *info = &program->fields[i];
        if (only_changed && !is_changed(parse, info, args))
            continue;
        fprintf(out, "%s\"%s\":", separator, info->name);
        if (has_no_word(parse, info))
            fputs("null", out);
        else
            print_field(out, info, (const unsigned char *)args + info->offset);
        separator = ",";
    }
    fputc('}', out);
}

static void print_settings(FILE *out, const char *name, const void *args, size_t offset)
{
    const struct sapp_settings *settings = (const void *)((const unsigned char *)args + offset);
    fprintf(out, "\"%s\":[", name);
    for (size_t i = 0; i < settings->count; i++) {
        const struct sapp_setting *setting = &settings->items[i];
        fprintf(out, "%s{\"option\":", i > 0 ? "," : "");
        print_text(out, setting->option);
        fputs(",\"name\":", out);
        print_text(out, setting->name);
        fprintf(out, ",\"slot\":%d,\"number\":%" PRId64 ",\"text\":", setting->slot, setting->number);
        print_text(out, setting->text);
        fprintf(out, ",\"after_user\":%s}", setting->after_user ? "true" : "false");
    }
    fputc(']', out);
}

/* The functions that options of the line call; nothing when there are none. */
static void print_calls(FILE *out, const struct sapp_parse *parse)
{
    bool any = false;
    for (size_t i = 0; i < parse->occurrence_count; i++) {
        const struct sapp_option *option = &parse->program->options[parse->occurrences[i].option];
        for (size_t a = 0; a < option->action_count && !parse->occurrences[i].dropped; a++) {
            if (option->actions[a].verb != SAPP_VERB_CALL)
                continue;
            fputs(any ? "," : ",\"calls\":[", out);
            print_text(out, option->actions[a].name);
            any = true;
        }
    }
    fputs(any ? "]" : "", out);
}

static void print_occurrences(FILE *out, const struct sapp_parse *parse)
{
    fputs("\"options\":[", out);
    for (size_t i = 0; i < parse->occurrence_count; i++) {
        const struct sapp_occurrence *occurrence = &parse->occurrences[i];
        const struct sapp_option *option = &parse->program->options[occurrence->option];
        fprintf(out, "%s{\"name\":", i > 0 ? "," : "");
        print_text(out, option->name);
        fputs(",\"spelling\":", out);
        print_text(out, occurrence->spelling);
        fputs(",\"value\":", out);
        print_text(out, option->secret ? MASK : occurrence->given);
        if (option->type != NULL && option->type->base == SAPP_BASE_ENUM)
            fprintf(out, ",\"number\":%" PRId64, occurrence->value.number);
        fprintf(out, ",\"implied\":%s,\"overruled\":%s}", occurrence->implied ? "true" : "false",
                occurrence->dropped ? "true" : "false");
    }
    fputs("]", out);
}

void sapp_explain(FILE *out, const struct sapp_parse *parse, const void *args, bool only_changed)
{
    fputs("{\"program\":", out);
    print_text(out, parse->program->name);
    if (parse->help_wanted) {
        fputs(",\"help\":true}\n", out);
        return;
    }
    fputc(',', out);
    print_occurrences(out, parse);
    fputc(',', out);
    print_fields(out, parse, args, only_changed);
    fputc(',', out);
    print_settings(out, "conf", args, parse->program->conf_offset);
    fputc(',', out);
    print_settings(out, "verify_param", args, parse->program->verify_param_offset);
    print_calls(out, parse);
    fputs("}\n", out);
}

void sapp_explain_failure(FILE *out, const struct sapp_program *program, const struct sapp_failure *failure)
{
    fputs("{\"program\":", out);
    print_text(out, program->name);
    fprintf(out, ",\"failure\":\"%s\",\"text\":", sapp_failure_name(failure->kind));
    print_text(out, failure->text);
    fputs(",\"hint\":", out);
    print_text(out, failure->hint);
    fputs("}\n", out);
}
