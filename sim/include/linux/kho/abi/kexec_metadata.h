/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KHO_ABI_KEXEC_METADATA_H
#define _LINUX_KHO_ABI_KEXEC_METADATA_H

/* Simulated: the subnode that tells the next kernel from which one it came, as in 7.3. */

#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <linux/utsname.h>

#define KHO_KEXEC_METADATA_VERSION	1
#define KHO_METADATA_NODE_NAME		"kexec-metadata"

/**
 * struct kho_kexec_metadata - who executed the kexec.
 * @version:          KHO_KEXEC_METADATA_VERSION
 * @previous_release: its release
 * @kexec_count:      number of kexecs since the last cold boot
 */
struct kho_kexec_metadata {
	u32 version;
	char previous_release[__NEW_UTS_LEN + 1];
	u32 kexec_count;
} __packed;

static_assert(sizeof(struct kho_kexec_metadata) == 73);
static_assert(offsetof(struct kho_kexec_metadata, previous_release) == 4);
static_assert(offsetof(struct kho_kexec_metadata, kexec_count) == 69);

#endif /* _LINUX_KHO_ABI_KEXEC_METADATA_H */
