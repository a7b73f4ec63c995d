/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __KVM_MM_H__
#define __KVM_MM_H__

/*
 * Simulated: what KVM's own files share, as virt/kvm/kvm_mm.h of Linux 7.3 with what
 * preservation over a kexec adds.
 */

#include <linux/kvm.h>
#include <linux/kvm_types.h>

struct file;

/* The x86 flavour: an rwlock. Common code zaps, so it always takes it for writing. */
#define KVM_MMU_LOCK_INIT(kvm)		rwlock_init(&(kvm)->mmu_lock)
#define KVM_MMU_LOCK(kvm)		write_lock(&(kvm)->mmu_lock)
#define KVM_MMU_UNLOCK(kvm)		write_unlock(&(kvm)->mmu_lock)

struct file *kvm_create_vm_file(unsigned long type, const char *fdname);

int kvm_luo_init(void);
void kvm_luo_exit(void);

#endif /* __KVM_MM_H__ */
