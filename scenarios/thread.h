/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_THREAD_H
#define _SCENARIOS_THREAD_H

/**
 * DOC: What the implementation of a verb sees
 *
 * A verb runs on the fiber of its thread. Any call into the kernel may be the last
 * thing that fiber does, so nothing is allocated across one; results go into
 * &struct scn_thread, which belongs to the run.
 */

#include <model/tamper.h>

#include "scn.h"
#include "target.h"

/**
 * struct scn_object - what a name stands for.
 * @fd:       descriptor in its process
 * @boot:     kernel that it belongs to
 * @life:     life of its process that it belongs to
 * @line:     where it was bound
 * @map:      where the file is mapped, 0 if it is not
 * @map_size: bytes of the mapping
 */
struct scn_object {
	int fd;
	unsigned int boot;
	unsigned int life;
	int line;
	uint64_t map;
	uint64_t map_size;
};

/**
 * struct scn_process - a process of the scenario.
 * @name:    as in the scenario
 * @handle:  the target's
 * @pid:     the kernel's number of it
 * @boot:    kernel that @handle belongs to
 * @life:    how many processes there have been of that name
 * @end_line: of the statement that ended it, 0 while it lives
 * @objects: name to &struct scn_object
 * @sockets: name of another process to a GArray of descriptors, the oldest first
 */
struct scn_process {
	const char *name;
	void *handle;
	int pid;
	unsigned int boot;
	unsigned int life;
	int end_line;
	GHashTable *objects;
	GHashTable *sockets;
};

/**
 * struct scn_thread - a thread of the scenario.
 * @run:       the run
 * @target:    the kernel it runs on
 * @section:   its statements
 * @process:   that it belongs to
 * @next:      index of the next statement
 * @statement: being done
 * @step:      its line in the transcript
 * @objects:   by parameter of the verb: what the name stands for, NULL for a number
 * @fd:        the same as a descriptor
 * @bound:     descriptor that the verb made, -1 if none
 * @result:    what the verb came to
 * @page_used, @wanted_used: so many bytes of the next two mean something
 * @page:      contents that are read or written
 * @wanted:    and what they should be
 */
struct scn_thread {
	struct scn_run *run;
	const struct scn_target *target;
	const struct scn_section *section;
	struct scn_process *process;
	unsigned int next;
	const struct scn_statement *statement;
	struct scn_step *step;
	struct scn_object *objects[SCN_PARAMS_MAX];
	int fd[SCN_PARAMS_MAX];
	int bound;
	struct scn_result result;
	unsigned int page_used;
	unsigned int wanted_used;
	char page[SCN_PAGE_SIZE];
	char wanted[SCN_PAGE_SIZE];
};

/** scn_page() - the first @len bytes of its page, until the statement ends. */
static inline char *scn_page(struct scn_thread *t, size_t len)
{
	t->page_used = MAX(t->page_used, len);
	return t->page;
}

/** scn_value() - argument of that name, or NULL where it was left out. */
const struct scn_value *scn_value(const struct scn_thread *t, const char *name);
/** scn_number() - the number of that argument, words resolved and flags combined. */
uint64_t scn_number(const struct scn_thread *t, const char *name, uint64_t missing);
/** scn_fd() - the descriptor of that argument. */
int scn_fd(const struct scn_thread *t, const char *name);
/** scn_object() - what that argument stands for, or NULL for a bare number. */
struct scn_object *scn_object(const struct scn_thread *t, const char *name);
/** scn_item_fd() - the descriptor that a name among items stands for. */
int scn_item_fd(const struct scn_thread *t, const char *name);

/** scn_syscall() - a system call with up to six arguments; result or -errno. */
#define scn_syscall(_t, _nr, ...)	\
	scn_syscall6(_t, _nr, (const uint64_t[6]){ __VA_ARGS__ })
long scn_syscall6(struct scn_thread *t, long nr, const uint64_t args[6]);

/** scn_user() - zeroed memory for @size bytes of arguments, and its user address. */
void *scn_user(struct scn_thread *t, size_t size, uint64_t *address);

/** scn_return() - the verb came to what a system call returned. True if that is no error. */
bool scn_return(struct scn_thread *t, long ret);
/** scn_return_fd() - the same, and a result that is no error is what the name is for. */
void scn_return_fd(struct scn_thread *t, long ret);
/** scn_return_signal() - the verb ended by a signal. */
void scn_return_signal(struct scn_thread *t, int signal);
/** scn_note() - something else to say about the step. */
void scn_note(struct scn_thread *t, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** scn_other() - the process that argument names. */
struct scn_process *scn_other(const struct scn_thread *t, const char *name);
/** scn_process_restart() - a new process in place of @p, which has ended. False if it failed. */
bool scn_process_restart(struct scn_thread *t, struct scn_process *p);
/** scn_break() - the scenario asks for what can't be done; the run ends. */
void scn_break(struct scn_thread *t, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** scn_tamper() - to be done to the handover of the next kexec; its strings must last. */
void scn_tamper(struct scn_thread *t, const struct tamper *tamper);

/**
 * scn_compare() - contents were read; compare them with argument TEXT, if given.
 * @len: that many bytes of @t->page
 */
void scn_compare(struct scn_thread *t, size_t len);

#endif /* _SCENARIOS_THREAD_H */
