/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "provider/provider.h"

#include "args/features.h"
#include "base/report.h"

#include <stdlib.h>
#include <string.h>

#if SAPP_HAVE_PROVIDERS

#include <openssl/params.h>
#include <openssl/provider.h>

#if SAPP_HAVE_PROVPARAM

/* The value when "key=value" or "NAME:key=value" is meant for the provider `name`; copies the key. NULL otherwise. */
static const char *read_parameter(const char *text, const char *name, char **key)
{
    const size_t equals = strcspn(text, "=");
    const size_t colon = strcspn(text, ":");
    if (text[equals] == '\0')
        return NULL;
    if (colon < equals && (strlen(name) != colon || strncmp(text, name, colon) != 0))
        return NULL;
    const size_t start = colon < equals ? colon + 1 : 0;
    *key = strndup(text + start, equals - start);
    return *key != NULL ? text + equals + 1 : NULL;
}

static OSSL_PROVIDER *load_provider(const char *name, const struct sapp_texts *settings)
{
    OSSL_PARAM *parameters = calloc(settings->count + 1, sizeof(*parameters));
    char **keys = calloc(settings->count + 1, sizeof(*keys));
    size_t count = 0;
    for (size_t i = 0; parameters != NULL && keys != NULL && i < settings->count; i++) {
        const char *value = read_parameter(settings->items[i], name, &keys[count]);
        if (value == NULL)
            continue;
        parameters[count] = OSSL_PARAM_construct_utf8_string(keys[count], (char *)(uintptr_t)value, 0);
        count++;
    }
    OSSL_PROVIDER *provider = NULL;
    if (parameters != NULL && keys != NULL) {
        parameters[count] = OSSL_PARAM_construct_end();
        provider = OSSL_PROVIDER_load_ex(NULL, name, parameters);
    }
    for (size_t i = 0; keys != NULL && i < count; i++)
        free(keys[i]);
    free(keys);
    free(parameters);
    return provider;
}

#else

static OSSL_PROVIDER *load_provider(const char *name, const struct sapp_texts *settings)
{
    (void)settings;
    return OSSL_PROVIDER_load(NULL, name);
}

#endif

/* The provider from the first directory that has it. Directories without a provider to load are nobody's concern. */
static OSSL_PROVIDER *find_provider(const char *name, const struct sapp_provider_args *args)
{
    OSSL_PROVIDER *provider = NULL;
    for (size_t i = 0; i < args->provider_path.count && provider == NULL; i++) {
        if (OSSL_PROVIDER_set_default_search_path(NULL, args->provider_path.items[i]) == 1)
            provider = load_provider(name, &args->provparam);
    }
    return args->provider_path.count > 0 ? provider : load_provider(name, &args->provparam);
}

bool sapp_provider_apply(const struct sapp_provider_args *args, struct sapp_providers *providers,
                         struct sapp_failure *failure)
{
    *providers = (struct sapp_providers){0};
    if (args->provider.count == 0)
        return true;
    providers->loaded = calloc(args->provider.count, sizeof(*providers->loaded));
    if (providers->loaded == NULL)
        return sapp_fail(failure, SAPP_FAILURE_INTERNAL, "out of memory");
    for (size_t i = 0; i < args->provider.count; i++) {
        const char *name = args->provider.items[i];
        providers->loaded[i] = find_provider(name, args);
        if (providers->loaded[i] == NULL) {
            sapp_hint(failure, "Hint: use -provider-path option or OPENSSL_MODULES environment variable");
            return sapp_fail(failure, SAPP_FAILURE_INPUT, "unable to load provider %s", name);
        }
        providers->count++;
    }
    return true;
}

SSL_CTX *sapp_provider_new_context(const struct sapp_provider_args *args, const SSL_METHOD *method,
                                   struct sapp_failure *failure)
{
    SSL_CTX *ctx = SSL_CTX_new_ex(NULL, args->propquery, method);
    if (ctx == NULL)
        sapp_fail(failure, SAPP_FAILURE_INTERNAL, "libssl cannot make a context: %s", sapp_openssl_reason());
    return ctx;
}

void sapp_provider_free(struct sapp_providers *providers)
{
    while (providers->count > 0)
        OSSL_PROVIDER_unload(providers->loaded[--providers->count]);
    free(providers->loaded);
    *providers = (struct sapp_providers){0};
}

#else

bool sapp_provider_apply(const struct sapp_provider_args *args, struct sapp_providers *providers,
                         struct sapp_failure *failure)
{
    (void)args;
    (void)failure;
    *providers = (struct sapp_providers){0};
    return true;
}

SSL_CTX *sapp_provider_new_context(const struct sapp_provider_args *args, const SSL_METHOD *method,
                                   struct sapp_failure *failure)
{
    SSL_CTX *ctx = SSL_CTX_new(method);
    (void)args;
    if (ctx == NULL)
        sapp_fail(failure, SAPP_FAILURE_INTERNAL, "libssl cannot make a context");
    return ctx;
}

void sapp_provider_free(struct sapp_providers *providers)
{
    *providers = (struct sapp_providers){0};
}

#endif
