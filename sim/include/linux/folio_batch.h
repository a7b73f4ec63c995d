/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_FOLIO_BATCH_H
#define _LINUX_FOLIO_BATCH_H

/* Simulated: a small array of folios, as include/linux/folio_batch.h of Linux 7.3. */

#include <linux/types.h>

#define FOLIO_BATCH_SIZE	31
#define PAGEVEC_SIZE		FOLIO_BATCH_SIZE

struct folio;

struct folio_batch {
	unsigned char nr;
	unsigned char i;
	bool percpu_pvec_drained;
	struct folio *folios[FOLIO_BATCH_SIZE];
};

static inline void folio_batch_init(struct folio_batch *fbatch)
{
	fbatch->nr = 0;
	fbatch->i = 0;
	fbatch->percpu_pvec_drained = false;
}

static inline void folio_batch_reinit(struct folio_batch *fbatch)
{
	fbatch->nr = 0;
	fbatch->i = 0;
}

static inline unsigned int folio_batch_count(const struct folio_batch *fbatch)
{
	return fbatch->nr;
}

static inline unsigned int folio_batch_space(const struct folio_batch *fbatch)
{
	return FOLIO_BATCH_SIZE - fbatch->nr;
}

/** folio_batch_add() - Return: number of slots left. */
static inline unsigned int folio_batch_add(struct folio_batch *fbatch, struct folio *folio)
{
	fbatch->folios[fbatch->nr++] = folio;
	return folio_batch_space(fbatch);
}

/** folio_batch_next() - takes folios out in the order they came; NULL after the last. */
static inline struct folio *folio_batch_next(struct folio_batch *fbatch)
{
	return fbatch->i == fbatch->nr ? NULL : fbatch->folios[fbatch->i++];
}

void __folio_batch_release(struct folio_batch *fbatch);

/** folio_batch_release() - drops the references to the folios and empties the batch. */
static inline void folio_batch_release(struct folio_batch *fbatch)
{
	if (folio_batch_count(fbatch))
		__folio_batch_release(fbatch);
}

void folio_batch_remove_exceptionals(struct folio_batch *fbatch);

#endif /* _LINUX_FOLIO_BATCH_H */
