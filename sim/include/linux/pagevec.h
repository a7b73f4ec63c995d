/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PAGEVEC_H
#define _LINUX_PAGEVEC_H

/* Simulated: the old name of <linux/folio_batch.h>. */

#include <linux/folio_batch.h>

#endif /* _LINUX_PAGEVEC_H */
