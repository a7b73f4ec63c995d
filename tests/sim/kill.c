// SPDX-License-Identifier: GPL-2.0
/* The end of processes; tests/orders/test_processes.c does it in all orders. */

#include <linux/fdtable.h>
#include <linux/sched/signal.h>
#include <linux/task_work.h>

#include "luo_test.h"

#include "../../sim/kernel/task.h"

#define SIGKILL	9

SIM_TEST(kill__nobody_of_that_number__is_esrch)
{
	EXPECT_EQ(sys(HOST_NR_KILL, 999, SIGKILL), -ESRCH);
	EXPECT_EQ(sys(HOST_NR_KILL, 999, 0), -ESRCH);
	EXPECT_EQ(sys(HOST_NR_KILL, 999, 65), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_WAIT4, 999, 0, 0), -ECHILD);
	EXPECT_EQ(sys(HOST_NR_KILL, sys(HOST_NR_GETPID), 0), 0);
}

SIM_TEST(kill__other_signal__is_checked)
{
	sys(HOST_NR_KILL, sys(HOST_NR_GETPID), 15);
}

SIM_TEST(kill__of_a_process__marks_its_tasks_and_no_others)
{
	void *process = process_create("victim");
	struct task_struct *one = task_create(process, "one");
	struct task_struct *two = task_create(process, "two");
	struct task_struct *self = current;

	EXPECT_EQ(sys(HOST_NR_KILL, process_pid(process), SIGKILL), 0);
	EXPECT(fatal_signal_pending(one) && fatal_signal_pending(two));
	EXPECT(!fatal_signal_pending(self));
	EXPECT_EQ(sys(HOST_NR_KILL, process_pid(process), SIGKILL), 0);
	task_exit(one);
	task_exit(two);
	sim_current = self;
}

/* Descriptors are shared by the tasks of a process: none is closed while one can use it. */
SIM_TEST(exit__of_all_tasks_but_one__closes_nothing)
{
	struct sim_process *process = process_create("victim");
	struct task_struct *one = task_create(process, "one");
	struct task_struct *two = task_create(process, "two");
	struct task_struct *self = current;
	int fd = lt_open_luo();
	pid_t pid = process_pid(process);

	EXPECT(files_add(process->files, 0, fget(fd)) >= 0);
	EXPECT_EQ(lt_close(fd), 0);
	EXPECT_EQ(sys(HOST_NR_KILL, pid, SIGKILL), 0);
	task_exit(two);
	sim_current = self;
	EXPECT_EQ(lt_open("/dev/liveupdate"), -EBUSY);
	EXPECT_EQ(sys(HOST_NR_KILL, pid, 0), 0);
	task_exit(one);
	sim_current = self;
	EXPECT(lt_open_luo() >= 0);
	EXPECT_EQ(sys(HOST_NR_KILL, pid, 0), -ESRCH);
	EXPECT_EQ(sys(HOST_NR_WAIT4, pid, 0, 0), -ECHILD);
}

SIM_TEST(files_add__from_a_descriptor_on__leaves_the_lower_ones_free)
{
	int low = lt_open("/dev/kvm"), high, next;

	high = files_add(current->files, 100, fget(low));
	EXPECT_EQ(high, 100);
	EXPECT_EQ(files_add(current->files, 100, fget(low)), 101);
	next = lt_open("/dev/kvm");
	EXPECT_EQ(next, low + 1);
	EXPECT_EQ(lt_close(low), 0);
	EXPECT_EQ(lt_open("/dev/kvm"), low);
}
