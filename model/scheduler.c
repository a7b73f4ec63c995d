// SPDX-License-Identifier: GPL-2.0
/*
 * Which thread runs: switching only. What to switch to is asked of the path, where
 * the answer 0 means to go on, or the first thread in the order of spawning; or of a
 * driver.
 */

#include <string.h>

#include "driver.h"
#include "execution.h"
#include "journal.h"
#include "race/race.h"

#define FOR_EACH_THREAD(machine, thread)						\
	for (unsigned int i_ = 0; i_ < (machine)->threads->len &&			\
	     ((thread) = g_ptr_array_index((machine)->threads, i_)); i_++)

static void thread_free(void *data)
{
	struct machine_thread *thread = data;

	g_free(thread->waits_for);
	g_free(thread->name);
	g_free(thread);
}

static void process_free(void *data)
{
	struct machine_process *process = data;

	g_free(process->name);
	g_free(process);
}

void scheduler_init(struct machine *machine)
{
	machine->threads = g_ptr_array_new_with_free_func(thread_free);
	machine->processes = g_ptr_array_new_with_free_func(process_free);
}

void scheduler_forget_processes(struct machine *machine)
{
	journal_ptrs_clear(machine->processes, process_free);
}

void scheduler_destroy(struct machine *machine)
{
	g_ptr_array_free(machine->threads, TRUE);
	g_ptr_array_free(machine->processes, TRUE);
}

void scheduler_clear(struct machine *machine)
{
	journal_ptrs_clear(machine->threads, thread_free);
	journal_ptrs_clear(machine->processes, process_free);
	memset(machine->slots, 0, sizeof(machine->slots));
	machine->live = 0;
	machine->runnable = 0;
	machine->concurrent = 0;
	machine->together = machine->driven = false;
	machine->current = NULL;
	machine->fiber = NULL;
}

/* Wake-ups have to be told even when a single thread can run, so all threads count. */
static void update_concurrent(struct machine *machine)
{
	machine->concurrent = machine->live > 1 || machine->together ||
			      race_running(machine->race);
}

static bool take_slot(struct machine *machine, struct machine_thread *thread)
{
	unsigned int per_word = 8 * sizeof(machine->slots[0]);

	for (unsigned int i = 0; i < USER_SLOTS; i++) {
		unsigned long bit = 1UL << i % per_word;

		if (machine->slots[i / per_word] & bit)
			continue;
		machine->slots[i / per_word] |= bit;
		thread->slot = i;
		machine->slots_used = MAX(machine->slots_used, i + 1);
		return true;
	}
	return false;
}

static void release_slot(struct machine *machine, const struct machine_thread *thread)
{
	unsigned int per_word = 8 * sizeof(machine->slots[0]);

	if (thread->ordinal)
		return;
	machine->slots[thread->slot / per_word] &= ~(1UL << thread->slot % per_word);
}

static void set_state(struct machine *machine, struct machine_thread *thread,
		      enum thread_state state)
{
	if (thread->state == THREAD_RUNNABLE)
		machine->runnable--;
	if (state == THREAD_RUNNABLE)
		machine->runnable++;
	thread->state = state;
}

static void make_current(struct machine *machine, struct machine_thread *thread)
{
	race_stands(machine->race);
	machine->progress++;
	machine->current = thread;
	machine->fiber = thread->fiber;
	undo_note(machine->undo, (uintptr_t)machine->now->entry->current_task, sizeof(void *));
	*machine->now->entry->current_task = thread->task;
	race_goes_on(machine->race, thread);
}

static void switch_to(struct machine *machine, struct machine_thread *thread)
{
	struct fiber *from = machine->fiber;

	make_current(machine, thread);
	fiber_switch(from, thread->fiber);
}

/*
 * Runnable threads have an order: @self, which is the one that would go on or NULL, and then
 * the others as they were spawned. The @n-th of them:
 */
static struct machine_thread *nth_runnable(struct machine *machine, unsigned int n,
					   struct machine_thread *self)
{
	struct machine_thread *thread;

	if (self && !n--)
		return self;
	FOR_EACH_THREAD(machine, thread) {
		if (thread->state == THREAD_RUNNABLE && thread != self && !n--)
			return thread;
	}
	return NULL;
}

static unsigned int place_of(struct machine *machine, const struct machine_thread *wanted,
			     struct machine_thread *self)
{
	unsigned int n = 0;

	while (nth_runnable(machine, n, self) != wanted)
		n++;
	return n;
}

/* Who goes on, where @self could, or nobody that is known. */
static struct machine_thread *pick(struct machine *machine, struct machine_thread *self)
{
	struct machine_thread *wanted = NULL;
	unsigned int n = 0;

	if (machine->driven)
		wanted = machine->driver->next(machine->driver, machine);
	if (machine->driven && machine->driver->stops)
		return wanted;
	if (!machine->runnable)
		return NULL;
	if (wanted && wanted->state == THREAD_RUNNABLE)
		n = place_of(machine, wanted, self);
	n = path_suggest(machine->path, HOST_CHOICE_SCHEDULE, machine->runnable, n);
	wanted = nth_runnable(machine, n, self);
	if (machine->driven)
		machine->driver->gone_on(machine->driver, wanted);
	return wanted;
}

/* With a driver that wants to see where everybody stands, the host dispatches. */
static bool stops(const struct machine *machine)
{
	return machine->driven && machine->driver->stops;
}

static void stop_here(struct machine *machine)
{
	fiber_switch(machine->fiber, &machine->host);
}

/* The thread that runs can't go on: another one does, or else the host. */
static void give_up(struct machine *machine)
{
	struct machine_thread *next = stops(machine) ? NULL : pick(machine, NULL);

	if (next && next == machine->current)
		return;
	if (next)
		switch_to(machine, next);
	else
		stop_here(machine);
}

/* Once a thread of a killed process is over, so is its task, in the kernel. */
void scheduler_exit(struct machine *machine)
{
	struct machine_thread *thread = machine->current;

	thread->in_kernel = false;
	thread->task = NULL;
	set_state(machine, thread, THREAD_DONE);
	machine->live--;
	update_concurrent(machine);
	release_slot(machine, thread);
	fiber_release(thread->fiber);
	give_up(machine);
	g_assert_not_reached();
}

static void exit_task(struct machine_thread *thread)
{
	thread->in_kernel = true;
	thread->machine->now->entry->task_exit(thread->task);
}

static void thread_main(void *arg)
{
	struct machine_thread *thread = arg;

	if (!thread->killed)
		thread->body(thread->arg);
	if (thread->own_task)
		exit_task(thread);
	scheduler_exit(thread->machine);
}

struct task_request {
	struct machine *machine;
	void *process;
	const char *name;
	void *task;
};

static void create_task(void *arg)
{
	struct task_request *request = arg;

	request->task = request->machine->now->entry->task_create(request->process,
								  request->name);
}

static bool get_task(struct machine *machine, struct machine_thread *thread, void *task)
{
	struct task_request request = {
		.machine = machine, .process = thread->process->process, .name = thread->name,
	};

	thread->own_task = !task;
	if (!task && execution_call(machine, create_task, &request))
		task = request.task;
	thread->task = task;
	return task;
}

static void make_live(struct machine *machine, struct machine_thread *thread,
		      void (*main)(void *arg))
{
	thread->fiber = fiber_new(&machine->fibers, main, thread);
	journal_ptrs_add(machine->threads, thread);
	set_state(machine, thread, THREAD_RUNNABLE);
	machine->live++;
	race_born(machine->race, thread);
	update_concurrent(machine);
}

struct machine_thread *scheduler_add(struct machine *machine, struct machine_process *process,
				     const char *name, void (*body)(void *arg), void *arg,
				     void *task)
{
	struct machine_thread *thread = g_new0(struct machine_thread, 1);

	thread->machine = machine;
	thread->process = process;
	thread->name = g_strdup(name);
	thread->body = body;
	thread->arg = arg;
	thread->state = THREAD_DONE;
	if (!get_task(machine, thread, task) || !take_slot(machine, thread)) {
		thread_free(thread);
		return NULL;
	}
	undo_note(machine->undo, (uintptr_t)machine->user + thread->slot * MACHINE_USER_SIZE,
		  MACHINE_USER_SIZE);
	memset(machine->user + thread->slot * MACHINE_USER_SIZE, 0, MACHINE_USER_SIZE);
	make_live(machine, thread, thread_main);
	return thread;
}

static void spawned_main(void *arg)
{
	struct machine_thread *thread = arg;

	thread->body(thread->arg);
	scheduler_exit(thread->machine);
}

/* Of a thread that the kernel spawns there is no program, and so no memory of one. */
bool scheduler_spawn(struct machine *machine, void *task, void (*fn)(void *arg), void *arg,
		     const volatile void *object, const char *name)
{
	struct machine_thread *parent = machine->current, *thread;

	if (!machine->together || !parent)
		return false;
	if (!task)
		return true;
	if (machine->spawned++ == SPAWNED_MAX) {
		execution_violation(machine, "K-LIMIT", NULL, NULL,
				    "more than %u RCU callbacks while threads run together",
				    SPAWNED_MAX);
		execution_leave(machine, STATE_STOPPED);
	}
	thread = g_new0(struct machine_thread, 1);
	thread->machine = machine;
	thread->parent = parent->number;
	thread->ordinal = ++parent->spawned;
	thread->name = g_strdup_printf("%s%u@%s", name, thread->ordinal, parent->name);
	thread->body = fn;
	thread->arg = arg;
	thread->task = task;
	thread->in_kernel = true;
	thread->state = THREAD_DONE;
	thread->op = HOST_OP_RMW;
	thread->object = object;
	make_live(machine, thread, spawned_main);
	return true;
}

static void drop_finished(struct machine *machine)
{
	for (unsigned int i = machine->threads->len; i-- > 0; ) {
		struct machine_thread *thread = g_ptr_array_index(machine->threads, i);

		if (thread->state == THREAD_DONE)
			journal_ptrs_remove(machine->threads, i, thread_free);
	}
}

/* Deadlock. */

static const struct machine_thread *holder_of(struct machine *machine,
					      const struct machine_thread *waiter)
{
	struct machine_thread *thread;

	FOR_EACH_THREAD(machine, thread) {
		for (unsigned int i = 0; i < thread->held_nr; i++) {
			if (thread->held[i] != waiter->waits_on)
				continue;
			/* Its own attempt is on its list as well. */
			if (thread != waiter || i + 1 < thread->held_nr)
				return thread;
		}
	}
	return NULL;
}

static void describe_waiter(struct machine *machine, GString *text,
			    const struct machine_thread *thread)
{
	const struct machine_thread *holder = holder_of(machine, thread);

	if (text->len)
		g_string_append(text, "; ");
	g_string_append_printf(text, "%s waits for %s", thread->name, thread->waits_for);
	if (holder == thread)
		g_string_append(text, ", which it holds itself");
	else if (holder)
		g_string_append_printf(text, ", which %s holds", holder->name);
}

static void report_deadlock(struct machine *machine)
{
	GString *text = g_string_new(NULL);
	struct call_path paths[2] = { 0 };
	struct machine_thread *thread;
	unsigned int found = 0;

	FOR_EACH_THREAD(machine, thread) {
		if (thread->state != THREAD_BLOCKED)
			continue;
		describe_waiter(machine, text, thread);
		if (found < G_N_ELEMENTS(paths))
			execution_sleeping_path(machine, &paths[found], thread);
		found++;
	}
	execution_violation(machine, "K-DEADLOCK", &paths[0], &paths[1], "%s", text->str);
	g_string_free(text, TRUE);
	machine->state = STATE_STOPPED;
}

/* One thread alone needs no driver. */
static void begin_phase(struct machine *machine)
{
	machine->together = machine->live > 1;
	machine->spawned = 0;
	machine->driven = machine->driver && machine->together;
	if (machine->driven)
		machine->driver->begin(machine->driver, machine);
}

enum machine_end scheduler_run(struct machine *machine)
{
	struct machine_thread *next;

	begin_phase(machine);
	race_begin(machine->race);
	update_concurrent(machine);
	while (machine->state == STATE_UP && (next = pick(machine, NULL))) {
		make_current(machine, next);
		fiber_switch(&machine->host, next->fiber);
		race_stands(machine->race);
		machine->current = NULL;
		machine->fiber = NULL;
		execution_ended(machine);
	}
	machine->together = machine->driven = false;
	race_end(machine->race);
	update_concurrent(machine);
	if (machine->state == STATE_UP && machine->live)
		report_deadlock(machine);
	if (machine->state == STATE_JUMPED)
		return MACHINE_KEXEC;
	if (machine->state == STATE_STOPPED)
		return MACHINE_STOPPED;
	drop_finished(machine);
	return MACHINE_DONE;
}

/* What the kernel asks for. */

static void note_held(struct machine_thread *thread, enum host_op op,
		      const volatile void *object)
{
	if (op == HOST_OP_ACQUIRE || op == HOST_OP_ACQUIRE_SHARED) {
		if (thread->held_nr < HELD_MAX)
			thread->held[thread->held_nr++] = object;
		return;
	}
	if (op != HOST_OP_RELEASE && op != HOST_OP_RELEASE_SHARED)
		return;
	for (unsigned int i = thread->held_nr; i-- > 0; ) {
		if (thread->held[i] != object)
			continue;
		thread->held_nr--;
		memmove((void *)&thread->held[i], (void *)&thread->held[i + 1],
			(thread->held_nr - i) * sizeof(thread->held[0]));
		return;
	}
}

static void expect(struct machine_thread *thread, const volatile void *object)
{
	thread->expects = object;
	thread->woken = false;
}

static void come_to(struct machine *machine, enum host_op op, const volatile void *object,
		    bool touches)
{
	struct machine_thread *thread = machine->current, *next;

	/* What was accessed so far was so in the step that ends here. */
	if (machine->points)
		race_stands(machine->race);
	thread->op = op;
	thread->object = object;
	thread->touches = touches;
	if (stops(machine)) {
		machine->driver->stand(machine->driver, thread);
		stop_here(machine);
	} else if (machine->runnable >= 2 || machine->driven) {
		next = pick(machine, thread);
		if (next != thread)
			switch_to(machine, next);
	}
}

void scheduler_touch(struct machine *machine, enum host_op op, const volatile void *object)
{
	come_to(machine, op, object, true);
}

void scheduler_point(struct machine *machine, enum host_op op, const volatile void *object)
{
	struct machine_thread *thread = machine->current;

	if (!thread)
		return;
	note_held(thread, op, object);
	come_to(machine, op, object, false);
	if (op == HOST_OP_WAIT) {
		expect(thread, object);
		race_expects(machine->race);
	}
}

unsigned int scheduler_choose(struct machine *machine, enum host_choice kind, unsigned int n)
{
	struct machine_thread *thread = machine->current;
	unsigned int answer = 0;

	if (n <= 1)
		return 0;
	if (thread && machine->driven) {
		thread->answers = n;
		if (stops(machine)) {
			machine->driver->stand(machine->driver, thread);
			stop_here(machine);
		}
		answer = machine->driver->answer(machine->driver, thread);
		thread->answers = 0;
	}
	if (thread && stops(machine))
		return answer;
	return path_suggest(machine->path, kind, n, answer);
}

void scheduler_block(struct machine *machine, const volatile void *object, const char *what)
{
	struct machine_thread *thread = machine->current;

	if (!thread) {
		struct call_path path;

		execution_path(machine, &path, __builtin_return_address(0),
			       *(void **)__builtin_frame_address(0));
		execution_violation(machine, "K-DEADLOCK", &path, NULL,
				    "kernel code waits for %s while nobody else runs", what);
		execution_leave(machine, STATE_STOPPED);
	}
	if (machine->concurrent)
		discipline_block(machine, object);
	thread->waits_on = object;
	journal_string(&thread->waits_for, g_strdup(what));
	if (thread->expects != object || !thread->woken)
		set_state(machine, thread, THREAD_BLOCKED);
	if (stops(machine))
		machine->driver->stand(machine->driver, thread);
	give_up(machine);
	race_awake(machine->race);
	thread->waits_on = NULL;
	thread->op = HOST_OP_RMW;
	thread->object = object;
	thread->touches = false;
	if (thread->expects == object)
		thread->woken = false;
}

/* A process that has no thread any more has a task that waits for nothing but this. */
static void kill_leader(struct machine *machine, void *task)
{
	for (unsigned int i = 0; i < machine->processes->len; i++) {
		struct machine_process *process = g_ptr_array_index(machine->processes, i);
		struct machine_thread *thread;

		if (process->gone || process->leader != task)
			continue;
		journal_set(process->gone, true);
		thread = scheduler_add(machine, process, process->name, NULL, NULL, task);
		if (!thread)
			g_error("too many threads");
		thread->own_task = true;
		thread->killed = true;
	}
}

void scheduler_signal(struct machine *machine, void *task)
{
	struct machine_thread *thread;

	FOR_EACH_THREAD(machine, thread) {
		if (thread->state == THREAD_DONE || thread->task != task)
			continue;
		thread->killed = true;
		return;
	}
	kill_leader(machine, task);
}

void scheduler_wake(struct machine *machine, const volatile void *object)
{
	struct machine_thread *thread;

	if (machine->concurrent)
		discipline_wake(machine, object);
	FOR_EACH_THREAD(machine, thread) {
		bool sleeps = thread->state == THREAD_BLOCKED && thread->waits_on == object;

		if (!sleeps && thread->expects != object)
			continue;
		race_wakes(machine->race, thread);
		if (sleeps)
			set_state(machine, thread, THREAD_RUNNABLE);
		if (thread->expects == object)
			thread->woken = true;
	}
}
