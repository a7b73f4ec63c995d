/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_NSPROXY_H
#define _LINUX_NSPROXY_H

/* stub: all processes live in the initial namespaces. */

#endif /* _LINUX_NSPROXY_H */
