/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KHO_ABI_KVM_H
#define _LINUX_KHO_ABI_KVM_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/kho/abi/kexec_handover.h>
#include <linux/types.h>

/**
 * DOC: KVM and guest_memfd Live Update ABI
 *
 * What one kernel writes and another one reads: the state of a VM and of its
 * guest_memfds, in memory that KHO preserves. Only physical addresses and plain
 * integers cross.
 *
 * Whoever changes the layout or the meaning of a structure gives the
 * compatible string of its handler a new version; a kernel that does not know
 * the string refuses the file before it looks at any field.
 */

/* Identifies &struct kvm_luo_ser */
#define KVM_LUO_FH_COMPATIBLE		"kvm_vm_luo_v1"

/**
 * struct kvm_luo_ser - a VM.
 * @type: what KVM_CREATE_VM was given
 */
struct kvm_luo_ser {
	u64 type;
} __packed;

static_assert(sizeof(struct kvm_luo_ser) == 8);

/* Identifies &struct guest_memfd_luo_ser */
#define GUEST_MEMFD_LUO_FH_COMPATIBLE	"guest_memfd_luo_v1"

/* The contents of the folio are valid, not yet to be zeroed on first use */
#define GUEST_MEMFD_LUO_FOLIO_UPTODATE	BIT(0)

/**
 * struct guest_memfd_luo_folio_ser - a folio of a guest_memfd.
 * @pfn:   page frame number, never 0
 * @flags: GUEST_MEMFD_LUO_FOLIO_*
 * @index: page offset in the file
 */
struct guest_memfd_luo_folio_ser {
	u64 pfn:52;
	u64 flags:12;
	u64 index;
} __packed;

static_assert(sizeof(struct guest_memfd_luo_folio_ser) == 16);

/*
 * GUEST_MEMFD_FLAG_MMAP and GUEST_MEMFD_FLAG_INIT_SHARED of the uAPI. What is
 * preserved is all shared, so the latter is set however the file was created.
 */
#define GUEST_MEMFD_LUO_FLAG_MMAP		BIT(0)
#define GUEST_MEMFD_LUO_FLAG_INIT_SHARED	BIT(1)

/**
 * struct guest_memfd_luo_ser - a guest_memfd.
 * @size:      bytes, a non-zero multiple of PAGE_SIZE
 * @flags:     GUEST_MEMFD_LUO_FLAG_*
 * @nr_folios: number of entries in @folios
 * @vm_token:  token of the VM's file in the same session
 * @folios:    array of &struct guest_memfd_luo_folio_ser with ascending index;
 *             all zero if @nr_folios is 0
 */
struct guest_memfd_luo_ser {
	u64 size;
	u64 flags;
	u64 nr_folios;
	u64 vm_token;
	struct kho_vmalloc folios;
} __packed;

static_assert(sizeof(struct guest_memfd_luo_ser) == 48);

#endif /* _LINUX_KHO_ABI_KVM_H */
