/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PROFILE_H
#define _LINUX_PROFILE_H

/* stub: there is no profiling by timer interrupts. */

#endif /* _LINUX_PROFILE_H */
