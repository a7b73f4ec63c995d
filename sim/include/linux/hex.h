/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_HEX_H
#define _LINUX_HEX_H

/* Simulated: hexadecimal digits. */

#include <linux/types.h>

extern const char hex_asc[16 + 1];

#define hex_asc_lo(x)	hex_asc[(x) & 0x0f]
#define hex_asc_hi(x)	hex_asc[((x) & 0xf0) >> 4]

int hex_to_bin(unsigned char ch);

#endif /* _LINUX_HEX_H */
