/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_S_CLIENT_S_CLIENT_H
#define SAPP_S_CLIENT_S_CLIENT_H

#include "base/failure.h"
#include "base/io.h"
#include "s_client_args.h"

/*
 * Runs s_client for a checked command line and returns its exit status. A failure that has not been told yet is left in
 * `failure` for the caller to report; what happens in the course of a connection is told where it belongs between the
 * lines of the classic text.
 */
int sapp_s_client_run(struct sapp_io *io, const struct sapp_s_client_args *args, struct sapp_failure *failure);

/*
 * Prints the document of -json for a command line that was refused with `failure` and ends with 1: no fact of a
 * connection is known.
 */
void sapp_s_client_refused(struct sapp_io *io, const struct sapp_failure *failure);

#endif
