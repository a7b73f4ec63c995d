/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_BUGS_H
#define _LINUX_BUGS_H

/* stub: no processor errata in a simulator. */

#endif /* _LINUX_BUGS_H */
