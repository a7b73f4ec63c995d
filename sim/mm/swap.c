// SPDX-License-Identifier: GPL-2.0
/*
 * The end of folios, and what is left of the LRU lists. Semantics: mm/swap.c of Linux 7.3.
 */

#include <linux/bug.h>
#include <linux/folio_batch.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/swap.h>

#include "internal.h"

/**
 * folio_add_lru() - the folio may be found by reclaim and memory failure from now on.
 *
 * The kernel gathers folios in batches first; here there are no lists, only the flags.
 */
void folio_add_lru(struct folio *folio)
{
	VM_BUG_ON_FOLIO(folio_test_lru(folio), folio);
	if (mapping_unevictable(folio_mapping(folio)))
		folio_set_unevictable(folio);
	folio_set_lru(folio);
}

void folio_mark_accessed(struct folio *folio)
{
	folio_set_referenced(folio);
}

void lru_add_drain(void)
{
}

void lru_add_drain_all(void)
{
}

/* The folio is going away, nobody else has it: it leaves the lists. */
void folio_lru_release(struct folio *folio)
{
	folio->flags.f &= ~(1UL << PG_lru | 1UL << PG_unevictable | 1UL << PG_active);
}

/**
 * folio_isolate_lru() - take a folio off the lists, so that nobody else works on it.
 *
 * Return: true, and the caller has a reference more; false if it was on none.
 */
bool folio_isolate_lru(struct folio *folio)
{
	if (!folio_test_clear_lru(folio))
		return false;
	folio_get(folio);
	return true;
}

/** folio_putback_lru() - undo folio_isolate_lru(). */
void folio_putback_lru(struct folio *folio)
{
	folio_add_lru(folio);
	folio_put(folio);
}

/** __folio_put() - the last reference is gone. */
void __folio_put(struct folio *folio)
{
	folio_lru_release(folio);
	mem_cgroup_uncharge(folio);
	free_frozen_pages(&folio->page, folio_order(folio));
}

/** folios_put() - drop a reference to each folio and empty the batch. */
void folios_put(struct folio_batch *folios)
{
	for (unsigned int i = 0; i < folios->nr; i++)
		folio_put(folios->folios[i]);
	folio_batch_reinit(folios);
}

void __folio_batch_release(struct folio_batch *fbatch)
{
	folios_put(fbatch);
}

void release_pages(struct page **pages, int nr)
{
	for (int i = 0; i < nr; i++)
		put_page(pages[i]);
}

/** folio_batch_remove_exceptionals() - keep the folios of a batch, drop value entries. */
void folio_batch_remove_exceptionals(struct folio_batch *fbatch)
{
	unsigned int j = 0;

	for (unsigned int i = 0; i < fbatch->nr; i++)
		if (!xa_is_value(fbatch->folios[i]))
			fbatch->folios[j++] = fbatch->folios[i];
	fbatch->nr = j;
}

int mem_cgroup_charge(struct folio *folio, struct mm_struct *mm, gfp_t gfp)
{
	return 0;
}

void mem_cgroup_uncharge(struct folio *folio)
{
}
