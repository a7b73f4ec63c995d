/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PURGATORY_H
#define _LINUX_PURGATORY_H

/*
 * Stub: the machine jumps from kernel to kernel without a purgatory. There for
 * kernel/kexec_internal.h, which includes it.
 */

#include <crypto/sha2.h>
#include <linux/types.h>

#endif /* _LINUX_PURGATORY_H */
