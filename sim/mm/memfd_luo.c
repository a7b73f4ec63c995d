// SPDX-License-Identifier: GPL-2.0
/*
 * Live update of memfds. Semantics: mm/memfd_luo.c of Linux 7.3, and its format. Where the
 * two part, F-20 to F-27 in docs/findings.md say why.
 *
 * Preserved are contents, size, position, access mode and seals; holes are filled. Mode bits
 * come back as memfd_create() sets them, without those for execution where the seals say
 * that it had none. FD_CLOEXEC is not preserved.
 *
 * Protocol of an inode:
 *	frozen		from preserve() to unpreserve(): its folios are pinned, none comes
 *			or goes, the size stays; contents, position and seals may change
 *	state frozen	from freeze() to unfreeze() or the jump: position and seals stay too
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/kho/abi/memfd.h>
#include <linux/limits.h>
#include <linux/liveupdate.h>
#include <linux/memcontrol.h>
#include <linux/memfd.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/pagemap.h>
#include <linux/pfn.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/vmalloc.h>
#include <uapi/linux/memfd.h>

#include "internal.h"

/* An inode with any bit for execution gets all of these together with F_SEAL_EXEC. */
#define EXECUTABLE_SEALS	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)
#define FOLIO_FLAGS		(MEMFD_LUO_FOLIO_DIRTY | MEMFD_LUO_FOLIO_UPTODATE)

static int memfd_luo_preserve_folio(struct folio *folio, struct memfd_luo_folio_ser *entry)
{
	int err;

	if (folio_contain_hwpoisoned_page(folio))
		return -EHWPOISON;
	err = kho_preserve_folio(folio);
	if (err)
		return err;
	entry->pfn = folio_pfn(folio);
	entry->flags = FOLIO_FLAGS;
	entry->index = folio->index;
	return 0;
}

/*
 * Makes a folio hold what it reads as. A mapping may make it dirty, or a write up to date,
 * until the jump: both are done now, so that what is recorded stays true.
 */
static void memfd_luo_settle_folio(struct folio *folio)
{
	folio_lock(folio);
	folio_mark_dirty(folio);
	if (!folio_test_uptodate(folio)) {
		folio_zero_range(folio, 0, folio_size(folio));
		folio_mark_uptodate(folio);
	}
	folio_unlock(folio);
}

static void memfd_luo_unpreserve_entries(const struct memfd_luo_folio_ser *folios_ser, u64 nr)
{
	while (nr--)
		kho_unpreserve_folio(pfn_folio(folios_ser[nr].pfn));
}

/* Preserves @nr pinned folios and an array that describes them, or nothing. */
static int memfd_luo_preserve_pinned(struct folio **folios, u64 nr, struct memfd_luo_ser *ser,
				     struct memfd_luo_folio_ser **folios_serp)
{
	struct memfd_luo_folio_ser *folios_ser = vcalloc(nr, sizeof(*folios_ser));
	u64 done = 0;
	int err = 0;

	if (!folios_ser)
		return -ENOMEM;
	while (!err && done < nr) {
		err = memfd_luo_preserve_folio(folios[done], &folios_ser[done]);
		if (!err)
			done++;
		cond_resched();
	}
	if (!err)
		err = kho_preserve_vmalloc(folios_ser, &ser->folios);
	if (err) {
		memfd_luo_unpreserve_entries(folios_ser, done);
		vfree(folios_ser);
		return err;
	}
	/* Nothing fails from here on: what this does need not be undone. */
	for (done = 0; done < nr; done++)
		memfd_luo_settle_folio(folios[done]);
	ser->nr_folios = nr;
	*folios_serp = folios_ser;
	return 0;
}

/* Which of the first @nr_pages pages there are: a bitmap to be freed, or NULL. */
static unsigned long *memfd_luo_note_pages(struct address_space *mapping, pgoff_t nr_pages)
{
	unsigned long *present = kvcalloc(BITS_TO_LONGS(nr_pages), sizeof(*present),
					  GFP_KERNEL | __GFP_NOWARN);
	struct folio_batch fbatch;
	pgoff_t index = 0, i;

	if (!present)
		return NULL;
	folio_batch_init(&fbatch);
	while (filemap_get_folios(mapping, &index, nr_pages - 1, &fbatch)) {
		for (unsigned int f = 0; f < folio_batch_count(&fbatch); f++) {
			struct folio *folio = fbatch.folios[f];
			pgoff_t past = min(folio_next_index(folio), nr_pages);

			for (i = folio->index; i < past; i++)
				__set_bit(i, present);
		}
		folio_batch_release(&fbatch);
		cond_resched();
	}
	return present;
}

/* Takes away what filled holes, unless somebody has used it since; the inode is locked. */
static void memfd_luo_empty_holes(struct inode *inode, const unsigned long *present,
				  pgoff_t nr_pages)
{
	pgoff_t index = find_next_zero_bit(present, nr_pages, 0);

	while (index < nr_pages) {
		struct folio *folio = filemap_lock_folio(inode->i_mapping, index);

		/* They were filled in ascending order. */
		if (IS_ERR(folio))
			break;
		index = folio_next_index(folio);
		if (!folio_test_dirty(folio) && !folio_mapped(folio))
			truncate_inode_folio(inode->i_mapping, folio);
		folio_unlock(folio);
		folio_put(folio);
		if (index < nr_pages)
			index = find_next_zero_bit(present, nr_pages, index);
		cond_resched();
	}
	shmem_recalc_inode(inode, 0, 0);
}

/* @folios is scratch memory for @max_folios. */
static int memfd_luo_pin_and_preserve(struct file *file, struct memfd_luo_ser *ser,
				      struct folio **folios, unsigned int max_folios,
				      struct memfd_luo_folio_ser **folios_serp)
{
	pgoff_t offset;
	long nr;
	int err;

	nr = memfd_pin_folios(file, 0, ser->size - 1, folios, max_folios, &offset);
	if (nr < 0)
		return nr;
	err = memfd_luo_preserve_pinned(folios, nr, ser, folios_serp);
	if (err)
		unpin_folios(folios, nr);
	return err;
}

/* Preserves all folios, filling holes; *@folios_serp stays NULL if there are none. */
static int memfd_luo_preserve_folios(struct file *file, struct memfd_luo_ser *ser,
				     struct memfd_luo_folio_ser **folios_serp)
{
	unsigned int nr_pages = DIV_ROUND_UP(ser->size, PAGE_SIZE);
	unsigned long *present;
	struct folio **folios;
	int err = -ENOMEM;

	if (!nr_pages)
		return 0;
	/* The size is up to the program: no reason to warn of one that is too large. */
	folios = kvmalloc_objs(*folios, nr_pages, GFP_KERNEL | __GFP_NOWARN);
	if (!folios)
		return -ENOMEM;
	present = memfd_luo_note_pages(file->f_mapping, nr_pages);
	if (!present)
		goto out_free;
	err = memfd_luo_pin_and_preserve(file, ser, folios, nr_pages, folios_serp);
	if (err)
		memfd_luo_empty_holes(file_inode(file), present, nr_pages);
	kvfree(present);
out_free:
	kvfree(folios);
	return err;
}

/* With the inode locked and frozen. */
static int memfd_luo_fill_ser(struct file *file, struct memfd_luo_ser *ser,
			      struct memfd_luo_folio_ser **folios_serp)
{
	int seals = memfd_get_seals(file);

	if (seals < 0)
		return seals;
	if (seals & ~MEMFD_LUO_ALL_SEALS)
		return -EOPNOTSUPP;
	ser->size = i_size_read(file_inode(file));
	/* More can't be pinned in one call. */
	if (DIV_ROUND_UP(ser->size, PAGE_SIZE) > UINT_MAX)
		return -EFBIG;
	ser->pos = file->f_pos;
	ser->seals = seals;
	return memfd_luo_preserve_folios(file, ser, folios_serp);
}

static int memfd_luo_preserve(struct liveupdate_file_op_args *args)
{
	struct inode *inode = file_inode(args->file);
	struct memfd_luo_folio_ser *folios_ser = NULL;
	struct memfd_luo_ser *ser;
	int err;

	inode_lock(inode);
	shmem_freeze(inode, true);

	ser = kho_alloc_preserve(sizeof(*ser));
	if (IS_ERR(ser)) {
		err = PTR_ERR(ser);
		goto err_thaw;
	}
	err = memfd_luo_fill_ser(args->file, ser, &folios_ser);
	if (err)
		goto err_free_ser;
	inode_unlock(inode);

	args->private_data = folios_ser;
	args->serialized_data = virt_to_phys(ser);
	return 0;

err_free_ser:
	kho_unpreserve_free(ser);
err_thaw:
	shmem_freeze(inode, false);
	inode_unlock(inode);
	return err;
}

static void memfd_luo_unpreserve(struct liveupdate_file_op_args *args)
{
	struct inode *inode = file_inode(args->file);
	struct memfd_luo_folio_ser *folios_ser = args->private_data;
	struct memfd_luo_ser *ser = phys_to_virt(args->serialized_data);
	u64 i;

	inode_lock(inode);
	if (folios_ser) {
		kho_unpreserve_vmalloc(&ser->folios);
		memfd_luo_unpreserve_entries(folios_ser, ser->nr_folios);
		for (i = 0; i < ser->nr_folios; i++)
			unpin_folio(pfn_folio(folios_ser[i].pfn));
		vfree(folios_ser);
	}
	kho_unpreserve_free(ser);
	shmem_freeze(inode, false);
	inode_unlock(inode);
}

static int memfd_luo_freeze(struct liveupdate_file_op_args *args)
{
	struct memfd_luo_ser *ser = phys_to_virt(args->serialized_data);
	struct inode *inode = file_inode(args->file);
	int seals, err = 0;

	inode_lock(inode);
	shmem_freeze_state(inode, true);
	seals = memfd_get_seals(args->file);
	if (seals & ~MEMFD_LUO_ALL_SEALS) {
		shmem_freeze_state(inode, false);
		err = -EOPNOTSUPP;
	} else {
		ser->pos = args->file->f_pos;
		ser->seals = seals;
	}
	inode_unlock(inode);
	return err;
}

static void memfd_luo_unfreeze(struct liveupdate_file_op_args *args)
{
	struct inode *inode = file_inode(args->file);

	inode_lock(inode);
	shmem_freeze_state(inode, false);
	inode_unlock(inode);
}

/* Frees what the previous kernel preserved for entries @start to @nr_folios - 1. */
static void memfd_luo_discard_folios(const struct memfd_luo_folio_ser *folios_ser, u64 start,
				     u64 nr_folios)
{
	struct folio *folio;
	u64 i;

	for (i = start; i < nr_folios; i++) {
		folio = folios_ser[i].pfn ? kho_restore_folio(PFN_PHYS(folios_ser[i].pfn)) : NULL;
		if (folio)
			folio_put(folio);
		else
			pr_warn_ratelimited("no folio to discard at page %#llx\n",
					    (unsigned long long)folios_ser[i].pfn);
		cond_resched();
	}
}

/* Whether the array has the size of what it is said to hold, so that it can be read. */
static bool memfd_luo_array_is_valid(const struct memfd_luo_ser *ser)
{
	u64 nr_folios = ser->nr_folios;
	u64 bytes;

	if (!nr_folios)
		return !ser->folios.first.phys;
	return ser->folios.first.phys &&
	       !check_mul_overflow(nr_folios, sizeof(struct memfd_luo_folio_ser), &bytes) &&
	       PFN_UP(bytes) == ser->folios.total_pages;
}

/* What the previous kernel handed over for one file. */
struct memfd_luo_incoming {
	struct folio *folio;
	struct memfd_luo_ser *ser;
	struct memfd_luo_folio_ser *folios_ser;
};

static int memfd_luo_incoming_restore(struct memfd_luo_incoming *in, u64 phys)
{
	/* Restoring comes first: it tells preserved memory from a wild address. */
	in->folio = kho_restore_folio(phys);
	if (!in->folio)
		return -EINVAL;
	in->ser = folio_address(in->folio);
	in->folios_ser = NULL;
	if (!memfd_luo_array_is_valid(in->ser))
		goto err_put;
	if (!in->ser->nr_folios)
		return 0;
	in->folios_ser = kho_restore_vmalloc(&in->ser->folios);
	if (in->folios_ser)
		return 0;
err_put:
	folio_put(in->folio);
	return -EINVAL;
}

static void memfd_luo_incoming_free(struct memfd_luo_incoming *in)
{
	vfree(in->folios_ser);
	folio_put(in->folio);
}

static void memfd_luo_finish(struct liveupdate_file_op_args *args)
{
	struct memfd_luo_incoming in;

	/* retrieve() uses up all memory whether it succeeds or fails. */
	if (args->retrieve_status)
		return;
	if (memfd_luo_incoming_restore(&in, args->serialized_data))
		return;
	memfd_luo_discard_folios(in.folios_ser, 0, in.ser->nr_folios);
	memfd_luo_incoming_free(&in);
}

/* Makes @entry's folio, which has to be the one at *@next, the file's, and moves *@next. */
static int memfd_luo_add_folio(struct inode *inode, const struct memfd_luo_folio_ser *entry,
			       pgoff_t *next, u64 nr_pages)
{
	struct address_space *mapping = inode->i_mapping;
	struct folio *folio;
	long pages;
	int err;

	folio = entry->pfn ? kho_restore_folio(PFN_PHYS(entry->pfn)) : NULL;
	if (!folio)
		return -EIO;
	pages = folio_nr_pages(folio);
	err = entry->index < *next ? -EEXIST : -EINVAL;
	if (entry->flags & ~FOLIO_FLAGS || entry->index != *next || *next >= nr_pages ||
	    *next & (pages - 1))
		goto out_put;

	__folio_set_locked(folio);
	__folio_set_swapbacked(folio);
	err = mem_cgroup_charge(folio, NULL, mapping_gfp_mask(mapping));
	if (err)
		goto out_unlock;
	err = shmem_add_to_page_cache(folio, mapping, *next, NULL, mapping_gfp_mask(mapping));
	if (err)
		goto out_unlock;
	err = shmem_inode_acct_blocks(inode, pages);
	if (err) {
		filemap_remove_folio(folio);
		goto out_unlock;
	}
	shmem_recalc_inode(inode, pages, 0);
	if (entry->flags & MEMFD_LUO_FOLIO_UPTODATE)
		folio_mark_uptodate(folio);
	if (entry->flags & MEMFD_LUO_FOLIO_DIRTY)
		folio_mark_dirty(folio);
	folio_add_lru(folio);
	*next += pages;

out_unlock:
	folio_unlock(folio);
out_put:
	folio_put(folio);
	return err;
}

static int memfd_luo_check_ser(const struct memfd_luo_ser *ser)
{
	if (ser->seals & ~MEMFD_LUO_ALL_SEALS || ser->flags)
		return -EOPNOTSUPP;
	if (ser->size > MAX_LFS_FILESIZE || ser->pos > MAX_LFS_FILESIZE)
		return -EINVAL;
	return 0;
}

/* Seals that no executable memfd has say that it wasn't one. */
static unsigned int memfd_luo_mode(unsigned int seals)
{
	if (seals & F_SEAL_EXEC && (seals & EXECUTABLE_SEALS) != EXECUTABLE_SEALS)
		return MFD_NOEXEC_SEAL;
	return MFD_ALLOW_SEALING;
}

static struct file *memfd_luo_create_file(const struct memfd_luo_ser *ser)
{
	struct file *file = memfd_alloc_file("", memfd_luo_mode(ser->seals));
	int err;

	if (IS_ERR(file))
		return file;
	err = memfd_add_seals(file, ser->seals);
	if (err) {
		fput(file);
		return ERR_PTR(err);
	}
	vfs_setpos(file, ser->pos, MAX_LFS_FILESIZE);
	i_size_write(file_inode(file), ser->size);
	return file;
}

/* Uses up every preserved folio of @folios_ser, whether it succeeds or fails. */
static int memfd_luo_rebuild(struct liveupdate_file_op_args *args,
			     const struct memfd_luo_ser *ser,
			     const struct memfd_luo_folio_ser *folios_ser)
{
	u64 nr_pages = DIV_ROUND_UP(ser->size, PAGE_SIZE), i = 0;
	pgoff_t next = 0;
	struct file *file;
	int err;

	err = memfd_luo_check_ser(ser);
	if (err)
		goto err_discard;
	file = memfd_luo_create_file(ser);
	if (IS_ERR(file)) {
		err = PTR_ERR(file);
		goto err_discard;
	}
	while (!err && i < ser->nr_folios) {
		err = memfd_luo_add_folio(file_inode(file), &folios_ser[i++], &next, nr_pages);
		cond_resched();
	}
	/* There were no holes: something is missing. */
	if (!err && next < nr_pages)
		err = -EINVAL;
	if (err)
		goto err_put_file;
	args->file = file;
	return 0;

err_put_file:
	/* Frees the folios that made it into the file. */
	fput(file);
err_discard:
	memfd_luo_discard_folios(folios_ser, i, ser->nr_folios);
	return err;
}

static int memfd_luo_retrieve(struct liveupdate_file_op_args *args)
{
	struct memfd_luo_incoming in;
	int err;

	err = memfd_luo_incoming_restore(&in, args->serialized_data);
	if (err)
		return err;
	err = memfd_luo_rebuild(args, in.ser, in.folios_ser);
	memfd_luo_incoming_free(&in);
	return err;
}

/* Files in memory that have a name are not memfds. */
static bool memfd_luo_can_preserve(struct liveupdate_file_handler *handler, struct file *file)
{
	return shmem_file(file) && !file_inode(file)->i_nlink;
}

/* The memory belongs to the inode, whatever file it is seen through. */
static unsigned long memfd_luo_get_id(struct file *file)
{
	return (unsigned long)file_inode(file);
}

static const struct liveupdate_file_ops memfd_luo_file_ops = {
	.can_preserve = memfd_luo_can_preserve,
	.preserve = memfd_luo_preserve,
	.unpreserve = memfd_luo_unpreserve,
	.freeze = memfd_luo_freeze,
	.unfreeze = memfd_luo_unfreeze,
	.retrieve = memfd_luo_retrieve,
	.finish = memfd_luo_finish,
	.get_id = memfd_luo_get_id,
	.owner = THIS_MODULE,
};

static struct liveupdate_file_handler memfd_luo_handler = {
	.ops = &memfd_luo_file_ops,
	.compatible = MEMFD_LUO_FH_COMPATIBLE,
};

static int __init memfd_luo_init(void)
{
	int err = liveupdate_register_file_handler(&memfd_luo_handler);

	if (err && err != -EOPNOTSUPP) {
		pr_err("can't register the handler: %pe\n", ERR_PTR(err));
		return err;
	}
	return 0;
}
late_initcall(memfd_luo_init);
