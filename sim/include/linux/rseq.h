/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_RSEQ_H
#define _LINUX_RSEQ_H

/* stub: no process registers restartable sequences. */

#endif /* _LINUX_RSEQ_H */
