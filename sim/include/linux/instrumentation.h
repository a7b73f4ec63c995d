/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LINUX_INSTRUMENTATION_H
#define __LINUX_INSTRUMENTATION_H

/* stub: the whole image is instrumented by the compiler, or nothing. */

#define instrumentation_begin()	do { } while (0)
#define instrumentation_end()	do { } while (0)

#endif /* __LINUX_INSTRUMENTATION_H */
