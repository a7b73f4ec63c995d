/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_RACE_RACE_H
#define _MODEL_RACE_RACE_H

/**
 * DOC: Data races
 *
 * Two accesses to the same byte race if different threads do them, at least one of them writes,
 * at least one is plain, and nothing orders them. What orders is told by the kernel image
 * (enum host_access_kind); the order is kept as vector clocks, one for each thread and
 * each object that synchronises. docs/races.md says what counts.
 *
 * This works where an image has hooks, while several threads run together.
 */

#include "../execution.h"

struct race;

/** race_new() - a detector for @machine. */
struct race *race_new(struct machine *machine);
void race_free(struct race *race);

/** race_log() - where the image is to tell of accesses. */
struct host_log *race_log(struct race *race);

/** race_boot() - a kernel is about to start. */
void race_boot(struct race *race);

/* The functions below do nothing if @race is NULL. */

/** race_begin() - some threads are about to run together; all that was comes before that. */
void race_begin(struct race *race);
/** race_end() - they have come to their ends. */
void race_end(struct race *race);
/** race_running() - between the two. */
bool race_running(const struct race *race);

/** race_born() - @thread comes to be while others run. */
void race_born(struct race *race, struct machine_thread *thread);
/** race_wakes() - the current thread wakes @thread, which sleeps or is about to. */
void race_wakes(struct race *race, const struct machine_thread *thread);
/** race_expects() - the current thread is about to sleep: who wakes it does so from now on. */
void race_expects(struct race *race);
/** race_awake() - the current thread has slept. */
void race_awake(struct race *race);

/** race_goes_on() - @thread runs from now on. */
void race_goes_on(struct race *race, const struct machine_thread *thread);
/** race_stands() - the current thread stops: judge what it has done. */
void race_stands(struct race *race);

/**
 * race_jumped() - the kernel has left for the next one, while others may have been in the middle of
 * something. What they were about to hand over then is raced for.
 */
void race_jumped(struct race *race);

/** race_look_away() - the machine runs kernel code for its own purposes, or not any more. */
void race_look_away(struct race *race, bool away);

#endif /* _MODEL_RACE_RACE_H */
