// SPDX-License-Identifier: GPL-2.0
/*
 * Pinning the folios of a memfd. Semantics: mm/gup.c of Linux 7.3.
 *
 * Kernel promises: all of the range is there afterwards, and no folio of it is moved or
 *	swapped out until it is unpinned.
 * Modelled: that; a pinned folio is told from others by its reference count or, a large
 *	one, by its count of pins, as in the kernel.
 * Left out: moving folios out of memory that is lent (CMA): none is ever given out.
 * Scheduling points: the page cache's, those of reference counts.
 */

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/memfd.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>

#include "internal.h"

/* With a reference of the caller's, which is kept. */
static void pin_folio(struct folio *folio)
{
	if (folio_test_large(folio)) {
		folio_get(folio);
		atomic_inc(&folio->_pincount);
	} else {
		folio_ref_add(folio, GUP_PIN_COUNTING_BIAS);
	}
}

/** unpin_folio() - undo a pin of memfd_pin_folios(). */
void unpin_folio(struct folio *folio)
{
	if (folio_test_large(folio)) {
		WARN_ON_ONCE(atomic_read(&folio->_pincount) <= 0);
		atomic_dec(&folio->_pincount);
		folio_put(folio);
	} else {
		WARN_ON_ONCE(folio_ref_count(folio) < GUP_PIN_COUNTING_BIAS);
		folio_put_refs(folio, GUP_PIN_COUNTING_BIAS);
	}
}

void unpin_folios(struct folio **folios, unsigned long nfolios)
{
	for (unsigned long i = 0; i < nfolios; i++)
		unpin_folio(folios[i]);
}

/* The folio at @index with a reference, made if there is none. */
static struct folio *memfd_get_folio(struct file *memfd, pgoff_t index)
{
	struct folio *folio;

	for (;;) {
		folio = filemap_get_folio(memfd->f_mapping, index);
		if (!IS_ERR(folio))
			return folio;
		folio = memfd_alloc_folio(memfd, index);
		if (!IS_ERR(folio) || PTR_ERR(folio) != -EEXIST)
			return folio;
	}
}

/**
 * memfd_pin_folios() - pin all folios of a range, allocating where there is a hole.
 * @start: first byte
 * @end:   last byte, within the file
 * @folios: gets the folios, in ascending order
 * @max_folios: its length; the range is cut short if there are more
 * @offset: gets the offset of @start in the first folio
 *
 * Context: may sleep. The caller sees to it that the file isn't truncated.
 * Return: their number; -EINVAL bad arguments, or no memfd; -ENOMEM. Nothing is pinned then.
 */
long memfd_pin_folios(struct file *memfd, loff_t start, loff_t end, struct folio **folios,
		      unsigned int max_folios, pgoff_t *offset)
{
	pgoff_t index = start >> PAGE_SHIFT, last = end >> PAGE_SHIFT;
	unsigned int nr = 0;

	if (start < 0 || start > end || !max_folios || !memfd)
		return -EINVAL;
	if (!shmem_file(memfd) && !is_file_hugepages(memfd))
		return -EINVAL;
	if (end >= i_size_read(file_inode(memfd)))
		return -EINVAL;
	sim_check(shmem_file(memfd), "folios of hugetlbfs aren't modelled");

	for (; index <= last && nr < max_folios; nr++) {
		struct folio *folio = memfd_get_folio(memfd, index);

		if (IS_ERR(folio)) {
			unpin_folios(folios, nr);
			return PTR_ERR(folio);
		}
		if (!nr)
			*offset = offset_in_folio(folio, start);
		folios[nr] = folio;
		pin_folio(folio);
		index = folio_next_index(folio);
		folio_put(folio);
	}
	return nr;
}
