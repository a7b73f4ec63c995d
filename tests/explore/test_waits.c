// SPDX-License-Identifier: GPL-2.0
/*
 * Programs whose threads wait for each other by other means than locks: the number of their
 * traces, and what can come out.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/explore.h"

/** struct outcomes - pairs of small numbers that came out: a bit for each. */
struct outcomes {
	uint64_t seen;
};

static struct explore_result explore(unsigned int threads, size_t memory,
				     void (*thread)(void *memory, unsigned int self, void *ctx),
				     void (*end)(const void *memory, void *ctx), void *ctx)
{
	const struct explore_program program = {
		.threads = threads, .memory = memory, .thread = thread, .end = end, .ctx = ctx,
	};
	const struct explore_options options = { .strategy = EXPLORE_OPTIMAL };
	struct explore_result result = explore_run(&program, &options);

	assert_true(result.complete);
	assert_int_equal(result.redundant, 0);
	return result;
}

struct condition {
	struct explore_lock lock;
	struct explore_queue queue;
	uint64_t flag;
};

static void wait_or_signal(void *memory, unsigned int self, void *ctx)
{
	struct condition *c = memory;

	(void)ctx;
	explore_lock(&c->lock);
	if (self) {
		explore_store(&c->flag, 1);
		explore_wake(&c->queue);
	} else {
		while (!explore_load(&c->flag))
			explore_wait(&c->queue, &c->lock);
	}
	explore_unlock(&c->lock);
}

static void condition__one_waiter_one_signaller__two_traces(void **state)
{
	struct explore_result result;

	(void)state;
	result = explore(2, sizeof(struct condition), wait_or_signal, NULL, NULL);
	assert_int_equal(result.executions, 2);
	assert_int_equal(result.deadlocks, 0);
}

/* The flag is looked at before the lock is taken: the wake-up may have gone by. */
static void lose_wakeup(void *memory, unsigned int self, void *ctx)
{
	struct condition *c = memory;

	(void)ctx;
	if (self) {
		explore_store(&c->flag, 1);
		explore_wake(&c->queue);
	} else if (!explore_load(&c->flag)) {
		explore_lock(&c->lock);
		explore_wait(&c->queue, &c->lock);
		explore_unlock(&c->lock);
	}
}

static void condition__tested_without_the_lock__wakeup_lost(void **state)
{
	struct explore_result result;

	(void)state;
	result = explore(2, sizeof(struct condition), lose_wakeup, NULL, NULL);
	assert_int_equal(result.executions, 3);
	assert_int_equal(result.deadlocks, 1);
}

struct rcu {
	struct explore_rcu rcu;
	uint64_t x, y;
	uint64_t read_x, read_y;	/* the reader's own */
};

static void reader(struct rcu *m)
{
	uint64_t x, y;

	explore_rcu_read_lock(&m->rcu);
	x = explore_load(&m->x);
	y = explore_load(&m->y);
	explore_rcu_read_unlock(&m->rcu);
	explore_store(&m->read_x, x);
	explore_store(&m->read_y, y);
}

static void read_or_update(void *memory, unsigned int self, void *ctx)
{
	struct rcu *m = memory;
	bool grace_period = *(bool *)((void **)ctx)[1];

	if (!self) {
		reader(m);
		return;
	}
	explore_store(&m->x, 1);
	if (grace_period)
		explore_rcu_synchronize(&m->rcu);
	explore_store(&m->y, 1);
}

static void keep_outcome(const void *memory, void *ctx)
{
	const struct rcu *m = memory;
	struct outcomes *outcomes = ((void **)ctx)[0];

	outcomes->seen |= 1ull << (2 * m->read_x + m->read_y);
}

static unsigned int rcu_outcomes(bool grace_period)
{
	struct outcomes outcomes = { 0 };
	void *ctx[] = { &outcomes, &grace_period };
	struct explore_result result;

	result = explore(2, sizeof(struct rcu), read_or_update, keep_outcome, ctx);
	assert_int_equal(result.deadlocks, 0);
	return __builtin_popcountll(outcomes.seen);
}

static void rcu__with_and_without_grace_period__three_and_four_outcomes(void **state)
{
	(void)state;
	assert_int_equal(rcu_outcomes(true), 3);
	assert_int_equal(rcu_outcomes(false), 4);
}

struct spin {
	uint64_t flag;
	uint64_t data;
};

/* The first publishes, the others wait for it. */
static void publish_or_spin(void *memory, unsigned int self, void *ctx)
{
	struct spin *m = memory;

	(void)ctx;
	if (!self) {
		explore_store(&m->data, 7);
		explore_store(&m->flag, 1);
		return;
	}
	explore_await(&m->flag, 1);
	explore_check(explore_load(&m->data) == 7);
}

static void await__published_flag__one_trace(void **state)
{
	struct explore_result result;

	(void)state;
	result = explore(4, sizeof(struct spin), publish_or_spin, NULL, NULL);
	assert_int_equal(result.executions, 1);
	assert_int_equal(result.failures, 0);
	assert_int_equal(result.deadlocks, 0);
}

/* What is waited for goes by: it is seen in one order and missed in the other. */
static void pass_by(void *memory, unsigned int self, void *ctx)
{
	struct spin *m = memory;

	(void)ctx;
	if (self) {
		explore_await(&m->flag, 1);
		return;
	}
	explore_store(&m->flag, 1);
	explore_store(&m->flag, 2);
}

static void await__what_goes_by__a_livelock_is_found(void **state)
{
	struct explore_result result;

	(void)state;
	result = explore(2, sizeof(struct spin), pass_by, NULL, NULL);
	assert_int_equal(result.executions, 2);
	assert_int_equal(result.deadlocks, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(condition__one_waiter_one_signaller__two_traces),
		cmocka_unit_test(condition__tested_without_the_lock__wakeup_lost),
		cmocka_unit_test(rcu__with_and_without_grace_period__three_and_four_outcomes),
		cmocka_unit_test(await__published_flag__one_trace),
		cmocka_unit_test(await__what_goes_by__a_livelock_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
