// SPDX-License-Identifier: GPL-2.0

/**
 * DOC: KVM VM Preservation via LUO
 *
 * A VM file is preserved as the type that its VM was created with. It gives the
 * guest_memfds of the same session something to be rebuilt on; vCPUs, memslots
 * and all other state are userspace's to set up again in the new kernel.
 *
 * A VM that is dead or bugged has nothing worth carrying over: preserving it, and
 * a kexec after it became so, fail with -EINVAL.
 *
 * A VM that nobody retrieved until LIVEUPDATE_SESSION_FINISH is lost. If one of
 * its guest_memfds was retrieved, that file lives on and pins the VM, but no file
 * descriptor of the VM can be had any more.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": luo: " fmt

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kexec_handover.h>
#include <linux/kho/abi/kvm.h>
#include <linux/kvm_host.h>
#include <linux/liveupdate.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sprintf.h>

#include "kvm_mm.h"

static bool kvm_luo_can_preserve(struct liveupdate_file_handler *handler, struct file *file)
{
	return file_is_kvm(file);
}

static bool kvm_luo_vm_is_usable(struct kvm *kvm)
{
	return !READ_ONCE(kvm->vm_dead) && !READ_ONCE(kvm->vm_bugged);
}

static int kvm_luo_preserve(struct liveupdate_file_op_args *args)
{
	struct kvm *kvm = args->file->private_data;
	struct kvm_luo_ser *ser;

	if (!kvm_luo_vm_is_usable(kvm))
		return -EINVAL;

	ser = kho_alloc_preserve(sizeof(*ser));
	if (IS_ERR(ser))
		return PTR_ERR(ser);

	ser->type = kvm->vm_type;
	args->serialized_data = virt_to_phys(ser);

	return 0;
}

static void kvm_luo_unpreserve(struct liveupdate_file_op_args *args)
{
	kho_unpreserve_free(phys_to_virt(args->serialized_data));
}

/* The VM may have died since preserve(). */
static int kvm_luo_freeze(struct liveupdate_file_op_args *args)
{
	return kvm_luo_vm_is_usable(args->file->private_data) ? 0 : -EINVAL;
}

static int kvm_luo_retrieve(struct liveupdate_file_op_args *args)
{
	static atomic_t vm_count = ATOMIC_INIT(0);
	struct kvm_luo_ser *ser;
	struct folio *folio;
	struct file *file;
	char fdname[16];

	/* Restoring comes first: it tells preserved memory from a wild address. */
	folio = kho_restore_folio(args->serialized_data);
	if (!folio)
		return -EINVAL;

	/* VMs are told apart in debugfs by this name, as no fd number is known here. */
	snprintf(fdname, sizeof(fdname), "luo%d", atomic_inc_return(&vm_count));

	ser = folio_address(folio);
	file = kvm_create_vm_file(ser->type, fdname);
	folio_put(folio);
	if (IS_ERR(file))
		return PTR_ERR(file);

	args->file = file;
	return 0;
}

static void kvm_luo_finish(struct liveupdate_file_op_args *args)
{
	struct folio *folio;

	/* retrieve() frees the serialized state whether it succeeds or fails. */
	if (args->retrieve_status)
		return;

	/* Not by a virtual address: there may be none for what the previous kernel wrote. */
	folio = kho_restore_folio(args->serialized_data);
	if (folio)
		folio_put(folio);
}

/* Any file of a VM stands for the VM, which must not be preserved twice. */
static unsigned long kvm_luo_get_id(struct file *file)
{
	return (unsigned long)file->private_data;
}

static const struct liveupdate_file_ops kvm_luo_file_ops = {
	.can_preserve = kvm_luo_can_preserve,
	.preserve = kvm_luo_preserve,
	.unpreserve = kvm_luo_unpreserve,
	.freeze = kvm_luo_freeze,
	.retrieve = kvm_luo_retrieve,
	.finish = kvm_luo_finish,
	.get_id = kvm_luo_get_id,
	.owner = THIS_MODULE,
};

static struct liveupdate_file_handler kvm_luo_handler = {
	.ops = &kvm_luo_file_ops,
	.compatible = KVM_LUO_FH_COMPATIBLE,
};

/**
 * kvm_luo_init() - let VM files be preserved.
 *
 * Return: 0, also when live update is off; -EEXIST if another handler has taken
 * the compatible string.
 */
int kvm_luo_init(void)
{
	int err = liveupdate_register_file_handler(&kvm_luo_handler);

	return err == -EOPNOTSUPP ? 0 : err;
}

/** kvm_luo_exit() - undo kvm_luo_init(). */
void kvm_luo_exit(void)
{
	liveupdate_unregister_file_handler(&kvm_luo_handler);
}
