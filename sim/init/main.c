// SPDX-License-Identifier: GPL-2.0
/*
 * Booting (init/main.c): parameters, memory, the core, and the functions of each level.
 */

#include <linux/bug.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/rcupdate.h>
#include <linux/string.h>
#include <linux/utsname.h>

#include "../kernel/task.h"
#include "init.h"

#define COMMAND_LINE_SIZE	1024

struct host_boot sim_boot;
enum system_states system_state;
char boot_command_line[COMMAND_LINE_SIZE];
static char command_line[COMMAND_LINE_SIZE];
char *saved_command_line = boot_command_line;

struct uts_namespace init_uts_ns = {
	.name = {
		.sysname = "Linux",
		.nodename = "luosim",
		.release = SIM_UTS_RELEASE,
		.version = "#1 SMP",
		.machine = "x86_64",
		.domainname = "(none)",
	},
};

#define DECLARE_SECTION(type, name)				\
	extern const type __start_##name[] __weak;		\
	extern const type __stop_##name[] __weak

DECLARE_SECTION(struct obs_kernel_param, early_params);

#define FOR_EACH_LEVEL(level)					\
	level(0) level(1) level(2) level(3) level(4) level(5) level(6) level(7) level(8)
#define DECLARE_LEVEL(n)	DECLARE_SECTION(struct sim_initcall, initcall_##n);
FOR_EACH_LEVEL(DECLARE_LEVEL)

static const struct {
	const struct sim_initcall *start;
	const struct sim_initcall *stop;
} levels[] = {
#define LEVEL_RANGE(n)	{ __start_initcall_##n, __stop_initcall_##n },
	FOR_EACH_LEVEL(LEVEL_RANGE)
};

/* An early parameter is matched by its name; a later one by its beginning ("name="). */
static bool param_matches(const struct obs_kernel_param *param, const char *name,
			  const char *value)
{
	size_t len = strlen(name);

	if (!strncmp(param->str, name, len) && !param->str[len])
		return true;
	return value && !strncmp(param->str, name, len) && !strcmp(param->str + len, "=");
}

static void set_param(const char *name, char *value, int early)
{
	const struct obs_kernel_param *param;

	for (param = __start_early_params; param < __stop_early_params; param++) {
		if (param->early != early || !param_matches(param, name, value))
			continue;
		if (param->setup_func(value) && early)
			pr_warn("Malformed early option '%s'\n", name);
	}
}

/* Parameters are words, "name" or "name=value"; functions may change their value. */
static void parse_params(int early)
{
	char *rest = command_line;
	char *name;

	strscpy(command_line, boot_command_line);
	while ((name = strsep(&rest, " ")) != NULL) {
		char *value = strchr(name, '=');

		if (value)
			*value++ = '\0';
		if (*name)
			set_param(name, value, early);
	}
}

static void run_level(unsigned int level)
{
	const struct sim_initcall *call;

	for (call = levels[level].start; call < levels[level].stop; call++) {
		int err = call->fn();

		if (err)
			pr_warn("initcall %s returned %d\n", call->name, err);
		WARN(current->locks_held, "initcall %s returned with a lock held\n", call->name);
	}
}

static void init_core(void)
{
	strscpy(boot_command_line, sim_boot.cmdline ? sim_boot.cmdline : "");
	parse_params(1);
	mm_early_init();
	kmem_cache_init();
	radix_tree_init();
	vmalloc_init();
	pagecache_init();
	fork_init();
	vfs_caches_init();
	parse_params(0);
}

/**
 * sim_boot_kernel() - start this kernel; see struct host_image.
 * @boot: what it finds
 *
 * Return: 0. A kernel that can't start panics.
 */
int sim_boot_kernel(const struct host_boot *boot)
{
	sim_boot = *boot;
	sim_undo_to(sim_boot.undo);
	sim_current = &init_task;
	init_core();
	for (unsigned int level = 0; level < ARRAY_SIZE(levels); level++)
		run_level(level);
	rcu_barrier();
	system_state = SYSTEM_RUNNING;
	return 0;
}
