/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_EXPORT_H
#define _LINUX_EXPORT_H

/* stub: an image is linked as a whole, so that every symbol is reachable without export. */

#define EXPORT_SYMBOL(sym)			extern typeof(sym) sym
#define EXPORT_SYMBOL_GPL(sym)			extern typeof(sym) sym
#define EXPORT_SYMBOL_FOR_MODULES(sym, mods)	extern typeof(sym) sym
#define EXPORT_SYMBOL_NS_GPL(sym, ns)		extern typeof(sym) sym

#endif /* _LINUX_EXPORT_H */
