/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_JUMP_LABEL_H
#define _LINUX_JUMP_LABEL_H

/* Simulated: keys that hardly ever change, as plain counters. */

#include <linux/compiler.h>
#include <linux/kconfig.h>
#include <linux/types.h>

struct static_key {
	int enabled;
};

struct static_key_true {
	struct static_key key;
};

struct static_key_false {
	struct static_key key;
};

#define DEFINE_STATIC_KEY_TRUE(name)	struct static_key_true name = { { 1 } }
#define DEFINE_STATIC_KEY_FALSE(name)	struct static_key_false name = { { 0 } }
#define DECLARE_STATIC_KEY_TRUE(name)	extern struct static_key_true name
#define DECLARE_STATIC_KEY_FALSE(name)	extern struct static_key_false name
#define DEFINE_STATIC_KEY_FALSE_RO(name)	DEFINE_STATIC_KEY_FALSE(name)
#define DEFINE_STATIC_KEY_MAYBE(cfg, name)	\
	struct static_key_true name = { { IS_ENABLED(cfg) } }
#define DECLARE_STATIC_KEY_MAYBE(cfg, name)	DECLARE_STATIC_KEY_TRUE(name)
#define static_branch_maybe(cfg, x)	((x)->key.enabled > 0)
#define static_branch_likely(x)		likely((x)->key.enabled > 0)
#define static_branch_unlikely(x)	unlikely((x)->key.enabled > 0)
#define static_key_enabled(x)		((x)->key.enabled > 0)
#define static_branch_enable(x)		((void)((x)->key.enabled = 1))
#define static_branch_disable(x)	((void)((x)->key.enabled = 0))
#define static_branch_inc(x)		((void)((x)->key.enabled++))
#define static_branch_dec(x)		((void)((x)->key.enabled--))

#endif /* _LINUX_JUMP_LABEL_H */
