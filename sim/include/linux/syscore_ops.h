/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SYSCORE_OPS_H
#define _LINUX_SYSCORE_OPS_H

/* stub: the simulated machine never suspends, and its devices need no shutting down. */

struct syscore_ops {
	int (*suspend)(void *data);
	void (*resume)(void *data);
	void (*shutdown)(void *data);
};

struct syscore {
	const struct syscore_ops *ops;
	void *data;
};

static inline void register_syscore(struct syscore *syscore)
{
	/* Never called back. */
}

static inline void unregister_syscore(struct syscore *syscore)
{
	/* Was not registered. */
}

static inline void syscore_shutdown(void)
{
	/* No device needs it. */
}

#endif /* _LINUX_SYSCORE_OPS_H */
