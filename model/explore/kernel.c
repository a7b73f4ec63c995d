// SPDX-License-Identifier: GPL-2.0
/*
 * A machine as a world. The run is on a fiber of its own; threads stop at each scheduling point and
 * return to it, and it asks the search who goes on.
 *
 * Going back is to go back to where threads first run together, the root, and to run again from
 * there up to where the search wants to be. Where that is not possible it is running again from
 * boot.
 */

#include <string.h>

#include "../driver.h"
#include "../explore_kernel.h"
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
 * @in_phase: threads run together
 * @left:     what threads have left, if all have ended
 * @is_left:  that is known
 * @objects:  what the search knows by number
 * @names:    of threads, by number - 1; they stay from run to run
 * @top:      no thread has a higher number
 * @children: of threads that the kernel has spawned, in any run: whose, and which of those. The
 *            first has the number after those that were announced, and so on, so that it is the
 *            same in each run, whoever comes first
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
	bool in_phase;
	struct digest left;
	bool is_left;
	struct objects *objects;
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
			  const volatile void *object)
{
	uint32_t number = objects_find(kw->objects, (uintptr_t)object);
	struct call_path path;

	if (number < kw->world.objects)
		return number;
	execution_path(kw->what->machine, &path, thread->site, thread->frame);
	objects_add(kw->objects, (uintptr_t)object, &path);
	kw->world.objects = objects_count(kw->objects);
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

/** struct child - the @ordinal-th thread that was spawned by thread @parent. */
struct child {
	unsigned int parent;
	unsigned int ordinal;
};

static const struct child *child_at(const struct kernel_world *kw, unsigned int i)
{
	return &g_array_index(kw->children, struct child, i);
}

static unsigned int child_number(struct kernel_world *kw, const struct machine_thread *thread)
{
	struct child child = { .parent = thread->parent, .ordinal = thread->ordinal };
	unsigned int i = 0;

	while (i < kw->children->len && (child_at(kw, i)->parent != child.parent ||
					 child_at(kw, i)->ordinal != child.ordinal))
		i++;
	if (i == kw->children->len)
		g_array_append_val(kw->children, child);
	return kw->what->threads + i + 1;
}

/* How many threads the search has room for. */
static unsigned int threads_max(const struct explore_kernel *what)
{
	return MIN(what->threads + SPAWNED_MAX, EXPLORE_THREADS_MAX);
}

static unsigned int number_for(struct kernel_world *kw, const struct machine_thread *thread)
{
	if (thread->ordinal)
		return child_number(kw, thread);
	if (kw->threads == kw->what->threads)
		g_error("more threads than were announced");
	return ++kw->threads;
}

/* A thread that there is no number left for: nobody can go on. */
static void too_many(struct machine *machine)
{
	execution_violation(machine, "K-LIMIT", NULL, NULL,
			    "more RCU callbacks while threads run together than can be told apart");
	machine->state = STATE_STOPPED;
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

/*
 * A thread that has just come into being runs up to the first thing that others can see.
 * Returns its number, 0 if there is none, more than there is room for if it can't be.
 */
static unsigned int start_new_thread(struct kernel_world *kw, struct machine *machine)
{
	struct machine_thread *thread = new_thread(machine);
	unsigned int number;

	if (!thread) {
		kw->new_phase = false;
		return 0;
	}
	number = number_for(kw, thread);
	if (number > threads_max(kw->what))
		return number;
	thread->number = number;
	kw->top = MAX(kw->top, number);
	kw->names[number - 1] = g_intern_string(thread->name);
	kw->thread[number - 1] = thread;
	kw->pending[number - 1] = (struct event){ .thread = number - 1 };
	kw->world.born |= 1ull << (number - 1);
	if (kw->new_phase)
		kw->world.phase |= 1ull << (number - 1);
	return number;
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

/*
 * All threads have ended, or the kernel has @left and they are gone. If what comes now is known,
 * it is not done again.
 */
static void end_phase(struct kernel_world *kw, bool left)
{
	unsigned int outcome;

	kw->in_phase = false;
	if (kw->replayed < schedule_length(kw->log) || kw->ending)
		return;
	kw->is_left = root_digest(kw->root, left, &kw->left);
	if (!kw->is_left || !root_knows_end(kw->root, &kw->left, &outcome))
		return;
	kw->what->skip(kw->what->ctx, outcome);
	kw->is_left = false;
	leave_run(kw);
}

static struct machine_thread *kernel_next(struct driver *driver, struct machine *machine)
{
	struct kernel_world *kw = from_driver(driver);
	unsigned int number;

	if (kw->ending)
		return last_words(machine);
	number = start_new_thread(kw, machine);
	if (number > threads_max(kw->what)) {
		too_many(machine);
		return NULL;
	}
	if (number) {
		if (kw->replayed < schedule_length(kw->log))
			follow_log(kw);
		else
			log_dispatch(kw, number, 0);
		return kw->chosen;
	}
	note_states(kw);
	if (all_done(kw)) {
		end_phase(kw, false);
		return NULL;
	}
	if (kw->replayed < schedule_length(kw->log)) {
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
	leave_run(kw);
}

/* Until it asks who goes on, or is over. */
static void let_run(struct kernel_world *kw)
{
	fiber_switch(&kw->host, kw->runner);
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
	if (!kw->root) {
		boot_again(kw);
		return;
	}
	root_restore(kw->root);
	let_run(kw);
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
	next = tell_ended(kw);
	if (next == EXPLORE_GO_ON && kw->is_left)
		root_learn_end(kw->root, &kw->left, kw->what->outcome(kw->what->ctx));
	return next;
}

static void name_hottest(struct kernel_world *kw)
{
	for (unsigned int i = 0; i < EXPLORE_HOT_MAX; i++) {
		struct explore_hot *hot = &kw->result->hot[i];

		if (hot->races)
			hot->name = objects_text(kw->objects, hot->object);
	}
}

#define CHILDREN_SAVED	"a(uu)"

static GVariant *children_save(const struct kernel_world *kw)
{
	GVariantBuilder b;

	g_variant_builder_init(&b, G_VARIANT_TYPE(CHILDREN_SAVED));
	for (unsigned int i = 0; i < kw->children->len; i++)
		g_variant_builder_add(&b, "(uu)", child_at(kw, i)->parent,
				      child_at(kw, i)->ordinal);
	return g_variant_builder_end(&b);
}

/* Numbers mean something to the search only together with what they are numbers of. */
static void save_with_objects(const struct kernel_world *kw, struct explore_result *result)
{
	GVariant *saved = result->saved;

	if (!saved)
		return;
	result->saved = g_variant_ref_sink(g_variant_new("(@" OBJECTS_SAVED "@" CHILDREN_SAVED "v)",
							 objects_save(kw->objects),
							 children_save(kw), saved));
	g_variant_unref(saved);
}

/* Each has a number that there is room for. */
static bool children_load(struct kernel_world *kw, GVariant *saved)
{
	struct child child;
	GVariantIter it;

	g_variant_iter_init(&it, saved);
	while (g_variant_iter_next(&it, "(uu)", &child.parent, &child.ordinal))
		g_array_append_val(kw->children, child);
	return kw->what->threads + kw->children->len <= threads_max(kw->what);
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
	    children_load(kw, children)) {
		objects_load(kw->objects, objects);
		kw->world.objects = objects_count(kw->objects);
		return search;
	}
	g_variant_unref(search);
	return NULL;
}

struct explore_result explore_kernel_run(const struct explore_kernel *what,
					 const struct explore_options *options)
{
	struct explore_result result = { 0 };
	struct kernel_world kw = {
		.world = { .step = kernel_step, .name = kernel_name, .rewind = kernel_rewind },
		.driver = {
			.stops = true, .begin = kernel_begin, .next = kernel_next,
			.stand = kernel_stand, .left = kernel_left, .answer = kernel_answer,
		},
		.what = what,
		.result = &result,
		.log = schedule_new(),
	};
	struct explore_options inner = *options;
	struct search search = {
		.options = &inner, .world = &kw.world, .threads = threads_max(what),
		.ended = kernel_ended,
	};
	struct fiber machine_host = what->machine->host;

	g_assert(what->threads <= EXPLORE_THREADS_MAX && !what->machine->driver);
	kw.world.pending = kw.pending;
	kw.events = g_array_new(FALSE, FALSE, sizeof(struct event));
	kw.marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
	kw.children = g_array_new(FALSE, FALSE, sizeof(struct child));
	kw.objects = objects_new(what->machine);
	fiber_init_host(&kw.host);
	fiber_pool_init(&kw.fibers);
	what->machine->driver = &kw.driver;
	if (options->resume)
		inner.resume = search_of(&kw, options->resume);
	start_run(&kw);
	if (options->resume && !inner.resume)
		result.diverged = true;
	else
		search_run(&search, &result);
	save_with_objects(&kw, &result);
	g_clear_pointer(&inner.resume, g_variant_unref);
	root_free(kw.root);
	what->machine->driver = NULL;
	what->machine->host = machine_host;
	fiber_pool_reset(&kw.fibers);
	fiber_pool_destroy(&kw.fibers);
	name_hottest(&kw);
	objects_free(kw.objects);
	g_array_unref(kw.marks);
	g_array_unref(kw.children);
	g_array_unref(kw.events);
	schedule_free(kw.log);
	return result;
}
