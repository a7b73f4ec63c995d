/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __SHMEM_FS_H
#define __SHMEM_FS_H

/*
 * Simulated: files that live in memory, as include/linux/shmem_fs.h of Linux 7.3.
 *
 * Kernel promises: holes read as zero, a folio is zeroed on first use, what is beyond the
 *	size can't be mapped. With SHMEM_F_MAPPING_FROZEN no folio comes or goes, and the
 *	size stays.
 * Modelled: that, seals, large folios by transparent_hugepage_shmem=.
 * Left out: swap, quotas, limits, policies, extended attributes, splitting large folios.
 * Scheduling points: the page cache's, the inode's lock.
 */

#include <linux/bits.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mempolicy.h>
#include <linux/pagemap.h>
#include <linux/swap.h>

#define SHMEM_F_NORESERVE	BIT(0)
#define SHMEM_F_LOCKED		BIT(1)
#define SHMEM_F_MAPPING_FROZEN	BIT(2)
/* Not in 7.3: neither seals nor file positions change; see shmem_freeze_state(). */
#define SHMEM_F_STATE_FROZEN	BIT(3)

#define SHMEM_NAME_MAX		64

/**
 * struct shmem_inode_info - a file in memory.
 * @lock:      protects @alloced and SHMEM_F_STATE_FROZEN
 * @seals:     F_SEAL_*, protected by the inode's lock
 * @flags:     SHMEM_F_*, protected by the inode's lock
 * @alloced:   pages allocated to the file
 * @fallocend: page offset up to which fallocate() has asked for memory
 * @dir_entry: in the list of files below /tmp, for one that has a name
 * @name:      that name
 * @vfs_inode: the inode
 */
struct shmem_inode_info {
	spinlock_t lock;
	unsigned int seals;
	unsigned long flags;
	unsigned long alloced;
	pgoff_t fallocend;
	struct list_head dir_entry;
	char name[SHMEM_NAME_MAX];
	struct inode vfs_inode;
};

static inline struct shmem_inode_info *SHMEM_I(struct inode *inode)
{
	return container_of(inode, struct shmem_inode_info, vfs_inode);
}

/** shmem_fallocend() - page offset up to which folios are kept, the file ending at @eof. */
static inline pgoff_t shmem_fallocend(struct inode *inode, pgoff_t eof)
{
	return max(eof, SHMEM_I(inode)->fallocend);
}

/* What shmem_get_folio() does where nothing is, and how far it may go. */
enum sgp_type {
	SGP_READ,	/* up to the size; NULL for a hole */
	SGP_NOALLOC,	/* up to the size; -ENOENT for a hole */
	SGP_CACHE,	/* up to the size; a new folio, zeroed */
	SGP_WRITE,	/* anywhere; a new folio, not zeroed */
	SGP_FALLOC,	/* anywhere; a new folio, not zeroed, but an old one is */
};

struct file *shmem_file_setup(const char *name, loff_t size, vm_flags_t flags);
bool shmem_mapping(const struct address_space *mapping);
void shmem_uncharge(struct inode *inode, long pages);
void shmem_truncate_range(struct inode *inode, loff_t start, uoff_t end);
int shmem_get_folio(struct inode *inode, pgoff_t index, loff_t write_end,
		    struct folio **foliop, enum sgp_type sgp);
struct folio *shmem_read_folio_gfp(struct address_space *mapping, pgoff_t index, gfp_t gfp);

static inline struct folio *shmem_read_folio(struct address_space *mapping, pgoff_t index)
{
	return shmem_read_folio_gfp(mapping, index, mapping_gfp_mask(mapping));
}

static inline bool shmem_file(struct file *file)
{
	return file && file->f_mapping && shmem_mapping(file->f_mapping);
}

/** shmem_freeze() - with the inode locked: forbid or allow changes of what pages it has. */
static inline void shmem_freeze(struct inode *inode, bool freeze)
{
	struct shmem_inode_info *info = SHMEM_I(inode);

	info->flags = freeze ? info->flags | SHMEM_F_MAPPING_FROZEN :
			       info->flags & ~SHMEM_F_MAPPING_FROZEN;
}

void shmem_freeze_state(struct inode *inode, bool freeze);

#endif /* __SHMEM_FS_H */
