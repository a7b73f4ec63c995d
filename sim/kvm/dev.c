// SPDX-License-Identifier: GPL-2.0

/*
 * /dev/kvm, capabilities, and KVM as a module. After virt/kvm/kvm_main.c (kvm_dev_ioctl(),
 * kvm_init()) and arch/x86/kvm/x86.c (kvm_vm_ioctl_check_extension()) of Linux 7.3.
 */

#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/sprintf.h>

#include "guest_memfd.h"
#include "kvm_internal.h"
#include "kvm_mm.h"

/**
 * kvm_ioctl_trap_unmodelled() - end the run if the kernel would answer this ioctl.
 * @numbers: ioctl numbers that Linux 7.3 has on x86 and the model has not
 *
 * An error that the kernel would not return is worse than none.
 */
void kvm_ioctl_trap_unmodelled(const u8 *numbers, size_t nr, unsigned int ioctl)
{
	size_t i;

	if (_IOC_TYPE(ioctl) != KVMIO)
		return;

	for (i = 0; i < nr; i++)
		if (numbers[i] == _IOC_NR(ioctl))
			sim_host->stop(HOST_STOP_LIMIT, __FILE__, __LINE__,
				       "a KVM ioctl that is not modelled");
}

/**
 * kvm_vm_ioctl_check_extension_generic() - KVM_CHECK_EXTENSION.
 * @kvm: a VM, or NULL for /dev/kvm
 *
 * Return: what Linux 7.3 returns for a capability that the model has, 0 for others.
 */
int kvm_vm_ioctl_check_extension_generic(struct kvm *kvm, long arg)
{
	switch (arg) {
	case KVM_CAP_SYNC_MMU:
	case KVM_CAP_USER_MEMORY:
	case KVM_CAP_USER_MEMORY2:
	case KVM_CAP_DESTROY_MEMORY_REGION_WORKS:
	case KVM_CAP_JOIN_MEMORY_REGIONS_WORKS:
	case KVM_CAP_CHECK_EXTENSION_VM:
	case KVM_CAP_MEMORY_FAULT_INFO:
	case KVM_CAP_GUEST_MEMFD:
		return 1;
	case KVM_CAP_READONLY_MEM:
		return kvm ? kvm_arch_has_readonly_mem(kvm) : 1;
	case KVM_CAP_MULTI_ADDRESS_SPACE:
		return kvm ? kvm_arch_nr_memslot_as_ids(kvm) : KVM_MAX_NR_ADDRESS_SPACES;
	case KVM_CAP_NR_MEMSLOTS:
		return KVM_USER_MEM_SLOTS;
	case KVM_CAP_MAX_VCPUS:
		return kvm ? kvm->max_vcpus : KVM_MAX_VCPUS;
	case KVM_CAP_MAX_VCPU_ID:
		return KVM_MAX_VCPU_IDS;
	case KVM_CAP_MEMORY_ATTRIBUTES:
		return kvm_supported_mem_attributes(kvm);
	case KVM_CAP_GUEST_MEMFD_FLAGS:
		return kvm_gmem_get_supported_flags(kvm);
	case KVM_CAP_VM_TYPES:
		return BIT(KVM_X86_DEFAULT_VM) | BIT(KVM_X86_SW_PROTECTED_VM);
	default:
		return 0;
	}
}

static int kvm_dev_ioctl_create_vm(unsigned long type)
{
	struct file *file;
	char fdname[16];
	int fd;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;

	snprintf(fdname, sizeof(fdname), "%d", fd);
	file = kvm_create_vm_file(type, fdname);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}

	fd_install(fd, file);
	return fd;
}

/* What x86 answers on /dev/kvm and the model does not. */
static const u8 kvm_dev_unmodelled[] = {
	0x02, 0x05, 0x09, 0x0a, 0x88, 0x9d, 0xc1, 0xe1, 0xe2, 0xe3,
};

static long kvm_dev_ioctl(struct file *filp, unsigned int ioctl, unsigned long arg)
{
	switch (ioctl) {
	case KVM_GET_API_VERSION:
		return arg ? -EINVAL : KVM_API_VERSION;
	case KVM_CREATE_VM:
		return kvm_dev_ioctl_create_vm(arg);
	case KVM_CHECK_EXTENSION:
		return kvm_vm_ioctl_check_extension_generic(NULL, arg);
	case KVM_GET_VCPU_MMAP_SIZE:
		/* struct kvm_run, x86's port I/O data, coalesced MMIO. */
		return arg ? -EINVAL : 3 * PAGE_SIZE;
	default:
		kvm_ioctl_trap_unmodelled(kvm_dev_unmodelled, ARRAY_SIZE(kvm_dev_unmodelled),
					  ioctl);
		return -EINVAL;
	}
}

static struct file_operations kvm_chardev_ops = {
	.unlocked_ioctl	= kvm_dev_ioctl,
	.llseek		= noop_llseek,
};

static struct miscdevice kvm_dev = {
	.minor	= KVM_MINOR,
	.name	= "kvm",
	.fops	= &kvm_chardev_ops,
};

/**
 * kvm_init() - set up KVM and, as the very last thing, offer it.
 * @vcpu_size:  size of a vCPU with what the architecture adds
 * @vcpu_align: its alignment, 0 for that of struct kvm_vcpu
 * @module:     pinned by each open file of KVM
 *
 * Return: 0 or a negative errno, with nothing left behind.
 */
int kvm_init(unsigned int vcpu_size, unsigned int vcpu_align, struct module *module)
{
	int r;

	r = kvm_vcpu_cache_create(vcpu_size, vcpu_align, module);
	if (r)
		return r;

	kvm_chardev_ops.owner = module;
	kvm_vm_set_owner(module);

	r = kvm_gmem_init(module);
	if (r)
		goto err_gmem;

	r = kvm_luo_init();
	if (r)
		goto err_luo;

	r = kvm_gmem_luo_init();
	if (r)
		goto err_gmem_luo;

	r = misc_register(&kvm_dev);
	if (r) {
		pr_err("kvm: misc device register failed\n");
		goto err_register;
	}

	return 0;

err_register:
	kvm_gmem_luo_exit();
err_gmem_luo:
	kvm_luo_exit();
err_luo:
	kvm_gmem_exit();
err_gmem:
	kvm_vcpu_cache_destroy();
	return r;
}

/** kvm_exit() - undo kvm_init(); no file of KVM is open any more. */
void kvm_exit(void)
{
	misc_deregister(&kvm_dev);
	kvm_gmem_luo_exit();
	kvm_luo_exit();
	kvm_gmem_exit();
	kvm_vcpu_cache_destroy();
}

static int __init kvm_module_init(void)
{
	return kvm_init(sizeof(struct kvm_vcpu), 0, THIS_MODULE);
}
module_init(kvm_module_init);
module_exit(kvm_exit);

/** kvm_census() - what of KVM exists. Takes no locks: no task runs. */
void kvm_census(void (*item)(void *ctx, const char *name, host_u64 value,
			     enum host_census rule), void *ctx)
{
	u64 nr_vms = 0, nr_vcpus = 0, nr_slots = 0;
	struct kvm_memory_slot *slot;
	struct kvm *kvm;
	int i;

	list_for_each_entry(kvm, &vm_list, vm_list) {
		nr_vms++;
		nr_vcpus += kvm->created_vcpus;
		for (i = 0; i < KVM_MAX_NR_ADDRESS_SPACES; i++) {
			struct kvm_memslots *slots = &kvm->__memslots[i][0];

			kvm_for_each_memslot(slot, slots)
				nr_slots++;
		}
	}

	item(ctx, "VMs", nr_vms, HOST_CENSUS_ZERO);
	item(ctx, "vCPUs", nr_vcpus, HOST_CENSUS_ZERO);
	item(ctx, "memory slots", nr_slots, HOST_CENSUS_ZERO);
	kvm_gmem_census(item, ctx);
}
