/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KHO_ABI_MEMFD_H
#define _LINUX_KHO_ABI_MEMFD_H

/*
 * Simulated: what a preserved memfd looks like to the next kernel; the layout of
 * include/linux/kho/abi/memfd.h of Linux 7.3, bit for bit.
 */

#include <linux/bits.h>
#include <linux/kho/abi/kexec_handover.h>
#include <linux/types.h>

#define MEMFD_LUO_FH_COMPATIBLE		"memfd-v2"

#define MEMFD_LUO_FOLIO_DIRTY		BIT(0)
#define MEMFD_LUO_FOLIO_UPTODATE	BIT(1)

/* Seals that this version hands over; with any other a memfd is not preserved. */
#define MEMFD_LUO_ALL_SEALS	(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW |	\
				 F_SEAL_WRITE | F_SEAL_FUTURE_WRITE | F_SEAL_EXEC)

/**
 * struct memfd_luo_folio_ser - one folio.
 * @pfn:   page frame number of its first page
 * @flags: MEMFD_LUO_FOLIO_*
 * @index: page offset in the file
 */
struct memfd_luo_folio_ser {
	u64 pfn:52;
	u64 flags:12;
	u64 index;
} __packed;

/**
 * struct memfd_luo_ser - one memfd.
 * @pos:       file position, bytes
 * @size:      file size, bytes
 * @seals:     F_SEAL_*
 * @flags:     0
 * @nr_folios: entries of @folios
 * @folios:    array of &struct memfd_luo_folio_ser
 */
struct memfd_luo_ser {
	u64 pos;
	u64 size;
	u32 seals;
	u32 flags;
	u64 nr_folios;
	struct kho_vmalloc folios;
} __packed;

#endif /* _LINUX_KHO_ABI_MEMFD_H */
