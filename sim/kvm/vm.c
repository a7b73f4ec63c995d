// SPDX-License-Identifier: GPL-2.0

/*
 * VMs: their life, their files, their ioctls. After virt/kvm/kvm_main.c of Linux 7.3,
 * with the creation of the file split out, as preservation needs it.
 */

#include <linux/anon_inodes.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "guest_memfd.h"
#include "kvm_internal.h"
#include "kvm_mm.h"

DEFINE_MUTEX(kvm_lock);
LIST_HEAD(vm_list);

static int kvm_arch_init_vm(struct kvm *kvm, unsigned long type)
{
	if (type != KVM_X86_DEFAULT_VM && type != KVM_X86_SW_PROTECTED_VM)
		return -EINVAL;

	kvm->arch.vm_type = type;
	kvm->arch.has_private_mem = type == KVM_X86_SW_PROTECTED_VM;
	return 0;
}

/* What a VM needs before anybody can know of it; the address space is the caller's. */
static void kvm_init_vm(struct kvm *kvm, unsigned long type)
{
	kvm->vm_type = type;
	kvm->max_vcpus = KVM_MAX_VCPUS;
	KVM_MMU_LOCK_INIT(kvm);
	kvm->mm = current->mm;
	mmgrab(kvm->mm);
	mutex_init(&kvm->lock);
	mutex_init(&kvm->slots_lock);
	mutex_init(&kvm->slots_arch_lock);
	xa_init(&kvm->vcpu_array);
	xa_init_flags(&kvm->mem_attr_array, XA_FLAGS_ACCOUNT);
}

/* The VM's first reference, and its place among all VMs if the type is one that we have. */
static int kvm_start_vm(struct kvm *kvm)
{
	int r;

	refcount_set(&kvm->users_count, 1);
	kvm_init_memslots(kvm);

	r = kvm_arch_init_vm(kvm, kvm->vm_type);
	if (r) {
		WARN_ON_ONCE(!refcount_dec_and_test(&kvm->users_count));
		return r;
	}

	guard(mutex)(&kvm_lock);
	list_add(&kvm->vm_list, &vm_list);
	return 0;
}

static struct kvm *kvm_create_vm(unsigned long type)
{
	struct kvm *kvm = kvzalloc_obj(*kvm, GFP_KERNEL_ACCOUNT);
	int r;

	if (!kvm)
		return ERR_PTR(-ENOMEM);

	kvm_init_vm(kvm, type);

	r = init_srcu_struct(&kvm->srcu);
	if (r)
		goto err_free;

	r = kvm_start_vm(kvm);
	if (r)
		goto err_srcu;

	return kvm;

err_srcu:
	cleanup_srcu_struct(&kvm->srcu);
err_free:
	mmdrop(kvm->mm);
	kvfree(kvm);
	return ERR_PTR(r);
}

static void kvm_unlist_vm(struct kvm *kvm)
{
	guard(mutex)(&kvm_lock);
	list_del(&kvm->vm_list);
}

static void kvm_destroy_vm(struct kvm *kvm)
{
	struct mm_struct *mm = kvm->mm;

	kvm_unlist_vm(kvm);

	WARN_ON(kvm->mmu_invalidate_in_progress);
	kvm_stage2_free(kvm);
	kvm_destroy_vcpus(kvm);
	kvm_free_memslots(kvm);
	srcu_barrier(&kvm->srcu);
	cleanup_srcu_struct(&kvm->srcu);
	xa_destroy(&kvm->mem_attr_array);
	kvfree(kvm);
	mmdrop(mm);
}

/** kvm_get_kvm_safe() - a reference, unless the VM is going already. */
bool kvm_get_kvm_safe(struct kvm *kvm)
{
	return refcount_inc_not_zero(&kvm->users_count);
}
EXPORT_SYMBOL_GPL(kvm_get_kvm_safe);

/** kvm_get_kvm() - one more reference, by somebody who has one. */
void kvm_get_kvm(struct kvm *kvm)
{
	refcount_inc(&kvm->users_count);
}
EXPORT_SYMBOL_GPL(kvm_get_kvm);

/** kvm_put_kvm_no_destroy() - drop a reference that can't be the last one. */
void kvm_put_kvm_no_destroy(struct kvm *kvm)
{
	WARN_ON(refcount_dec_and_test(&kvm->users_count));
}

/** kvm_put_kvm() - drop a reference; the last one destroys the VM. May sleep. */
void kvm_put_kvm(struct kvm *kvm)
{
	if (refcount_dec_and_test(&kvm->users_count))
		kvm_destroy_vm(kvm);
}
EXPORT_SYMBOL_GPL(kvm_put_kvm);

/**
 * kvm_sim_bug() - let KVM have found a bug in itself, without the WARN.
 *
 * A simulator's door: programs have none, yet a bugged VM has to be treated right.
 */
void kvm_sim_bug(struct kvm *kvm)
{
	kvm_vm_bugged(kvm);
}

static long kvm_vm_ioctl_sim_bug(struct kvm *kvm, unsigned long arg)
{
	switch (arg) {
	case KVM_SIM_BUG_BUGGED:
		kvm_sim_bug(kvm);
		return 0;
	case KVM_SIM_BUG_DEAD:
		kvm_vm_dead(kvm);
		return 0;
	default:
		return -EINVAL;
	}
}

#define CHECK_MEM_REGION_FIELD(field)						\
	static_assert(offsetof(struct kvm_userspace_memory_region, field) ==	\
		      offsetof(struct kvm_userspace_memory_region2, field))

CHECK_MEM_REGION_FIELD(slot);
CHECK_MEM_REGION_FIELD(flags);
CHECK_MEM_REGION_FIELD(guest_phys_addr);
CHECK_MEM_REGION_FIELD(memory_size);
CHECK_MEM_REGION_FIELD(userspace_addr);

static long kvm_vm_ioctl_memory_region(struct kvm *kvm, unsigned int ioctl, void __user *argp)
{
	struct kvm_userspace_memory_region2 mem = {};
	size_t size = sizeof(mem);

	if (ioctl == KVM_SET_USER_MEMORY_REGION)
		size = sizeof(struct kvm_userspace_memory_region);

	if (copy_from_user(&mem, argp, size))
		return -EFAULT;

	/* The first version has no room for more than these. */
	if (ioctl == KVM_SET_USER_MEMORY_REGION &&
	    mem.flags & ~(KVM_MEM_LOG_DIRTY_PAGES | KVM_MEM_READONLY))
		return -EINVAL;

	return kvm_vm_ioctl_set_memory_region(kvm, &mem);
}

static long kvm_vm_ioctl_memory_attributes(struct kvm *kvm, void __user *argp)
{
	struct kvm_memory_attributes attrs;

	if (copy_from_user(&attrs, argp, sizeof(attrs)))
		return -EFAULT;

	return kvm_vm_ioctl_set_mem_attributes(kvm, &attrs);
}

static long kvm_vm_ioctl_create_gmem(struct kvm *kvm, void __user *argp)
{
	struct kvm_create_guest_memfd args;

	if (copy_from_user(&args, argp, sizeof(args)))
		return -EFAULT;

	return kvm_gmem_create(kvm, &args);
}

/* What x86 answers on a VM and the model does not. */
static const u8 kvm_vm_unmodelled[] = {
	0x42, 0x44, 0x45, 0x47, 0x48, 0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68,
	0x6a, 0x71, 0x76, 0x77, 0x78, 0x79, 0x7a, 0x7b, 0x7c, 0x9f, 0xa0, 0xa2, 0xa3, 0xa5,
	0xb2, 0xba, 0xbb, 0xbc, 0xbd, 0xc0, 0xc6, 0xc7, 0xc8, 0xc9, 0xce, 0xd0, 0xe0,
};

static long kvm_vm_ioctl(struct file *filp, unsigned int ioctl, unsigned long arg)
{
	struct kvm *kvm = filp->private_data;
	void __user *argp = (void __user *)arg;

	if (kvm->mm != current->mm || READ_ONCE(kvm->vm_dead))
		return -EIO;

	switch (ioctl) {
	case KVM_CREATE_VCPU:
		return kvm_vm_ioctl_create_vcpu(kvm, arg);
	case KVM_SET_USER_MEMORY_REGION:
	case KVM_SET_USER_MEMORY_REGION2:
		return kvm_vm_ioctl_memory_region(kvm, ioctl, argp);
	case KVM_SET_MEMORY_ATTRIBUTES:
		return kvm_vm_ioctl_memory_attributes(kvm, argp);
	case KVM_CREATE_GUEST_MEMFD:
		return kvm_vm_ioctl_create_gmem(kvm, argp);
	case KVM_CHECK_EXTENSION:
		return kvm_vm_ioctl_check_extension_generic(kvm, arg);
	case KVM_SIM_BUG:
		return kvm_vm_ioctl_sim_bug(kvm, arg);
	default:
		kvm_ioctl_trap_unmodelled(kvm_vm_unmodelled, ARRAY_SIZE(kvm_vm_unmodelled), ioctl);
		return -ENOTTY;
	}
}

/* The file ends before the VM may: nobody must find it through the VM any more. */
static int kvm_vm_release(struct inode *inode, struct file *filp)
{
	struct kvm *kvm = filp->private_data;

	WRITE_ONCE(kvm->vm_file, NULL);
	kvm_put_kvm(kvm);
	return 0;
}

static struct file_operations kvm_vm_fops = {
	.release	= kvm_vm_release,
	.unlocked_ioctl	= kvm_vm_ioctl,
	.llseek		= noop_llseek,
};

/** file_is_kvm() - whether @file, which may be of any type or NULL, is a VM's file. */
bool file_is_kvm(struct file *file)
{
	return file && file->f_op == &kvm_vm_fops;
}

void kvm_vm_set_owner(struct module *module)
{
	kvm_vm_fops.owner = module;
}

/**
 * kvm_create_vm_file() - create a VM and the file that stands for it.
 * @type:   KVM_X86_*_VM; -EINVAL if the configuration does not have it
 * @fdname: tells VMs of one process apart in debugfs, which is not modelled
 *
 * The VM belongs to the process of the caller.
 *
 * Return: the file, holding the only reference to the VM; or an ERR_PTR().
 */
struct file *kvm_create_vm_file(unsigned long type, const char *fdname)
{
	struct kvm *kvm = kvm_create_vm(type);
	struct file *file;

	if (IS_ERR(kvm))
		return ERR_CAST(kvm);

	file = anon_inode_getfile("kvm-vm", &kvm_vm_fops, kvm, O_RDWR);
	if (IS_ERR(file)) {
		kvm_put_kvm(kvm);
		return file;
	}

	WRITE_ONCE(kvm->vm_file, file);
	return file;
}
