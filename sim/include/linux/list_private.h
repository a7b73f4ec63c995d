/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_LIST_PRIVATE_H
#define _LINUX_LIST_PRIVATE_H

/*
 * Simulated: lists through a member marked __private (include/linux/list_private.h). Only
 * the loops that are used; without sparse a private member is like any other.
 */

#include <linux/compiler.h>
#include <linux/list.h>

#define list_private_for_each_entry(pos, head, member)	list_for_each_entry(pos, head, member)

#endif /* _LINUX_LIST_PRIVATE_H */
