// SPDX-License-Identifier: GPL-2.0
/* Verbs: virtual machines, their memory and their CPUs. */

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "thread.h"
#include "uapi.h"
#include "verb.h"

G_STATIC_ASSERT(sizeof(struct kvm_userspace_memory_region2) == 160);
G_STATIC_ASSERT(sizeof(struct kvm_create_guest_memfd) == 64);
G_STATIC_ASSERT(sizeof(struct kvm_memory_attributes) == 32);
G_STATIC_ASSERT(sizeof(struct kvm_memory_attributes2) == 128);

void scn_do_create_vm(struct scn_thread *t)
{
	static const char path[] = "/dev/kvm";
	uint64_t address;
	long kvm, vm;

	memcpy(scn_user(t, sizeof(path), &address), path, sizeof(path));
	kvm = scn_syscall(t, HOST_NR_OPEN, address, HOST_O_RDWR);
	if (!scn_return(t, kvm))
		return;
	vm = scn_syscall(t, HOST_NR_IOCTL, kvm, KVM_CREATE_VM,
			 scn_number(t, "type", KVM_X86_DEFAULT_VM));
	scn_syscall(t, HOST_NR_CLOSE, kvm);
	scn_return_fd(t, vm);
}

void scn_do_create_gmem(struct scn_thread *t)
{
	struct kvm_create_guest_memfd *arg;
	uint64_t size = scn_number(t, "pages", 1) << SCN_PAGE_SHIFT;
	uint64_t address;

	arg = scn_user(t, sizeof(*arg), &address);
	arg->size = scn_number(t, "size", size);
	arg->flags = scn_number(t, "flags", 0);
	scn_return_fd(t, scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "VM"), KVM_CREATE_GUEST_MEMFD,
				     address));
}

void scn_do_create_vcpu(struct scn_thread *t)
{
	scn_return_fd(t, scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "VM"), KVM_CREATE_VCPU,
				     scn_number(t, "id", 0)));
}

void scn_do_set_memory_region(struct scn_thread *t)
{
	struct kvm_userspace_memory_region2 *arg;
	uint64_t address;

	arg = scn_user(t, sizeof(*arg), &address);
	arg->slot = (uint32_t)scn_number(t, "slot", 0);
	arg->flags = KVM_MEM_GUEST_MEMFD;
	arg->guest_phys_addr = scn_number(t, "gpa", 0);
	arg->memory_size = scn_number(t, "pages", 0) << SCN_PAGE_SHIFT;
	arg->guest_memfd = (uint32_t)scn_fd(t, "GMEM");
	arg->guest_memfd_offset = scn_number(t, "offset", 0) << SCN_PAGE_SHIFT;
	scn_return(t, scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "VM"),
				  KVM_SET_USER_MEMORY_REGION2, address));
}

void scn_do_delete_memory_region(struct scn_thread *t)
{
	struct kvm_userspace_memory_region2 *arg;
	uint64_t address;

	arg = scn_user(t, sizeof(*arg), &address);
	arg->slot = (uint32_t)scn_number(t, "slot", 0);
	scn_return(t, scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "VM"),
				  KVM_SET_USER_MEMORY_REGION2, address));
}

void scn_do_set_memory_attributes(struct scn_thread *t)
{
	struct kvm_memory_attributes *arg;
	uint64_t address;

	arg = scn_user(t, sizeof(*arg), &address);
	arg->address = scn_number(t, "gpa", 0);
	arg->size = scn_number(t, "pages", 0) << SCN_PAGE_SHIFT;
	arg->attributes = scn_number(t, "ATTRIBUTE", 0);
	scn_return(t, scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "VM"), KVM_SET_MEMORY_ATTRIBUTES,
				  address));
}

void scn_do_convert(struct scn_thread *t)
{
	struct kvm_memory_attributes2 *arg;
	uint64_t address;

	arg = scn_user(t, sizeof(*arg), &address);
	arg->offset = scn_number(t, "page", 0) << SCN_PAGE_SHIFT;
	arg->size = scn_number(t, "pages", 0) << SCN_PAGE_SHIFT;
	arg->attributes = scn_number(t, "ATTRIBUTE", 0);
	if (!scn_return(t, scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "GMEM"),
				       KVM_SET_MEMORY_ATTRIBUTES2, address)) &&
	    t->result.number == EAGAIN)
		scn_note(t, "page %" PRIu64 " is in use", arg->error_offset >> SCN_PAGE_SHIFT);
}

/* An access by the guest; true if it was done, else the result says why not. */
static bool vcpu_access(struct scn_thread *t, size_t len, bool write)
{
	enum scn_vcpu_exit exit = SCN_VCPU_DONE;
	int ret = t->target->vcpu_access(t->target->ctx, scn_fd(t, "VCPU"),
					 scn_number(t, "GPA", 0), scn_page(t, len), len, write,
					 &exit);

	if (!scn_return(t, ret)) {
		if (exit == SCN_VCPU_MEMORY_FAULT)
			scn_note(t, "KVM_EXIT_MEMORY_FAULT");
		return false;
	}
	if (exit == SCN_VCPU_MMIO)
		t->result.type = SCN_OUTCOME_MMIO;
	return exit == SCN_VCPU_DONE;
}

void scn_do_vcpu_write(struct scn_thread *t)
{
	const struct scn_value *text = scn_value(t, "TEXT");

	memcpy(scn_page(t, text->len), text->text, text->len);
	vcpu_access(t, text->len, true);
}

void scn_do_vcpu_read(struct scn_thread *t)
{
	size_t len = SCN_PAGE_SIZE - scn_number(t, "GPA", 0) % SCN_PAGE_SIZE;

	if (vcpu_access(t, len, false))
		scn_compare(t, len);
}

void scn_do_bug_vm(struct scn_thread *t)
{
	scn_return(t, scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "VM"), KVM_SIM_BUG,
				  scn_number(t, "HOW", KVM_SIM_BUG_BUGGED)));
}
