// SPDX-License-Identifier: GPL-2.0
/*
 * Which locks a task holds, for lockdep_assert_held(), for locks that are taken back to user
 * space, and for unlocking by a stranger.
 */

#include <linux/lockdep.h>
#include <linux/sched.h>

static unsigned int held_by_all;

static struct sim_held_lock *find_held(struct task_struct *task, const volatile void *lock)
{
	for (unsigned int i = task->locks_held; i-- > 0;)
		if (task->held[i].lock == lock)
			return &task->held[i];
	return NULL;
}

enum sim_held sim_lock_held(const volatile void *lock)
{
	struct sim_held_lock *held = find_held(current, lock);

	return held ? held->how : SIM_HELD_NONE;
}

void sim_lock_acquired(const volatile void *lock, const char *name, enum sim_held how)
{
	struct task_struct *task = current;

	if (task->locks_held == SIM_HELD_LOCKS_MAX)
		sim_host->stop(HOST_STOP_LIMIT, __FILE__, __LINE__, "a task holds too many locks");
	task->held[task->locks_held++] = (struct sim_held_lock){ lock, name, how };
	sim_sync(how == SIM_HELD_SHARED ? HOST_SYNC_ACQUIRE_SHARED : HOST_SYNC_ACQUIRE, lock);
	held_by_all++;
}

/* A pair of names of locks that the checkers have been told of. */
struct lock_pair {
	const char *held;
	const char *wanted;
};

#define LOCK_PAIRS	512u

/* Two tasks may tell the same pair; if the table is full, pairs are told again and again. */
static bool told_before(const char *held, const char *wanted)
{
	static struct lock_pair told[LOCK_PAIRS];
	unsigned long i = ((unsigned long)held * 31 + (unsigned long)wanted) >> 3;

	for (unsigned int n = 0; n < LOCK_PAIRS; n++, i++) {
		struct lock_pair *pair = &told[i % LOCK_PAIRS];

		if (pair->held == held && pair->wanted == wanted)
			return true;
		if (!pair->held) {
			*pair = (struct lock_pair){ held, wanted };
			return false;
		}
	}
	return false;
}

void sim_lock_wanted(const char *name)
{
	const struct task_struct *task = current;

	if (!task->locks_held)
		return;
	/* If the lock's memory is gone, so is its name: find out here, not in a checker. */
	(void)*(const volatile char *)name;
	for (unsigned int i = 0; i < task->locks_held; i++) {
		if (told_before(task->held[i].name, name))
			continue;
		sim_host->event(&(struct host_event){
			.type = HOST_EVENT_LOCK_ORDER,
			.name = task->held[i].name,
			.other = name,
			.ip = __builtin_return_address(0),
			.frame = __builtin_frame_address(0),
		});
	}
}

/* As for lockdep, readers of rwlocks may come again in interrupts: there they overtake writers. */
void sim_lock_wanted_shared(const volatile void *lock, const char *name)
{
	sim_lock_wanted(name);
	if (sim_lock_held(lock) == SIM_HELD_SHARED)
		sim_host->event(&(struct host_event){
			.type = HOST_EVENT_LOCK_AGAIN, .name = name,
			.ip = __builtin_return_address(0),
			.frame = __builtin_frame_address(0),
		});
}

void sim_user_accessed(void)
{
	const struct task_struct *task = current;

	for (unsigned int i = 0; i < task->locks_held; i++)
		sim_host->event(&(struct host_event){
			.type = HOST_EVENT_USER_ACCESS,
			.name = task->held[i].name,
			.ip = __builtin_return_address(0),
			.frame = __builtin_frame_address(0),
		});
}

static void __noreturn released_by_stranger(const char *name)
{
	char text[96];

	scnprintf(text, sizeof(text), "%s is released by a task that does not hold it", name);
	sim_host->stop(HOST_STOP_CHECK, __FILE__, __LINE__, text);
}

void sim_lock_released(const volatile void *lock, const char *name)
{
	struct task_struct *task = current;
	struct sim_held_lock *held = find_held(task, lock);

	if (!held)
		released_by_stranger(name);
	sim_sync(held->how == SIM_HELD_SHARED ? HOST_SYNC_RELEASE_SHARED : HOST_SYNC_RELEASE,
		 lock);
	/* Released out of order: close the gap. */
	for (task->locks_held--; held < &task->held[task->locks_held]; held++)
		held[0] = held[1];
	held_by_all--;
}

unsigned int sim_locks_held(void)
{
	return held_by_all;
}
