/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_MEMFD_H
#define __LINUX_MEMFD_H

/*
 * Simulated: memfds and their seals, as include/linux/memfd.h of Linux 7.3. The flags of a
 * mapping that memfd_check_seals_mmap() looks at are a plain word here.
 */

#include <linux/file.h>
#include <linux/mm_types.h>

#define MEMFD_ANON_NAME "[memfd]"

long memfd_fcntl(struct file *file, unsigned int cmd, unsigned int arg);
struct folio *memfd_alloc_folio(struct file *memfd, pgoff_t idx);
int memfd_check_seals_mmap(struct file *file, vm_flags_t *vm_flags_ptr);
struct file *memfd_alloc_file(const char *name, unsigned int flags);
int memfd_get_seals(struct file *file);
int memfd_add_seals(struct file *file, unsigned int seals);

#endif /* __LINUX_MEMFD_H */
