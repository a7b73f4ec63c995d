/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_ENGINE_H
#define _MODEL_EXPLORE_ENGINE_H

/**
 * DOC: The exploration engine
 *
 * A depth-first search over executions with dynamic partial order reduction. An
 * execution is a stack of steps; each step has a frame, the state before it: which
 * threads sleep because their next step has been explored from there, and a wakeup tree,
 * the beginnings of executions that are left to explore from there.
 *
 * Two steps are in a race if they depend on each other and nothing between them orders
 * them. When an execution has come to its end, for each race (e, e') a beginning is put
 * into the tree of the frame of e: everything after e that does not happen after e, then
 * e'. That each trace is explored once and no execution is cut off follows from what is
 * refused there: beginnings that a sleeping thread, or a branch of the tree, covers.
 *
 * That takes it for granted that what a thread can do it does at some time. So a halt does not
 * take away what others would do: each thread has one more step, in which it finds that it
 * came too late, and which could have come before the halt if it was possible then.
 * (Abdulla, Aronis, Jonsson, Sagonas: Source Sets, JACM 64(4), 2017.)
 *
 * engine.c is the search, step.c does and undoes steps and finds races, reverse.c makes
 * beginnings of races (sequence.c), plan.c puts them into the trees (wakeup.c), sleep.c
 * keeps the sleep sets, trace.c tells traces apart. split.h is about several that search
 * together.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "../explore.h"
#include "event.h"
#include "search.h"
#include "wakeup.h"
#include "world.h"

struct strand;

/**
 * struct step - a step of the current execution.
 * @event:          what was done
 * @meant:          the same, but for EVENT_HALTED: what the thread would have done
 * @failed:         it was a trylock that did not succeed
 * @halts:          others were halted by it
 * @by_readers:     ... for the reason only that somebody held the lock shared
 * @prev_in_thread: index + 1 of the thread's step before it, 0 for none
 * @prev_on_object: index + 1 of the step before it on the object, 0 for none
 * @prev_exclusive: ... of the last one that is not of the shared kind
 * @ready:          before the step: see struct world
 * @preemptions:    before the step: how often a thread was left that could go on
 * @closed:         branches from before the step that have been explored
 * @sleep:          before the step: threads whose next step has been explored, with
 *                  all choices if it is one
 * @alert:          before the step: those of whom what has been explored turned out to halt,
 *                  so that whatever is done wakes them
 * @partly:         before the step: threads of whose next step some choices have been
 * @tree:           before the step: what is left to explore
 */
struct step {
	struct event event;
	struct event meant;
	bool failed;
	bool halts;
	bool by_readers;
	uint32_t prev_in_thread;
	uint32_t prev_on_object;
	uint32_t prev_exclusive;
	uint64_t ready;
	uint32_t preemptions;
	uint32_t closed;
	uint64_t sleep;
	uint64_t alert;
	uint64_t partly;
	struct wakeup_node tree;
};

/**
 * struct object - what the engine knows of an object.
 * @last:    index + 1 of the last step on it, 0 for none
 * @readers: how many hold it shared
 * @planned: how many races on it called for an execution of their own
 * @owner:   thread + 1 of who holds it exclusively, 0 for nobody
 */
struct object {
	uint32_t last;
	uint32_t readers;
	uint32_t owner;
	uint64_t planned;
};

/** struct race - steps @first and @second could be the other way round. */
struct race {
	uint32_t first;
	uint32_t second;
};

/** struct engine - one exploration. */
struct engine {
	const struct explore_options *options;
	struct explore_result *result;
	struct world *world;
	enum explore_next (*ended)(struct world *world, bool blocked);
	enum explore_next next;		/* what ended() said */
	bool sudden;			/* there was a halt that was not announced */
	bool mistaken;			/* wakeup trees reckoned without it: all is void */
	struct strand *strand;		/* that is explored, NULL: all */
	unsigned int floor;		/* frames below are not this engine's own */
	unsigned int threads;
	unsigned int stride;		/* words of a clock */

	struct step *steps;
	int32_t *clocks;		/* of each step: what happens before it, and itself */
	uint64_t *asleep;		/* of each frame, by thread: choices that sleep */
	int32_t *scratch;		/* a clock */
	unsigned int depth;
	unsigned int capacity;
	unsigned int branch;		/* steps before that were there in the last execution */
	uint32_t thread_last[EXPLORE_THREADS_MAX];
	int32_t *births;		/* of each thread: what happens before all it does */
	uint32_t born_by[EXPLORE_THREADS_MAX];	/* the step that it was born by */

	struct object *objects;
	uint32_t objects_nr;		/* that there is room for */
	GArray *races;
	struct sequence sequence;	/* what the race in hand calls for */
	struct wakeup_pool pool;
};

static inline int32_t *engine_clock(const struct engine *engine, uint32_t step)
{
	return engine->clocks + (size_t)step * engine->stride;
}

/* The choices of @thread that sleep before step @step, if it sleeps partly. */
static inline uint64_t *engine_asleep(const struct engine *engine, uint32_t step,
				      unsigned int thread)
{
	return engine->asleep + (size_t)step * engine->threads + thread;
}

/** engine_before() - whether step @a happens before (or is) a step with clock @clock. */
static inline bool engine_before(const struct engine *engine, uint32_t a, const int32_t *clock)
{
	unsigned int thread = engine->steps[a].event.thread;

	return clock[thread] >= engine_clock(engine, a)[thread];
}

static inline void clock_join(int32_t *clock, const int32_t *other, unsigned int stride)
{
	for (unsigned int i = 0; i < stride; i++)
		clock[i] = MAX(clock[i], other[i]);
}

void engine_init(struct engine *engine, const struct search *how,
		 struct explore_result *result);
void engine_destroy(struct engine *engine);
/** engine_bytes() - memory that it takes. */
size_t engine_bytes(const struct engine *engine);

/** engine_make_room() - for one more step and for the frame after it. */
void engine_make_room(struct engine *engine);

/** engine_descend() - do the first step of the tree of the last frame. */
void engine_descend(struct engine *engine);

/** engine_next() - what is to happen after an execution: &engine.next, or it is enough. */
enum explore_next engine_next(const struct engine *engine);

/** engine_close() - the last frame that has a branch left; all after it are done. -1: none has. */
int engine_close(struct engine *engine);

/* Executions between two estimates. */
#define ENGINE_ESTIMATE_EVERY	64u

/** engine_fraction() - how much of all has been explored, at the end of an execution. */
double engine_fraction(const struct engine *engine);

/** enum engine_return - why engine_search() returned. */
enum engine_return {
	ENGINE_COMPLETE,	/* nothing is left */
	ENGINE_MORE,		/* it has done as much as it was to: engine_close() is next */
	ENGINE_ENDED		/* for good, in or after an execution: the result says why */
};

/** engine_search() - from the last frame on, @executions of them, 1 or more, if there are. */
enum engine_return engine_search(struct engine *engine, uint64_t executions);

/* plan.c */

/**
 * plan_beginning() - let the tree of @frame have what begins as the engine's sequence.
 * @second: because of a race with that step, or PLAN_CHOICE
 */
void plan_beginning(struct engine *engine, uint32_t frame, uint32_t second);
#define PLAN_CHOICE	G_MAXUINT32

/* sleep.c */

/** sleep_holds() - whether @event, of an enabled thread, has been explored from @frame. */
bool sleep_holds(const struct engine *engine, uint32_t frame, const struct event *event);
/** sleep_set() - the same for what is in no frame. @asleep: by thread */
void sleep_set(uint64_t *sleep, uint64_t *partly, uint64_t *asleep, const struct event *event);
/** sleep_add() - @event has been explored from @frame. */
void sleep_add(struct engine *engine, uint32_t frame, const struct event *event);
/** sleep_pass() - who sleeps before the next step if @event is done in @frame. */
void sleep_pass(struct engine *engine, uint32_t frame, const struct event *event);
/** sleep_initials() - threads whose next step, if it slept in @frame, would cover that. */
uint64_t sleep_initials(const struct engine *engine, uint32_t frame, struct sequence *seq,
			bool weak);
/** sleep_covers() - whether what is explored from @frame contains all that begins so. */
bool sleep_covers(const struct engine *engine, uint32_t frame, struct sequence *seq, bool weak);

/* step.c */

/** step_enabled() - whether @thread can do its next step. */
bool step_enabled(const struct engine *engine, unsigned int thread);
/** step_push() - do the next step of the thread of @event, with the choice there. */
void step_push(struct engine *engine, const struct event *event);
/** step_pop() - undo steps until @depth are left. */
void step_pop(struct engine *engine, unsigned int depth);
/** step_blocked_races() - races of those steps that can't be done any more, at an end. */
void step_blocked_races(struct engine *engine,
			void (*race)(struct engine *engine, uint32_t first,
				     const struct event *second));

/* reverse.c */

/** reverse_races() - plan what the races of the execution that has ended call for. */
void reverse_races(struct engine *engine);
/** reverse_choices() - the number of steps up to the last answer to a question. */
uint32_t reverse_choices(const struct engine *engine);

/* trace.c */

/** trace_hash() - of the trace that the current execution belongs to. */
uint64_t trace_hash(const struct engine *engine);

#endif /* _MODEL_EXPLORE_ENGINE_H */
