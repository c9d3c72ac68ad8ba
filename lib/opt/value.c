/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/internal.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const struct sapp_option *option_of(const struct sapp_parse *parse, const struct sapp_occurrence *occurrence)
{
    return &parse->program->options[occurrence->option];
}

static bool out_of_memory(struct sapp_failure *failure)
{
    return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory while reading the command line");
}

static bool refuse_value(const struct sapp_occurrence *occurrence, const char *expected, struct sapp_failure *failure)
{
    return sapp_fail(failure, SAPP_FAILURE_USAGE, "Invalid value \"%s\" for option -%s: expected %s", occurrence->given,
                     occurrence->spelling, expected);
}

/* The one wording for a value that is not what the type asks for. A secret is not repeated. */
static bool refuse(const struct sapp_parse *parse, const struct sapp_occurrence *occurrence,
                   struct sapp_failure *failure)
{
    const struct sapp_option *option = option_of(parse, occurrence);
    const char *expected = option->type->expected;
    if (option->secret)
        return sapp_fail(failure, SAPP_FAILURE_USAGE, "Invalid value for option -%s: expected %s", occurrence->spelling,
                         expected);
    return refuse_value(occurrence, expected, failure);
}

/* Reads digits up to `end`; false when there are none, or when the number does not fit. */
static bool read_digits(const char *text, const char *end, int64_t *number)
{
    if (text == end)
        return false;
    int64_t result = 0;
    for (; text < end; text++) {
        if (!isdigit((unsigned char)*text))
            return false;
        if (__builtin_mul_overflow(result, 10, &result) || __builtin_sub_overflow(result, *text - '0', &result))
            return false;
    }
    *number = result; /* negative, because INT64_MIN has no positive twin */
    return true;
}

static bool read_number(const char *text, const char *end, int64_t *number)
{
    const bool negative = *text == '-';
    if (!read_digits(text + (negative || *text == '+'), end, number))
        return false;
    if (negative)
        return true;
    return !__builtin_sub_overflow((int64_t)0, *number, number);
}

static bool in_range(const struct sapp_type *type, int64_t number)
{
    return number >= type->min && number <= type->max;
}

static bool convert_int(const struct sapp_type *type, const char *text, struct sapp_value *value)
{
    return read_number(text, text + strlen(text), &value->number) && in_range(type, value->number);
}

/* Seconds with at most three decimal places become milliseconds. */
static bool convert_seconds(const struct sapp_type *type, const char *text, struct sapp_value *value)
{
    static const int64_t scale[] = {100, 10, 1};
    const size_t whole = strcspn(text, ".");
    const size_t places = text[whole] == '.' ? strlen(text + whole + 1) : 0;
    int64_t fraction = 0;
    if (places > 3 || (text[whole] == '.' && places == 0) || !isdigit((unsigned char)*text))
        return false;
    if (places > 0 && (!isdigit((unsigned char)text[whole + 1]) ||
                       !read_number(text + whole + 1, text + whole + 1 + places, &fraction)))
        return false;
    if (places > 0)
        fraction *= scale[places - 1];
    if (!read_number(text, text + whole, &value->number) || __builtin_mul_overflow(value->number, 1000, &value->number))
        return false;
    return !__builtin_add_overflow(value->number, fraction, &value->number) && in_range(type, value->number);
}

static bool word_matches(const struct sapp_type *type, const char *word, const char *text)
{
    if (type->match == SAPP_MATCH_EXACT)
        return strcmp(word, text) == 0;
    if (strcasecmp(word, text) == 0)
        return true;
    return type->match == SAPP_MATCH_INITIAL && text[0] != '\0' && text[1] == '\0' &&
           tolower((unsigned char)text[0]) == tolower((unsigned char)word[0]);
}

static bool convert_enum(const struct sapp_type *type, const char *text, struct sapp_value *value)
{
    for (size_t i = 0; i < type->word_count; i++) {
        if (type->words[i].available && word_matches(type, type->words[i].text, text)) {
            value->number = type->words[i].value;
            value->text = type->words[i].text;
            return true;
        }
    }
    return false;
}

struct span {
    const char *text;
    size_t length;
};

/*
 * The name of a service has a letter (RFC 6335 section 5.1), and nothing that ends a name in services(5). Whether there
 * is such a service is for the lookup to say.
 */
static bool is_service_name(struct span name)
{
    bool letter = false;
    for (size_t i = 0; i < name.length; i++) {
        const unsigned char byte = (unsigned char)name.text[i];
        if (byte <= ' ' || byte == '#' || byte == 0x7f)
            return false;
        letter |= isalpha(byte) || byte > 0x7f;
    }
    return letter;
}

/* A number from 0 to 65535 is left without what the lookup would skip, and a larger one would come round to 0 there. */
static bool check_port(struct span *port)
{
    const char *const end = port->text + port->length;
    const char *digits = port->text;
    int64_t number = 0;
    while (digits < end && isspace((unsigned char)*digits))
        digits++;
    digits += digits < end && *digits == '+';
    if (!read_digits(digits, end, &number))
        return is_service_name(*port);
    while (digits + 1 < end && *digits == '0')
        digits++;
    *port = (struct span){digits, (size_t)(end - digits)};
    return number >= -65535; /* read_digits() gives negative numbers */
}

/* Splits host:port, [address]:port, host, :port; more than one colon needs brackets (RFC 3986 section 3.2.2). */
static bool split_address(const char *text, bool bare_port, struct span *host, struct span *port)
{
    const char *colon = strchr(text, ':');
    if (*text == '[') {
        const char *close = strchr(text, ']');
        if (close == NULL || close == text + 1 || (close[1] != '\0' && close[1] != ':'))
            return false;
        *host = (struct span){text + 1, (size_t)(close - text - 1)};
        colon = close[1] == ':' ? close + 1 : NULL;
    } else if (colon != NULL) {
        *host = (struct span){text, (size_t)(colon - text)};
    } else {
        *(bare_port ? port : host) = (struct span){text, strlen(text)};
    }
    if (colon == NULL)
        return *text != '\0';
    *port = (struct span){colon + 1, strlen(colon + 1)};
    return strchr(colon + 1, ':') == NULL;
}

/* An empty part and "*" mean "not given", so that the default holds. */
static bool is_open(struct span part)
{
    return part.length == 0 || (part.length == 1 && *part.text == '*');
}

/* False when memory is short. */
static bool copy_part(struct sapp_arena *arena, struct span part, const char **copy)
{
    if (is_open(part))
        return true;
    *copy = sapp_arena_copy(arena, part.text, part.length);
    return *copy != NULL;
}

static bool convert_address(struct sapp_arena *arena, const struct sapp_type *type, const char *text,
                            struct sapp_value *value)
{
    struct span host = {NULL, 0};
    struct span port = {NULL, 0};
    return split_address(text, type->bare_port, &host, &port) && (is_open(port) || check_port(&port)) &&
           copy_part(arena, host, &value->address.host) && copy_part(arena, port, &value->address.port);
}

static bool convert_port(struct sapp_arena *arena, const char *text, struct sapp_value *value)
{
    struct span port = {text, strlen(text)};
    return check_port(&port) && copy_part(arena, port, &value->text);
}

static int hex_digit(char character)
{
    if (isdigit((unsigned char)character))
        return character - '0';
    const int lower = tolower((unsigned char)character);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool convert_hex(struct sapp_arena *arena, const struct sapp_type *type, const char *text,
                        struct sapp_value *value)
{
    const size_t digits = strlen(text);
    const size_t count = (digits + 1) / 2;
    const size_t odd = digits % 2;
    if (!in_range(type, (int64_t)count))
        return false;
    unsigned char *bytes = sapp_arena_alloc(arena, count + 1);
    if (bytes == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const int high = odd != 0 && i == 0 ? 0 : hex_digit(text[2 * i - odd]);
        const int low = hex_digit(text[2 * i + 1 - odd]);
        if (high < 0 || low < 0)
            return false;
        bytes[i] = (unsigned char)(high << 4 | low);
    }
    value->items = bytes;
    value->count = count;
    return true;
}

static size_t count_items(const char *text, char separator)
{
    size_t count = 1;
    for (; *text != '\0'; text++)
        count += *text == separator;
    return count;
}

/* An item without a character is none: scripts write "h2," and ",h2". */
static bool convert_texts(struct sapp_arena *arena, const struct sapp_type *type, const char *text,
                          struct sapp_value *value)
{
    const size_t most = count_items(text, type->separator);
    const char **items = sapp_arena_alloc(arena, most * sizeof(*items));
    size_t count = 0;
    if (items == NULL)
        return false;
    for (size_t i = 0; i < most; i++) {
        const char *end = strchr(text, type->separator);
        const size_t length = end != NULL ? (size_t)(end - text) : strlen(text);
        if (length > 0 && (items[count++] = sapp_arena_copy(arena, text, length)) == NULL)
            return false;
        text += length + 1;
    }
    value->items = items;
    value->count = count;
    return in_range(type, (int64_t)count);
}

static bool convert_numbers(struct sapp_arena *arena, const struct sapp_type *type, const char *text,
                            struct sapp_value *value)
{
    const size_t count = count_items(text, type->separator);
    int64_t *items = in_range(type, (int64_t)count) ? sapp_arena_alloc(arena, count * sizeof(*items)) : NULL;
    if (items == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *end = strchr(text, type->separator);
        if (end == NULL)
            end = text + strlen(text);
        if (!read_number(text, end, &items[i]) || items[i] < type->item_min || items[i] > type->item_max)
            return false;
        text = end + 1;
    }
    value->items = items;
    value->count = count;
    return true;
}

static bool convert(struct sapp_arena *arena, const struct sapp_type *type, const char *text, struct sapp_value *value)
{
    switch ((enum sapp_base)type->base) {
    case SAPP_BASE_INT:
        return convert_int(type, text, value);
    case SAPP_BASE_STRING:
        value->text = text;
        return *text != '\0' || !type->nonempty;
    case SAPP_BASE_ENUM:
        return convert_enum(type, text, value);
    case SAPP_BASE_HOST_PORT:
        return convert_address(arena, type, text, value);
    case SAPP_BASE_PORT:
        return convert_port(arena, text, value);
    case SAPP_BASE_HEX:
        return convert_hex(arena, type, text, value);
    case SAPP_BASE_SECONDS:
        return convert_seconds(type, text, value);
    case SAPP_BASE_TEXTS:
        return convert_texts(arena, type, text, value);
    case SAPP_BASE_NUMBERS:
        return convert_numbers(arena, type, text, value);
    }
    return false;
}

static bool refuse_address(const struct sapp_parse *parse, const struct sapp_occurrence *occurrence,
                           struct sapp_failure *failure)
{
    const struct sapp_option *option = option_of(parse, occurrence);
    struct span host;
    struct span port;
    if (split_address(occurrence->given, option->type->bare_port, &host, &port))
        return refuse_value(occurrence, "a port from 0 to 65535 or the name of a service", failure);
    return sapp_fail(failure, SAPP_FAILURE_USAGE, "-%s argument %smalformed or ambiguous: \"%s\" is not %s",
                     occurrence->spelling, option->positional ? "or target parameter " : "", occurrence->given,
                     option->type->expected);
}

/* Scripts read the list of words from the lines that the hint makes. */
static bool refuse_word(const struct sapp_parse *parse, const struct sapp_occurrence *occurrence,
                        struct sapp_failure *failure)
{
    const struct sapp_type *type = option_of(parse, occurrence)->type;
    const char *near = sapp_nearest_word(type, occurrence->given);
    sapp_hint(failure, "Value must be one of:%s", type->expected);
    return sapp_fail(failure, SAPP_FAILURE_USAGE, "Invalid value \"%s\" for option -%s%s%s%s", occurrence->given,
                     occurrence->spelling, near != NULL ? " (did you mean " : "", near != NULL ? near : "",
                     near != NULL ? "?)" : "");
}

bool sapp_convert_value(struct sapp_parse *parse, struct sapp_occurrence *occurrence, struct sapp_failure *failure)
{
    const struct sapp_option *option = option_of(parse, occurrence);
    if (option->type == NULL)
        return true;
    const char *text = occurrence->given;
    parse->arena.secret |= option->secret;
    if (option->secret && (text = sapp_arena_copy(&parse->arena, text, strlen(text))) == NULL)
        return out_of_memory(failure);
    if (convert(&parse->arena, option->type, text, &occurrence->value)) {
        if (occurrence->value.text == NULL)
            occurrence->value.text = text;
        return true;
    }
    if (option->type->base == SAPP_BASE_HOST_PORT)
        return refuse_address(parse, occurrence, failure);
    if (option->type->base == SAPP_BASE_ENUM)
        return refuse_word(parse, occurrence, failure);
    return refuse(parse, occurrence, failure);
}
