// SPDX-License-Identifier: GPL-2.0
/* Tasks: their work on the way back to user space, and what they must not take there. */

#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/task_work.h>
#include <linux/utsname.h>
#include <sim/test.h>

static int ran[4];
static int runs;

/**
 * struct job - a piece of task work.
 * @number: to tell it from others
 * @more:   what the work itself queues
 * @work:   the entry
 */
struct job {
	int number;
	struct job *more;
	struct callback_head work;
};

static void do_job(struct callback_head *work)
{
	struct job *job = container_of(work, struct job, work);

	ran[runs++] = job->number;
	if (job->more)
		EXPECT_EQ(task_work_add(current, &job->more->work, TWA_RESUME), 0);
}

static void add(struct job *job)
{
	init_task_work(&job->work, do_job);
	EXPECT_EQ(task_work_add(current, &job->work, TWA_RESUME), 0);
}

SIM_TEST(task_work__system_call_ends__runs_the_last_first_and_what_it_queues_after)
{
	static struct job third = { .number = 3 };
	static struct job first = { .number = 1 }, second = { .number = 2, .more = &third };

	init_task_work(&third.work, do_job);
	add(&first);
	add(&second);
	EXPECT_EQ(runs, 0);
	syscall_exit();
	EXPECT_EQ(runs, 3);
	EXPECT_EQ(ran[0], 2);
	EXPECT_EQ(ran[1], 1);
	EXPECT_EQ(ran[2], 3);
	EXPECT(!task_work_pending(current));
}

SIM_TEST(task_work__cancelled__does_not_run)
{
	static struct job first = { .number = 1 }, second = { .number = 2 };

	add(&first);
	add(&second);
	EXPECT(task_work_cancel(current, &first.work));
	EXPECT(!task_work_cancel(current, &first.work));
	task_work_run();
	EXPECT_EQ(runs, 1);
	EXPECT_EQ(ran[0], 2);
}

SIM_TEST(task_work__kernel_thread__is_refused)
{
	static struct job job;

	EXPECT_EQ(task_work_add(&init_task, &job.work, TWA_RESUME), -ESRCH);
}

SIM_TEST(task__preemption_disabled_on_return_to_user_space__warns)
{
	preempt_disable();
	syscall_exit();
	preempt_enable();
}

SIM_TEST(task__might_sleep_in_atomic_context__warns)
{
	preempt_disable();
	might_sleep();
	preempt_enable();
}

SIM_TEST(schedule__state_running_or_signal_pending__returns)
{
	schedule();
	current->signal_pending = true;
	set_current_state(TASK_INTERRUPTIBLE);
	schedule();
	EXPECT_EQ(current->__state, TASK_RUNNING);
	current->signal_pending = false;
}

SIM_TEST(schedule__nobody_wakes_the_task__deadlocks)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
}

SIM_TEST(wake_up_process__before_the_sleep__is_not_lost)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	EXPECT_EQ(wake_up_process(current), 1);
	EXPECT_EQ(wake_up_process(current), 0);
	schedule();
}

SIM_TEST(task__of_a_process__is_known_by_name_and_number)
{
	EXPECT(!strcmp(current->comm, "test"));
	EXPECT(current->pid > 0);
	EXPECT_EQ(current->tgid, 1);
	EXPECT(current->files && current->mm);
	EXPECT(!(current->flags & PF_KTHREAD));
}

SIM_TEST(boot__done__system_runs_and_the_command_line_is_kept)
{
	EXPECT_EQ(system_state, SYSTEM_RUNNING);
	EXPECT(strstr(saved_command_line, "liveupdate=on"));
	EXPECT(strstarts(utsname()->release, "7.3"));
}

static int level_seen[9];
static int levels_seen;

#define LEVEL(n)					\
	static int level_##n(void)			\
	{						\
		level_seen[levels_seen++] = n;		\
		return 0;				\
	}
LEVEL(8) LEVEL(7) LEVEL(6) LEVEL(5) LEVEL(4) LEVEL(3) LEVEL(2) LEVEL(0)
late_initcall(level_8);
module_init(level_7);
fs_initcall(level_6);
subsys_initcall(level_5);
arch_initcall(level_4);
postcore_initcall(level_3);
core_initcall(level_2);
early_initcall(level_0);

SIM_TEST(boot__initcalls__run_once_in_order_of_their_level)
{
	EXPECT_EQ(levels_seen, 8);
	for (int i = 1; i < levels_seen; i++)
		EXPECT(level_seen[i - 1] < level_seen[i]);
}

SIM_TEST(warn_on_once__condition_true_twice__warns)
{
	int hits = 0;

	for (int i = 0; i < 2; i++)
		if (WARN_ON_ONCE(i >= 0))
			hits++;
	EXPECT_EQ(hits, 2);
	EXPECT(!WARN_ON(false));
}

SIM_TEST(bug_on__condition_true__bugs)
{
	BUG_ON(levels_seen == 8);
}

SIM_TEST(panic__called__panics)
{
	panic("because of %d", 42);
}
