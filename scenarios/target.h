/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_TARGET_H
#define _SCENARIOS_TARGET_H

/**
 * DOC: What a scenario runs on
 *
 * The interpreter knows kernels only through this table. scn_machine_target() is
 * the simulated machine; tests put a scripted kernel there, and a real kernel is a
 * third one.
 */

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct machine;
struct state;
struct tamper;

#define SCN_PAGE_SHIFT	12
#define SCN_PAGE_SIZE	(1u << SCN_PAGE_SHIFT)

/** enum scn_target_end - how the threads that were spawned have ended. */
enum scn_target_end {
	SCN_TARGET_DONE,
	SCN_TARGET_KEXEC,	/* a reboot() succeeded: the kernel is gone */
	SCN_TARGET_STOPPED	/* the kernel can't go on */
};

/** enum scn_vcpu_exit - how an access by a guest ended. */
enum scn_vcpu_exit {
	SCN_VCPU_DONE,
	SCN_VCPU_MEMORY_FAULT,
	SCN_VCPU_MMIO
};

/**
 * struct scn_target - a kernel to run on.
 * @ctx:     given to every function
 * @boot:    start the first kernel, or the next after SCN_TARGET_KEXEC; @first says
 *           which. False if it stopped while it booted
 * @process: a new process, NULL if there can be none
 * @pid:     the number of a process
 * @connect: a socket for each of two processes, connected with each other, as if both had
 *           inherited them; their descriptors. False if there can be none
 * @spawn:   a thread that runs @body(@arg) once @run is called; false if there can
 *           be none
 * @run:     run the threads that were spawned to their end
 * @may_panic: whether the next @boot may end in a panic; NULL if that can't be seen
 * @panic:   why the last @boot did, or NULL. Only if it was allowed to
 * @tamper:  between SCN_TARGET_KEXEC and @boot, change what was handed over; NULL if
 *           this kernel's handover is out of reach
 * @log:     number of lines of the running kernel's log that contain a text; NULL if the
 *           log is out of reach
 * @close:   end every process of the running kernel and judge what is left
 *
 * Called by threads only:
 * @user:    memory for system call arguments, @user_size bytes, the thread's own; the caller
 *           writes to that many bytes of it
 * @syscall: result or -errno
 * @access:  a load or store at a user address; 0 or a signal
 * @vcpu_access: the same by a guest; 0 or -errno
 * @state:   what there is in the kernel now; false, or NULL, if that is out of reach
 */
struct scn_target {
	void *ctx;
	size_t user_size;
	bool (*boot)(void *ctx, bool first);
	void *(*process)(void *ctx, const char *name);
	int (*pid)(void *ctx, void *process);
	bool (*connect)(void *ctx, void *a, void *b, int fd[2]);
	bool (*spawn)(void *ctx, void *process, const char *name, void (*body)(void *arg),
		      void *arg);
	enum scn_target_end (*run)(void *ctx);
	void (*may_panic)(void *ctx, bool may);
	const char *(*panic)(void *ctx);
	bool (*tamper)(void *ctx, const struct tamper *tamper, GError **error);
	unsigned int (*log)(void *ctx, const char *text);
	enum scn_target_end (*close)(void *ctx);
	void *(*user)(void *ctx, size_t size);
	long (*syscall)(void *ctx, long nr, const uint64_t args[6]);
	int (*access)(void *ctx, uint64_t addr, void *buf, size_t len, bool write);
	int (*vcpu_access)(void *ctx, int fd, uint64_t gpa, void *buf, size_t len, bool write,
			   enum scn_vcpu_exit *exit);
	bool (*state)(void *ctx, struct state *state);
};

/** scn_machine_target() - fills in @target for a simulated machine. */
void scn_machine_target(struct scn_target *target, struct machine *machine);

#endif /* _SCENARIOS_TARGET_H */
