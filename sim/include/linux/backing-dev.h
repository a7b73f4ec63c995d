/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_BACKING_DEV_H
#define _LINUX_BACKING_DEV_H

/* stub: nothing is written back here, so no mapping has a backing device to ask about. */

#endif /* _LINUX_BACKING_DEV_H */
