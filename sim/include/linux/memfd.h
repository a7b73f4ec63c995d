/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_MEMFD_H
#define __LINUX_MEMFD_H

/*
 * Stub: declarations for files of the kernel that name memfds; sim/ has none of these
 * functions and nothing linked here calls them.
 */

#include <linux/file.h>

struct file *memfd_alloc_file(const char *name, unsigned int flags);
int memfd_get_seals(struct file *file);
int memfd_add_seals(struct file *file, unsigned int seals);

#endif /* __LINUX_MEMFD_H */
