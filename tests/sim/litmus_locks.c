// SPDX-License-Identifier: GPL-2.0
/* Litmus programs of locks: what they protect, how they block each other, how they are misused. */

#include <linux/completion.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>

#include "litmus.h"
#include "mm_test.h"

static int x, y;
static int r[4];
static int *pointer;

static DEFINE_MUTEX(mutex);
static DEFINE_MUTEX(inner);
static DEFINE_MUTEX(gate);
static DEFINE_SPINLOCK(spin);
static DECLARE_RWSEM(sem);
static DEFINE_RWLOCK(rw);
DEFINE_STATIC_SRCU(domain);

LITMUS(mutex, increment)
{
	guard(mutex)(&mutex);
	x++;
}

LITMUS_OUTCOME(mutex, "%d", x);

LITMUS(mutex_of_another, increment)
{
	guard(mutex)(&mutex);
	x++;
}

LITMUS(mutex_of_another, other)
{
	guard(mutex)(&inner);
	x++;
}

LITMUS_OUTCOME(mutex_of_another, "%d", x);

LITMUS(mutex_trylock, increment)
{
	if (!mutex_trylock(&mutex))
		return;
	x++;
	mutex_unlock(&mutex);
}

LITMUS(mutex_trylock, lock)
{
	guard(mutex)(&mutex);
	x++;
}

LITMUS_OUTCOME(mutex_trylock, "%d", x);

LITMUS(spinlock, increment)
{
	guard(spinlock)(&spin);
	x++;
}

LITMUS(spinlock, try)
{
	if (!spin_trylock(&spin))
		return;
	x++;
	spin_unlock(&spin);
}

LITMUS_OUTCOME(spinlock, "%d", x);

LITMUS(check_outside_the_lock, take)
{
	if (READ_ONCE(y))
		return;
	guard(mutex)(&mutex);
	WRITE_ONCE(y, 1);
	x++;
}

LITMUS_OUTCOME(check_outside_the_lock, "%d", x);

LITMUS(check_inside_the_lock, take)
{
	guard(mutex)(&mutex);
	if (y)
		return;
	y = 1;
	x++;
}

LITMUS_OUTCOME(check_inside_the_lock, "%d", x);

LITMUS(checked_twice, take)
{
	if (smp_load_acquire(&pointer))
		return;
	guard(mutex)(&mutex);
	if (pointer)
		return;
	x++;
	smp_store_release(&pointer, &x);
}

LITMUS_OUTCOME(checked_twice, "%d", x);

LITMUS(checked_twice_plainly, take)
{
	if (!pointer) {
		guard(mutex)(&mutex);
		if (!pointer) {
			x++;
			pointer = &x;
		}
	}
	r[0] = *pointer;
}

LITMUS_OUTCOME(checked_twice_plainly, "%d", x);

LITMUS(lock_dropped_between, increment)
{
	int seen;

	scoped_guard(mutex, &mutex)
		seen = x;
	scoped_guard(mutex, &mutex)
		x = seen + 1;
}

LITMUS_OUTCOME(lock_dropped_between, "%d", x);

LITMUS(abba, inner_last)
{
	guard(mutex)(&mutex);
	guard(mutex)(&inner);
}

LITMUS(abba, inner_first)
{
	guard(mutex)(&inner);
	guard(mutex)(&mutex);
}

LITMUS_OUTCOME(abba, "done");

LITMUS(abba_behind_a_gate, inner_last)
{
	guard(mutex)(&gate);
	guard(mutex)(&mutex);
	guard(mutex)(&inner);
}

LITMUS(abba_behind_a_gate, inner_first)
{
	guard(mutex)(&gate);
	guard(mutex)(&inner);
	guard(mutex)(&mutex);
}

LITMUS_OUTCOME(abba_behind_a_gate, "done");

LITMUS(one_order, increment)
{
	guard(mutex)(&mutex);
	guard(mutex)(&inner);
	x++;
}

LITMUS_OUTCOME(one_order, "%d", x);

/* The second only tries, and lets go of what it has. */
LITMUS(abba_with_a_try, inner_last)
{
	guard(mutex)(&mutex);
	guard(mutex)(&inner);
}

LITMUS(abba_with_a_try, inner_first)
{
	guard(mutex)(&inner);
	if (!mutex_trylock(&mutex))
		return;
	x = 1;
	mutex_unlock(&mutex);
}

LITMUS_OUTCOME(abba_with_a_try, "%d", x);

LITMUS(three_in_a_ring, one)
{
	guard(mutex)(&mutex);
	guard(mutex)(&inner);
}

LITMUS(three_in_a_ring, two)
{
	guard(mutex)(&inner);
	guard(mutex)(&gate);
}

LITMUS(three_in_a_ring, three)
{
	guard(mutex)(&gate);
	guard(mutex)(&mutex);
}

LITMUS_OUTCOME(three_in_a_ring, "done");

LITMUS(self_deadlock, again)
{
	guard(mutex)(&mutex);
	if (READ_ONCE(x))
		mutex_lock(&mutex);
}

LITMUS(self_deadlock, writer)
{
	WRITE_ONCE(x, 1);
}

LITMUS_OUTCOME(self_deadlock, "done");

static DECLARE_COMPLETION(done);

LITMUS(waits_with_the_lock, waiter)
{
	guard(mutex)(&mutex);
	wait_for_completion(&done);
}

LITMUS(waits_with_the_lock, completer)
{
	guard(mutex)(&mutex);
	complete(&done);
}

LITMUS_OUTCOME(waits_with_the_lock, "done");

LITMUS(rwsem, reader)
{
	guard(rwsem_read)(&sem);
	r[0] = x;
	r[1] = y;
}

LITMUS(rwsem, second_reader)
{
	guard(rwsem_read)(&sem);
	r[2] = x;
	r[3] = y;
}

LITMUS(rwsem, writer)
{
	guard(rwsem_write)(&sem);
	x++;
	y++;
}

LITMUS_OUTCOME(rwsem, "%d%d %d%d", r[0], r[1], r[2], r[3]);

LITMUS(rwsem_readers_write, reader)
{
	guard(rwsem_read)(&sem);
	x++;
}

LITMUS_OUTCOME(rwsem_readers_write, "%d", x);

LITMUS(rwsem_downgrade, writer_then_reader)
{
	down_write(&sem);
	x = 2;
	downgrade_write(&sem);
	r[0] = x;
	up_read(&sem);
}

LITMUS(rwsem_downgrade, writer)
{
	guard(rwsem_write)(&sem);
	x = 1;
}

LITMUS(rwsem_downgrade, reader)
{
	guard(rwsem_read)(&sem);
	r[1] = x;
}

LITMUS_OUTCOME(rwsem_downgrade, "%d%d%d", r[0], r[1], x);

LITMUS(rwsem_trylock, reader)
{
	if (!down_read_trylock(&sem))
		return;
	r[0] = 1;
	up_read(&sem);
}

LITMUS(rwsem_trylock, writer)
{
	if (!down_write_trylock(&sem))
		return;
	r[1] = 1;
	up_write(&sem);
}

LITMUS_OUTCOME(rwsem_trylock, "%d%d", r[0], r[1]);

LITMUS(rwsem_read_to_write, upgrade)
{
	down_read(&sem);
	down_write(&sem);
}

LITMUS(rwsem_read_to_write, reader)
{
	guard(rwsem_read)(&sem);
}

LITMUS_OUTCOME(rwsem_read_to_write, "done");

/* A writer between the two would wait for the first, and the second for the writer. */
LITMUS(rwsem_read_again, reader)
{
	guard(rwsem_read)(&sem);
	scoped_guard(rwsem_read, &sem)
		r[0] = x;
}

LITMUS(rwsem_read_again, again_if_told)
{
	guard(rwsem_read)(&sem);
	if (READ_ONCE(y)) {
		guard(rwsem_read)(&sem);
		r[0] = x;
	}
}

LITMUS(rwsem_read_again, teller)
{
	WRITE_ONCE(y, 1);
}

LITMUS(rwsem_read_again, writer)
{
	guard(rwsem_write)(&sem);
	x = 1;
}

LITMUS(rwsem_read_again, tries)
{
	guard(rwsem_read)(&sem);
	if (down_read_trylock(&sem)) {
		r[1] = x;
		up_read(&sem);
	}
}

LITMUS_OUTCOME(rwsem_read_again, "%d%d", r[0], r[1]);

static void read_twice(struct rcu_head *unused)
{
	read_lock(&rw);
	read_lock(&rw);
	r[0] = x;
	read_unlock(&rw);
	read_unlock(&rw);
}

LITMUS(rwlock_read_again, reader)
{
	read_twice(NULL);
}

LITMUS(rwlock_read_again, writer)
{
	write_lock(&rw);
	x = 1;
	write_unlock(&rw);
}

/* In softirq context the reader does not queue behind the writer. */
LITMUS(rwlock_read_again, interrupted)
{
	static struct rcu_head head;

	call_rcu(&head, read_twice);
}

LITMUS_OUTCOME(rwlock_read_again, "%d", r[0]);

/* Two tasks that read are two. Read sections of RCU and SRCU nest. */
LITMUS(read_sections_nest, reader)
{
	guard(rwsem_read)(&sem);
	guard(srcu)(&domain);
	guard(srcu)(&domain);
	guard(rcu)();
	guard(rcu)();
	WRITE_ONCE(r[0], 1);
}

LITMUS_OUTCOME(read_sections_nest, "%d", r[0]);

LITMUS(rwlock, reader)
{
	read_lock(&rw);
	r[0] = x;
	r[1] = y;
	read_unlock(&rw);
}

LITMUS(rwlock, writer)
{
	write_lock(&rw);
	x++;
	y++;
	write_unlock(&rw);
}

LITMUS(rwlock, try)
{
	if (!write_trylock(&rw))
		return;
	x++;
	y++;
	write_unlock(&rw);
}

LITMUS_OUTCOME(rwlock, "%d%d %d", r[0], r[1], x);

LITMUS(unlock_by_a_stranger, owner)
{
	guard(mutex)(&mutex);
	x = 1;
}

LITMUS(unlock_by_a_stranger, stranger)
{
	if (mutex_is_locked(&mutex))
		mutex_unlock(&mutex);
}

LITMUS_OUTCOME(unlock_by_a_stranger, "%d", x);

LITMUS(lock_kept_on_error, bad)
{
	mutex_lock(&mutex);
	if (READ_ONCE(x))
		return;
	mutex_unlock(&mutex);
}

LITMUS(lock_kept_on_error, writer)
{
	WRITE_ONCE(x, 1);
}

LITMUS_OUTCOME(lock_kept_on_error, "done");

LITMUS(sleeps_with_a_spinlock, bad)
{
	guard(spinlock)(&spin);
	if (READ_ONCE(x)) {
		guard(mutex)(&mutex);
		WRITE_ONCE(x, 2);
	}
}

LITMUS(sleeps_with_a_spinlock, writer)
{
	WRITE_ONCE(x, 1);
}

LITMUS_OUTCOME(sleeps_with_a_spinlock, "%d", x);

static struct inode inode;

LITMUS(folio_lock, first)
{
	mt_inode_init(&inode);
	mt_fill(&inode, 0);
}

LITMUS(folio_lock, increment)
{
	struct folio *folio = filemap_lock_folio(inode.i_mapping, 0);

	if (IS_ERR(folio))
		return;
	x++;
	folio_unlock(folio);
	folio_put(folio);
}

LITMUS(folio_lock, try)
{
	struct folio *folio = filemap_get_folio(inode.i_mapping, 0);

	if (IS_ERR(folio))
		return;
	if (folio_trylock(folio)) {
		x++;
		folio_unlock(folio);
	}
	folio_put(folio);
}

LITMUS(folio_lock, then)
{
	truncate_inode_pages_final(inode.i_mapping);
	printk(KERN_INFO "outcome %d\n", x);
}

LITMUS(folio_truncated, first)
{
	mt_inode_init(&inode);
	mt_fill(&inode, 0);
}

/* What was found may have been cut off by the time its lock is had. */
LITMUS(folio_truncated, finder)
{
	struct folio *folio = filemap_get_folio(inode.i_mapping, 0);

	if (IS_ERR(folio))
		return;
	folio_lock(folio);
	r[0] = folio->mapping ? 2 : 1;
	folio_unlock(folio);
	folio_put(folio);
}

LITMUS(folio_truncated, cutter)
{
	truncate_inode_pages(inode.i_mapping, 0);
}

LITMUS(folio_truncated, then)
{
	truncate_inode_pages_final(inode.i_mapping);
	printk(KERN_INFO "outcome %s\n", r[0] == 2 ? "there" : r[0] ? "cut off" : "gone");
}
