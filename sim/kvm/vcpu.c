// SPDX-License-Identifier: GPL-2.0

/*
 * vCPUs. Creation and destruction after virt/kvm/kvm_main.c of Linux 7.3. There is no
 * guest code: sim_vcpu_access() stands for KVM_RUN with a guest that does one load or
 * store, and follows kvm_vcpu_ioctl() and vcpu_run() around it.
 */

#include <linux/anon_inodes.h>
#include <linux/errno.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "kvm_internal.h"

static struct kmem_cache *kvm_vcpu_cache;

/* What x86 answers on a vCPU and the model does not; for KVM_RUN see sim_vcpu_access(). */
static const u8 kvm_vcpu_unmodelled[] = {
	0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x88, 0x89, 0x8a, 0x8b, 0x8c, 0x8d, 0x8e,
	0x8f, 0x90, 0x91, 0x92, 0x93, 0x98, 0x99, 0x9a, 0x9b, 0x9c, 0x9e, 0x9f, 0xa0, 0xa1,
	0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xab, 0xac, 0xad, 0xb0, 0xb7, 0xba, 0xbe, 0xbf,
	0xc1, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf, 0xd5,
};

/* A vCPU can be found through its file before its creation has finished. */
static int kvm_wait_for_vcpu_online(struct kvm_vcpu *vcpu)
{
	struct kvm *kvm = vcpu->kvm;

	if (vcpu->vcpu_idx < atomic_read(&kvm->online_vcpus))
		return 0;

	if (mutex_lock_killable(&vcpu->mutex))
		return -EINTR;
	mutex_unlock(&vcpu->mutex);

	return WARN_ON_ONCE(!kvm_get_vcpu(kvm, vcpu->vcpu_idx)) ? -EIO : 0;
}

/* Returns 0 with the vCPU locked. */
static int kvm_vcpu_enter_ioctl(struct kvm_vcpu *vcpu)
{
	int r;

	if (vcpu->kvm->mm != current->mm || READ_ONCE(vcpu->kvm->vm_dead))
		return -EIO;

	r = kvm_wait_for_vcpu_online(vcpu);
	if (r)
		return r;

	return mutex_lock_killable(&vcpu->mutex) ? -EINTR : 0;
}

static long kvm_vcpu_ioctl(struct file *filp, unsigned int ioctl, unsigned long arg)
{
	struct kvm_vcpu *vcpu = filp->private_data;
	int r;

	if (vcpu->kvm->mm != current->mm || READ_ONCE(vcpu->kvm->vm_dead))
		return -EIO;

	if (_IOC_TYPE(ioctl) != KVMIO)
		return -EINVAL;

	r = kvm_vcpu_enter_ioctl(vcpu);
	if (r)
		return r;
	mutex_unlock(&vcpu->mutex);

	if (ioctl == KVM_RUN && arg)
		return -EINVAL;
	kvm_ioctl_trap_unmodelled(kvm_vcpu_unmodelled, ARRAY_SIZE(kvm_vcpu_unmodelled), ioctl);
	return -EINVAL;
}

static int kvm_vcpu_mmap(struct file *file, struct vm_area_struct *vma)
{
	sim_host->stop(HOST_STOP_LIMIT, __FILE__, __LINE__, "mmap() of a vCPU is not modelled");
	return -ENODEV;
}

/* The file pins the VM and no more: the vCPU goes with the VM. */
static int kvm_vcpu_release(struct inode *inode, struct file *filp)
{
	const struct kvm_vcpu *vcpu = filp->private_data;

	kvm_put_kvm(vcpu->kvm);
	return 0;
}

static struct file_operations kvm_vcpu_fops = {
	.unlocked_ioctl	= kvm_vcpu_ioctl,
	.mmap		= kvm_vcpu_mmap,
	.llseek		= noop_llseek,
	.release	= kvm_vcpu_release,
};

int kvm_vcpu_cache_create(unsigned int size, unsigned int align, struct module *module)
{
	kvm_vcpu_cache = kmem_cache_create("kvm_vcpu", size, align ?: __alignof__(struct kvm_vcpu),
					   SLAB_ACCOUNT, NULL);
	if (!kvm_vcpu_cache)
		return -ENOMEM;

	kvm_vcpu_fops.owner = module;
	return 0;
}

void kvm_vcpu_cache_destroy(void)
{
	kmem_cache_destroy(kvm_vcpu_cache);
}

static void kvm_vcpu_destroy(struct kvm_vcpu *vcpu)
{
	kvm_mmu_free_memory_cache(&vcpu->arch.mmu_shadow_page_cache);
	free_page((unsigned long)vcpu->run);
	kmem_cache_free(kvm_vcpu_cache, vcpu);
}

/** kvm_destroy_vcpus() - free the vCPUs of a VM that nobody uses any more. */
void kvm_destroy_vcpus(struct kvm *kvm)
{
	int i, nr = atomic_read(&kvm->online_vcpus);

	for (i = 0; i < nr; i++) {
		kvm_vcpu_destroy(xa_load(&kvm->vcpu_array, i));
		xa_erase(&kvm->vcpu_array, i);
	}

	atomic_set(&kvm->online_vcpus, 0);
}

/** kvm_get_vcpu_by_id() - the vCPU that user space calls @id, or NULL. */
struct kvm_vcpu *kvm_get_vcpu_by_id(struct kvm *kvm, int id)
{
	int i, nr = atomic_read(&kvm->online_vcpus);

	for (i = 0; i < nr; i++) {
		struct kvm_vcpu *vcpu = kvm_get_vcpu(kvm, i);

		if (vcpu && vcpu->vcpu_id == id)
			return vcpu;
	}

	return NULL;
}

static struct kvm_vcpu *kvm_vcpu_alloc(struct kvm *kvm, int id)
{
	struct kvm_vcpu *vcpu = kmem_cache_zalloc(kvm_vcpu_cache, GFP_KERNEL_ACCOUNT);

	if (!vcpu)
		return NULL;

	vcpu->run = (struct kvm_run *)__get_free_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);
	if (!vcpu->run) {
		kmem_cache_free(kvm_vcpu_cache, vcpu);
		return NULL;
	}

	mutex_init(&vcpu->mutex);
	vcpu->kvm = kvm;
	vcpu->vcpu_id = id;
	vcpu->vcpu_idx = -1;
	return vcpu;
}

static int create_vcpu_fd(struct kvm_vcpu *vcpu)
{
	char name[24];

	snprintf(name, sizeof(name), "kvm-vcpu:%d", vcpu->vcpu_id);
	return anon_inode_getfd(name, &kvm_vcpu_fops, vcpu, O_RDWR | O_CLOEXEC);
}

/* Puts the vCPU behind those of the VM that there are. */
static int kvm_vcpu_enlist(struct kvm *kvm, struct kvm_vcpu *vcpu)
{
	int idx = atomic_read(&kvm->online_vcpus);
	int r;

	/* Whoever finds it in the array may look at that. */
	vcpu->vcpu_idx = idx;
	r = xa_insert(&kvm->vcpu_array, idx, vcpu, GFP_KERNEL_ACCOUNT);
	WARN_ON_ONCE(r == -EBUSY);
	return r;
}

/* The descriptor of an enlisted vCPU; its file has taken over a reference to the VM. */
static int kvm_vcpu_go_online(struct kvm *kvm, struct kvm_vcpu *vcpu)
{
	int fd;

	guard(mutex)(&vcpu->mutex);

	kvm_get_kvm(kvm);
	fd = create_vcpu_fd(vcpu);
	if (fd >= 0)
		atomic_inc(&kvm->online_vcpus);
	return fd;
}

/* Makes the vCPU reachable; its mutex keeps user space off until that is done. */
static int kvm_vcpu_publish(struct kvm *kvm, struct kvm_vcpu *vcpu)
{
	int r = kvm_vcpu_enlist(kvm, vcpu);

	if (r)
		return r;

	r = kvm_vcpu_go_online(kvm, vcpu);
	if (r < 0) {
		kvm_put_kvm_no_destroy(kvm);
		xa_erase(&kvm->vcpu_array, vcpu->vcpu_idx);
	}
	return r;
}

/**
 * kvm_vm_ioctl_create_vcpu() - KVM_CREATE_VCPU.
 *
 * Return: a descriptor; -EINVAL for an id out of range or too many vCPUs; -EEXIST;
 * -ENOMEM; -EMFILE.
 */
int kvm_vm_ioctl_create_vcpu(struct kvm *kvm, unsigned long id)
{
	struct kvm_vcpu *vcpu;
	int r;

	guard(mutex)(&kvm->lock);

	if (id >= KVM_MAX_VCPU_IDS || kvm->created_vcpus >= kvm->max_vcpus)
		return -EINVAL;

	if (kvm_get_vcpu_by_id(kvm, id))
		return -EEXIST;

	vcpu = kvm_vcpu_alloc(kvm, id);
	if (!vcpu)
		return -ENOMEM;

	kvm->created_vcpus++;
	r = kvm_vcpu_publish(kvm, vcpu);
	if (r < 0) {
		kvm->created_vcpus--;
		kvm_vcpu_destroy(vcpu);
	}

	return r;
}

/*
 * The access itself, if the stage-2 table has the page. It is the CPU that does this, and none of
 * it is kernel code that could take part in a data race. Once the page can't be used any more
 * through the entry, it isn't: what was found before that was found in vain.
 */
static __attribute__((no_sanitize_thread))
bool kvm_guest_try_access(struct kvm *kvm, gpa_t gpa, void *buf, size_t len, bool write)
{
	gfn_t gfn = gpa >> PAGE_SHIFT;
	struct page *page;
	u64 *sptep;
	void *addr;

	page = kvm_stage2_translate(kvm, gfn, &sptep);
	if (!page)
		return false;

	sim_point(write ? HOST_OP_WRITE : HOST_OP_READ, page_address(page));
	if (!kvm_stage2_usable(sptep, page))
		return false;

	/* Not page_count(): that is a scheduling point. */
	sim_check(page->_refcount.counter > 0, "guest access to a page that has been freed");

	addr = page_address(page) + offset_in_page(gpa);
	sim_races_exempt(1);
	if (write)
		memcpy(addr, buf, len);
	else
		memcpy(buf, addr, len);
	sim_races_exempt(-1);
	return true;
}

/* Memory of the process is not mapped in stage 2: each access goes where it leads now. */
static int kvm_guest_host_access(struct kvm_memory_slot *slot, gpa_t gpa, void *buf, size_t len,
				 bool write)
{
	unsigned long hva = slot->userspace_addr + (gpa - (slot->base_gfn << PAGE_SHIFT));
	unsigned long left;

	if (write)
		left = copy_to_user((void __user *)hva, buf, len);
	else
		left = copy_from_user(buf, (void __user *)hva, len);

	return left ? -EFAULT : 0;
}

static void kvm_prepare_mmio_exit(struct kvm_vcpu *vcpu, gpa_t gpa, void *buf, size_t len,
				  bool write)
{
	struct kvm_run *run = vcpu->run;

	run->exit_reason = KVM_EXIT_MMIO;
	run->mmio.phys_addr = gpa;
	run->mmio.len = min(len, sizeof(run->mmio.data));
	run->mmio.is_write = write;
	if (write)
		memcpy(run->mmio.data, buf, run->mmio.len);
}

/*
 * One attempt at an access inside one page. Returns 1 if it is to be tried again at once,
 * RET_AGAIN_LATER if something else has to happen before, see kvm_mmu_wait_event(); 0 if KVM_RUN
 * is over, or -errno.
 */
#define RET_AGAIN_LATER	2

static int vcpu_enter_guest(struct kvm_vcpu *vcpu, gpa_t gpa, void *buf, size_t len, bool write)
{
	struct kvm_page_fault fault = { .gfn = gpa >> PAGE_SHIFT, .write = write };
	int r;

	if (READ_ONCE(vcpu->kvm->vm_dead))
		return -EIO;

	if (kvm_guest_try_access(vcpu->kvm, gpa, buf, len, write))
		return 0;

	kvm_mmu_expect_event(vcpu->kvm);
	r = kvm_mmu_do_page_fault(vcpu, &fault);
	switch (r) {
	case RET_PF_FIXED:
	case RET_PF_SPURIOUS:
		return 1;
	case RET_PF_RETRY:
		return RET_AGAIN_LATER;
	case RET_PF_EMULATE:
		kvm_prepare_mmio_exit(vcpu, gpa, buf, len, write);
		return 0;
	case RET_PF_HOST:
		return kvm_guest_host_access(fault.slot, gpa, buf, len, write);
	default:
		return r;
	}
}

static int vcpu_run(struct kvm_vcpu *vcpu, gpa_t gpa, void *buf, size_t len, bool write)
{
	int r;

	do {
		kvm_vcpu_srcu_read_lock(vcpu);
		r = vcpu_enter_guest(vcpu, gpa, buf, len, write);
		kvm_vcpu_srcu_read_unlock(vcpu);

		if (r == RET_AGAIN_LATER && kvm_mmu_wait_event(vcpu->kvm)) {
			vcpu->run->exit_reason = KVM_EXIT_INTR;
			return -EINTR;
		}
	} while (r > 0);

	return r;
}

/* An access that crosses pages is one for each of them. */
static int vcpu_access(struct kvm_vcpu *vcpu, gpa_t gpa, void *buf, size_t len, bool write)
{
	int r = 0;

	vcpu->run->exit_reason = KVM_EXIT_UNKNOWN;
	vcpu->run->flags = 0;

	while (!r && len && vcpu->run->exit_reason == KVM_EXIT_UNKNOWN) {
		size_t part = min(len, PAGE_SIZE - offset_in_page(gpa));

		r = vcpu_run(vcpu, gpa, buf, part, write);
		gpa += part;
		buf += part;
		len -= part;
	}

	return r;
}

static enum host_vcpu_exit vcpu_exit(u32 exit_reason)
{
	switch (exit_reason) {
	case KVM_EXIT_MMIO:
		return HOST_VCPU_MMIO;
	case KVM_EXIT_MEMORY_FAULT:
		return HOST_VCPU_MEMORY_FAULT;
	default:
		return HOST_VCPU_DONE;
	}
}

/**
 * sim_vcpu_access() - KVM_RUN with a guest that does one load or store.
 * @fd:    a vCPU's descriptor
 * @gpa:   guest physical address
 * @buf:   @len bytes, what to store or where the load goes
 * @write: a store
 * @exit:  how KVM_RUN ended: kvm_run.exit_reason, where HOST_VCPU_DONE means that the
 *         guest ran on if the result is 0, and that nothing was said if it is an error
 *
 * The return to user space is the caller's to do.
 *
 * Return: what KVM_RUN returns: 0; -EBADF; -ENOTTY if it isn't a vCPU; -EIO if the VM is
 * dead or another process's; -EINTR; -ENOMEM; -EFAULT if memory of the process can't be
 * accessed; with HOST_VCPU_MEMORY_FAULT -EFAULT or what kvm_gmem_get_pfn() returned.
 */
int sim_vcpu_access(int fd, host_u64 gpa, void *buf, host_size len, int write,
		    enum host_vcpu_exit *exit)
{
	struct kvm_vcpu *vcpu;
	int r;

	*exit = HOST_VCPU_DONE;

	CLASS(fd, f)(fd);
	if (fd_empty(f))
		return -EBADF;
	if (fd_file(f)->f_op != &kvm_vcpu_fops)
		return -ENOTTY;

	vcpu = fd_file(f)->private_data;
	r = kvm_vcpu_enter_ioctl(vcpu);
	if (r)
		return r;

	r = vcpu_access(vcpu, gpa, buf, len, write);
	*exit = vcpu_exit(vcpu->run->exit_reason);
	mutex_unlock(&vcpu->mutex);
	return r;
}
