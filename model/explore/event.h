/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_EVENT_H
#define _MODEL_EXPLORE_EVENT_H

/**
 * DOC: Events
 *
 * A step of a thread is an event: an operation on an object. Which events depend on each
 * other is decided here and nowhere else.
 */

#include <stdbool.h>
#include <stdint.h>

/** enum event_op - what is done to the object. */
enum event_op {
	EVENT_NONE,		/* the thread has come to its end */
	EVENT_READ,
	EVENT_WRITE,
	EVENT_ACQUIRE,
	EVENT_ACQUIRE_SHARED,
	EVENT_TRY,
	EVENT_TRY_SHARED,
	EVENT_RELEASE,
	EVENT_RELEASE_SHARED,
	EVENT_ENTER,		/* begin to read what others must not take away meanwhile */
	EVENT_LEAVE,		/* end it; who waits for those that have entered may go on */
	EVENT_DOWNGRADE,	/* held exclusively, from now on shared */
	EVENT_LOCKED,		/* acquire, change something, release */
	EVENT_AWAIT,		/* read what has to be there before; waits until it is */
	EVENT_RESUME,		/* go on after sleeping on the object; waits to be woken */
	EVENT_HALT,		/* of no object: nobody does anything after it */
	EVENT_HALTED,		/* of no object: what it would have done came too late */
	EVENT_CHOOSE		/* of no object: which of object alternatives */
};

/**
 * struct event - a step that was done or can be done.
 * @op:     an enum event_op
 * @thread: who
 * @choice: of EVENT_CHOOSE: the alternative
 * @halts:  it turned out to be a halt, or did when it was done last: as EVENT_HALT it depends on
 *          everything
 * @object: what, as numbered by the world; of EVENT_CHOOSE the number of alternatives
 */
struct event {
	uint8_t op;
	uint8_t thread;
	uint16_t choice : 15;
	uint16_t halts : 1;
	uint32_t object;
};

#define EVENT_BIT(op)	(1u << (op))

/* Events of the shared kind commute with each other. */
#define EVENT_SHARED	(EVENT_BIT(EVENT_READ) | EVENT_BIT(EVENT_AWAIT) | \
			 EVENT_BIT(EVENT_ENTER) | EVENT_BIT(EVENT_LEAVE) | \
			 EVENT_BIT(EVENT_ACQUIRE_SHARED) | \
			 EVENT_BIT(EVENT_TRY_SHARED) | EVENT_BIT(EVENT_RELEASE_SHARED))
/* Events that may have to wait for a lock. */
#define EVENT_BLOCKING	(EVENT_BIT(EVENT_ACQUIRE) | EVENT_BIT(EVENT_ACQUIRE_SHARED) | \
			 EVENT_BIT(EVENT_LOCKED))
#define EVENT_TRYING	(EVENT_BIT(EVENT_TRY) | EVENT_BIT(EVENT_TRY_SHARED))
/* Events after which the lock is held exclusively, or shared, if they succeed. */
#define EVENT_TAKING	(EVENT_BIT(EVENT_ACQUIRE) | EVENT_BIT(EVENT_TRY) | \
			 EVENT_BIT(EVENT_LOCKED))
#define EVENT_TAKING_SHARED \
	(EVENT_BIT(EVENT_ACQUIRE_SHARED) | EVENT_BIT(EVENT_TRY_SHARED))

/* Events before which the lock is held exclusively, and after which it is not. */
#define EVENT_LEAVING	(EVENT_BIT(EVENT_RELEASE) | EVENT_BIT(EVENT_DOWNGRADE))
/* Events that may have to wait for what other threads do, as the world says. */
#define EVENT_WAITING	(EVENT_BIT(EVENT_AWAIT) | EVENT_BIT(EVENT_RESUME))
/* Events that are about the data at the object and not about a lock there. */
#define EVENT_DATA	(EVENT_BIT(EVENT_READ) | EVENT_BIT(EVENT_WRITE) | \
			 EVENT_BIT(EVENT_ENTER) | EVENT_BIT(EVENT_LEAVE) | \
			 EVENT_WAITING)
/* Events that touch no object. */
#define EVENT_NOWHERE	(EVENT_BIT(EVENT_HALT) | EVENT_BIT(EVENT_HALTED) | \
			 EVENT_BIT(EVENT_CHOOSE))

static inline bool event_is(const struct event *event, unsigned int ops)
{
	return EVENT_BIT(event->op) & ops;
}

/** event_halts() - whether nobody does anything after it. */
static inline bool event_halts(const struct event *event)
{
	return event->op == EVENT_HALT || event->halts;
}

/** event_conflict() - whether two events on one object, of any threads, don't commute. */
static inline bool event_conflict(const struct event *a, const struct event *b)
{
	return !event_is(a, EVENT_SHARED) || !event_is(b, EVENT_SHARED);
}

/** event_dependent() - whether the order of the two matters. */
static inline bool event_dependent(const struct event *a, const struct event *b)
{
	if (a->thread == b->thread)
		return true;
	if (event_halts(a) || event_halts(b))
		return true;
	if (event_is(a, EVENT_NOWHERE) || event_is(b, EVENT_NOWHERE))
		return false;
	return a->object == b->object && event_conflict(a, b);
}

#endif /* _MODEL_EXPLORE_EVENT_H */
