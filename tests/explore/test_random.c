// SPDX-License-Identifier: GPL-2.0
/*
 * Random small programs: what the reductions find is what an enumeration of every
 * interleaving finds, and the optimal one does each trace once. So it is where several threads
 * search together, which comes to the same to the letter however many they are.
 *
 *   usage: explore-random [PROGRAMS [FIRST SEED]]
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/explore.h"

#define THREADS_MAX	3u
#define OPS_MAX		4u
#define WORDS		2u
#define LOCKS		2u
/* No word ever has this value. */
#define NEVER		77u

enum op {
	OP_LOAD, OP_STORE, OP_COPY, OP_LOCKED, OP_NESTED, OP_TRY, OP_SHARED, OP_TRY_SHARED,
	OP_SHARED_NESTED, OP_CHOOSE, OP_AWAIT, OP_AWAIT_NOT, OP_WAIT, OP_WAKE, OP_WAKE_BARE,
	OP_RCU_READ, OP_RCU_SYNC, OP_HALT, OP_BUG, OP_BUG_ON, OP_ON_LOCK, OP_ON_LOCK_HELD,
	OP_ON_LOCK_SHARED,
	OP_KINDS
};

/* What an operation does is decided by its kind and two small numbers. */
struct action {
	enum op op;
	unsigned int a, b;
};

struct random_program {
	unsigned int threads;
	unsigned int nr[THREADS_MAX];
	struct action actions[THREADS_MAX][OPS_MAX];
};

struct random_memory {
	uint64_t word[WORDS];
	struct explore_lock lock[LOCKS];
	struct explore_queue queue;
	struct explore_rcu rcu;
};

static const char *const op_names[] = {
	"load", "store", "copy", "locked", "nested", "try", "shared", "try_shared",
	"shared_nested", "choose", "await", "await_not", "wait", "wake", "wake_bare",
	"rcu_read", "rcu_sync", "halt", "bug", "bug_on", "on_lock", "on_lock_held",
	"on_lock_shared",
};

/* What waits for others by other means than locks, and what that waits for. */
static void act_waiting(struct random_memory *m, const struct action *action)
{
	uint64_t *word = &m->word[action->a];
	struct explore_lock *lock = &m->lock[action->b];

	switch (action->op) {
	case OP_AWAIT:
		explore_await(word, action->b);
		break;
	case OP_AWAIT_NOT:
		explore_await_not(word, action->b);
		break;
	case OP_WAIT:
		explore_lock(lock);
		if (!explore_load(word))
			explore_wait(&m->queue, lock);
		explore_unlock(lock);
		break;
	case OP_WAKE:
		explore_lock(lock);
		explore_store(word, 1);
		explore_wake(&m->queue);
		explore_unlock(lock);
		break;
	case OP_WAKE_BARE:
		explore_wake(&m->queue);
		break;
	case OP_RCU_READ:
		explore_rcu_read_lock(&m->rcu);
		explore_load(word);
		explore_load(&m->word[!action->a]);
		explore_rcu_read_unlock(&m->rcu);
		break;
	case OP_RCU_SYNC:
		explore_store(word, 1);
		explore_rcu_synchronize(&m->rcu);
		explore_store(&m->word[!action->a], 1);
		break;
	case OP_HALT:
		explore_halt();
		break;
	case OP_BUG:
		explore_bug_on(word, NEVER);
		break;
	case OP_BUG_ON:
		explore_bug_on(word, action->b);
		break;
	default:
		break;
	}
}

/* Loads and stores of the same word that the lock is. */
static void act_on_lock(struct random_memory *m, const struct action *action)
{
	struct explore_lock *lock = &m->lock[action->b];

	if (action->op == OP_ON_LOCK_HELD)
		explore_lock(lock);
	if (action->op == OP_ON_LOCK_SHARED)
		explore_lock_shared(lock);
	if (action->a)
		explore_store(&lock->word, 0);
	else
		explore_load(&lock->word);
	if (action->op == OP_ON_LOCK_HELD)
		explore_unlock(lock);
	if (action->op == OP_ON_LOCK_SHARED)
		explore_unlock_shared(lock);
}

static void act(struct random_memory *m, const struct action *action)
{
	uint64_t *word = &m->word[action->a];
	struct explore_lock *lock = &m->lock[action->b], *other = &m->lock[!action->b];

	switch (action->op) {
	case OP_LOAD:
		explore_load(word);
		break;
	case OP_STORE:
		explore_store(word, action->b);
		break;
	case OP_COPY:
		if (explore_load(word))
			explore_store(&m->word[!action->a], 2);
		else
			explore_store(&m->word[!action->a], 3);
		break;
	case OP_LOCKED:
		explore_lock(lock);
		explore_store(word, 1);
		explore_unlock(lock);
		break;
	case OP_NESTED:
		explore_lock(lock);
		explore_lock(other);
		explore_unlock(action->a ? other : lock);
		explore_unlock(action->a ? lock : other);
		break;
	case OP_TRY:
		if (!explore_trylock(lock))
			break;
		explore_load(word);
		explore_unlock(lock);
		break;
	case OP_SHARED:
		explore_lock_shared(lock);
		explore_load(word);
		explore_unlock_shared(lock);
		break;
	case OP_TRY_SHARED:
		if (explore_trylock_shared(lock))
			explore_unlock_shared(lock);
		break;
	case OP_SHARED_NESTED:
		explore_lock_shared(lock);
		explore_lock(other);
		explore_unlock(other);
		explore_unlock_shared(lock);
		break;
	case OP_CHOOSE:
		if (explore_choose(2 + action->a))
			explore_store(word, 5);
		break;
	case OP_ON_LOCK:
	case OP_ON_LOCK_HELD:
	case OP_ON_LOCK_SHARED:
		act_on_lock(m, action);
		break;
	default:
		act_waiting(m, action);
		break;
	}
}

static void thread(void *memory, unsigned int self, void *ctx)
{
	const struct random_program *random = ctx;

	for (unsigned int i = 0; i < random->nr[self]; i++)
		act(memory, &random->actions[self][i]);
}

static struct random_program make(GRand *rand)
{
	struct random_program random = { .threads = g_rand_int_range(rand, 2, THREADS_MAX + 1) };
	unsigned int ops_max = random.threads == 2 ? OPS_MAX : 2;

	for (unsigned int t = 0; t < random.threads; t++) {
		random.nr[t] = g_rand_int_range(rand, 1, ops_max + 1);
		for (unsigned int i = 0; i < random.nr[t]; i++)
			random.actions[t][i] = (struct action){
				.op = g_rand_int_range(rand, 0, OP_KINDS),
				.a = g_rand_int_range(rand, 0, WORDS),
				.b = g_rand_int_range(rand, 0, LOCKS),
			};
	}
	return random;
}

static void print(const struct random_program *random)
{
	for (unsigned int t = 0; t < random->threads; t++) {
		print_error("  thread %u:", t);
		for (unsigned int i = 0; i < random->nr[t]; i++)
			print_error(" %s(%u,%u)", op_names[random->actions[t][i].op],
				    random->actions[t][i].a, random->actions[t][i].b);
		print_error("\n");
	}
}

static GHashTable *explore(struct random_program *random, enum explore_strategy strategy,
			   unsigned int jobs, struct explore_result *result)
{
	const struct explore_program program = {
		.threads = random->threads, .memory = sizeof(struct random_memory),
		.thread = thread, .ctx = random,
	};
	struct explore_options options = {
		.strategy = strategy,
		/* Who counts them does one at a time. */
		.executions_max = jobs > 1 ? 0 : 200000,
		.jobs = jobs, .grain = jobs > 1 ? 3 * jobs - 5 : 0,
		.traces = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
	};

	*result = explore_run(&program, &options);
	return options.traces;
}

static unsigned int missing(GHashTable *from, GHashTable *in)
{
	GHashTableIter it;
	unsigned int n = 0;
	void *hash;

	g_hash_table_iter_init(&it, from);
	while (g_hash_table_iter_next(&it, &hash, NULL))
		n += !g_hash_table_contains(in, hash);
	return n;
}

static const char *const strategy_names[] = {
	[EXPLORE_OPTIMAL] = "optimal", [EXPLORE_SOURCE] = "source", [EXPLORE_NAIVE] = "naive",
};

/* Where halts are not announced source sets take over. */
static bool has_bugs(const struct random_program *random)
{
	for (unsigned int t = 0; t < random->threads; t++)
		for (unsigned int i = 0; i < random->nr[t]; i++)
			if (random->actions[t][i].op == OP_BUG_ON ||
			    random->actions[t][i].op == OP_BUG)
				return true;
	return false;
}

static bool compare(struct random_program *random, enum explore_strategy strategy,
		    unsigned int jobs, GHashTable *all, struct explore_result *found)
{
	struct explore_result result;
	g_autoptr(GHashTable) traces = explore(random, strategy, jobs, &result);
	unsigned int lost = missing(all, traces), invented = missing(traces, all);
	bool once = result.executions == g_hash_table_size(traces) &&
		    !result.redundant;

	*found = result;
	if (!lost && !invented && result.complete &&
	    (once || strategy != EXPLORE_OPTIMAL || has_bugs(random)))
		return true;
	print_error("%s by %u: %u of %u traces lost, %u invented, %lu executions, %lu redundant\n",
		    strategy_names[strategy], jobs, lost, g_hash_table_size(all), invented,
		    result.executions, result.redundant);
	return false;
}

static bool is_same(const struct explore_result *a, const struct explore_result *b)
{
	if (a->executions == b->executions && a->redundant == b->redundant &&
	    a->deadlocks == b->deadlocks && a->steps == b->steps &&
	    a->depth_max == b->depth_max && !memcmp(a->hot, b->hot, sizeof(a->hot)))
		return true;
	print_error("%lu executions, %lu redundant, %lu deadlocks, %lu steps by some, and %lu, "
		    "%lu, %lu, %lu by others\n", a->executions, a->redundant, a->deadlocks,
		    a->steps, b->executions, b->redundant, b->deadlocks, b->steps);
	return false;
}

#define JOBS_MAX	4u

/* Alone, and then together with others. */
static bool compare_jobs(struct random_program *random, enum explore_strategy strategy,
			 GHashTable *all)
{
	struct explore_result alone, result;
	bool ok = compare(random, strategy, 1, all, &alone);

	for (unsigned int jobs = 2; jobs <= JOBS_MAX; jobs++) {
		ok &= compare(random, strategy, jobs, all, &result);
		ok &= is_same(&alone, &result);
	}
	return ok;
}

/* Interleavings of a program of which several threads enumerate them. */
#define NAIVE_MAX	500u

static unsigned int programs = 3000, first_seed = 1;

static void random_programs__every_reduction__finds_what_an_enumeration_finds(void **state)
{
	unsigned int compared = 0, wrong = 0;

	(void)state;
	for (unsigned int seed = first_seed; compared < programs; seed++) {
		g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
		struct random_program random = make(rand);
		struct explore_result result;
		g_autoptr(GHashTable) all = explore(&random, EXPLORE_NAIVE, 1, &result);
		bool optimal, source, naive;

		if (!result.complete)
			continue;
		compared++;
		optimal = compare_jobs(&random, EXPLORE_OPTIMAL, all);
		source = compare_jobs(&random, EXPLORE_SOURCE, all);
		naive = result.executions > NAIVE_MAX ||
			compare_jobs(&random, EXPLORE_NAIVE, all);
		if (!optimal || !source || !naive) {
			print_error("seed %u:\n", seed);
			print(&random);
			if (++wrong == 5)
				break;
		}
	}
	print_message("%u programs compared\n", compared);
	assert_int_equal(wrong, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			random_programs__every_reduction__finds_what_an_enumeration_finds),
	};

	if (argc > 1)
		programs = strtoul(argv[1], NULL, 10);
	if (argc > 2)
		first_seed = strtoul(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
