/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_COMPAT_H
#define _LINUX_COMPAT_H

/* stub: programs of the simulator are 64-bit, so that nothing is translated. */

#endif /* _LINUX_COMPAT_H */
