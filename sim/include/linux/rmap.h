/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_RMAP_H
#define _LINUX_RMAP_H

/*
 * Simulated: who maps a folio, as include/linux/rmap.h of Linux 7.3: found through the
 * mapping's list of VMAs. Only page cache folios have user mappings here.
 */

#include <linux/mm.h>

enum ttu_flags {
	TTU_IGNORE_MLOCK	= 0x2,
	TTU_SYNC		= 0x10,
	TTU_HWPOISON		= 0x20,
	TTU_BATCH_FLUSH		= 0x40,
	TTU_RMAP_LOCKED		= 0x80,
};

void folio_add_file_rmap_pte(struct folio *folio, struct page *page,
			     struct vm_area_struct *vma);
void folio_remove_rmap_pte(struct folio *folio, struct page *page, struct vm_area_struct *vma);
void try_to_unmap(struct folio *folio, enum ttu_flags flags);

#endif /* _LINUX_RMAP_H */
