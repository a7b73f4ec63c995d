/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ASM_BUG_H
#define _ASM_BUG_H

/* Simulated: see linux/bug.h. */

#include <linux/bug.h>

#endif /* _ASM_BUG_H */
