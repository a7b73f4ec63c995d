// SPDX-License-Identifier: GPL-2.0
/*
 * C programs as worlds: threads on fibers, that are put back to where they stood by
 * copying their stacks, and memory with a log of what was overwritten.
 */

#include <string.h>

#include "../fiber.h"
#include "../instrument.h"
#include "search.h"

/** struct awaited - that a word is @value, or is not. */
struct awaited {
	uint64_t value;
	bool equal;
};

/**
 * struct mark - the state before a step.
 * @thread:  who is about to do it
 * @pending: what the thread was about to do
 * @sp:      where its stack ends
 * @stack:   bytes of @stacks before its contents
 * @stores:  entries of @log before the step
 * @awaited: what the thread awaited
 */
struct mark {
	struct awaited awaited;
	unsigned int thread;
	struct event pending;
	void *sp;
	size_t stack;
	unsigned int stores;
};

struct store {
	uint64_t *word;
	uint64_t before;
};

/**
 * struct program_world - a program that is being explored.
 * @running: the thread whose fiber runs
 * @ok, @choice: what it was told of its step
 * @failed:  explore_check() failed, one word more of its memory
 * @queued:  of each thread: number + 1 of the object it sleeps on, or is about to
 * @behind:  of each thread: readers whose end it waits for
 * @woken:   threads that have been woken and have not gone on. Those three are logged as
 *           memory is
 * @halted:  who stood at something when a halt came; logged as well
 * @over:    not 0: one came; logged as well
 * @awaited: of each thread that awaits something: what
 * @marks:   one for each step
 * @split:   the search, while others may help; those are @helpers
 */
struct program_world {
	struct world world;
	const struct explore_program *program;
	const struct explore_options *options;
	struct explore_result *result;
	struct fiber host;
	struct fiber_pool fibers;
	struct fiber *fiber[EXPLORE_THREADS_MAX];
	struct event pending[EXPLORE_THREADS_MAX];
	unsigned int running;
	bool ok;
	unsigned int choice;
	uint64_t *memory;
	uint64_t failed;
	uint64_t queued[EXPLORE_THREADS_MAX];
	uint64_t woken;
	uint64_t halted;
	uint64_t over;
	uint64_t behind[EXPLORE_THREADS_MAX];
	struct awaited awaited[EXPLORE_THREADS_MAX];
	bool waits;		/* some thread has ever had to wait for others */
	struct mark *marks;
	unsigned int marks_nr, marks_max;
	struct store *log;
	unsigned int log_nr, log_max;
	char *stacks;
	size_t stacks_len, stacks_max;
	struct split *split;
	GPtrArray *helpers;
};

/* Room for one more in an array that grows; often enough called to be worth a macro. */
#define ROOM(array, len, max, more)						\
	do {									\
		if (G_UNLIKELY((len) + (more) > (max))) {			\
			(max) = 2 * ((len) + (more));				\
			(array) = g_realloc_n((array), (max), sizeof(*(array)));\
		}								\
	} while (0)

static __thread struct program_world *current;

static struct program_world *to_program(struct world *world)
{
	return (struct program_world *)world;
}

static char *stack_top(const struct fiber *fiber)
{
	return fiber->stack + fiber->size;
}

static void save(struct program_world *pw, unsigned int thread)
{
	const struct fiber *fiber = pw->fiber[thread];
	size_t len = stack_top(fiber) - (char *)fiber->sp;

	ROOM(pw->marks, pw->marks_nr, pw->marks_max, 1);
	pw->marks[pw->marks_nr++] = (struct mark){
		.thread = thread, .pending = pw->pending[thread], .sp = fiber->sp,
		.stack = pw->stacks_len, .stores = pw->log_nr,
		.awaited = pw->awaited[thread],
	};
	ROOM(pw->stacks, pw->stacks_len, pw->stacks_max, len);
	raw_copy(pw->stacks + pw->stacks_len, fiber->sp, len);
	pw->stacks_len += len;
}

static void restore(struct program_world *pw, const struct mark *mark)
{
	struct fiber *fiber = pw->fiber[mark->thread];

#if MODEL_ASAN
	ASAN_UNPOISON_MEMORY_REGION(fiber->stack, fiber->size);
#endif
	pw->pending[mark->thread] = mark->pending;
	pw->awaited[mark->thread] = mark->awaited;
	fiber->sp = mark->sp;
	/* Memcheck takes what lies beyond the end of a stack for out of bounds. */
	VALGRIND_MAKE_MEM_UNDEFINED(fiber->sp, stack_top(fiber) - (char *)fiber->sp);
	raw_copy(fiber->sp, pw->stacks + mark->stack, stack_top(fiber) - (char *)fiber->sp);
	pw->stacks_len = mark->stack;
	while (pw->log_nr > mark->stores) {
		const struct store *store = &pw->log[--pw->log_nr];

		*store->word = store->before;
	}
}

static bool is_awaited(const struct program_world *pw, unsigned int thread, uint64_t value)
{
	const struct awaited *awaited = &pw->awaited[thread];

	return (value == awaited->value) == awaited->equal;
}

static bool is_there(const struct program_world *pw, unsigned int thread)
{
	return is_awaited(pw, thread, pw->memory[pw->pending[thread].object]);
}

/* The first store after that moment tells what was there. */
static bool program_held(struct world *world, unsigned int thread, unsigned int depth)
{
	const struct program_world *pw = to_program(world);
	const uint64_t *word = &pw->memory[pw->pending[thread].object];

	for (unsigned int i = pw->marks[depth].stores; i < pw->log_nr; i++)
		if (pw->log[i].word == word)
			return is_awaited(pw, thread, pw->log[i].before);
	return is_awaited(pw, thread, *word);
}

static void find_ready(struct program_world *pw)
{
	if (G_LIKELY(!pw->waits))
		return;
	pw->world.ready = pw->woken;
	pw->world.halted = pw->halted;
	pw->world.over = pw->over;
	for (unsigned int i = 0; i < pw->program->threads; i++)
		if (pw->pending[i].op == EVENT_AWAIT && is_there(pw, i))
			pw->world.ready |= 1ull << i;
}

static void program_rewind(struct world *world, unsigned int depth)
{
	struct program_world *pw = to_program(world);

	while (pw->marks_nr > depth)
		restore(pw, &pw->marks[--pw->marks_nr]);
	find_ready(pw);
}

static void run_thread(struct program_world *pw, unsigned int thread)
{
	pw->running = thread;
	fiber_switch(&pw->host, pw->fiber[thread]);
}

static void program_step(struct world *world, unsigned int thread, bool ok, unsigned int choice)
{
	struct program_world *pw = to_program(world);

	save(pw, thread);
	if (pw->halted >> thread & 1) {
		pw->pending[thread] = (struct event){ .thread = thread };
		return;
	}
	pw->ok = ok;
	pw->choice = choice;
	run_thread(pw, thread);
	find_ready(pw);
}

/* On a fiber: what the next step is. Returns when it is to be done. */
static struct program_world *stand(unsigned int op, uint32_t object)
{
	struct program_world *pw = current;

	pw->pending[pw->running] = (struct event){
		.op = op, .thread = pw->running, .object = object,
	};
	fiber_switch(pw->fiber[pw->running], &pw->host);
	return pw;
}

static void thread_main(void *arg)
{
	struct program_world *pw = arg;

	pw->program->thread(pw->memory, pw->running, pw->program->ctx);
	stand(EVENT_NONE, 0);
	g_assert_not_reached();
}

static enum explore_next program_ended(struct world *world, bool blocked)
{
	struct program_world *pw = to_program(world);

	if (!blocked && pw->program->end)
		pw->program->end(pw->memory, pw->program->ctx);
	pw->result->failures += pw->failed;
	return EXPLORE_GO_ON;
}

static void start(struct program_world *pw, const struct explore_program *program,
		  const struct explore_options *options, struct explore_result *result)
{
	*pw = (struct program_world){
		.world = {
			.pending = pw->pending,
			.step = program_step, .held = program_held,
			.rewind = program_rewind,
			.objects = program->memory / sizeof(uint64_t), .born = ~0ull,
		},
		.program = program,
		.options = options,
		.result = result,
		.memory = g_malloc0(program->memory),
	};
	g_assert(!current);
	current = pw;
	fiber_init_host(&pw->host);
	fiber_pool_init(&pw->fibers);
	for (unsigned int i = 0; i < pw->program->threads; i++) {
		pw->fiber[i] = fiber_new(&pw->fibers, thread_main, pw);
		run_thread(pw, i);
	}
	find_ready(pw);
}

static void stop(struct program_world *pw)
{
	fiber_pool_reset(&pw->fibers);
	fiber_pool_destroy(&pw->fibers);
	g_free(pw->stacks);
	g_free(pw->log);
	g_free(pw->marks);
	g_free(pw->memory);
	current = NULL;
}

/* Others that search the same program, each in a world of its own. */

static struct search search_of(struct program_world *pw)
{
	return (struct search){
		.options = pw->options, .world = &pw->world,
		.threads = pw->program->threads, .ended = program_ended,
	};
}

static void *help(void *data)
{
	const struct program_world *asks = data;
	struct explore_result result = { 0 };
	struct program_world pw;
	struct search search;

	start(&pw, asks->program, asks->options, &result);
	search = search_of(&pw);
	search_help(asks->split, &search, &result);
	stop(&pw);
	return NULL;
}

static void program_share(struct world *world, struct split *split)
{
	struct program_world *pw = to_program(world);

	pw->split = split;
	pw->helpers = g_ptr_array_new();
	while (pw->helpers->len + 1 < pw->options->jobs)
		g_ptr_array_add(pw->helpers, g_thread_new("explore", help, pw));
}

static void program_unshare(struct world *world, struct split *split)
{
	struct program_world *pw = to_program(world);

	(void)split;
	for (unsigned int i = 0; i < pw->helpers->len; i++)
		g_thread_join(g_ptr_array_index(pw->helpers, i));
	g_ptr_array_unref(pw->helpers);
}

struct explore_result explore_run(const struct explore_program *program,
				  const struct explore_options *options)
{
	struct explore_result result = { 0 };
	struct program_world pw;
	struct search search;

	g_assert(program->threads >= 1 && program->threads <= EXPLORE_THREADS_MAX);
	start(&pw, program, options, &result);
	search = search_of(&pw);
	search.share = program_share;
	search.unshare = program_unshare;
	search_run(&search, &result);
	result.bytes += pw.stacks_max + pw.marks_max * sizeof(*pw.marks) +
			pw.log_max * sizeof(*pw.log);
	stop(&pw);
	return result;
}

/* What threads call. */

static uint32_t number_of(const void *word)
{
	return (const uint64_t *)word - current->memory;
}

static void store_word(struct program_world *pw, uint64_t *word, uint64_t value)
{
	ROOM(pw->log, pw->log_nr, pw->log_max, 1);
	pw->log[pw->log_nr++] = (struct store){ .word = word, .before = *word };
	*word = value;
}

uint64_t explore_load(const uint64_t *word)
{
	stand(EVENT_READ, number_of(word));
	return *word;
}

void explore_store(uint64_t *word, uint64_t value)
{
	store_word(stand(EVENT_WRITE, number_of(word)), word, value);
}

uint64_t explore_add(uint64_t *word, uint64_t value)
{
	struct program_world *pw = stand(EVENT_WRITE, number_of(word));
	uint64_t before = *word;

	store_word(pw, word, before + value);
	return before;
}

bool explore_cas(uint64_t *word, uint64_t from, uint64_t to)
{
	struct program_world *pw = stand(EVENT_WRITE, number_of(word));

	if (*word != from)
		return false;
	store_word(pw, word, to);
	return true;
}

void explore_lock(struct explore_lock *lock)
{
	stand(EVENT_ACQUIRE, number_of(lock));
}

bool explore_trylock(struct explore_lock *lock)
{
	return stand(EVENT_TRY, number_of(lock))->ok;
}

void explore_unlock(struct explore_lock *lock)
{
	stand(EVENT_RELEASE, number_of(lock));
}

void explore_lock_shared(struct explore_lock *lock)
{
	stand(EVENT_ACQUIRE_SHARED, number_of(lock));
}

bool explore_trylock_shared(struct explore_lock *lock)
{
	return stand(EVENT_TRY_SHARED, number_of(lock))->ok;
}

void explore_unlock_shared(struct explore_lock *lock)
{
	stand(EVENT_RELEASE_SHARED, number_of(lock));
}

static void await(const uint64_t *word, struct awaited awaited)
{
	current->waits = true;
	current->awaited[current->running] = awaited;
	stand(EVENT_AWAIT, number_of(word));
}

void explore_await(const uint64_t *word, uint64_t value)
{
	await(word, (struct awaited){ .value = value, .equal = true });
}

void explore_await_not(const uint64_t *word, uint64_t value)
{
	await(word, (struct awaited){ .value = value, .equal = false });
}

/* Until somebody wakes this thread, which is on the object's queue already. */
static void sleep_on(struct program_world *pw, uint32_t object)
{
	stand(EVENT_RESUME, object);
	store_word(pw, &pw->woken, pw->woken & ~(1ull << pw->running));
}

static void wake(struct program_world *pw, unsigned int thread)
{
	store_word(pw, &pw->queued[thread], 0);
	store_word(pw, &pw->woken, pw->woken | 1ull << thread);
}

void explore_wait(struct explore_queue *queue, struct explore_lock *lock)
{
	uint32_t object = number_of(queue);
	struct program_world *pw = stand(EVENT_WRITE, object);

	pw->waits = true;
	store_word(pw, &pw->queued[pw->running], object + 1);
	stand(EVENT_RELEASE, number_of(lock));
	sleep_on(pw, object);
	stand(EVENT_ACQUIRE, number_of(lock));
}

void explore_wake(struct explore_queue *queue)
{
	uint32_t object = number_of(queue);
	struct program_world *pw = stand(EVENT_WRITE, object);

	for (unsigned int i = 0; i < pw->program->threads; i++)
		if (pw->queued[i] == object + 1)
			wake(pw, i);
}

/* Readers come and go without depending on each other: each has a bit of its own. */
void explore_rcu_read_lock(struct explore_rcu *rcu)
{
	struct program_world *pw = stand(EVENT_ENTER, number_of(rcu));

	store_word(pw, &rcu->readers, rcu->readers | 1ull << pw->running);
}

void explore_rcu_read_unlock(struct explore_rcu *rcu)
{
	uint32_t object = number_of(rcu);
	struct program_world *pw = stand(EVENT_LEAVE, object);
	uint64_t self = 1ull << pw->running;

	store_word(pw, &rcu->readers, rcu->readers & ~self);
	for (unsigned int i = 0; i < pw->program->threads; i++) {
		if (pw->queued[i] != object + 1 || !(pw->behind[i] & self))
			continue;
		store_word(pw, &pw->behind[i], pw->behind[i] & ~self);
		if (!pw->behind[i])
			wake(pw, i);
	}
}

void explore_rcu_synchronize(struct explore_rcu *rcu)
{
	uint32_t object = number_of(rcu);
	struct program_world *pw = stand(EVENT_WRITE, object);

	if (!rcu->readers)
		return;
	pw->waits = true;
	store_word(pw, &pw->behind[pw->running], rcu->readers);
	store_word(pw, &pw->queued[pw->running], object + 1);
	sleep_on(pw, object);
}

static void halt(struct program_world *pw)
{
	uint64_t halted = 0;

	for (unsigned int i = 0; i < pw->program->threads; i++)
		if (i != pw->running && pw->pending[i].op != EVENT_NONE)
			halted |= 1ull << i;
	pw->waits = true;
	store_word(pw, &pw->halted, halted);
	store_word(pw, &pw->over, 1);
	stand(EVENT_NONE, 0);
	g_assert_not_reached();
}

void explore_halt(void)
{
	halt(stand(EVENT_HALT, 0));
}

void explore_bug_on(uint64_t *word, uint64_t value)
{
	struct program_world *pw = stand(EVENT_WRITE, number_of(word));

	if (*word != value)
		halt(pw);
}

unsigned int explore_choose(unsigned int n)
{
	return stand(EVENT_CHOOSE, n)->choice;
}

void explore_check(bool ok)
{
	if (!ok && !current->failed)
		store_word(current, &current->failed, 1);
}
