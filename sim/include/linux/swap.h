/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SWAP_H
#define _LINUX_SWAP_H

/*
 * Stub: there is no reclaim and no swap, so no LRU lists. folio_add_lru() only marks the
 * folio, which is what its users can see.
 */

#include <linux/memcontrol.h>
#include <linux/mm.h>

void folio_add_lru(struct folio *folio);
void folio_mark_accessed(struct folio *folio);
void lru_add_drain(void);
void lru_add_drain_all(void);

#endif /* _LINUX_SWAP_H */
