/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SCHED_STAT_H
#define _LINUX_SCHED_STAT_H

/* stub: nobody asks for scheduler statistics. */

#endif /* _LINUX_SCHED_STAT_H */
