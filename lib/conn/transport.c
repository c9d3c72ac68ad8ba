/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#include "conn/conn.h"

#include "args/features.h"
#include "conn/state.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* What lies under TLS: the socket, the sendbox, and those who watch the bytes. */

/* As long as our part of the handshake has not been sent the peer has nothing to say: reading would be in vain. */
static bool has_flight(const struct sapp_conn *conn)
{
    return conn->sendbox != NULL && BIO_ctrl_pending(conn->sendbox) > 0;
}

static long watch_bio(BIO *bio, int operation, const char *data, size_t length, int number, long detail, int result,
                      size_t *processed)
{
    struct sapp_conn *const conn = BIO_get_app_data(bio);
    if (operation == BIO_CB_READ && conn->phase == SAPP_PHASE_HANDSHAKE && has_flight(conn)) {
        BIO_set_retry_read(bio);
        return -1;
    }
    if ((operation & BIO_CB_RETURN) != 0 && result <= 0 && errno != 0)
        conn->transport_errno = errno;
    if (operation == (BIO_CB_READ | BIO_CB_RETURN) && result > 0 && processed != NULL) {
        const size_t room = sizeof(conn->first) - conn->first_length;
        const size_t taken = *processed < room ? *processed : room;
        memcpy(conn->first + conn->first_length, data, taken);
        conn->first_length += taken;
        conn->received = true;
    }
    if (conn->watcher != NULL)
        return conn->watcher(bio, operation, data, length, number, detail, result, processed);
    return result;
}

void sapp_conn_watch_bio(struct sapp_conn *conn, BIO_callback_fn_ex callback, void *argument)
{
    conn->watcher = callback;
    BIO_set_callback_arg(conn->bio, argument);
    BIO_set_callback_ex(conn->bio, watch_bio);
    if (conn->sendbox != NULL) {
        BIO_set_callback_arg(conn->sendbox, argument);
        BIO_set_callback_ex(conn->sendbox, callback);
    }
}

void sapp_conn_prepare(SSL_CTX *ctx, size_t read_buffer)
{
    SSL_CTX_set_read_ahead(ctx, 1);
    if (read_buffer > 0)
        SSL_CTX_set_default_read_buffer_len(ctx, read_buffer);
}

static bool put_test_bio_over(struct sapp_conn *conn)
{
    BIO *const test = BIO_new(BIO_f_nbio_test());
    if (test == NULL)
        return false;
    BIO_up_ref(conn->bio);
    BIO *const chain = BIO_push(test, conn->bio);
    SSL_set_bio(conn->ssl, chain, chain);
    return true;
}

/* Kernel TLS needs the socket itself. */
static bool may_collect(const struct sapp_conn *conn)
{
#if SAPP_HAVE_KTLS
    if ((SSL_get_options(conn->ssl) & SSL_OP_ENABLE_KTLS) != 0)
        return false;
#endif
    return !conn->options.nbio_test;
}

/*
 * libssl writes each ticket, record and alert by itself. Collected in memory, all that one event brings about is one
 * system call and one packet.
 */
static bool put_socket_under(struct sapp_conn *conn)
{
    BIO *const socket = BIO_new_socket(conn->fd, BIO_NOCLOSE);
    if (socket == NULL)
        return false;
    if (!may_collect(conn)) {
        SSL_set_bio(conn->ssl, socket, socket);
        return true;
    }
    conn->sendbox = BIO_new(BIO_s_mem());
    SSL_set_bio(conn->ssl, socket, conn->sendbox);
    return conn->sendbox != NULL;
}

bool sapp_conn_open_transport(struct sapp_conn *conn)
{
    if (SSL_get_rbio(conn->ssl) == NULL && !put_socket_under(conn))
        return false;
    conn->bio = SSL_get_rbio(conn->ssl);
    BIO_set_app_data(conn->bio, conn);
    BIO_set_callback_ex(conn->bio, watch_bio);
    return !conn->options.nbio_test || put_test_bio_over(conn);
}

void sapp_conn_ignore_sigpipe(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
}
