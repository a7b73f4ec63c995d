/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UAPI_LINUX_MEMFD_H
#define _UAPI_LINUX_MEMFD_H

/* Simulated: the flags of memfd_create(2), with the values of uapi/linux/memfd.h. */

#include <asm-generic/hugetlb_encode.h>

#define MFD_CLOEXEC		0x0001U
#define MFD_ALLOW_SEALING	0x0002U
#define MFD_HUGETLB		0x0004U
#define MFD_NOEXEC_SEAL		0x0008U
#define MFD_EXEC		0x0010U

/* With MFD_HUGETLB, above the flags: log2 of the page size, 0 for the default one. */
#define MFD_HUGE_SHIFT	HUGETLB_FLAG_ENCODE_SHIFT
#define MFD_HUGE_MASK	HUGETLB_FLAG_ENCODE_MASK
#define MFD_HUGE_2MB	HUGETLB_FLAG_ENCODE_2MB
#define MFD_HUGE_1GB	HUGETLB_FLAG_ENCODE_1GB

#endif /* _UAPI_LINUX_MEMFD_H */
