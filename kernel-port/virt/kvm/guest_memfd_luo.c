// SPDX-License-Identifier: GPL-2.0

/**
 * DOC: Guest_Memfd Preservation via LUO
 *
 * A guest_memfd is preserved with its size, its flags and the contents of every
 * page that has been allocated. Its NUMA memory policy is not preserved. Memory
 * has to be fully shared and in folios of PAGE_SIZE, and the VM must not support
 * private memory; any other guest_memfd is refused.
 *
 * What counts is that all of it is shared when it is preserved, not how it began. In
 * the new kernel it is shared from the start: GUEST_MEMFD_FLAG_INIT_SHARED decides
 * nothing but that, and there is no other state of shared memory to be lost.
 *
 * From preserve() on, until the session lets go of the file, the guest_memfd is
 * frozen: no folio is added to its mapping or removed from it, none changes from
 * "to be zeroed on first use" to in use, and none becomes private. Conversions, and
 * what fallocate() or a fault would have to allocate, are refused with -EPERM;
 * present pages stay accessible to host and guest, and what is written to them until
 * the kexec is carried over.
 *
 * The file needs its VM to be rebuilt. The VM's file has to be in the same
 * session by the time of the kexec, which fails with -ENOENT otherwise; the order
 * in which the two are preserved, and later retrieved, is free.
 *
 * In the new kernel the handed over structures are input from outside. They are
 * checked before anything is built on them, and memory that nobody claims is
 * freed: by a failing retrieve(), or by finish() if there was no retrieve().
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": luo: " fmt

#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/kho/abi/kvm.h>
#include <linux/kvm_host.h>
#include <linux/limits.h>
#include <linux/liveupdate.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/pagemap.h>
#include <linux/pfn.h>
#include <linux/sched.h>
#include <linux/vmalloc.h>

#include "guest_memfd.h"

static const struct {
	u64 gmem;
	u64 abi;
} kvm_gmem_luo_flags[] = {
	{ GUEST_MEMFD_FLAG_MMAP, GUEST_MEMFD_LUO_FLAG_MMAP },
	{ GUEST_MEMFD_FLAG_INIT_SHARED, GUEST_MEMFD_LUO_FLAG_INIT_SHARED },
};

/* Returns -EOPNOTSUPP for a flag that this version can't carry over. */
static int kvm_gmem_luo_flags_to_abi(u64 flags, u64 *abi)
{
	int i;

	*abi = 0;
	for (i = 0; i < ARRAY_SIZE(kvm_gmem_luo_flags); i++) {
		if (flags & kvm_gmem_luo_flags[i].gmem)
			*abi |= kvm_gmem_luo_flags[i].abi;
		flags &= ~kvm_gmem_luo_flags[i].gmem;
	}

	return flags ? -EOPNOTSUPP : 0;
}

/* Returns -EOPNOTSUPP for a flag that this version doesn't know. */
static int kvm_gmem_luo_flags_from_abi(u64 abi, u64 *flags)
{
	int i;

	*flags = 0;
	for (i = 0; i < ARRAY_SIZE(kvm_gmem_luo_flags); i++) {
		if (abi & kvm_gmem_luo_flags[i].abi)
			*flags |= kvm_gmem_luo_flags[i].gmem;
		abi &= ~kvm_gmem_luo_flags[i].abi;
	}

	return abi ? -EOPNOTSUPP : 0;
}

static bool kvm_gmem_luo_can_preserve(struct liveupdate_file_handler *handler, struct file *file)
{
	struct inode *inode = file_inode(file);
	struct gmem_file *gmem_file;

	/* Files of any type are offered: private_data means something only after this. */
	if (!kvm_gmem_is_gmem_file(file))
		return false;

	gmem_file = file->private_data;
	if (kvm_arch_has_private_mem(gmem_file->kvm))
		return false;

	if (mapping_large_folio_support(inode->i_mapping))
		return false;

	/* Whether all of it is shared can change until it is frozen. */
	return kvm_gmem_can_be_shared(inode);
}

/* The mapping is frozen: the result stays true. */
static u64 kvm_gmem_luo_count_folios(struct address_space *mapping)
{
	struct folio_batch fbatch;
	pgoff_t index = 0;
	u64 count = 0;

	folio_batch_init(&fbatch);
	while (filemap_get_folios(mapping, &index, ULONG_MAX, &fbatch)) {
		count += folio_batch_count(&fbatch);
		folio_batch_release(&fbatch);
		cond_resched();
	}

	return count;
}

static int kvm_gmem_luo_preserve_folio(struct folio *folio, struct guest_memfd_luo_folio_ser *entry)
{
	int err;

	folio_lock(folio);
	if (folio_test_hwpoison(folio)) {
		err = -EHWPOISON;
		goto out_unlock;
	}

	/*
	 * A folio that was allocated but not used yet can still be put to use while
	 * it is frozen. Were it recorded as not up to date, the new kernel would
	 * zero what was written to it: do the zeroing now.
	 */
	if (!folio_test_uptodate(folio)) {
		folio_zero_range(folio, 0, folio_size(folio));
		folio_mark_uptodate(folio);
	}

	err = kho_preserve_folio(folio);
	if (err)
		goto out_unlock;

	/*
	 * The frozen inode keeps its folios, but soft offlining doesn't ask it: a
	 * folio that is clean and not mapped is dropped unless somebody refers to it.
	 */
	folio_get(folio);

	entry->pfn = folio_pfn(folio);
	entry->flags = GUEST_MEMFD_LUO_FOLIO_UPTODATE;
	entry->index = folio->index;

out_unlock:
	folio_unlock(folio);
	return err;
}

static void kvm_gmem_luo_unpreserve_folios(const struct guest_memfd_luo_folio_ser *folios_ser,
					   u64 nr_folios)
{
	while (nr_folios--) {
		struct folio *folio = pfn_folio(folios_ser[nr_folios].pfn);

		kho_unpreserve_folio(folio);
		folio_put(folio);
	}
}

/* Preserves all folios and fills exactly @nr_folios entries, or preserves none. */
static int kvm_gmem_luo_fill_folios(struct address_space *mapping,
				    struct guest_memfd_luo_folio_ser *folios_ser, u64 nr_folios)
{
	struct folio_batch fbatch;
	pgoff_t index = 0;
	u64 filled = 0;
	int err = 0;

	folio_batch_init(&fbatch);
	while (!err && filemap_get_folios(mapping, &index, ULONG_MAX, &fbatch)) {
		unsigned int i;

		for (i = 0; !err && i < folio_batch_count(&fbatch); i++) {
			if (WARN_ON_ONCE(filled == nr_folios))
				err = -EIO;
			else
				err = kvm_gmem_luo_preserve_folio(fbatch.folios[i],
								  &folios_ser[filled]);
			if (!err)
				filled++;
		}
		folio_batch_release(&fbatch);
		cond_resched();
	}

	if (!err && WARN_ON_ONCE(filled != nr_folios))
		err = -EIO;
	if (err)
		kvm_gmem_luo_unpreserve_folios(folios_ser, filled);

	return err;
}

/* Sets @ser->nr_folios and @ser->folios; *@folios_serp is NULL if there are none. */
static int kvm_gmem_luo_preserve_folios(struct address_space *mapping,
					struct guest_memfd_luo_ser *ser,
					struct guest_memfd_luo_folio_ser **folios_serp)
{
	u64 nr_folios = kvm_gmem_luo_count_folios(mapping);
	struct guest_memfd_luo_folio_ser *folios_ser;
	int err;

	ser->nr_folios = nr_folios;
	*folios_serp = NULL;
	if (!nr_folios)
		return 0;

	folios_ser = vcalloc(nr_folios, sizeof(*folios_ser));
	if (!folios_ser)
		return -ENOMEM;

	err = kvm_gmem_luo_fill_folios(mapping, folios_ser, nr_folios);
	if (err)
		goto err_free;

	err = kho_preserve_vmalloc(folios_ser, &ser->folios);
	if (err)
		goto err_unpreserve;

	*folios_serp = folios_ser;
	return 0;

err_unpreserve:
	kvm_gmem_luo_unpreserve_folios(folios_ser, nr_folios);
err_free:
	vfree(folios_ser);
	return err;
}

static int kvm_gmem_luo_preserve(struct liveupdate_file_op_args *args)
{
	struct inode *inode = file_inode(args->file);
	struct guest_memfd_luo_folio_ser *folios_ser;
	struct guest_memfd_luo_ser *ser;
	u64 size, flags;
	int err;

	/* Fails if any of it is private; from here on nothing can become so. */
	err = kvm_gmem_freeze(inode);
	if (err)
		return err;

	size = i_size_read(inode);
	if (!size || !PAGE_ALIGNED(size)) {
		err = -EINVAL;
		goto err_unfreeze;
	}

	/* Memory that was converted would otherwise be private again. */
	err = kvm_gmem_luo_flags_to_abi(GMEM_I(inode)->flags | GUEST_MEMFD_FLAG_INIT_SHARED,
					&flags);
	if (err)
		goto err_unfreeze;

	ser = kho_alloc_preserve(sizeof(*ser));
	if (IS_ERR(ser)) {
		err = PTR_ERR(ser);
		goto err_unfreeze;
	}

	/* The VM's token is not known before freeze(). */
	ser->size = size;
	ser->flags = flags;

	err = kvm_gmem_luo_preserve_folios(inode->i_mapping, ser, &folios_ser);
	if (err)
		goto err_free_ser;

	args->serialized_data = virt_to_phys(ser);
	args->private_data = folios_ser;
	return 0;

err_free_ser:
	kho_unpreserve_free(ser);
err_unfreeze:
	kvm_gmem_unfreeze(inode);
	return err;
}

static void kvm_gmem_luo_unpreserve(struct liveupdate_file_op_args *args)
{
	struct guest_memfd_luo_ser *ser = phys_to_virt(args->serialized_data);
	struct guest_memfd_luo_folio_ser *folios_ser = args->private_data;

	if (folios_ser) {
		kho_unpreserve_vmalloc(&ser->folios);
		kvm_gmem_luo_unpreserve_folios(folios_ser, ser->nr_folios);
		vfree(folios_ser);
	}

	kho_unpreserve_free(ser);
	kvm_gmem_unfreeze(file_inode(args->file));
}

static int kvm_gmem_luo_freeze(struct liveupdate_file_op_args *args)
{
	struct guest_memfd_luo_ser *ser = phys_to_virt(args->serialized_data);
	struct gmem_file *gmem_file = args->file->private_data;
	struct file *vm_file;
	u64 vm_token;
	int err;

	/*
	 * The VM does not pin its file, whose memory may by now be another file's:
	 * only a reference makes the comparison with preserved files mean something.
	 */
	vm_file = get_file_active(&gmem_file->kvm->vm_file);
	if (!vm_file)
		return -ENOENT;

	err = liveupdate_get_token_outgoing(args->session, vm_file, &vm_token);
	fput(vm_file);
	if (err)
		return err;

	ser->vm_token = vm_token;
	return 0;
}

static void kvm_gmem_luo_unfreeze(struct liveupdate_file_op_args *args)
{
	struct guest_memfd_luo_ser *ser = phys_to_virt(args->serialized_data);

	ser->vm_token = 0;
}

/* Frees what the previous kernel preserved for entries @start to @nr_folios - 1. */
static void kvm_gmem_luo_discard_folios(const struct guest_memfd_luo_folio_ser *folios_ser,
					u64 start, u64 nr_folios)
{
	struct folio *folio;
	u64 i;

	for (i = start; i < nr_folios; i++) {
		/* An entry may be what retrieve() failed for. */
		folio = folios_ser[i].pfn ? kho_restore_folio(PFN_PHYS(folios_ser[i].pfn)) : NULL;
		if (folio)
			folio_put(folio);
		cond_resched();
	}
}

/* Whether the array has the size of what it is said to hold, so that it can be read. */
static bool kvm_gmem_luo_array_is_valid(const struct guest_memfd_luo_ser *ser)
{
	u64 nr_folios = ser->nr_folios;
	u64 bytes;

	if (!nr_folios)
		return !ser->folios.first.phys;

	return ser->folios.first.phys &&
	       !check_mul_overflow(nr_folios, sizeof(struct guest_memfd_luo_folio_ser), &bytes) &&
	       PFN_UP(bytes) == ser->folios.total_pages;
}

static bool kvm_gmem_luo_entries_are_valid(const struct guest_memfd_luo_folio_ser *folios_ser,
					   u64 nr_folios, u64 nr_pages)
{
	u64 i, next_index = 0;

	for (i = 0; i < nr_folios; i++) {
		if (!folios_ser[i].pfn ||
		    folios_ser[i].flags & ~GUEST_MEMFD_LUO_FOLIO_UPTODATE ||
		    folios_ser[i].index < next_index || folios_ser[i].index >= nr_pages)
			return false;

		next_index = folios_ser[i].index + 1;
		cond_resched();
	}

	return true;
}

static int kvm_gmem_luo_check_ser(const struct guest_memfd_luo_ser *ser,
				  const struct guest_memfd_luo_folio_ser *folios_ser, u64 *flags)
{
	u64 nr_pages = ser->size >> PAGE_SHIFT;

	if (!ser->size || !PAGE_ALIGNED(ser->size) || ser->size > MAX_LFS_FILESIZE)
		return -EINVAL;

	if (!kvm_gmem_luo_entries_are_valid(folios_ser, ser->nr_folios, nr_pages))
		return -EINVAL;

	return kvm_gmem_luo_flags_from_abi(ser->flags, flags);
}

static int kvm_gmem_luo_add_folio(struct address_space *mapping,
				  const struct guest_memfd_luo_folio_ser *entry)
{
	struct folio *folio;
	int err;

	folio = kho_restore_folio(PFN_PHYS(entry->pfn));
	if (!folio)
		return -EINVAL;

	if (folio_test_large(folio)) {
		err = -EINVAL;
		goto out_put;
	}

	err = filemap_add_folio(mapping, folio, entry->index, mapping_gfp_mask(mapping));
	if (err)
		goto out_put;

	if (entry->flags & GUEST_MEMFD_LUO_FOLIO_UPTODATE)
		folio_mark_uptodate(folio);
	folio_unlock(folio);

out_put:
	folio_put(folio);
	return err;
}

static struct file *kvm_gmem_luo_create_file(struct liveupdate_session *session, u64 vm_token,
					     u64 size, u64 flags)
{
	struct file *vm_file, *file;
	struct kvm *kvm;
	int err;

	err = liveupdate_get_file_incoming(session, vm_token, &vm_file);
	if (err)
		return ERR_PTR(err);

	if (!file_is_kvm(vm_file)) {
		file = ERR_PTR(-EINVAL);
		goto out_put;
	}

	kvm = vm_file->private_data;
	if (flags & ~kvm_gmem_get_supported_flags(kvm))
		file = ERR_PTR(-EOPNOTSUPP);
	else
		file = kvm_gmem_create_file(kvm, size, flags);

out_put:
	fput(vm_file);
	return file;
}

/* Consumes every preserved folio of @folios_ser, whether it succeeds or fails. */
static int kvm_gmem_luo_rebuild(struct liveupdate_file_op_args *args,
				const struct guest_memfd_luo_ser *ser,
				const struct guest_memfd_luo_folio_ser *folios_ser)
{
	struct file *file;
	u64 flags, i = 0;
	int err;

	err = kvm_gmem_luo_check_ser(ser, folios_ser, &flags);
	if (err)
		goto err_discard;

	file = kvm_gmem_luo_create_file(args->session, ser->vm_token, ser->size, flags);
	if (IS_ERR(file)) {
		err = PTR_ERR(file);
		goto err_discard;
	}

	while (i < ser->nr_folios) {
		err = kvm_gmem_luo_add_folio(file->f_mapping, &folios_ser[i++]);
		if (err)
			goto err_put_file;
		cond_resched();
	}

	args->file = file;
	return 0;

err_put_file:
	/* Frees the folios that made it into the mapping. */
	fput(file);
err_discard:
	kvm_gmem_luo_discard_folios(folios_ser, i, ser->nr_folios);
	return err;
}

/* What the previous kernel handed over for one file. */
struct kvm_gmem_luo_incoming {
	struct folio *folio;
	struct guest_memfd_luo_ser *ser;
	struct guest_memfd_luo_folio_ser *folios_ser;
};

static void kvm_gmem_luo_incoming_free(struct kvm_gmem_luo_incoming *in)
{
	vfree(in->folios_ser);
	folio_put(in->folio);
}

static int kvm_gmem_luo_incoming_restore(struct kvm_gmem_luo_incoming *in, u64 phys)
{
	/* Restoring comes first: it tells preserved memory from a wild address. */
	in->folio = kho_restore_folio(phys);
	if (!in->folio)
		return -EINVAL;

	in->ser = folio_address(in->folio);
	in->folios_ser = NULL;
	if (!kvm_gmem_luo_array_is_valid(in->ser)) {
		folio_put(in->folio);
		return -EINVAL;
	}

	if (!in->ser->nr_folios)
		return 0;

	in->folios_ser = kho_restore_vmalloc(&in->ser->folios);
	if (!in->folios_ser) {
		folio_put(in->folio);
		return -ENOMEM;
	}

	return 0;
}

static int kvm_gmem_luo_retrieve(struct liveupdate_file_op_args *args)
{
	struct kvm_gmem_luo_incoming in;
	int err;

	err = kvm_gmem_luo_incoming_restore(&in, args->serialized_data);
	if (err)
		return err;

	err = kvm_gmem_luo_rebuild(args, in.ser, in.folios_ser);
	kvm_gmem_luo_incoming_free(&in);
	return err;
}

static void kvm_gmem_luo_finish(struct liveupdate_file_op_args *args)
{
	struct kvm_gmem_luo_incoming in;

	/* retrieve() consumes all memory whether it succeeds or fails. */
	if (args->retrieve_status)
		return;

	if (kvm_gmem_luo_incoming_restore(&in, args->serialized_data))
		return;

	kvm_gmem_luo_discard_folios(in.folios_ser, 0, in.ser->nr_folios);
	kvm_gmem_luo_incoming_free(&in);
}

/* The memory belongs to the inode, whatever file it is seen through. */
static unsigned long kvm_gmem_luo_get_id(struct file *file)
{
	return (unsigned long)file_inode(file);
}

static const struct liveupdate_file_ops kvm_gmem_luo_file_ops = {
	.can_preserve = kvm_gmem_luo_can_preserve,
	.preserve = kvm_gmem_luo_preserve,
	.unpreserve = kvm_gmem_luo_unpreserve,
	.freeze = kvm_gmem_luo_freeze,
	.unfreeze = kvm_gmem_luo_unfreeze,
	.retrieve = kvm_gmem_luo_retrieve,
	.finish = kvm_gmem_luo_finish,
	.get_id = kvm_gmem_luo_get_id,
	.owner = THIS_MODULE,
};

static struct liveupdate_file_handler kvm_gmem_luo_handler = {
	.ops = &kvm_gmem_luo_file_ops,
	.compatible = GUEST_MEMFD_LUO_FH_COMPATIBLE,
};

/**
 * kvm_gmem_luo_init() - let guest_memfds be preserved.
 *
 * Return: 0, also when live update is off; -EEXIST if another handler has taken
 * the compatible string.
 */
int kvm_gmem_luo_init(void)
{
	int err = liveupdate_register_file_handler(&kvm_gmem_luo_handler);

	return err == -EOPNOTSUPP ? 0 : err;
}

/** kvm_gmem_luo_exit() - undo kvm_gmem_luo_init(). */
void kvm_gmem_luo_exit(void)
{
	liveupdate_unregister_file_handler(&kvm_gmem_luo_handler);
}
