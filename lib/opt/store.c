/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "opt/internal.h"

#include <string.h>

static bool out_of_memory(struct sapp_failure *failure)
{
    return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory while reading the command line");
}

/*
 * The items of a list with room for one more: they themselves, or a copy with twice as much room, so that what a line
 * of many options costs grows with the line. NULL when memory is short.
 */
static void *make_room(struct sapp_arena *arena, const void *items, size_t count, size_t size, size_t *room)
{
    if (count < *room)
        return (void *)items;
    const size_t larger = count == 0 ? 4 : count * 2;
    unsigned char *longer = sapp_arena_alloc(arena, larger * size);
    if (longer == NULL)
        return NULL;
    if (count > 0)
        memcpy(longer, items, count * size);
    *room = larger;
    return longer;
}

static bool append_text(struct sapp_parse *parse, struct sapp_texts *list, const char *text)
{
    const char **items = make_room(&parse->arena, list->items, list->count, sizeof(*items), &list->room);
    if (items == NULL)
        return false;
    items[list->count++] = text;
    list->items = items;
    return true;
}

static bool append_setting(struct sapp_parse *parse, struct sapp_settings *list, const struct sapp_setting *setting)
{
    struct sapp_setting *items = make_room(&parse->arena, list->items, list->count, sizeof(*items), &list->room);
    if (items == NULL)
        return false;
    items[list->count++] = *setting;
    list->items = items;
    return true;
}

static void store_number(void *field, enum sapp_field kind, int64_t number)
{
    if (kind == SAPP_FIELD_BOOL)
        *(bool *)field = number != 0;
    else if (kind == SAPP_FIELD_INT)
        *(int *)field = (int)number;
    else
        *(int64_t *)field = number;
}

static void store_value(void *field, enum sapp_field kind, const struct sapp_value *value)
{
    struct sapp_host_port *address = field;
    switch (kind) {
    case SAPP_FIELD_NONE:
        return;
    case SAPP_FIELD_BOOL:
    case SAPP_FIELD_INT:
    case SAPP_FIELD_INT64:
        store_number(field, kind, value->number);
        return;
    case SAPP_FIELD_TEXT:
        *(const char **)field = value->text;
        return;
    case SAPP_FIELD_HOST_PORT:
        if (value->address.host != NULL)
            address->host = value->address.host;
        if (value->address.port != NULL)
            address->port = value->address.port;
        return;
    case SAPP_FIELD_BYTES:
        *(struct sapp_bytes *)field = (struct sapp_bytes){value->items, value->count};
        return;
    case SAPP_FIELD_TEXTS:
        *(struct sapp_texts *)field = (struct sapp_texts){.items = value->items, .count = value->count};
        return;
    case SAPP_FIELD_NUMBERS:
        *(struct sapp_numbers *)field = (struct sapp_numbers){value->items, value->count};
        return;
    }
}

static bool run_action(struct sapp_parse *parse, const struct sapp_occurrence *occurrence,
                       const struct sapp_action *action, void *args, struct sapp_failure *failure)
{
    void *field = (unsigned char *)args + action->offset;
    const struct sapp_program *program = parse->program;
    const struct sapp_setting setting = {.option = occurrence->spelling,
                                         .name = action->name,
                                         .slot = action->slot,
                                         .number = action->number != 0 ? action->number : occurrence->value.number,
                                         .text = action->text != NULL ? action->text : occurrence->value.text,
                                         .after_user = action->after_user};
    bool done = true;
    switch ((enum sapp_verb)action->verb) {
    case SAPP_VERB_SET:
        store_number(field, action->field, action->number);
        break;
    case SAPP_VERB_STORE:
        store_value(field, action->field, &occurrence->value);
        break;
    case SAPP_VERB_APPEND:
        done = append_text(parse, field, occurrence->value.text);
        break;
    case SAPP_VERB_COUNT:
        (*(int *)field)++;
        break;
    case SAPP_VERB_SSLCONF:
        done = append_setting(parse, (void *)((unsigned char *)args + program->conf_offset), &setting);
        break;
    case SAPP_VERB_VERIFY_PARAM:
        done = append_setting(parse, (void *)((unsigned char *)args + program->verify_param_offset), &setting);
        break;
    case SAPP_VERB_CALL: /* when all values are stored */
        break;
    }
    return done || out_of_memory(failure);
}

static bool run_calls(const struct sapp_parse *parse, void *args, struct sapp_failure *failure)
{
    for (size_t i = 0; i < parse->occurrence_count; i++) {
        const struct sapp_option *option = &parse->program->options[parse->occurrences[i].option];
        for (size_t a = 0; a < option->action_count && !parse->occurrences[i].dropped; a++) {
            const struct sapp_action *action = &option->actions[a];
            if (action->verb == SAPP_VERB_CALL && !action->function((unsigned char *)args + action->offset, failure))
                return false;
        }
    }
    return true;
}

bool sapp_store_values(struct sapp_parse *parse, void *args, struct sapp_failure *failure)
{
    memcpy(args, parse->program->defaults, parse->program->args_size);
    for (size_t i = 0; i < parse->occurrence_count; i++) {
        const struct sapp_occurrence *occurrence = &parse->occurrences[i];
        const struct sapp_option *option = &parse->program->options[occurrence->option];
        if (occurrence->dropped)
            continue;
        if (option->given_offset != 0)
            *(bool *)((unsigned char *)args + option->given_offset) = true;
        for (size_t a = 0; a < option->action_count; a++) {
            if (!run_action(parse, occurrence, &option->actions[a], args, failure))
                return false;
        }
    }
    return run_calls(parse, args, failure);
}
