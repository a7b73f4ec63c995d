// SPDX-License-Identifier: GPL-2.0
/* The run of a machine that is explored: who goes on, and how it is put back. */

#include <string.h>

#include "../points.h"
#include "checkpoints.h"
#include "kernel_world.h"
#include "objects.h"
#include "root.h"

static struct kernel_world *from_driver(struct driver *driver)
{
	return (struct kernel_world *)((char *)driver - offsetof(struct kernel_world, driver));
}

static uint32_t number_of(struct kernel_world *kw, const struct machine_thread *thread,
			  const volatile void *what)
{
	const volatile void *object = points_object(kw->what->machine, what);
	struct call_path path;
	uint32_t number;

	if (objects_find(kw->objects, (uintptr_t)object, &number))
		return number;
	execution_path(kw->what->machine, &path, thread->site, thread->frame);
	number = objects_add(kw->objects, (uintptr_t)object, &path);
	kw->world.objects = MAX(kw->world.objects, number + 1);
	return number;
}

/* As the search sees what a thread of the kernel is about to do. */
static const uint8_t event_ops[HOST_OP_KINDS] = {
	[HOST_OP_READ] = EVENT_READ,
	[HOST_OP_WRITE] = EVENT_WRITE,
	[HOST_OP_RMW] = EVENT_WRITE,
	[HOST_OP_ACQUIRE] = EVENT_ACQUIRE,
	[HOST_OP_ACQUIRE_SHARED] = EVENT_ACQUIRE_SHARED,
	[HOST_OP_TRY] = EVENT_TRY,
	[HOST_OP_TRY_SHARED] = EVENT_TRY_SHARED,
	[HOST_OP_RELEASE] = EVENT_RELEASE,
	[HOST_OP_RELEASE_SHARED] = EVENT_RELEASE_SHARED,
	[HOST_OP_RCU_LOCK] = EVENT_ENTER,
	[HOST_OP_RCU_UNLOCK] = EVENT_LEAVE,
	[HOST_OP_RCU_SYNC] = EVENT_WRITE,
	[HOST_OP_WAKE] = EVENT_WRITE,
	[HOST_OP_WAIT] = EVENT_READ,
	[HOST_OP_LOCKED] = EVENT_LOCKED,
	[HOST_OP_DOWNGRADE] = EVENT_DOWNGRADE,
	[HOST_OP_HALT] = EVENT_HALT,
};

static struct event event_of(struct kernel_world *kw, const struct machine_thread *thread)
{
	struct event event = { .thread = thread->number - 1 };

	if (thread->state == THREAD_DONE)
		return event;
	if (thread->answers) {
		event.op = EVENT_CHOOSE;
		event.object = thread->answers;
	} else if (thread->waits_on) {
		event.op = EVENT_RESUME;
		event.object = number_of(kw, thread, thread->waits_on);
	} else {
		event.op = event_ops[thread->op];
		event.object = event.op == EVENT_HALT ? 0 : number_of(kw, thread, thread->object);
	}
	return event;
}

/* Going back to a checkpoint */

#define IN_WORLD(member)	{ offsetof(struct kernel_world, member),		\
				  sizeof(((struct kernel_world *)NULL)->member) }

/* What changes while threads run together and is neither in the journal nor made anew. */
static const struct {
	size_t offset;
	size_t size;
} in_checkpoint[] = {
	IN_WORLD(world.born), IN_WORLD(world.phase), IN_WORLD(world.ready), IN_WORLD(pending),
	IN_WORLD(thread), IN_WORLD(threads), IN_WORLD(top), IN_WORLD(replayed),
	IN_WORLD(new_phase), IN_WORLD(going),
};

/* After a halt nobody goes on: there is nothing to come back for. */
static bool checkpoint_due(const struct kernel_world *kw)
{
	return kw->checkpoints && !kw->world.halted &&
	       checkpoints_due(kw->checkpoints, kw->replayed);
}

static void take_checkpoint(struct kernel_world *kw)
{
	GByteArray *to = checkpoints_take(kw->checkpoints, kw->replayed);

	for (unsigned int i = 0; i < G_N_ELEMENTS(in_checkpoint); i++)
		g_byte_array_append(to, (guint8 *)kw + in_checkpoint[i].offset,
				    in_checkpoint[i].size);
}

static bool back_to_checkpoint(struct kernel_world *kw)
{
	const guint8 *from = kw->checkpoints ?
		checkpoints_go_back(kw->checkpoints, schedule_length(kw->log),
				    &kw->result->diverged) : NULL;

	if (!from)
		return false;
	for (unsigned int i = 0; i < G_N_ELEMENTS(in_checkpoint); i++) {
		memcpy((guint8 *)kw + in_checkpoint[i].offset, from, in_checkpoint[i].size);
		from += in_checkpoint[i].size;
	}
	return true;
}

static void forget_checkpoints(struct kernel_world *kw)
{
	if (kw->checkpoints)
		checkpoints_end(kw->checkpoints);
}

/* Driver */

static void kernel_begin(struct driver *driver, struct machine *machine)
{
	struct kernel_world *kw = from_driver(driver);

	(void)machine;
	if (!kw->root && root_possible(kw->what)) {
		kw->at_root = true;
		fiber_switch(kw->runner, &kw->host);
	}
	kw->is_left = false;
	kw->in_phase = true;
	if (kw->checkpoints)
		checkpoints_begin(kw->checkpoints);
	/* Those of an earlier phase are gone, perhaps with their kernel. */
	memset(kw->thread, 0, sizeof(kw->thread));
	memset(kw->pending, 0, sizeof(kw->pending));
	kw->world.ready = 0;
	kw->new_phase = true;
}

static void kernel_stand(struct driver *driver, struct machine_thread *thread)
{
	struct kernel_world *kw = from_driver(driver);

	/* At the end it matters what they could not do, not that they tried. */
	if (!kw->ending)
		kw->pending[thread->number - 1] = event_of(kw, thread);
}

static unsigned int kernel_answer(struct driver *driver, struct machine_thread *thread)
{
	(void)thread;
	return from_driver(driver)->answer;
}

/* After a halt there are no threads any more, but what they stood at is still to be told. */
static void note_late(struct kernel_world *kw, unsigned int halting)
{
	kw->world.over = true;
	for (unsigned int i = 0; i < kw->top; i++) {
		if (i == halting || kw->pending[i].op == EVENT_NONE ||
		    kw->world.halted >> i & 1)
			continue;
		kw->late[i] = kw->pending[i];
		kw->world.halted |= 1ull << i;
	}
}

void kernel_show_late(struct kernel_world *kw)
{
	for (uint64_t left = kw->world.halted; left; left &= left - 1) {
		unsigned int i = __builtin_ctzll(left);

		kw->pending[i] = kw->late[i];
	}
}

void kernel_end_late(struct kernel_world *kw, unsigned int thread)
{
	kw->late[thread] = kw->pending[thread] = (struct event){ .thread = thread };
}

static void dispatch(struct kernel_world *kw, unsigned int number, unsigned int answer)
{
	if (kw->pending[number - 1].op == EVENT_HALT)
		note_late(kw, number - 1);
	kw->going = number - 1;
	kw->chosen = kw->thread[number - 1];
	kw->answer = answer;
}

static void log_dispatch(struct kernel_world *kw, unsigned int number, unsigned int answer)
{
	struct event event = kw->pending[number - 1];

	schedule_add(kw->log, (struct dispatch){ .thread = number, .answer = answer });
	g_array_append_val(kw->events, event);
	kw->replayed++;
	dispatch(kw, number, answer);
}

/* 0: the search has to begin again, with one more. */
static unsigned int child_number(struct kernel_world *kw, const struct machine_thread *thread)
{
	struct child child = { .parent = thread->parent, .ordinal = thread->ordinal };
	unsigned int index;

	if (child_is_known(kw->children, child, &index))
		return kw->what->threads + index + 1;
	kw->stranger = child;
	return 0;
}

static unsigned int number_for(struct kernel_world *kw, const struct machine_thread *thread)
{
	if (thread->ordinal)
		return child_number(kw, thread);
	if (kw->threads == kw->what->threads)
		g_error("more threads than were announced");
	return ++kw->threads;
}

static bool is_new(const struct machine_thread *thread)
{
	return !thread->number && thread->state != THREAD_DONE;
}

static struct machine_thread *new_thread(struct machine *machine)
{
	for (unsigned int i = 0; i < machine->threads->len; i++)
		if (is_new(g_ptr_array_index(machine->threads, i)))
			return g_ptr_array_index(machine->threads, i);
	return NULL;
}

/* The run that is done again has to be the same. */
static void follow_log(struct kernel_world *kw)
{
	const struct dispatch *entry = schedule_at(kw->log, kw->replayed);
	const struct event *was = &g_array_index(kw->events, struct event, kw->replayed);
	const struct event *is;

	kw->replayed++;
	if (!entry->thread || entry->thread > kw->top) {
		kw->result->diverged = true;
		kw->chosen = NULL;
		return;
	}
	is = &kw->pending[entry->thread - 1];
	if (is->op != was->op || is->object != was->object)
		kw->result->diverged = true;
	dispatch(kw, entry->thread, entry->answer);
}

/* A thread that has just come into being runs up to the first thing that others can see. */
static void start_thread(struct kernel_world *kw, struct machine_thread *thread,
			 unsigned int number)
{
	thread->number = number;
	kw->top = MAX(kw->top, number);
	kw->names[number - 1] = g_intern_string(thread->name);
	kw->thread[number - 1] = thread;
	kw->pending[number - 1] = (struct event){ .thread = number - 1 };
	kw->world.born |= 1ull << (number - 1);
	if (kw->new_phase)
		kw->world.phase |= 1ull << (number - 1);
	if (kw->replayed < schedule_length(kw->log))
		follow_log(kw);
	else
		log_dispatch(kw, number, 0);
}

static void note_states(struct kernel_world *kw)
{
	for (unsigned int i = 0; i < kw->top; i++) {
		const struct machine_thread *thread = kw->thread[i];

		if (!thread)
			continue;
		if (thread->state == THREAD_DONE)
			kw->pending[i] = (struct event){ .thread = i };
		/* Who is about to sleep may have been woken already. */
		if (thread->waits_on ? thread->state == THREAD_RUNNABLE : thread->woken)
			kw->world.ready |= 1ull << i;
		else
			kw->world.ready &= ~(1ull << i);
	}
}

static struct machine_thread *last_words(struct machine *machine)
{
	for (unsigned int i = 0; i < machine->threads->len; i++) {
		struct machine_thread *thread = g_ptr_array_index(machine->threads, i);

		if (thread->state == THREAD_RUNNABLE)
			return thread;
	}
	return NULL;
}

static bool all_done(const struct kernel_world *kw)
{
	for (unsigned int i = 0; i < kw->top; i++)
		if (kw->thread[i] && kw->thread[i]->state != THREAD_DONE)
			return false;
	return true;
}

/* A kernel that stops while threads run together halts them, without a word before. */
static void leave_run(struct kernel_world *kw)
{
	kw->over = true;
	if (kw->in_phase && !kw->ending && kw->what->machine->state == STATE_STOPPED)
		note_late(kw, kw->going);
	if (!kw->ending)
		memset(kw->pending, 0, sizeof(kw->pending));
	fiber_switch(kw->runner, &kw->host);
	g_assert_not_reached();
}

static bool is_known_end(struct kernel_world *kw, bool left, unsigned int *outcome)
{
	if (kw->replayed < schedule_length(kw->log) || kw->ending)
		return false;
	kw->is_left = root_digest(kw->root, left, &kw->left);
	return kw->is_left && root_knows_end(kw->root, &kw->left, outcome);
}

/*
 * All threads have ended, or the kernel has @left and they are gone. If what comes now is known,
 * it is not done again.
 */
static void end_phase(struct kernel_world *kw, bool left)
{
	unsigned int outcome;

	kw->in_phase = false;
	if (!is_known_end(kw, left, &outcome)) {
		forget_checkpoints(kw);
		return;
	}
	kw->what->skip(kw->what->ctx, outcome);
	kw->is_left = false;
	leave_run(kw);
}

/*
 * A thread that has no number yet would do something: this run comes to nothing. If there is none
 * left for it, nobody can go on.
 */
static void give_up(struct kernel_world *kw, struct machine *machine)
{
	if (kernel_threads(kw) < EXPLORE_THREADS_MAX) {
		forget_checkpoints(kw);
		leave_run(kw);
	}
	kw->stranger.ordinal = 0;
	execution_violation(machine, "K-LIMIT", NULL, NULL,
			    "more RCU callbacks while threads run together than can be told apart");
	machine->state = STATE_STOPPED;
}

static struct machine_thread *kernel_next(struct driver *driver, struct machine *machine)
{
	struct kernel_world *kw = from_driver(driver);
	struct machine_thread *thread;
	unsigned int number;

	if (kw->ending)
		return last_words(machine);
	thread = new_thread(machine);
	kw->new_phase &= !!thread;
	if (thread) {
		number = number_for(kw, thread);
		if (!number) {
			give_up(kw, machine);
			return NULL;
		}
		start_thread(kw, thread, number);
		return kw->chosen;
	}
	note_states(kw);
	if (all_done(kw)) {
		end_phase(kw, false);
		return NULL;
	}
	if (kw->replayed < schedule_length(kw->log) && !checkpoint_due(kw)) {
		follow_log(kw);
		return kw->chosen;
	}
	fiber_switch(kw->runner, &kw->host);
	return kw->ending ? last_words(machine) : kw->chosen;
}

static void kernel_left(struct driver *driver)
{
	struct kernel_world *kw = from_driver(driver);

	if (kw->in_phase)
		end_phase(kw, true);
}

const struct driver kernel_driver = {
	.stops = true, .begin = kernel_begin, .next = kernel_next, .stand = kernel_stand,
	.left = kernel_left, .answer = kernel_answer,
};

/* The run */

static void runner_main(void *arg)
{
	struct kernel_world *kw = arg;

	kw->what->run(kw->what->ctx);
	forget_checkpoints(kw);
	leave_run(kw);
}

/* Until it asks who goes on, or is over. It also stops where a checkpoint is due. */
static void let_run(struct kernel_world *kw)
{
	fiber_switch(&kw->host, kw->runner);
	while (!kw->over && !kw->at_root && kw->replayed < schedule_length(kw->log)) {
		take_checkpoint(kw);
		follow_log(kw);
		fiber_switch(&kw->host, kw->runner);
	}
}

static void boot_again(struct kernel_world *kw)
{
	struct machine *machine = kw->what->machine;

	fiber_pool_reset(&kw->fibers);
	machine->state = STATE_OFF;
	machine->current = NULL;
	machine->fiber = NULL;
	kw->runner = fiber_new(&kw->fibers, runner_main, kw);
	machine->host.stack = kw->runner->stack;
	machine->host.size = kw->runner->size;
	let_run(kw);
	if (!kw->at_root)
		return;
	kw->at_root = false;
	kw->root = root_take(kw->what, kw->runner);
	if (kw->what->rewind <= EXPLORE_REWIND_CHECKED)
		kw->checkpoints = checkpoints_new(kw->root,
						  kw->what->rewind == EXPLORE_REWIND_CHECKED);
	let_run(kw);
}

void kernel_start_run(struct kernel_world *kw)
{
	memset(kw->pending, 0, sizeof(kw->pending));
	memset(kw->thread, 0, sizeof(kw->thread));
	kw->threads = kw->top = 0;
	kw->replayed = 0;
	kw->over = kw->ending = kw->is_left = kw->in_phase = false;
	kw->world.born = kw->world.phase = kw->world.ready = kw->world.halted = 0;
	kw->world.over = false;
	if (!kw->root) {
		boot_again(kw);
		return;
	}
	forget_checkpoints(kw);
	root_restore(kw->root);
	let_run(kw);
}

bool kernel_go_on_from_checkpoint(struct kernel_world *kw)
{
	if (!back_to_checkpoint(kw))
		return false;
	kw->over = kw->ending = kw->is_left = false;
	kw->in_phase = true;
	kw->world.halted = 0;
	kw->world.over = false;
	if (kw->replayed < schedule_length(kw->log)) {
		follow_log(kw);
		let_run(kw);
	}
	return true;
}

void kernel_go_on(struct kernel_world *kw, unsigned int number, unsigned int answer)
{
	if (checkpoint_due(kw))
		take_checkpoint(kw);
	log_dispatch(kw, number, answer);
	let_run(kw);
}

void kernel_finish(struct kernel_world *kw)
{
	kw->ending = true;
	let_run(kw);
}
