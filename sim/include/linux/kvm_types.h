/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __KVM_TYPES_H__
#define __KVM_TYPES_H__

/* Simulated: KVM's address types, as include/linux/kvm_types.h of Linux 7.3 has them. */

#include <linux/types.h>

struct kvm;
struct kvm_gfn_range;
struct kvm_memory_slot;
struct kvm_memslots;
struct kvm_run;
struct kvm_vcpu;

enum kvm_mr_change;

/* g: guest's, h: host's; v: virtual, p: physical; a: address, f: frame number */
typedef unsigned long gva_t;
typedef u64 gpa_t;
typedef u64 gfn_t;
typedef unsigned long hva_t;
typedef u64 hpa_t;
typedef u64 hfn_t;
typedef hfn_t kvm_pfn_t;

#define INVALID_GPA	(~(gpa_t)0)

/* The model's KVM is one module: its parts need no exports among each other. */
#define EXPORT_SYMBOL_FOR_KVM_INTERNAL(symbol)

#endif /* __KVM_TYPES_H__ */
