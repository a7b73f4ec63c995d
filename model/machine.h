/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_MACHINE_H
#define _MODEL_MACHINE_H

/**
 * DOC: The machine
 *
 * A machine owns physical memory and the kernel that runs in it. Fibers are its
 * simulated threads: each runs a function of the caller's on a stack of its own,
 * as a task of a simulated process, and calls into the kernel from there.
 *
 * A kernel ends by a kexec or by a stop (BUG, panic, deadlock). All fibers vanish
 * then, at once and without unwinding: what runs on a fiber must not own anything
 * by its stack alone.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <host/host.h>

struct machine;
struct machine_process;
struct machine_thread;
struct path;
struct points;
struct verdict;

/**
 * struct machine_config - how a machine is built.
 * @memory:  bytes of physical memory, 0 for 256 MiB; a multiple of 4 MiB per node
 * @nodes:   NUMA nodes, 0 for 2
 * @image:   path of the kernel image of the first kernel
 * @next:    path of the image that later kernels run, NULL for the same as @image
 * @cmdline: kernel command line, NULL for "liveupdate=on"
 * @path:    the choices to follow and to record; the caller's
 * @verdict: where checkers put what they find; the caller's
 * @console: called with each line of the kernel's log, or NULL
 * @console_ctx: its argument
 * @from_path: load images from their path, so that a debugger finds them
 * @handover: called before each kernel that is booted after a kexec, with what it will
 *           find; or NULL
 * @handover_ctx: its argument
 */
struct machine_config {
	uint64_t memory;
	unsigned int nodes;
	const char *image;
	const char *next;
	const char *cmdline;
	struct path *path;
	struct verdict *verdict;
	void (*console)(void *ctx, int level, const char *line);
	void *console_ctx;
	bool from_path;
	void (*handover)(void *ctx, struct machine *machine);
	void *handover_ctx;
};

/** enum machine_end - how machine_run() ended. */
enum machine_end {
	MACHINE_DONE,		/* every thread has returned */
	MACHINE_KEXEC,		/* reboot() succeeded; boot the next kernel */
	MACHINE_STOPPED		/* the kernel can't go on; the verdict says why */
};

/**
 * machine_new() - build a machine; nothing runs yet.
 * @error: set to what is wrong with the configuration or an image (missing, not
 *         an image, of another ABI version); its message names the file
 */
struct machine *machine_new(const struct machine_config *config, GError **error);
void machine_free(struct machine *machine);

/**
 * machine_renew() - use a machine for another run, which a cold boot begins.
 *
 * Return: false if it is not built as @config says; it is then as it was.
 */
bool machine_renew(struct machine *machine, const struct machine_config *config);

/**
 * machine_boot() - start the next kernel, or the first.
 *
 * After MACHINE_KEXEC: in what the old kernel preserved. Otherwise a cold boot in
 * blank memory, also as a reset that makes a used machine as good as new.
 * Return: false if the kernel stopped during boot; the verdict says why.
 */
bool machine_boot(struct machine *machine);

/**
 * machine_may_panic() - whether the next machine_boot() may end in a panic.
 *
 * A kernel that can't make sense of what was handed over may stop rather than go on. To
 * whoever expects that it is an outcome, not a violation of K-PANIC.
 */
void machine_may_panic(struct machine *machine, bool may);

/**
 * machine_set_points() - accesses to memory where @points says so are scheduling points from
 * the next run on. NULL: none are. They are the caller's.
 */
void machine_set_points(struct machine *machine, struct points *points);

/** machine_has_hooks() - whether all its kernels tell of accesses to memory. */
bool machine_has_hooks(const struct machine *machine);

/** machine_panic() - why the last boot ended in a panic that was allowed; else NULL. */
const char *machine_panic(const struct machine *machine);

/** machine_boots() - number of kernels started since the last cold boot, >= 1. */
unsigned int machine_boots(const struct machine *machine);

/** machine_process() - a new process in the running kernel; NULL if out of memory. */
struct machine_process *machine_process(struct machine *machine, const char *name);

/** machine_process_pid() - the number by which the kernel knows @process. */
int machine_process_pid(struct machine *machine, struct machine_process *process);

/** machine_process_gone() - whether @process was killed or has ended itself. */
bool machine_process_gone(const struct machine_process *process);

/**
 * machine_connect() - a socket for each of two processes, connected with each other, as
 * if both had inherited them from a common parent.
 * @fd: their descriptors in @a and in @b
 *
 * Return: false if there is no memory.
 */
bool machine_connect(struct machine *machine, struct machine_process *a,
		     struct machine_process *b, int fd[2]);

/**
 * machine_spawn() - a thread of @process that runs @body(@arg) on its own fiber.
 *
 * It starts to run in machine_run(). Threads go on in the order of spawning unless
 * the path says otherwise.
 */
struct machine_thread *machine_spawn(struct machine *machine, struct machine_process *process,
				     const char *name, void (*body)(void *arg), void *arg);

/** machine_run() - run until all threads have returned or the kernel has ended. */
enum machine_end machine_run(struct machine *machine);

/**
 * machine_exit_all() - end every process of the running kernel, in the order of
 * their creation, as at power-off: descriptors are closed, sessions released.
 */
enum machine_end machine_exit_all(struct machine *machine);

/**
 * machine_check_end() - judge the machine after the last close: nothing leaked.
 * Call after machine_exit_all() returned MACHINE_DONE.
 */
void machine_check_end(struct machine *machine);

/* What threads call, on their fibers. */

/** machine_image() - entry points of the running kernel. */
const struct host_image *machine_image(const struct machine *machine);

/** machine_syscall() - a system call by the current thread; result or -errno. */
long machine_syscall(struct machine *machine, long nr, uint64_t a0, uint64_t a1, uint64_t a2,
		     uint64_t a3, uint64_t a4, uint64_t a5);

/**
 * machine_user() - the current thread's own 64 KiB of user memory, for arguments.
 * Its address is what the kernel takes as a user address.
 */
void *machine_user(struct machine *machine);
/** machine_user_touch() - the caller will write to the first @size bytes of it. */
void machine_user_touch(struct machine *machine, size_t size);
#define MACHINE_USER_SIZE	(64u << 10)

/** machine_log_count() - lines of the running kernel's log that contain @text. */
unsigned int machine_log_count(const struct machine *machine, const char *text);

/** machine_current_name() - name of the thread that runs, for reports. */
const char *machine_current_name(const struct machine *machine);

#endif /* _MODEL_MACHINE_H */
