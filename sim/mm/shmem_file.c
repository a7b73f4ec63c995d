// SPDX-License-Identifier: GPL-2.0
/*
 * Files in memory as programs see them: reading, writing, positions, size and mode.
 * Semantics: mm/shmem.c, mm/filemap.c (generic_perform_write()) and fs/attr.c of Linux 7.3,
 * without timestamps and owners.
 *
 * Differs from 7.3 (F-21 in docs/findings.md): between freeze() and the jump positions stay,
 * see shmem_freeze_state().
 */

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/highmem.h>
#include <linux/memfd.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <sim/state.h>

#include "internal.h"
#include "shmem.h"

/* As much as one step of a write asks a file system for: the largest folio there is. */
#define WRITE_CHUNK	(PAGE_SIZE << MAX_PAGECACHE_ORDER)

/**
 * shmem_freeze_state() - keep seals and file positions as they are, or let them change.
 *
 * When this returns nothing that began before is still going to change them.
 * Context: with the inode locked.
 */
void shmem_freeze_state(struct inode *inode, bool freeze)
{
	struct shmem_inode_info *info = SHMEM_I(inode);

	spin_lock(&info->lock);
	info->flags = freeze ? info->flags | SHMEM_F_STATE_FROZEN :
			       info->flags & ~SHMEM_F_STATE_FROZEN;
	spin_unlock(&info->lock);
}

/* Moves *@pos; -EPERM if that is the position of a file that is frozen. */
static int shmem_set_pos(struct file *file, loff_t *pos, loff_t to)
{
	struct shmem_inode_info *info = SHMEM_I(file_inode(file));
	int err = 0;

	spin_lock(&info->lock);
	if (pos == &file->f_pos && to != *pos && info->flags & SHMEM_F_STATE_FROZEN)
		err = -EPERM;
	else
		*pos = to;
	spin_unlock(&info->lock);
	return err;
}

static loff_t shmem_file_llseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file_inode(file);
	loff_t at = 0;
	int err;

	sim_check(whence != SEEK_DATA && whence != SEEK_HOLE,
		  "looking for holes in a file in memory isn't modelled");
	if (whence == SEEK_CUR)
		at = file->f_pos;
	else if (whence == SEEK_END)
		at = i_size_read(inode);
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (check_add_overflow(at, offset, &at) || at < 0 || at > inode->i_sb->s_maxbytes)
		return -EINVAL;
	err = shmem_set_pos(file, &file->f_pos, at);
	return err ?: at;
}

/* To or from a program, page by page as others do it too; bytes that are left. */
static unsigned long copy_contents(struct folio *folio, size_t offset, char __user *buf, size_t n,
				   bool write)
{
	void *at = folio_address(folio) + offset;
	unsigned long left = 0;

	while (n && !left) {
		size_t part = min(n, PAGE_SIZE - offset_in_page(at));

		sim_page_contents((void *)ALIGN_DOWN((unsigned long)at, PAGE_SIZE), write);
		left = write ? copy_from_user(at, buf, part) : copy_to_user(buf, at, part);
		n -= part - left;
		at += part;
		buf += part;
	}
	return n;
}

/* What one folio, or a hole of a page, has at @pos; bytes read or -errno. */
static ssize_t shmem_read_one(struct inode *inode, char __user *buf, size_t len, loff_t pos)
{
	struct folio *folio;
	size_t offset, n;
	unsigned long left;
	int err = shmem_get_folio(inode, pos >> PAGE_SHIFT, 0, &folio, SGP_READ);

	if (err)
		return err == -EINVAL ? 0 : err;
	if (!folio) {
		n = min_t(size_t, len, PAGE_SIZE - offset_in_page(pos));
		left = clear_user(buf, n);
		return left == n ? -EFAULT : (ssize_t)(n - left);
	}
	folio_unlock(folio);
	if (folio_contain_hwpoisoned_page(folio)) {
		folio_put(folio);
		return -EIO;
	}
	offset = offset_in_folio(folio, pos);
	n = min_t(size_t, len, folio_size(folio) - offset);
	if (!offset)
		folio_mark_accessed(folio);
	left = copy_contents(folio, offset, buf, n, false);
	folio_put(folio);
	return left == n ? -EFAULT : (ssize_t)(n - left);
}

static ssize_t shmem_file_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct inode *inode = file_inode(file);
	ssize_t done = 0, n = 0;
	int err;

	while (done < len && *pos + done < i_size_read(inode)) {
		size_t rest = min_t(u64, len - done, i_size_read(inode) - *pos - done);

		n = shmem_read_one(inode, buf + done, rest, *pos + done);
		if (n <= 0)
			break;
		done += n;
		cond_resched();
	}
	if (!done)
		return n;
	err = shmem_set_pos(file, pos, *pos + done);
	return err ?: done;
}

/* Whether @len bytes may be written at @pos, and a folio for that; the inode is locked. */
static int shmem_write_begin(struct inode *inode, loff_t pos, size_t len, struct folio **foliop)
{
	struct shmem_inode_info *info = SHMEM_I(inode);
	int err;

	if (info->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	if (info->seals & F_SEAL_GROW && pos + len > inode->i_size)
		return -EPERM;
	if (info->flags & SHMEM_F_MAPPING_FROZEN && pos + len > inode->i_size)
		return -EPERM;

	err = shmem_get_folio(inode, pos >> PAGE_SHIFT, pos + len, foliop, SGP_WRITE);
	if (err)
		return err;
	if (folio_contain_hwpoisoned_page(*foliop)) {
		folio_unlock(*foliop);
		folio_put(*foliop);
		return -EIO;
	}
	return 0;
}

static void shmem_write_end(struct inode *inode, loff_t pos, size_t copied, struct folio *folio)
{
	size_t from = offset_in_folio(folio, pos);

	if (pos + copied > inode->i_size)
		i_size_write(inode, pos + copied);
	if (!folio_test_uptodate(folio)) {
		if (copied < folio_size(folio))
			folio_zero_segments(folio, 0, from, from + copied, folio_size(folio));
		folio_mark_uptodate(folio);
	}
	folio_mark_dirty(folio);
	folio_unlock(folio);
	folio_put(folio);
}

/* What fits into one folio at @pos; bytes written or -errno. */
static ssize_t shmem_write_one(struct inode *inode, const char __user *buf, size_t len,
			       loff_t pos)
{
	size_t n = min_t(size_t, len, WRITE_CHUNK - (pos & (WRITE_CHUNK - 1)));
	struct folio *folio;
	unsigned long left;
	char first;
	int err;

	/* Before anything is done for it; what can be had of the rest is had below. */
	if (copy_from_user(&first, buf, 1))
		return -EFAULT;
	err = shmem_write_begin(inode, pos, n, &folio);
	if (err)
		return err;
	n = min_t(size_t, n, folio_size(folio) - offset_in_folio(folio, pos));
	left = copy_contents(folio, offset_in_folio(folio, pos), (char __user *)buf, n, true);
	shmem_write_end(inode, pos, n - left, folio);
	return left == n ? -EFAULT : (ssize_t)(n - left);
}

/* With the inode locked. */
static ssize_t shmem_perform_write(struct file *file, const char __user *buf, size_t len,
				   loff_t *pos)
{
	struct inode *inode = file_inode(file);
	loff_t at = file->f_flags & O_APPEND ? i_size_read(inode) : *pos;
	ssize_t done = 0, n = 0;

	if (at >= inode->i_sb->s_maxbytes)
		return -EFBIG;
	/* Nothing is written if the position can't follow. */
	if (pos == &file->f_pos && SHMEM_I(inode)->flags & SHMEM_F_STATE_FROZEN)
		return -EPERM;
	len = min_t(u64, len, inode->i_sb->s_maxbytes - at);
	while (done < len) {
		n = shmem_write_one(inode, buf + done, len - done, at + done);
		if (n < 0)
			break;
		done += n;
		cond_resched();
	}
	if (!done)
		return n;
	shmem_set_pos(file, pos, at + done);
	return done;
}

static ssize_t shmem_file_write(struct file *file, const char __user *buf, size_t len,
				loff_t *pos)
{
	struct inode *inode = file_inode(file);
	ssize_t ret;

	inode_lock(inode);
	ret = len ? shmem_perform_write(file, buf, len, pos) : 0;
	inode_unlock(inode);
	return ret;
}

void shmem_file_state(struct sim_state *s, struct file *file)
{
	const struct shmem_inode_info *info;

	if (!shmem_file(file))
		return;
	info = SHMEM_I(file_inode(file));
	sim_state_number(s, "permissions", info->vfs_inode.i_mode);
	sim_state_number(s, "seals", info->seals);
	sim_state_number(s, "frozen layout", !!(info->flags & SHMEM_F_MAPPING_FROZEN));
	sim_state_number(s, "frozen state", !!(info->flags & SHMEM_F_STATE_FROZEN));
	sim_state_number(s, "allocated pages", info->alloced);
}

static int shmem_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &shmem_vm_ops;
	return 0;
}

const struct file_operations shmem_file_operations = {
	.mmap = shmem_mmap,
	.open = generic_file_open,
	.llseek = shmem_file_llseek,
	.read = shmem_file_read,
	.write = shmem_file_write,
	.fallocate = shmem_fallocate,
};

/* Called with the inode locked. */
static int shmem_set_size(struct inode *inode, loff_t to)
{
	struct shmem_inode_info *info = SHMEM_I(inode);
	loff_t from = inode->i_size, hole = round_up(to, PAGE_SIZE);

	if (to > inode->i_sb->s_maxbytes)
		return -EFBIG;
	if ((to < from && info->seals & F_SEAL_SHRINK) || (to > from && info->seals & F_SEAL_GROW))
		return -EPERM;
	if (to != from) {
		if (info->flags & SHMEM_F_MAPPING_FROZEN)
			return -EPERM;
		i_size_write(inode, to);
	}
	if (to > from)
		return 0;
	if (from > hole)
		unmap_mapping_range(inode->i_mapping, hole, 0, 1);
	shmem_truncate_range(inode, to, (loff_t)-1);
	if (from > hole)
		unmap_mapping_range(inode->i_mapping, hole, 0, 1);
	return 0;
}

static int shmem_setattr(struct mnt_idmap *idmap, struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = 0;

	if (attr->ia_valid & ATTR_MODE && SHMEM_I(inode)->seals & F_SEAL_EXEC &&
	    (inode->i_mode ^ attr->ia_mode) & 0111)
		return -EPERM;
	if (attr->ia_valid & ATTR_SIZE)
		err = shmem_set_size(inode, attr->ia_size);
	if (!err && attr->ia_valid & ATTR_MODE)
		inode->i_mode = attr->ia_mode;
	return err;
}

const struct inode_operations shmem_inode_operations = {
	.setattr = shmem_setattr,
};
