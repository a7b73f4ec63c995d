/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_MIGRATE_H
#define _LINUX_MIGRATE_H

/*
 * Simulated: moving folios to other memory, as include/linux/migrate.h of Linux 7.3; see
 * mm/migrate.c for what is modelled.
 */

#include <linux/fs.h>
#include <linux/mm.h>

struct list_head;

typedef struct folio *new_folio_t(struct folio *folio, unsigned long private);
typedef void free_folio_t(struct folio *folio, unsigned long private);

enum migrate_reason {
	MR_COMPACTION,
	MR_MEMORY_FAILURE,
	MR_MEMORY_HOTPLUG,
	MR_SYSCALL,
	MR_MEMPOLICY_MBIND,
	MR_NUMA_MISPLACED,
	MR_CONTIG_RANGE,
	MR_LONGTERM_PIN,
	MR_DEMOTION,
	MR_DAMON,
	MR_TYPES
};

bool isolate_folio_to_list(struct folio *folio, struct list_head *list);
void putback_movable_pages(struct list_head *list);
struct folio *alloc_migration_target(struct folio *src, unsigned long private);
int migrate_pages(struct list_head *from, new_folio_t get_new_folio, free_folio_t put_new_folio,
		  unsigned long private, enum migrate_mode mode, enum migrate_reason reason,
		  unsigned int *ret_succeeded);

int migrate_folio(struct address_space *mapping, struct folio *dst, struct folio *src,
		  enum migrate_mode mode);
int filemap_migrate_folio(struct address_space *mapping, struct folio *dst, struct folio *src,
			  enum migrate_mode mode);
int folio_migrate_mapping(struct address_space *mapping, struct folio *newfolio,
			  struct folio *folio, int extra_count);
void folio_migrate_flags(struct folio *newfolio, struct folio *folio);

#endif /* _LINUX_MIGRATE_H */
