/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_KVM_H
#define __LINUX_KVM_H

/* Simulated: the user interface of KVM, for kernel code. */

#include <uapi/linux/kvm.h>

#endif /* __LINUX_KVM_H */
