/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

#ifndef SAPP_S_SERVER_S_SERVER_H
#define SAPP_S_SERVER_S_SERVER_H

#include "base/failure.h"
#include "base/io.h"
#include "s_server_args.h"

/*
 * Runs s_server with a checked command line until it is told to end, -naccept clients have been served, or nothing can
 * go on. Returns the exit status. A failure that ends the program is recorded for the caller to report; failures of
 * single clients are printed here and end nothing.
 */
int sapp_s_server_run(struct sapp_io *io, const struct sapp_s_server_args *args, struct sapp_failure *failure);

#endif
