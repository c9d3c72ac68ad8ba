/*
 * Copyright 2026 The s_apps Authors.
 * Licensed under the Apache License 2.0 (the "License"); see LICENSE.
 */

/* The event loop on both backends. Prints TAP. */

#include "loop/loop.h"
#include "loop/backend.h"

#include "tap.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct note {
    struct sapp_loop *loop;
    struct sapp_watch *victim;
    struct sapp_timer *timer;
    int calls;
    unsigned int ready;
    bool done;
    int order[8];
};

static void note_ready(void *data, unsigned int ready)
{
    struct note *note = data;
    note->calls++;
    note->ready = ready;
    note->done = true;
    if (note->victim != NULL)
        sapp_watch_stop(note->victim);
}

static void note_timer(void *data)
{
    struct note *note = data;
    note->calls++;
    note->done = true;
}

static void test_files(struct check *check, struct sapp_loop *loop)
{
    struct sapp_failure failure = {0};
    const int fd = open("/dev/null", O_RDONLY);
    struct note note = {.loop = loop};
    struct sapp_watch watch = {0};
    ok(check, sapp_watch_start(loop, &watch, fd, SAPP_READ, note_ready, &note, &failure), "/dev/null can be watched");
    ok(check, sapp_loop_run_until(loop, &note.done, &failure) && (note.ready & SAPP_READ) != 0, "/dev/null is ready");
    sapp_watch_set(&watch, 0);
    struct note late = {.loop = loop};
    struct sapp_timer timer = {0};
    note.calls = 0;
    sapp_timer_start(loop, &timer, 5, note_timer, &late, &failure);
    ok(check, sapp_loop_run_until(loop, &late.done, &failure) && note.calls == 0, "and silent when nothing is asked");
    sapp_watch_stop(&watch);
    close(fd);
}

/* Both ends become ready in the same round; whichever is served first stops the other. */
static void test_stop_inside(struct check *check, struct sapp_loop *loop)
{
    struct sapp_failure failure = {0};
    int ends[2];
    ok(check, socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "a socket pair");
    struct sapp_watch watches[2] = {{0}, {0}};
    struct note notes[2] = {{.loop = loop, .victim = &watches[1]}, {.loop = loop, .victim = &watches[0]}};
    for (int i = 0; i < 2; i++)
        sapp_watch_start(loop, &watches[i], ends[i], SAPP_WRITE, note_ready, &notes[i], &failure);
    struct note late = {.loop = loop};
    struct sapp_timer timer = {0};
    sapp_timer_start(loop, &timer, 0, note_timer, &late, &failure);
    ok(check, sapp_loop_run_until(loop, &late.done, &failure), "a timer without delay expires");
    ok(check, (notes[0].calls == 0) != (notes[1].calls == 0), "a watch stopped in a callback is not called");
    for (int i = 0; i < 2; i++) {
        sapp_watch_stop(&watches[i]);
        close(ends[i]);
    }
}

static void test_gone(struct check *check, struct sapp_loop *loop)
{
    struct sapp_failure failure = {0};
    int ends[2];
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    struct note note = {.loop = loop};
    struct sapp_watch watch = {0};
    sapp_watch_start(loop, &watch, ends[0], 0, note_ready, &note, &failure);
    close(ends[1]);
    struct note late = {.loop = loop};
    struct sapp_timer timer = {0};
    sapp_timer_start(loop, &timer, 20, note_timer, &late, &failure);
    sapp_loop_run_until(loop, &late.done, &failure);
    ok(check, note.calls == 1 && note.ready == SAPP_GONE, "a peer that has gone is told once");
    note.calls = 0;
    note.done = false;
    sapp_watch_set(&watch, SAPP_READ);
    sapp_loop_run_until(loop, &note.done, &failure);
    ok(check, note.ready == (SAPP_GONE | SAPP_READ), "and again when reading is asked for");
    sapp_watch_stop(&watch);
    close(ends[0]);
}

struct sequence {
    struct sapp_loop *loop;
    char text[8];
    size_t length;
    struct sapp_timer timers[5];
};

struct step {
    struct sequence *sequence;
    char letter;
};

static void append_letter(void *data)
{
    const struct step *step = data;
    step->sequence->text[step->sequence->length++] = step->letter;
    if (step->letter == 'b')
        sapp_timer_stop(&step->sequence->timers[2]);
    if (step->letter == 'e')
        sapp_loop_stop(step->sequence->loop);
}

static void test_order(struct check *check, struct sapp_loop *loop)
{
    struct sapp_failure failure = {0};
    struct sequence sequence = {.loop = loop};
    struct step steps[5];
    const int delays[5] = {1, 2, 3, 500, 9};
    for (int i = 0; i < 5; i++) {
        steps[i] = (struct step){&sequence, (char)('a' + i)};
        sapp_timer_start(loop, &sequence.timers[i], delays[i], append_letter, &steps[i], &failure);
    }
    sapp_timer_start(loop, &sequence.timers[3], 4, append_letter, &steps[3], &failure);
    ok(check, sapp_loop_run(loop, &failure), "a stop ends the run");
    ok(check, sequence.length == 4 && sequence.text[2] == 'd' && sequence.text[3] == 'e',
       "timers expire in order, a moved one at its new time, a stopped one never");
    ok(check, !sapp_loop_run(loop, &failure) && failure.kind == SAPP_FAILURE_NONE, "a loop with nothing to do ends");
}

static void work_and_start(void *data, unsigned int ready)
{
    struct note *note = data;
    (void)ready;
    const struct timespec pause = {.tv_nsec = 5000000};
    nanosleep(&pause, NULL);
    sapp_watch_set(note->victim, SAPP_READ);
    sapp_timer_start(note->loop, note->timer, 0, note_timer, note, &(struct sapp_failure){0});
}

/* A callback that takes longer than the clock's step starts a timer, and watches what is ready already. */
static void test_at_once(struct check *check, struct sapp_loop *loop)
{
    struct sapp_failure failure = {0};
    int ends[2];
    (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    (void)!write(ends[0], "x", 1);
    struct sapp_watch working = {0};
    struct sapp_watch waiting = {0};
    struct sapp_timer timer = {0};
    struct note work = {.loop = loop, .victim = &waiting, .timer = &timer};
    struct note wait = {.loop = loop};
    sapp_watch_start(loop, &working, ends[0], SAPP_WRITE, work_and_start, &work, &failure);
    sapp_watch_start(loop, &waiting, ends[1], 0, note_ready, &wait, &failure);
    ok(check, sapp_loop_run_until(loop, &work.done, &failure) && wait.calls == 0,
       "a timer without delay comes before the descriptors of the next round");
    sapp_watch_stop(&working);
    sapp_watch_stop(&waiting);
    close(ends[0]);
    close(ends[1]);
}

static void note_and_restart(void *data)
{
    struct note *note = data;
    if (++note->calls < 1000)
        sapp_timer_start(note->loop, note->timer, 0, note_and_restart, note, &(struct sapp_failure){0});
    else
        note->done = true;
}

static void test_many(struct check *check, struct sapp_loop *loop)
{
    struct sapp_failure failure = {0};
    enum {
        PAIRS = 300
    };
    static int ends[PAIRS][2];
    static struct sapp_watch watches[PAIRS];
    static struct note notes[PAIRS];
    for (int i = 0; i < PAIRS; i++) {
        (void)!socketpair(AF_UNIX, SOCK_STREAM, 0, ends[i]);
        notes[i] = (struct note){.loop = loop};
        watches[i] = (struct sapp_watch){0};
        sapp_watch_start(loop, &watches[i], ends[i][0], SAPP_READ, note_ready, &notes[i], &failure);
        (void)!write(ends[i][1], "x", 1);
    }
    struct sapp_timer timer = {0};
    struct note busy = {.loop = loop, .timer = &timer};
    sapp_timer_start(loop, &timer, 0, note_and_restart, &busy, &failure);
    sapp_loop_run_until(loop, &busy.done, &failure);
    int served = 0;
    for (int i = 0; i < PAIRS; i++) {
        served += notes[i].calls > 0 ? 1 : 0;
        sapp_watch_stop(&watches[i]);
        close(ends[i][0]);
        close(ends[i][1]);
    }
    ok(check, served == PAIRS, "more descriptors than a batch holds are all served, beside a busy timer");
}

static void test_backend(struct check *check, const struct sapp_loop_backend *backend, const char *name)
{
    struct sapp_failure failure = {0};
    check->about = name;
    struct sapp_loop *loop = sapp_loop_new_on(backend, &failure);
    ok(check, loop != NULL, "made");
    if (loop == NULL)
        return;
    test_files(check, loop);
    test_stop_inside(check, loop);
    test_gone(check, loop);
    test_order(check, loop);
    test_at_once(check, loop);
    test_many(check, loop);
    sapp_loop_free(loop);
}

int main(void)
{
    struct check check = {0};
    test_backend(&check, &sapp_loop_epoll, "epoll");
    test_backend(&check, &sapp_loop_poll, "poll");
    return finish(&check);
}
