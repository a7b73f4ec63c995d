// SPDX-License-Identifier: GPL-2.0
/* Litmus programs of loads and stores, atomics and bits. */

#include <linux/atomic.h>
#include <linux/bitops.h>
#include <linux/string.h>

#include "litmus.h"

static int x, y;
static int r[4];

LITMUS(store_buffering, left)
{
	WRITE_ONCE(x, 1);
	r[0] = READ_ONCE(y);
}

LITMUS(store_buffering, right)
{
	WRITE_ONCE(y, 1);
	r[1] = READ_ONCE(x);
}

LITMUS_OUTCOME(store_buffering, "%d%d", r[0], r[1]);

LITMUS(message_passing, sender)
{
	WRITE_ONCE(x, 1);
	WRITE_ONCE(y, 1);
}

LITMUS(message_passing, receiver)
{
	r[0] = READ_ONCE(y);
	r[1] = READ_ONCE(x);
}

LITMUS_OUTCOME(message_passing, "%d%d", r[0], r[1]);

LITMUS(load_buffering, left)
{
	r[0] = READ_ONCE(x);
	WRITE_ONCE(y, 1);
}

LITMUS(load_buffering, right)
{
	r[1] = READ_ONCE(y);
	WRITE_ONCE(x, 1);
}

LITMUS_OUTCOME(load_buffering, "%d%d", r[0], r[1]);

LITMUS(coherence, writer)
{
	WRITE_ONCE(x, 1);
	WRITE_ONCE(x, 2);
}

LITMUS(coherence, reader)
{
	r[0] = READ_ONCE(x);
	r[1] = READ_ONCE(x);
}

LITMUS_OUTCOME(coherence, "%d%d", r[0], r[1]);

LITMUS(two_writes_each, left)
{
	WRITE_ONCE(x, 1);
	WRITE_ONCE(y, 2);
}

LITMUS(two_writes_each, right)
{
	WRITE_ONCE(y, 1);
	WRITE_ONCE(x, 2);
}

LITMUS_OUTCOME(two_writes_each, "%d%d", x, y);

LITMUS(write_after_read, writer)
{
	WRITE_ONCE(x, 2);
	WRITE_ONCE(y, 1);
}

LITMUS(write_after_read, reader)
{
	r[0] = READ_ONCE(y);
	WRITE_ONCE(x, 1);
}

LITMUS_OUTCOME(write_after_read, "%d%d", r[0], x);

LITMUS(read_after_write, left)
{
	WRITE_ONCE(x, 1);
	WRITE_ONCE(y, 1);
}

LITMUS(read_after_write, right)
{
	WRITE_ONCE(y, 2);
	r[0] = READ_ONCE(x);
}

LITMUS_OUTCOME(read_after_write, "%d%d", r[0], y);

LITMUS(causality, writer)
{
	WRITE_ONCE(x, 1);
}

LITMUS(causality, relay)
{
	r[0] = READ_ONCE(x);
	WRITE_ONCE(y, 1);
}

LITMUS(causality, reader)
{
	r[1] = READ_ONCE(y);
	r[2] = READ_ONCE(x);
}

LITMUS_OUTCOME(causality, "%d%d%d", r[0], r[1], r[2]);

LITMUS(independent_reads, writer_of_x)
{
	WRITE_ONCE(x, 1);
}

LITMUS(independent_reads, writer_of_y)
{
	WRITE_ONCE(y, 1);
}

LITMUS(independent_reads, x_first)
{
	r[0] = READ_ONCE(x);
	r[1] = READ_ONCE(y);
}

LITMUS(independent_reads, y_first)
{
	r[2] = READ_ONCE(y);
	r[3] = READ_ONCE(x);
}

LITMUS_OUTCOME(independent_reads, "%d%d%d%d", r[0], r[1], r[2], r[3]);

LITMUS(lost_update, increment)
{
	int seen = READ_ONCE(x);

	WRITE_ONCE(x, seen + 1);
}

LITMUS_OUTCOME(lost_update, "%d", x);

LITMUS(plain_increment, increment)
{
	x++;
}

LITMUS_OUTCOME(plain_increment, "%d", x);

LITMUS(plain_flag, sender)
{
	x = 1;
	y = 1;
}

LITMUS(plain_flag, receiver)
{
	r[0] = y ? x : -1;
}

LITMUS_OUTCOME(plain_flag, "%d", r[0]);

LITMUS(plain_store_buffering, left)
{
	x = 1;
	r[0] = y;
}

LITMUS(plain_store_buffering, right)
{
	y = 1;
	r[1] = x;
}

LITMUS_OUTCOME(plain_store_buffering, "%d%d", r[0], r[1]);

LITMUS(plain_message_passing, sender)
{
	x = 1;
	y = 1;
}

LITMUS(plain_message_passing, receiver)
{
	r[0] = y;
	r[1] = x;
}

LITMUS_OUTCOME(plain_message_passing, "%d%d", r[0], r[1]);

static struct pair {
	unsigned long first, second;
} pair, pair_seen;

/* A copy is no single access, nor is what is cleared at once. */
LITMUS(plain_copy, writer)
{
	pair.first = 1;
	pair.second = 1;
}

LITMUS(plain_copy, reader)
{
	memcpy(&pair_seen, &pair, sizeof(pair));
}

LITMUS_OUTCOME(plain_copy, "%lu%lu", pair_seen.first, pair_seen.second);

/* Both sides of the assignment are raced for. */
LITMUS(plain_assignment, copier)
{
	pair_seen = pair;
}

LITMUS(plain_assignment, other)
{
	pair.first = 1;
	r[0] = pair_seen.first;
	pair_seen.first = 2;
	r[1] = pair_seen.second;
	pair.second = 1;
}

LITMUS_OUTCOME(plain_assignment, "%d%d %lu%lu", r[0], r[1], pair_seen.first, pair_seen.second);

LITMUS(plain_clear, first)
{
	pair.first = pair.second = 1;
}

LITMUS(plain_clear, writer)
{
	memset(&pair, 0, sizeof(pair));
}

LITMUS(plain_clear, reader)
{
	r[0] = pair.first;
	r[1] = pair.second;
}

LITMUS_OUTCOME(plain_clear, "%d%d", r[0], r[1]);

static struct {
	int data;
	bool ready;
	bool wanted;
} box;

LITMUS(plain_bytes_of_one_word, one)
{
	box.ready = true;
}

LITMUS(plain_bytes_of_one_word, two)
{
	box.wanted = true;
}

LITMUS_OUTCOME(plain_bytes_of_one_word, "%d%d", box.ready, box.wanted);

/* Its neighbours have nothing to do with it. */
LITMUS(plain_flag_beside_others, sender)
{
	box.data = 1;
	box.ready = true;
}

LITMUS(plain_flag_beside_others, receiver)
{
	r[0] = box.ready;
	box.wanted = true;
}

LITMUS_OUTCOME(plain_flag_beside_others, "%d%d%d", r[0], box.data, box.wanted);

LITMUS(plain_and_marked, writer)
{
	x = 1;
	x = 0;
	barrier();
	x = 2;
}

LITMUS(plain_and_marked, reader)
{
	r[0] = READ_ONCE(x);
	r[1] = READ_ONCE(x);
}

LITMUS_OUTCOME(plain_and_marked, "%d%d", r[0], r[1]);

LITMUS(flag_without_order, sender)
{
	x = 1;
	WRITE_ONCE(y, 1);
}

LITMUS(flag_without_order, receiver)
{
	r[0] = READ_ONCE(y) ? x : -1;
}

LITMUS_OUTCOME(flag_without_order, "%d", r[0]);

LITMUS(release_and_acquire, sender)
{
	x = 1;
	smp_store_release(&y, 1);
}

LITMUS(release_and_acquire, receiver)
{
	r[0] = smp_load_acquire(&y) ? x : -1;
}

LITMUS_OUTCOME(release_and_acquire, "%d", r[0]);

static atomic_t count;

LITMUS(atomic_inc, increment)
{
	atomic_inc(&count);
}

LITMUS_OUTCOME(atomic_inc, "%d", atomic_read(&count));

LITMUS(atomic_inc_return, one)
{
	r[0] = atomic_inc_return(&count);
}

LITMUS(atomic_inc_return, two)
{
	r[1] = atomic_inc_return(&count);
}

LITMUS(atomic_inc_return, three)
{
	r[2] = atomic_inc_return(&count);
}

LITMUS_OUTCOME(atomic_inc_return, "%d%d%d", r[0], r[1], r[2]);

LITMUS(atomic_read_then_set, increment)
{
	atomic_set(&count, atomic_read(&count) + 1);
}

LITMUS_OUTCOME(atomic_read_then_set, "%d", atomic_read(&count));

LITMUS(cmpxchg, one)
{
	r[0] = cmpxchg(&x, 0, 1);
}

LITMUS(cmpxchg, two)
{
	r[1] = cmpxchg(&x, 0, 2);
}

LITMUS_OUTCOME(cmpxchg, "%d%d", r[0], r[1]);

/* What it gets is tried at most as often as there are others. */
LITMUS(cmpxchg_loop, increment)
{
	int old = atomic_read(&count);

	while (!atomic_try_cmpxchg(&count, &old, old + 1))
		;
}

LITMUS_OUTCOME(cmpxchg_loop, "%d", atomic_read(&count));

LITMUS(xchg, one)
{
	r[0] = xchg(&x, 1);
}

LITMUS(xchg, two)
{
	r[1] = xchg(&x, 2);
}

LITMUS_OUTCOME(xchg, "%d%d %d", r[0], r[1], x);

static unsigned long word;

LITMUS(test_and_set_bit, one)
{
	r[0] = test_and_set_bit(0, &word);
}

LITMUS(test_and_set_bit, two)
{
	r[1] = test_and_set_bit(0, &word);
}

LITMUS_OUTCOME(test_and_set_bit, "%d%d", r[0], r[1]);

LITMUS(bits_of_one_word, one)
{
	set_bit(0, &word);
}

LITMUS(bits_of_one_word, two)
{
	set_bit(1, &word);
}

LITMUS_OUTCOME(bits_of_one_word, "%lu", word);

LITMUS(bits_not_atomic, one)
{
	set_bit(0, &word);
}

LITMUS(bits_not_atomic, two)
{
	__set_bit(1, &word);
}

LITMUS_OUTCOME(bits_not_atomic, "%lu", word);

LITMUS(bits_read_and_written_back, one)
{
	WRITE_ONCE(word, READ_ONCE(word) | 1);
}

LITMUS(bits_read_and_written_back, two)
{
	WRITE_ONCE(word, READ_ONCE(word) | 2);
}

LITMUS_OUTCOME(bits_read_and_written_back, "%lu", word);

/* Not in use any more once tested: whoever tests first takes it. */
LITMUS(test_then_set_bit, one)
{
	if (!test_bit(0, &word)) {
		set_bit(0, &word);
		r[0] = 1;
	}
}

LITMUS(test_then_set_bit, two)
{
	if (!test_bit(0, &word)) {
		set_bit(0, &word);
		r[1] = 1;
	}
}

LITMUS_OUTCOME(test_then_set_bit, "%d%d", r[0], r[1]);
