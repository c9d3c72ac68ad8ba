/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "net/raise.h"

#include "args/features.h"

#if SAPP_HAVE_ERR_RAISE

static void raise_error(const char *function, int library, int reason, const char *detail)
{
    ERR_new();
    ERR_set_debug(OPENSSL_FILE, OPENSSL_LINE, function);
    if (detail != NULL)
        ERR_set_error(library, reason, "%s", detail);
    else
        ERR_set_error(library, reason, NULL);
}

void sapp_net_raise_lookup(const char *reason)
{
    raise_error("BIO_lookup_ex", ERR_LIB_BIO, ERR_R_SYS_LIB, reason);
}

void sapp_net_raise_connect(int error)
{
    raise_error("BIO_connect", ERR_LIB_SYS, error, "calling connect()");
    raise_error("BIO_connect", ERR_LIB_BIO, BIO_R_CONNECT_ERROR, NULL);
}

void sapp_net_raise_bind(int error)
{
    raise_error("BIO_bind", ERR_LIB_SYS, error, "calling bind()");
    raise_error("BIO_bind", ERR_LIB_BIO, BIO_R_UNABLE_TO_BIND_SOCKET, NULL);
}

#else

void sapp_net_raise_lookup(const char *reason)
{
    ERR_put_error(ERR_LIB_BIO, BIO_F_BIO_LOOKUP_EX, ERR_R_SYS_LIB, OPENSSL_FILE, OPENSSL_LINE);
    ERR_add_error_data(1, reason);
}

void sapp_net_raise_connect(int error)
{
    ERR_put_error(ERR_LIB_SYS, SYS_F_CONNECT, error, OPENSSL_FILE, OPENSSL_LINE);
    ERR_put_error(ERR_LIB_BIO, BIO_F_BIO_CONNECT, BIO_R_CONNECT_ERROR, OPENSSL_FILE, OPENSSL_LINE);
}

void sapp_net_raise_bind(int error)
{
    ERR_put_error(ERR_LIB_SYS, SYS_F_BIND, error, OPENSSL_FILE, OPENSSL_LINE);
    ERR_put_error(ERR_LIB_BIO, BIO_F_BIO_BIND, BIO_R_UNABLE_TO_BIND_SOCKET, OPENSSL_FILE, OPENSSL_LINE);
}

#endif
