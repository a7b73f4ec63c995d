// SPDX-License-Identifier: GPL-2.0
/*
 * The folio lock. Semantics: mm/filemap.c of Linux 7.3.
 *
 * Kernel promises: one task at a time; waiting may sleep; folio_unlock() wakes waiters.
 * Modelled: each lock has an owner, which alone may release it: pages are never read from
 *	a device, so no lock is released by anything but the task that took it.
 * Left out: fairness. Which waiter goes on is the scheduler's choice.
 * Scheduling points: each try, each acquisition, each wait, each release, those of folios that
 *	nobody else knows included: who finds one later waits for it.
 */

#include <linux/bug.h>
#include <linux/lockdep.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>

#include "internal.h"

#define LOCK_NAME	"folio lock"

static void lock_taken(struct folio *folio)
{
	sim_lock_acquired(folio, LOCK_NAME, SIM_HELD_EXCLUSIVE);
}

static bool lock_once(struct folio *folio)
{
	unsigned long old;

	old = __atomic_fetch_or(&folio->flags.f, 1UL << PG_locked, __ATOMIC_ACQUIRE);
	if (old & 1UL << PG_locked)
		return false;
	lock_taken(folio);
	return true;
}

/** folio_trylock() - true if the lock is the caller's now. */
bool folio_trylock(struct folio *folio)
{
	sim_point(HOST_OP_TRY, folio);
	return lock_once(folio);
}

/** folio_lock() - waits; for a page cache folio test folio->mapping afterwards. */
void folio_lock(struct folio *folio)
{
	might_sleep();
	sim_lock_wanted(LOCK_NAME);
	sim_point(HOST_OP_ACQUIRE, folio);
	while (!lock_once(folio))
		sim_block(folio, LOCK_NAME);
}

static bool try(void *folio)
{
	return folio_trylock(folio);
}

/** folio_lock_killable() - as folio_lock(); 0, or -EINTR if a signal ended the wait. */
int folio_lock_killable(struct folio *folio)
{
	might_sleep();
	sim_lock_wanted(LOCK_NAME);
	return sim_lock_killable(folio, LOCK_NAME, try);
}

/** __folio_set_locked() - lock a folio that nobody else knows. */
void __folio_set_locked(struct folio *folio)
{
	sim_point(HOST_OP_ACQUIRE, folio);
	sim_folio_born_locked(folio);
}

/** sim_folio_born_locked() - the same for one whose lock has been announced as taken before. */
void sim_folio_born_locked(struct folio *folio)
{
	folio->flags.f |= 1UL << PG_locked;
	lock_taken(folio);
}

void __folio_clear_locked(struct folio *folio)
{
	sim_point(HOST_OP_RELEASE, folio);
	sim_lock_released(folio, LOCK_NAME);
	folio->flags.f &= ~(1UL << PG_locked);
}

/** folio_unlock() - the caller holds the lock, or the run ends. */
void folio_unlock(struct folio *folio)
{
	sim_point(HOST_OP_RELEASE, folio);
	VM_BUG_ON_FOLIO(!(folio->flags.f & 1UL << PG_locked), folio);
	sim_lock_released(folio, LOCK_NAME);
	__atomic_fetch_and(&folio->flags.f, ~(1UL << PG_locked), __ATOMIC_RELEASE);
	sim_wake(folio);
}

void unlock_page(struct page *page)
{
	folio_unlock(page_folio(page));
}

/** folio_wait_bit() - wait until the lock is free, without taking it. */
void folio_wait_bit(struct folio *folio, int bit_nr)
{
	sim_check(bit_nr == PG_locked, "only the folio lock can be waited for");
	might_sleep();
	sim_point(HOST_OP_LOCKED, folio);
	while (folio->flags.f & 1UL << PG_locked)
		sim_block(folio, LOCK_NAME);
}

void folio_end_read(struct folio *folio, bool success)
{
	if (success)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
}
