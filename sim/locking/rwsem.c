// SPDX-License-Identifier: GPL-2.0
/*
 * Reader/writer semaphores (kernel/locking/rwsem.c); linux/rwsem.h says what is modelled.
 *
 * Who may have the lock:
 *	free			anyone; the first reader lets all waiting readers in with it
 *	held by readers		further readers, unless a writer waits
 *	held by a writer	nobody
 */

#include <linux/errno.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>

/**
 * struct waiting_reader - a reader that sleeps, on its stack.
 * @entry:   in &rw_semaphore.waiting_readers
 * @granted: it has been let in, and is counted in &rw_semaphore.readers
 */
struct waiting_reader {
	struct list_head entry;
	bool granted;
};

void __init_rwsem(struct rw_semaphore *sem, const char *name, struct lock_class_key *key)
{
	*sem = (struct rw_semaphore){ .name = name };
}

bool rwsem_is_locked(struct rw_semaphore *sem)
{
	sim_point(HOST_OP_READ, sem);
	return sem->writer || sem->readers;
}

bool rwsem_is_contended(struct rw_semaphore *sem)
{
	sim_point(HOST_OP_READ, sem);
	return sem->waiting_writers || sem->waiting_readers_nr;
}

static void check_usable(const struct rw_semaphore *sem)
{
	sim_check(sem->name, "a rwsem is locked that was never initialised");
}

static bool reader_may_enter(const struct rw_semaphore *sem)
{
	return !sem->writer && !(sem->readers && sem->waiting_writers);
}

static void dequeue(struct rw_semaphore *sem, struct waiting_reader *waiter)
{
	list_del(&waiter->entry);
	sem->waiting_readers_nr--;
}

static void admit_waiting_readers(struct rw_semaphore *sem)
{
	if (!sem->waiting_readers_nr)
		return;
	while (sem->waiting_readers_nr) {
		struct waiting_reader *waiter = list_first_entry(&sem->waiting_readers,
							struct waiting_reader, entry);

		dequeue(sem, waiter);
		waiter->granted = true;
		sem->readers++;
	}
	sim_wake(sem);
}

static void enter_as_reader(struct rw_semaphore *sem)
{
	bool first = !sem->readers;

	sem->readers++;
	if (first)
		admit_waiting_readers(sem);
}

static void wait_as_reader(struct rw_semaphore *sem)
{
	struct waiting_reader waiter = { .granted = false };

	if (!sem->waiting_readers_nr)
		INIT_LIST_HEAD(&sem->waiting_readers);
	list_add_tail(&waiter.entry, &sem->waiting_readers);
	sem->waiting_readers_nr++;
	for (;;) {
		sim_block(sem, sem->name);
		if (waiter.granted)
			return;
		if (reader_may_enter(sem)) {
			dequeue(sem, &waiter);
			enter_as_reader(sem);
			return;
		}
	}
}

static bool writer_may_enter(const struct rw_semaphore *sem)
{
	return !sem->writer && !sem->readers;
}

static void enter_as_writer(struct rw_semaphore *sem)
{
	sem->writer = current;
	sim_lock_acquired(sem, sem->name, SIM_HELD_EXCLUSIVE);
}

static void prepare(const struct rw_semaphore *sem, bool shared)
{
	might_sleep();
	check_usable(sem);
	if (shared)
		sim_lock_wanted_shared(sem, sem->name);
	else
		sim_lock_wanted(sem->name);
}

/**
 * down_read() - take @sem as one of its readers.
 *
 * Context: may sleep; also while readers hold @sem, if a writer waits for it.
 */
void down_read(struct rw_semaphore *sem)
{
	prepare(sem, true);
	sim_point(HOST_OP_ACQUIRE_SHARED, sem);
	if (reader_may_enter(sem))
		enter_as_reader(sem);
	else
		wait_as_reader(sem);
	sim_lock_acquired(sem, sem->name, SIM_HELD_SHARED);
}

static bool try_shared(void *sem)
{
	return down_read_trylock(sem);
}

/** down_read_interruptible() - as down_read(); 0, or -EINTR if a signal ended the wait. */
int down_read_interruptible(struct rw_semaphore *sem)
{
	prepare(sem, true);
	return sim_lock_killable(sem, sem->name, try_shared);
}

int down_read_killable(struct rw_semaphore *sem)
{
	return down_read_interruptible(sem);
}

/**
 * down_read_trylock() - take @sem as a reader if that needs no waiting.
 *
 * As in the kernel a waiting writer is overtaken: only a writer that holds @sem is in the way.
 * Return: 1 if it was taken, 0 if not.
 */
int down_read_trylock(struct rw_semaphore *sem)
{
	check_usable(sem);
	sim_point(HOST_OP_TRY_SHARED, sem);
	if (sem->writer)
		return 0;
	enter_as_reader(sem);
	sim_lock_acquired(sem, sem->name, SIM_HELD_SHARED);
	return 1;
}

/** down_write() - take @sem exclusively. Context: may sleep. */
void down_write(struct rw_semaphore *sem)
{
	prepare(sem, false);
	sim_point(HOST_OP_ACQUIRE, sem);
	sem->waiting_writers++;
	while (!writer_may_enter(sem))
		sim_block(sem, sem->name);
	sem->waiting_writers--;
	enter_as_writer(sem);
}

static bool try_exclusive(void *sem)
{
	return down_write_trylock(sem);
}

/** down_write_killable() - as down_write(); 0, or -EINTR if a signal ended the wait. */
int down_write_killable(struct rw_semaphore *sem)
{
	prepare(sem, false);
	return sim_lock_killable(sem, sem->name, try_exclusive);
}

/** down_write_trylock() - take @sem exclusively if it is free; 1 if it was taken. */
int down_write_trylock(struct rw_semaphore *sem)
{
	check_usable(sem);
	sim_point(HOST_OP_TRY, sem);
	if (!writer_may_enter(sem))
		return 0;
	enter_as_writer(sem);
	return 1;
}

/** up_read() - end being a reader of @sem. */
void up_read(struct rw_semaphore *sem)
{
	sim_lock_released(sem, sem->name);
	sim_point(HOST_OP_RELEASE_SHARED, sem);
	sim_check(sem->readers && !sem->writer, "up_read() of a rwsem that is held exclusively");
	sem->readers--;
	/* Not the last one only: who is first and who is last would matter, and readers commute. */
	sim_wake(sem);
}

/** up_write() - end being the writer of @sem. */
void up_write(struct rw_semaphore *sem)
{
	sim_lock_released(sem, sem->name);
	sim_point(HOST_OP_RELEASE, sem);
	sim_check(sem->writer == current, "up_write() of a rwsem that is held shared");
	sem->writer = NULL;
	sim_wake(sem);
}

/** downgrade_write() - the writer goes on as a reader; readers that wait come in with it. */
void downgrade_write(struct rw_semaphore *sem)
{
	sim_lock_released(sem, sem->name);
	sim_point(HOST_OP_DOWNGRADE, sem);
	sim_check(sem->writer == current, "downgrade_write() by a task that is not the writer");
	sem->writer = NULL;
	enter_as_reader(sem);
	sim_lock_acquired(sem, sem->name, SIM_HELD_SHARED);
	sim_wake(sem);
}
