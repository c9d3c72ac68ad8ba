/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

/*
 * Runs the mains of both programs one after the other in this process:
 *     twice s_client ARGUMENT ... / s_server ARGUMENT ... / ...
 * Run N, from 1 on, reads end of file and writes to the files N.out and N.err. For each run one line on standard output
 * tells what it left behind: "run 1: status 0, descriptors 0, heap 1024", where the last two are what the run added.
 */

#include "s_client_main.h"
#include "s_server_main.h"

#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The older function counts in int, which is enough here. */
#if !__GLIBC_PREREQ(2, 33)
#define mallinfo2 mallinfo
#endif

static int count_descriptors(void)
{
    int count = 0;
    DIR *const directory = opendir("/proc/self/fd");
    while (directory != NULL && readdir(directory) != NULL)
        count++;
    if (directory != NULL)
        closedir(directory);
    return count;
}

static void redirect(int run, const char *kind, int fd)
{
    char name[32];
    (void)snprintf(name, sizeof(name), "%d.%s", run, kind);
    const int file = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    if (file < 0 || dup2(file, fd) < 0)
        exit(99);
    close(file);
}

/* A main may change its arguments, to wipe secrets; each run has its own. */
static char **copy_arguments(int argc, char **argv)
{
    char **const copy = calloc((size_t)argc + 1, sizeof(*copy));
    for (int i = 0; copy != NULL && i < argc; i++)
        copy[i] = strdup(argv[i]);
    return copy;
}

static void free_arguments(int argc, char **arguments)
{
    for (int i = 0; i < argc; i++)
        free(arguments[i]);
    free(arguments);
}

static int run_main(int argc, char **argv)
{
    if (strcmp(argv[0], "s_client") == 0)
        return sapp_s_client_main(argc, argv);
    if (strcmp(argv[0], "s_server") == 0)
        return sapp_s_server_main(argc, argv);
    return 98;
}

static void run_once(int run, int argc, char **argv, FILE *report)
{
    char **const arguments = copy_arguments(argc, argv);
    redirect(run, "out", STDOUT_FILENO);
    redirect(run, "err", STDERR_FILENO);
    const int descriptors = count_descriptors();
    const size_t heap = mallinfo2().uordblks;
    const int status = run_main(argc, arguments);
    const long grown = (long)mallinfo2().uordblks - (long)heap;
    fprintf(report, "run %d: status %d, descriptors %d, heap %ld\n", run, status, count_descriptors() - descriptors,
            grown);
    (void)fflush(report);
    free_arguments(argc, arguments);
}

int main(int argc, char **argv)
{
    const int out = dup(STDOUT_FILENO);
    FILE *const report = out >= 0 ? fdopen(out, "w") : NULL;
    const int nothing = open("/dev/null", O_RDONLY);
    if (report == NULL || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0)
        return 99;
    close(nothing);
    int run = 1;
    for (int begin = 1; begin < argc; run++) {
        int end = begin;
        while (end < argc && strcmp(argv[end], "/") != 0)
            end++;
        run_once(run, end - begin, argv + begin, report);
        begin = end + 1;
    }
    (void)fclose(report);
    return 0;
}
