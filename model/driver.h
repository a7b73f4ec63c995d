/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_DRIVER_H
#define _MODEL_DRIVER_H

/**
 * DOC: Who decides which thread goes on
 *
 * Left alone, the scheduler asks the path. A driver decides in its place: it sees each
 * dispatch, that is each time a thread goes on from a scheduling point, from a sleep or from
 * its beginning, be it the thread that ran before.
 */

#include "execution.h"

/**
 * struct driver - decides.
 * @stops: every thread stops at each point, so that what it is about to do is known before
 *         anybody is chosen; the thread that goes on is dispatched by the host. Else threads
 *         switch among themselves, and what the driver wants is what the path records
 * @begin: some threads are about to run together
 * @next:  the thread that goes on now. NULL: with @stops nobody can, else: whoever the path
 *         says
 * @gone_on: without @stops: that thread is the one that goes on now
 * @stand: with @stops: what the current thread is about to do was told in &machine_thread
 * @left:  the kernel has left for the next one, and has been checked: all its threads are
 *         gone; optional
 * @answer: with @stops: the current thread's question was answered so; else, what to answer
 */
struct driver {
	bool stops;
	void (*begin)(struct driver *driver, struct machine *machine);
	struct machine_thread *(*next)(struct driver *driver, struct machine *machine);
	void (*gone_on)(struct driver *driver, struct machine_thread *thread);
	void (*stand)(struct driver *driver, struct machine_thread *thread);
	void (*left)(struct driver *driver);
	unsigned int (*answer)(struct driver *driver, struct machine_thread *thread);
};

#endif /* _MODEL_DRIVER_H */
