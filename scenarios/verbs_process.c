// SPDX-License-Identifier: GPL-2.0
/* Verbs: processes that pass descriptors to each other and end each other; modules. */

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <model/journal.h>

#include "thread.h"
#include "uapi.h"
#include "verb.h"

/* The kernel takes libc's structures as they are, and the same constants. */
G_STATIC_ASSERT(MSG_NOSIGNAL == HOST_MSG_NOSIGNAL && MSG_CTRUNC == HOST_MSG_CTRUNC);
G_STATIC_ASSERT(SOL_SOCKET == HOST_SOL_SOCKET && SCM_RIGHTS == HOST_SCM_RIGHTS);

/**
 * struct message - a byte and room for a descriptor, as it lies in user memory.
 * @header:  what sendmsg() and recvmsg() take
 * @iov:     leads to @byte
 * @control: the descriptor, with its header
 * @byte:    something has to be sent
 */
struct message {
	struct msghdr header;
	struct iovec iov;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	char byte;
};

static struct message *message_new(struct scn_thread *t, uint64_t *address)
{
	struct message *m = scn_user(t, sizeof(*m), address);

	m->byte = 'f';
	m->iov = (struct iovec){ .iov_base = &m->byte, .iov_len = 1 };
	m->header = (struct msghdr){
		.msg_iov = &m->iov, .msg_iovlen = 1,
		.msg_control = m->control, .msg_controllen = sizeof(m->control),
	};
	return m;
}

/* Sockets to that process, the oldest first; NULL once the run is broken. */
static GArray *sockets_to(struct scn_thread *t, const char *param)
{
	const char *name = scn_value(t, param)->text;
	GArray *fds = g_hash_table_lookup(t->process->sockets, name);

	if (!fds)
		scn_break(t, "process '%s' had ended when '%s' began: they have no "
			  "connection", name, t->process->name);
	return fds;
}

void scn_do_send(struct scn_thread *t)
{
	const GArray *fds = sockets_to(t, "to");
	struct cmsghdr *rights;
	struct message *m;
	uint64_t address;
	long ret;

	if (!fds)
		return;
	m = message_new(t, &address);
	rights = CMSG_FIRSTHDR(&m->header);
	rights->cmsg_len = CMSG_LEN(sizeof(int));
	rights->cmsg_level = SOL_SOCKET;
	rights->cmsg_type = SCM_RIGHTS;
	*(int *)CMSG_DATA(rights) = scn_fd(t, "FD");
	ret = scn_syscall(t, HOST_NR_SENDMSG, g_array_index(fds, int, fds->len - 1), address,
			  MSG_NOSIGNAL);
	scn_return(t, MIN(ret, 0));
}

static void receive_rights(struct scn_thread *t, struct message *m)
{
	struct cmsghdr *rights = CMSG_FIRSTHDR(&m->header);

	if (rights && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS) {
		scn_return_fd(t, *(int *)CMSG_DATA(rights));
		return;
	}
	/* The kernel drops what it has no descriptor for, and says so in a flag only. */
	scn_return(t, -EMFILE);
	scn_note(t, "MSG_CTRUNC");
}

/* What a process sent before it ended comes before what its successor sends. */
void scn_do_receive(struct scn_thread *t)
{
	GArray *fds = sockets_to(t, "from");
	struct message *m;
	uint64_t address;
	long ret;

	if (!fds)
		return;
	for (;;) {
		m = message_new(t, &address);
		ret = scn_syscall(t, HOST_NR_RECVMSG, g_array_index(fds, int, 0), address, 0);
		if (ret || fds->len < 2)
			break;
		scn_syscall(t, HOST_NR_CLOSE, g_array_index(fds, int, 0));
		journal_array(fds, 0);
		g_array_remove_index(fds, 0);
	}
	if (ret > 0)
		receive_rights(t, m);
	else if (scn_return(t, ret))
		t->result.type = SCN_OUTCOME_EOF;
}

/* Said before it is done: who ends himself does not come back to say so. */
static void ended(struct scn_thread *t, struct scn_process *p)
{
	if (!p->end_line)
		journal_set(p->end_line, t->statement->line);
}

void scn_do_kill(struct scn_thread *t)
{
	struct scn_process *p = scn_other(t, "PROCESS");
	long ret;

	ended(t, p);
	ret = scn_syscall(t, HOST_NR_KILL, p->pid, HOST_SIGKILL);
	if (scn_return(t, ret))
		scn_syscall(t, HOST_NR_WAIT4, p->pid);
}

void scn_do_exit(struct scn_thread *t)
{
	ended(t, t->process);
	scn_syscall(t, HOST_NR_EXIT_GROUP, 0);
}

void scn_do_start(struct scn_thread *t)
{
	struct scn_process *p = scn_other(t, "PROCESS");

	if (!p->end_line)
		scn_break(t, "process '%s' has not ended: it can't begin again", p->name);
	else
		scn_return(t, scn_process_restart(t, p) ? 0 : -ENOMEM);
}

/* Modules */

static uint64_t module_name(struct scn_thread *t)
{
	const struct scn_value *name = scn_value(t, "NAME");
	uint64_t address;

	memcpy(scn_user(t, name->len + 1, &address), name->text, name->len);
	return address;
}

/* The name stands for the file's contents here: see sim/kernel/module.c. */
void scn_do_load_module(struct scn_thread *t)
{
	uint64_t address = module_name(t);

	scn_return(t, scn_syscall(t, HOST_NR_INIT_MODULE, address, scn_value(t, "NAME")->len + 1));
}

void scn_do_delete_module(struct scn_thread *t)
{
	scn_return(t, scn_syscall(t, HOST_NR_DELETE_MODULE, module_name(t), HOST_O_NONBLOCK));
}
