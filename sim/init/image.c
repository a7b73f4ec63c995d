// SPDX-License-Identifier: GPL-2.0
/*
 * The table of entry points that this image hands to the machine.
 */

#include <linux/sched.h>
#include <sim/sim.h>

#include "../kernel/task.h"
#include "../net/socket.h"
#include "init.h"

const struct host_ops *sim_host;
unsigned int sim_points_off;

/* The ends of the image's statics, from sim/image.lds. */
extern char __luosim_statics_start[] __attribute__((visibility("hidden")));
extern char __luosim_statics_end[] __attribute__((visibility("hidden")));

extern const struct host_test __start_sim_tests[] __attribute__((weak, visibility("hidden")));
extern const struct host_test __stop_sim_tests[] __attribute__((weak, visibility("hidden")));

/* A fault is a way into the kernel too, and back to user space. */
static int user_access(unsigned long addr, void *buf, host_size len, int write)
{
	int signal = sim_user_access(addr, buf, len, write);

	syscall_exit();
	return signal;
}

static int vcpu_access(int fd, host_u64 gpa, void *buf, host_size len, int write,
		       enum host_vcpu_exit *exit)
{
	int err = sim_vcpu_access(fd, gpa, buf, len, write, exit);

	syscall_exit();
	return err;
}

static int memory_failure_access(host_u64 pfn)
{
	int err = sim_memory_failure(pfn);

	syscall_exit();
	return err;
}

static struct host_image image = {
	.abi = HOST_ABI_VERSION,
	.release = SIM_UTS_RELEASE,
	.current_task = (void **)&sim_current,
	.boot = sim_boot_kernel,
	.process_create = process_create,
	.process_exit = process_exit,
	.task_create = task_create,
	.task_exit = task_exit,
	.syscall = sim_syscall,
	.user_access = user_access,
	.vcpu_access = vcpu_access,
	.memory_failure = memory_failure_access,
	.census = sim_census,
	.files = luo_sim_files,
	.retrieved = luo_sim_retrieved,
	.kernel_page = sim_kernel_page,
	.private_page = kvm_gmem_private_page,
	.state = sim_state,
	.process_pid = process_pid,
	.process_connect = sim_process_connect,
	.file_page = sim_file_page,
#ifdef SIM_HOOKS
	.hooks = 1,
#endif
#ifdef SIM_STORES
	.stores = 1,
#endif
};

/**
 * luosim_image_init() - the one symbol of an image; see &host_image_init_fn.
 * @ops: what the machine does for this kernel
 *
 * Return: the table of entry points, or NULL if @ops has another version.
 */
__attribute__((visibility("default")))
const struct host_image *luosim_image_init(const struct host_ops *ops);

const struct host_image *luosim_image_init(const struct host_ops *ops)
{
	if (ops->abi != HOST_ABI_VERSION)
		return NULL;
	sim_host = ops;
	image.statics_start = __luosim_statics_start;
	image.statics_end = __luosim_statics_end;
	image.tests = __start_sim_tests;
	image.tests_nr = __stop_sim_tests - __start_sim_tests;
	return &image;
}
