/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KEXEC_H
#define _LINUX_KEXEC_H

/*
 * Simulated: jumping into the next kernel (include/linux/kexec.h, kernel/kexec_core.c).
 *
 * Kernel promises: kexec_file_load() loads one image; kernel_kexec() runs it, after
 *	asking the Live Update Orchestrator, and only returns if something refuses.
 * Modelled: whether an image is loaded and of which kind, the mutual exclusion of load
 *	and execution, the jump (by the machine).
 * Left out: the image's segments and their checks, crash kernels, device shutdown,
 *	notifiers and the freezing of other CPUs' tasks: other tasks end at the jump.
 * Scheduling points: kexec_trylock().
 */

#include <linux/types.h>

#define KEXEC_FILE_UNLOAD	0x00000001
#define KEXEC_FILE_ON_CRASH	0x00000002
#define KEXEC_FILE_NO_INITRAMFS	0x00000004
#define KEXEC_FILE_DEBUG	0x00000008
#define KEXEC_FILE_NO_CMA	0x00000010
#define KEXEC_FILE_FORCE_DTB	0x00000020
#define KEXEC_FILE_FLAGS	(KEXEC_FILE_UNLOAD | KEXEC_FILE_ON_CRASH |	\
				 KEXEC_FILE_NO_INITRAMFS | KEXEC_FILE_DEBUG |	\
				 KEXEC_FILE_NO_CMA | KEXEC_FILE_FORCE_DTB)

/** struct kimage - the loaded image, as far as the next kernel gets to know. */
struct kimage {
	bool preserve_context;
	struct {
		phys_addr_t fdt;
		u64 fdt_len;
		phys_addr_t scratch;
		u64 scratch_len;
	} kho;
};

extern struct kimage *kexec_image;

int kernel_kexec(void);
long kexec_file_load(int kernel_fd, unsigned long flags);

#endif /* _LINUX_KEXEC_H */
