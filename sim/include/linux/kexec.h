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

#include <linux/atomic.h>
#include <linux/ioport.h>
#include <linux/types.h>

struct page;

#define KEXEC_FILE_UNLOAD	0x00000001
#define KEXEC_FILE_ON_CRASH	0x00000002
#define KEXEC_FILE_NO_INITRAMFS	0x00000004
#define KEXEC_FILE_DEBUG	0x00000008
#define KEXEC_FILE_NO_CMA	0x00000010
#define KEXEC_FILE_FORCE_DTB	0x00000020
#define KEXEC_FILE_FLAGS	(KEXEC_FILE_UNLOAD | KEXEC_FILE_ON_CRASH |	\
				 KEXEC_FILE_NO_INITRAMFS | KEXEC_FILE_DEBUG |	\
				 KEXEC_FILE_NO_CMA | KEXEC_FILE_FORCE_DTB)

#define KEXEC_SEGMENT_MAX	16

/**
 * struct kexec_segment - a piece of what the next kernel finds in memory.
 * @kbuf:  its contents (@buf: of kexec_load())
 * @bufsz: their size, bytes
 * @mem:   physical address it is copied to
 * @memsz: bytes there, @bufsz at least
 */
struct kexec_segment {
	union {
		void __user *buf;
		void *kbuf;
	};
	size_t bufsz;
	unsigned long mem;
	size_t memsz;
};

#define KEXEC_TYPE_DEFAULT	0
#define KEXEC_TYPE_CRASH	1

#define KEXEC_ON_CRASH		0x00000001
#define KEXEC_PRESERVE_CONTEXT	0x00000002
#define KEXEC_UPDATE_ELFCOREHDR	0x00000004
#define KEXEC_CRASH_HOTPLUG_SUPPORT 0x00000008
#define KEXEC_FLAGS		(KEXEC_ON_CRASH | KEXEC_PRESERVE_CONTEXT |	\
				 KEXEC_UPDATE_ELFCOREHDR | KEXEC_CRASH_HOTPLUG_SUPPORT)
#define KEXEC_ARCH_MASK		0xffff0000

/** struct kimage - the loaded image: only what it hands over are segments here. */
struct kimage {
	unsigned long nr_segments;
	struct kexec_segment segment[KEXEC_SEGMENT_MAX];
	unsigned int type : 1;
	unsigned int preserve_context : 1;
	struct {
		phys_addr_t fdt;
		struct kexec_segment *scratch;
	} kho;
};

#define KEXEC_BUF_MEM_UNKNOWN	0

/**
 * struct kexec_buf - where a segment is to go, for kexec_add_buffer(): declared for the
 * kernel's own kexec_handover.c, and not there.
 */
struct kexec_buf {
	struct kimage *image;
	void *buffer;
	unsigned long bufsz;
	unsigned long mem;
	unsigned long memsz;
	unsigned long buf_align;
	unsigned long buf_min;
	unsigned long buf_max;
	struct page *cma;
	bool top_down;
};

int kexec_add_buffer(struct kexec_buf *kbuf);

extern struct kimage *kexec_image;

int kernel_kexec(void);
long kexec_file_load(int kernel_fd, unsigned long flags);
long kexec_load(unsigned long nr_segments, unsigned long flags);

#endif /* _LINUX_KEXEC_H */
