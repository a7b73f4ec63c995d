// SPDX-License-Identifier: GPL-2.0
/*
 * A machine as a world. The run is on a fiber of its own; threads stop at each scheduling point and
 * return to it, and it asks the search who goes on.
 *
 * Going back is to go back to a checkpoint, a few steps before where the search wants to be, and to
 * run again from there; or to where threads first run together, the root. Where that is not
 * possible either it is running again from boot.
 */

#include <string.h>

#include "../driver.h"
#include "../explore_kernel.h"
#include "../points.h"
#include "checkpoints.h"
#include "children.h"
#include "objects.h"
#include "root.h"
#include "saved.h"
#include "search.h"

/**
 * struct mark - the state before a step.
 * @dispatches: length of the schedule
 * @late:       the step is of a thread that came too late: its number; else 0
 */
struct mark {
	unsigned int dispatches;
	unsigned int late;
};

/** struct explore_share - a search that others can take part in: @kw is the world that began it. */
struct explore_share {
	const struct kernel_world *kw;
	struct split *split;
};

/**
 * struct kernel_world - a machine that is being explored.
 * @host:     the search's own stack
 * @runner:   the fiber of the run
 * @log:      who went on so far
 * @events:   what each of those did
 * @replayed: how much of the log the run has followed, if it was started again
 * @marks:    one for each step that the search has done
 * @chosen:   who goes on, NULL: nobody can any more
 * @over:     the run has ended
 * @ending:   nobody can go on: who stands before a lock goes to sleep there, to be reported
 * @new_phase: threads that come now run after all that were there before
 * @going:    the thread that goes on, or did last: its number - 1
 * @late:     what threads that came too late stood at
 * @at_root:  the run stands there for the first time
 * @root:     what there was then, NULL: running again begins with a boot
 * @checkpoints: since then, or NULL
 * @in_phase: threads run together
 * @left:     what threads have left, if all have ended
 * @is_left:  that is known
 * @objects:  what the search knows by number
 * @machine_host: the machine's own, for the time after
 * @options:  of the search, and
 * @share:    itself, for others who take part
 * @names:    of threads, by number - 1; they stay from run to run
 * @top:      no thread has a higher number
 * @children: of threads that the kernel spawns: struct child. The first has the number after those
 *            that were announced, and so on
 * @stranger: one that is not among those
 */
struct kernel_world {
	struct world world;
	struct driver driver;
	const struct explore_kernel *what;
	struct explore_result *result;
	struct fiber host;
	struct fiber_pool fibers;
	struct fiber *runner;
	struct event pending[EXPLORE_THREADS_MAX];
	struct machine_thread *thread[EXPLORE_THREADS_MAX];
	unsigned int threads;
	unsigned int top;
	GArray *children;
	struct child stranger;
	const char *names[EXPLORE_THREADS_MAX];
	struct schedule *log;
	GArray *events;
	unsigned int replayed;
	GArray *marks;
	struct machine_thread *chosen;
	unsigned int answer;
	bool over;
	bool ending;
	bool new_phase;
	unsigned int going;
	struct event late[EXPLORE_THREADS_MAX];
	bool at_root;
	struct root *root;
	struct checkpoints *checkpoints;
	bool in_phase;
	struct digest left;
	bool is_left;
	struct objects *objects;
	struct fiber machine_host;
	const struct explore_options *options;
	struct explore_share share;
};

static struct kernel_world *to_kernel(struct world *world)
{
	return (struct kernel_world *)world;
}

static struct kernel_world *from_driver(struct driver *driver)
{
	return (struct kernel_world *)((char *)driver - offsetof(struct kernel_world, driver));
}

static uint64_t kernel_name(const struct world *world, uint32_t object)
{
	return objects_name(((const struct kernel_world *)world)->objects, object);
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

/* What changes while threads run together, and has not changed where they do. */
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

static void show_late(struct kernel_world *kw)
{
	for (uint64_t left = kw->world.halted; left; left &= left - 1) {
		unsigned int i = __builtin_ctzll(left);

		kw->pending[i] = kw->late[i];
	}
}

static void end_late(struct kernel_world *kw, unsigned int thread)
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

/* How many threads the search has to do with. */
static unsigned int threads_of(const struct kernel_world *kw)
{
	return kw->what->threads + kw->children->len;
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
	if (threads_of(kw) < EXPLORE_THREADS_MAX) {
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

static void start_run(struct kernel_world *kw)
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

static bool go_on_from_checkpoint(struct kernel_world *kw)
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

/* World */

static void kernel_step(struct world *world, unsigned int thread, bool ok, unsigned int choice)
{
	struct kernel_world *kw = to_kernel(world);
	struct mark mark = { .dispatches = schedule_length(kw->log) };
	bool is_late = world->halted >> thread & 1;

	(void)ok;	/* the kernel knows */
	mark.late = is_late ? thread + 1 : 0;
	g_array_append_val(kw->marks, mark);
	if (is_late) {
		end_late(kw, thread);
		return;
	}
	if (checkpoint_due(kw))
		take_checkpoint(kw);
	log_dispatch(kw, thread + 1, choice);
	let_run(kw);
	show_late(kw);
}

static void kernel_rewind(struct world *world, unsigned int depth)
{
	struct kernel_world *kw = to_kernel(world);
	unsigned int dispatches = g_array_index(kw->marks, struct mark, depth).dispatches;

	g_array_set_size(kw->marks, depth);
	g_array_set_size(kw->log->dispatches, dispatches);
	g_array_set_size(kw->events, dispatches);
	if (!go_on_from_checkpoint(kw))
		start_run(kw);
	show_late(kw);
	for (unsigned int i = 0; i < depth; i++) {
		unsigned int late = g_array_index(kw->marks, struct mark, i).late;

		if (late)
			end_late(kw, late - 1);
	}
}

/*
 * Whoever follows a schedule counts threads as they begin. Those that the kernel spawns have other
 * numbers here.
 */
static struct schedule *counted_anew(const struct kernel_world *kw)
{
	struct schedule *schedule = schedule_copy(kw->log);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	uint16_t number[EXPLORE_THREADS_MAX] = { 0 };

	for (unsigned int i = 0; i < schedule_length(schedule); i++) {
		struct dispatch *dispatch = schedule_at(schedule, i);
		unsigned int was = dispatch->thread;

		if (!number[was - 1]) {
			g_ptr_array_add(names, (char *)kw->names[was - 1]);
			number[was - 1] = names->len;
		}
		dispatch->thread = number[was - 1];
	}
	schedule_set_names(schedule, names);
	return schedule;
}

static enum explore_next tell_ended(struct kernel_world *kw)
{
	struct schedule *schedule;
	enum explore_next next;

	if (!kw->children->len)
		return kw->what->ended(kw->what->ctx, kw->log, kw->result);
	schedule = counted_anew(kw);
	next = kw->what->ended(kw->what->ctx, schedule, kw->result);
	schedule_free(schedule);
	return next;
}

static enum explore_next kernel_ended(struct world *world, bool blocked)
{
	struct kernel_world *kw = to_kernel(world);
	enum explore_next next;

	if (blocked) {
		kw->ending = true;
		let_run(kw);
	}
	if (kw->result->diverged)
		return EXPLORE_STOP;
	g_assert(kw->over);
	if (kw->stranger.ordinal) {
		kw->result->outdated = true;
		return EXPLORE_STOP;
	}
	next = tell_ended(kw);
	/* What has been explored so far does not have what has just become a point. */
	if (next != EXPLORE_STOP && points_new_ones(kw->what->machine->points)) {
		kw->result->outdated = true;
		kw->result->paused = next == EXPLORE_PAUSE;
		return EXPLORE_STOP;
	}
	if (next == EXPLORE_GO_ON && kw->is_left)
		root_learn_end(kw->root, &kw->left, kw->what->outcome(kw->what->ctx));
	return next;
}

static void kernel_share(struct world *world, struct split *split)
{
	struct kernel_world *kw = to_kernel(world);

	objects_share(kw->objects);
	kw->share = (struct explore_share){ .kw = kw, .split = split };
	kw->what->share(kw->what->ctx, &kw->share);
}

static void kernel_unshare(struct world *world, struct split *split)
{
	struct kernel_world *kw = to_kernel(world);

	(void)split;
	kw->what->unshare(kw->what->ctx, &kw->share);
}

static void name_hottest(struct kernel_world *kw)
{
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX; i++) {
		struct explore_hot *hot = &kw->result->hot[i];

		if (hot->races)
			hot->name = objects_text(kw->objects, hot->object);
	}
}

/* Numbers mean something to the search only together with what they are numbers of. */
static void save_with_objects(const struct kernel_world *kw, struct explore_result *result)
{
	GVariant *saved = result->saved;

	if (!saved)
		return;
	result->saved = g_variant_ref_sink(g_variant_new("(@" OBJECTS_SAVED "@" CHILDREN_SAVED "v)",
							 objects_save(kw->objects),
							 children_save(kw->children), saved));
	g_variant_unref(saved);
}

/* The search itself, of what was saved; NULL if that is nothing that was. */
static GVariant *search_of(struct kernel_world *kw, GVariant *saved)
{
	g_autoptr(GVariant) objects = NULL, children = NULL;
	GVariant *search = NULL;

	if (!g_variant_is_of_type(saved, G_VARIANT_TYPE("(" OBJECTS_SAVED CHILDREN_SAVED "v)")))
		return NULL;
	g_variant_get(saved, "(@" OBJECTS_SAVED "@" CHILDREN_SAVED "v)", &objects, &children,
		      &search);
	if (g_variant_is_of_type(search, G_VARIANT_TYPE(SAVED_SEARCH)) &&
	    kw->what->threads + g_variant_n_children(children) <= EXPLORE_THREADS_MAX) {
		children_load(kw->children, children);
		objects_load(kw->objects, objects);
		kw->world.objects = objects_count(kw->objects);
		return search;
	}
	g_variant_unref(search);
	return NULL;
}

/* @others: numbers of objects are those of that world, NULL: its own */
static void kernel_init(struct kernel_world *kw, const struct explore_kernel *what,
			struct explore_result *result, GArray *children,
			const struct kernel_world *others)
{
	*kw = (struct kernel_world){
		.world = { .step = kernel_step, .name = kernel_name, .rewind = kernel_rewind },
		.driver = {
			.stops = true, .begin = kernel_begin, .next = kernel_next,
			.stand = kernel_stand, .left = kernel_left, .answer = kernel_answer,
		},
		.what = what,
		.result = result,
		.log = schedule_new(),
		.machine_host = what->machine->host,
		.children = children,
	};
	g_assert(what->threads <= EXPLORE_THREADS_MAX && !what->machine->driver);
	kw->world.pending = kw->pending;
	kw->events = g_array_new(FALSE, FALSE, sizeof(struct event));
	kw->marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
	kw->objects = objects_new(what->machine, others ? others->objects : NULL);
	fiber_init_host(&kw->host);
	fiber_pool_init(&kw->fibers);
	what->machine->driver = &kw->driver;
}

/* The machine stays as it is. */
static void kernel_leave(struct kernel_world *kw)
{
	checkpoints_free(kw->checkpoints);
	root_free(kw->root);
	kw->what->machine->driver = NULL;
	kw->what->machine->host = kw->machine_host;
	fiber_pool_reset(&kw->fibers);
	fiber_pool_destroy(&kw->fibers);
}

static void kernel_destroy(struct kernel_world *kw)
{
	objects_free(kw->objects);
	g_array_unref(kw->marks);
	g_array_unref(kw->events);
	schedule_free(kw->log);
}

static struct search kernel_search(struct kernel_world *kw, const struct explore_options *options)
{
	return (struct search){
		.options = options, .world = &kw->world, .threads = threads_of(kw),
		.ended = kernel_ended,
	};
}

static struct explore_result explore_once(const struct explore_kernel *what,
					  const struct explore_options *options,
					  GArray *children, struct child *stranger)
{
	struct explore_result result = { 0 };
	struct kernel_world kw;
	struct explore_options inner = *options;
	struct search search;

	kernel_init(&kw, what, &result, children, NULL);
	kw.options = &inner;
	if (options->resume)
		inner.resume = search_of(&kw, options->resume);
	search = kernel_search(&kw, &inner);
	search.share = what->share ? kernel_share : NULL;
	search.unshare = what->share ? kernel_unshare : NULL;
	start_run(&kw);
	if (options->resume && !inner.resume)
		result.diverged = true;
	else
		search_run(&search, &result);
	save_with_objects(&kw, &result);
	g_clear_pointer(&inner.resume, g_variant_unref);
	kernel_leave(&kw);
	name_hottest(&kw);
	*stranger = kw.stranger;
	kernel_destroy(&kw);
	return result;
}

/* Nothing of @last is kept but how much there was of it. */
static void begin_again(struct explore_options *options, struct explore_result *last)
{
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX; i++)
		g_free(last->hot[i].name);
	g_clear_pointer(&last->saved, g_variant_unref);
	options->resume = NULL;
	if (options->traces)
		g_hash_table_remove_all(options->traces);
}

static void with_more_points(const struct explore_kernel *what, struct explore_result *last,
			     struct explore_result *sum)
{
	sum->rounds++;
	sum->earlier += last->executions;
	points_settle(what->machine->points);
	if (what->again)
		what->again(what->ctx);
}

struct explore_result explore_kernel_run(const struct explore_kernel *what,
					 const struct explore_options *options)
{
	g_autoptr(GArray) children = g_array_new(FALSE, FALSE, sizeof(struct child));
	struct explore_options again = *options;
	struct explore_result result, sum = { 0 };
	struct child stranger;

	while ((result = explore_once(what, &again, children, &stranger)).outdated &&
	       !result.paused) {
		if (stranger.ordinal)
			child_add(children, stranger, what->threads + 1);
		else
			with_more_points(what, &result, &sum);
		begin_again(&again, &result);
	}
	if (result.outdated)
		points_settle(what->machine->points);
	result.rounds = sum.rounds + 1;
	result.earlier = sum.earlier;
	return result;
}

void explore_kernel_help(const struct explore_kernel *what, struct explore_share *share)
{
	struct explore_result result = { 0 };
	struct kernel_world kw;
	struct search search;

	kernel_init(&kw, what, &result, share->kw->children, share->kw);
	search = kernel_search(&kw, share->kw->options);
	start_run(&kw);
	search_help(share->split, &search, &result);
	kernel_leave(&kw);
	kernel_destroy(&kw);
}
