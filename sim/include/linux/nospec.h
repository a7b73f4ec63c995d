/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_NOSPEC_H
#define _LINUX_NOSPEC_H

/* Simulated: bounded indexes; see asm/barrier.h. Speculation is not modelled. */

#include <asm/barrier.h>

#endif /* _LINUX_NOSPEC_H */
