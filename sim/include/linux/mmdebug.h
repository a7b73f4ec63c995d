/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LINUX_MM_DEBUG_H
#define LINUX_MM_DEBUG_H

/* Simulated: the assertions of CONFIG_DEBUG_VM, which is always on here. */

#include <linux/bug.h>

struct folio;
struct page;

#define VM_BUG_ON(cond)				BUG_ON(cond)
#define VM_BUG_ON_PAGE(cond, page)		BUG_ON(cond)
#define VM_BUG_ON_FOLIO(cond, folio)		BUG_ON(cond)
#define VM_BUG_ON_VMA(cond, vma)		BUG_ON(cond)
#define VM_BUG_ON_MM(cond, mm)			BUG_ON(cond)
#define VM_WARN_ON(cond)			((void)WARN_ON(cond))
#define VM_WARN_ON_ONCE(cond)			((void)WARN_ON_ONCE(cond))
#define VM_WARN_ON_ONCE_PAGE(cond, page)	WARN_ON_ONCE(cond)
#define VM_WARN_ON_FOLIO(cond, folio)		WARN_ON(cond)
#define VM_WARN_ON_ONCE_FOLIO(cond, folio)	WARN_ON_ONCE(cond)
#define VM_WARN_ON_VMG(cond, vmg)		WARN_ON_ONCE(cond)
#define VM_WARN_ONCE(cond, format...)		((void)WARN_ONCE(cond, format))
#define VM_WARN(cond, format...)		((void)WARN(cond, format))
#define VIRTUAL_BUG_ON(cond)			BUG_ON(cond)
#define VIRTUAL_WARN_ON(cond)			((void)WARN_ON(cond))

#endif /* LINUX_MM_DEBUG_H */
