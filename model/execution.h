/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXECUTION_H
#define _MODEL_EXECUTION_H

/**
 * DOC: The state of one run
 *
 * struct machine holds all that a run changes. The files of the model each own a part
 * of it: physmem.c memory, image.c the kernels, scheduler.c the threads, kexec.c the
 * handover, check.c the checkers. execution.c ties them to the kernel: it is the
 * table of host functions.
 */

#include "fiber.h"
#include "image.h"
#include "kexec.h"
#include "machine.h"
#include "path.h"
#include "physmem.h"
#include "symbolize.h"
#include "undo.h"
#include "verdict.h"

/* Threads that can have user memory at one time. */
#define USER_SLOTS	256u
/* Threads that the kernel can spawn while others run together. */
#define SPAWNED_MAX	24u
/* Locks remembered for a thread, to say in a report who holds what. */
#define HELD_MAX	8u

enum thread_state { THREAD_RUNNABLE, THREAD_BLOCKED, THREAD_DONE };

/**
 * struct machine_thread - a simulated thread.
 * @task:     the kernel's task
 * @own_task: @task ends with the thread
 * @in_kernel: it is inside a call into the kernel
 * @killed:   its task has to end: what it has not begun it does not begin any more
 * @waits_on, @waits_for: what it sleeps on, and its name
 * @expects:  the object of its last HOST_OP_WAIT
 * @woken:    that has been woken since
 * @held, @held_nr: locks it has taken while others were about
 * @slot:     which piece of user memory is its own
 * @op, @object: what it is about to do, or did last; HOST_OP_RMW after a sleep
 * @touches: what it is about to do, or did last, is an access to memory (points.h)
 * @touched, @touch_frame: of the last of those: how many bytes, and in which call
 * @site, @frame: where in the image it stands
 * @racer:    as the detector of data races calls it, from 1; 0 if it does not know it
 * @answers:  or, if not zero, how many answers there are to what it asks
 * @number:   as a driver calls it, from 1; 0 for a thread that it doesn't know yet
 * @parent:   of a thread that the kernel has spawned: the number of the thread that did it
 * @ordinal:  ... and which of those this is, from 1; 0 for other threads
 * @spawned:  how many it has spawned
 */
struct machine_thread {
	struct machine *machine;
	struct machine_process *process;
	char *name;
	void (*body)(void *arg);
	void *arg;
	struct fiber *fiber;
	void *task;
	bool own_task;
	bool in_kernel;
	bool killed;
	enum thread_state state;
	const volatile void *waits_on;
	char *waits_for;
	const volatile void *expects;
	bool woken;
	const volatile void *held[HELD_MAX];
	unsigned int held_nr;
	unsigned int slot;
	enum host_op op;
	const volatile void *object;
	bool touches;
	host_size touched;
	const void *touch_frame;
	const void *site;
	const void *frame;
	unsigned int racer;
	unsigned int answers;
	unsigned int number;
	unsigned int parent;
	unsigned int ordinal;
	unsigned int spawned;
};

/**
 * struct machine_process - a simulated process.
 * @process: the kernel's
 * @leader:  a task of it that lives as long as the process does
 */
struct machine_process {
	char *name;
	void *process;
	void *leader;
	bool gone;
};

/** enum machine_state - what there is of a kernel. */
enum machine_state {
	STATE_OFF,
	STATE_UP,
	STATE_JUMPED,		/* the old kernel has left, the next has not started */
	STATE_STOPPED
};

struct points;
struct race;

/** struct crash - a fault in kernel code, noted by the signal handler. */
struct crash {
	int signal;
	bool no_address;
	bool poison;
	unsigned long address;
	bool stack_overflow;
	struct call_path path;
};

struct machine {
	/* Set once. */
	struct path *path;
	struct driver *driver;		/* NULL: the path decides */
	struct verdict *verdict;
	void (*console)(void *ctx, int level, const char *line);
	void *console_ctx;
	GString *log;			/* the running kernel's, a line after the other */
	void (*on_handover)(void *ctx, struct machine *machine);
	void *on_handover_ctx;
	char *cmdline;
	unsigned int nodes;
	bool from_path;
	struct image *images[2];
	/* Copies of images[0] for the first kernel, of images[1] for later ones. */
	struct kernel *kernels[4];
	char *user;

	/* This run. */
	enum machine_state state;
	unsigned int boots;
	struct physmem mem;
	struct handover handover;
	struct kernel *now;
	struct kernel *old;
	void *idle_task;

	struct fiber host;
	struct fiber_pool fibers;
	struct fiber *fiber;		/* that runs, NULL on the host's own stack */
	struct machine_thread *current;
	GPtrArray *threads;
	GPtrArray *processes;
	unsigned int live;
	unsigned int runnable;
	int concurrent;
	bool together;			/* several threads were there when this phase began */
	unsigned int spawned;		/* threads that the kernel has, in this phase */
	bool driven;			/* a driver has threads that run together */
	unsigned long slots[USER_SLOTS / (8 * sizeof(unsigned long))];
	unsigned int slots_used;	/* since the cold boot: those below it */

	struct crash crash;
	bool may_panic;
	char *panic;			/* why the running kernel did, if that was allowed */
	unsigned long progress;		/* counts whatever happens, see hang.c */
	bool in_kernel;			/* a call without a thread is */
	unsigned int in_host;
	const void *site;		/* where in the image an event was raised */
	const void *site_frame;
	void **check_states;
	struct race *race;		/* NULL: no image with hooks was booted */
	struct undo *undo;
	struct points *points;		/* the caller's; NULL: sync granularity */
};

/* execution.c */

/** execution_ops() - the table every image is loaded with. */
const struct host_ops *execution_ops(void);

/** execution_enter() - the caller works on @machine now. */
void execution_enter(struct machine *machine);
/** execution_current() - the machine that runs in this thread, or NULL. */
struct machine *execution_current(void);

/**
 * execution_call() - run @fn(@arg) on a fiber without a task, to its end.
 * Return: false if the kernel ended meanwhile.
 */
bool execution_call(struct machine *machine, void (*fn)(void *arg), void *arg);

/** execution_leave() - end the running kernel, from one of its fibers. */
void execution_leave(struct machine *machine, enum machine_state state)
	__attribute__((noreturn));

/** execution_ended() - after a return to the host: report a crash, if it was one. */
void execution_ended(struct machine *machine);

/** execution_path() - the calls that led to pc, whose frame is @frame. */
void execution_path(const struct machine *machine, struct call_path *path, const void *pc,
		    const void *frame);

/** execution_path_on() - the same for code that stands on another fiber. */
void execution_path_on(const struct machine *machine, struct call_path *path,
		       const struct fiber *fiber, const void *pc, const void *frame);

/** execution_sleeping_path() - the calls in which a sleeping thread stands. */
void execution_sleeping_path(const struct machine *machine, struct call_path *path,
			     const struct machine_thread *thread);

/**
 * execution_save() - see journal.h: the machine itself and its threads, but for memory,
 * fibers and what kernels keep in their statics.
 */
void execution_save(struct machine *machine);

/**
 * execution_digest() - puts in all that the rest of the run depends on, where no thread is left or,
 * if @left, the kernel has left: the machine, its processes, checkers, the verdict. Not memory.
 * It is the same kernel that ran when the journal began. Return: false if that can't be told.
 */
bool execution_digest(const struct machine *machine, bool left, struct digest *digest);

/** execution_violation() - verdict_add() in the running kernel; the path may be NULL. */
void execution_violation(struct machine *machine, const char *property,
			 const struct call_path *where, const struct call_path *other,
			 const char *format, ...) G_GNUC_PRINTF(5, 6);

/* scheduler.c */

void scheduler_init(struct machine *machine);
void scheduler_destroy(struct machine *machine);
/** scheduler_forget_processes() - all have ended. */
void scheduler_forget_processes(struct machine *machine);
/** scheduler_clear() - every thread and process vanishes. */
void scheduler_clear(struct machine *machine);
/** scheduler_add() - one more runnable thread; it runs as @task, or as a new one if NULL. */
struct machine_thread *scheduler_add(struct machine *machine, struct machine_process *process,
				     const char *name, void (*body)(void *arg), void *arg,
				     void *task);
/** scheduler_run() - run until nobody can go on or the kernel has ended. */
enum machine_end scheduler_run(struct machine *machine);

void scheduler_point(struct machine *machine, enum host_op op, const volatile void *object);
/** scheduler_touch() - the same for what is no operation of the kernel's but a plain access. */
void scheduler_touch(struct machine *machine, enum host_op op, const volatile void *object);
/** scheduler_choose() - what host_ops.choose says. */
unsigned int scheduler_choose(struct machine *machine, enum host_choice kind, unsigned int n);
void scheduler_block(struct machine *machine, const volatile void *object, const char *what);
void scheduler_wake(struct machine *machine, const volatile void *object);
/** scheduler_signal() - the kernel wants @task to end: see struct host_ops. */
void scheduler_signal(struct machine *machine, void *task);
/** scheduler_spawn() - what host_ops.spawn says. */
bool scheduler_spawn(struct machine *machine, void *task, void (*fn)(void *arg), void *arg,
		     const volatile void *object, const char *name);
/** scheduler_exit() - the thread that runs is over, wherever it stands. */
void scheduler_exit(struct machine *machine) __attribute__((noreturn));

/* discipline.c */

/**
 * discipline_block() - the current thread is about to sleep on @object; if whoever tries orders
 * could not know that this depends on waking it, the run ends with a violation of K-CHECK.
 */
void discipline_block(struct machine *machine, const volatile void *object);
/** discipline_wake() - likewise: who runs is about to wake whoever sleeps on @object. */
void discipline_wake(struct machine *machine, const volatile void *object);

/* crash.c */

/** crash_watch() - catch faults of kernel code in this thread from now on. */
void crash_watch(void);
/** crash_report() - say in the verdict what machine->crash tells. */
void crash_report(struct machine *machine);

/* hang.c */

/** hang_watch() - notice kernel code that loops for ever, in this thread from now on. */
void hang_watch(void);

#endif /* _MODEL_EXECUTION_H */
