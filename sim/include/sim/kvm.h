/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_KVM_H
#define _SIM_KVM_H

/* Simulated: what the machine and the tests use of KVM besides its system calls. */

#include <host/host.h>

struct kvm;

int sim_vcpu_access(int fd, host_u64 gpa, void *buf, host_size len, int write,
		    enum host_vcpu_exit *exit);

void kvm_sim_bug(struct kvm *kvm);

void kvm_census(void (*item)(void *ctx, const char *name, host_u64 value,
			     enum host_census rule), void *ctx);

#endif /* _SIM_KVM_H */
