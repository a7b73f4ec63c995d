/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SUSPEND_H
#define _LINUX_SUSPEND_H

/* stub: the simulated machine never suspends. */

#endif /* _LINUX_SUSPEND_H */
