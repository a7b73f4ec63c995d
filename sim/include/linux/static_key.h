/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_STATIC_KEY_H
#define _LINUX_STATIC_KEY_H

/* Simulated: see linux/jump_label.h. */

#include <linux/jump_label.h>

#endif /* _LINUX_STATIC_KEY_H */
