/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

/*
 * Simulated: functions that run at boot, in order of their level and, within a level, in
 * link order (the files of an image are linked in alphabetical order of their paths);
 * parameters of the command line. sim/init/main.c runs them.
 */

#include <linux/compiler.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define __init
#define __initdata
#define __initconst
#define __exit
#define __exitdata
#define __refdata
#define __ref
#define __meminit
#define __meminitdata
#define __init_or_module
#define __initdata_or_module
#define __ro_after_init
#define __cpuinit
#define __head

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);
typedef void (*ctor_fn_t)(void);

/** struct sim_initcall - one function that runs at boot. */
struct sim_initcall {
	initcall_t fn;
	const char *name;
};

#define __define_initcall(fn, level)						\
	static const struct sim_initcall __PASTE(__initcall_##fn##_, __LINE__)	\
		__attribute__((used, section("initcall_" #level), aligned(8))) =	\
		{ fn, #fn }

#define early_initcall(fn)		__define_initcall(fn, 0)
#define pure_initcall(fn)		__define_initcall(fn, 1)
#define core_initcall(fn)		__define_initcall(fn, 2)
#define postcore_initcall(fn)		__define_initcall(fn, 3)
#define arch_initcall(fn)		__define_initcall(fn, 4)
#define subsys_initcall(fn)		__define_initcall(fn, 5)
#define fs_initcall(fn)			__define_initcall(fn, 6)
#define rootfs_initcall(fn)		__define_initcall(fn, 6)
#define device_initcall(fn)		__define_initcall(fn, 7)
#define late_initcall(fn)		__define_initcall(fn, 8)
#define core_initcall_sync(fn)		core_initcall(fn)
#define subsys_initcall_sync(fn)	subsys_initcall(fn)
#define fs_initcall_sync(fn)		fs_initcall(fn)
#define late_initcall_sync(fn)		late_initcall(fn)
#define __initcall(fn)			device_initcall(fn)

/* Nothing is ever unloaded: an exit function is only kept from being unused. */
#define __exitcall(fn)			\
	static exitcall_t __PASTE(__exitcall_, fn) __maybe_unused __used = fn

/** struct obs_kernel_param - a parameter of the kernel command line. */
struct obs_kernel_param {
	const char *str;
	int (*setup_func)(char *value);
	int early;
};

#define __setup_param(_str, _id, _fn, _early)					\
	static const struct obs_kernel_param __setup_##_id			\
		__attribute__((used, section("early_params"), aligned(8))) =	\
		{ .str = (_str), .setup_func = (_fn), .early = (_early) }
#define __setup(str, fn)	__setup_param(str, fn, fn, 0)
#define early_param(str, fn)	__setup_param(str, fn, fn, 1)

extern char *saved_command_line;
extern char boot_command_line[];

#endif /* _LINUX_INIT_H */
