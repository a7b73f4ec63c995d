// SPDX-License-Identifier: GPL-2.0
/* Verbs: /dev/liveupdate, its sessions, and reboot. */

#include <errno.h>
#include <string.h>

#include "check.h"
#include "run.h"
#include "thread.h"
#include "uapi.h"
#include "verb.h"

/* Struct sizes as in the headers: the kernel reads them from the first word. */
G_STATIC_ASSERT(sizeof(struct liveupdate_ioctl_create_session) == 72);
G_STATIC_ASSERT(sizeof(struct liveupdate_session_preserve_fd) == 16);
G_STATIC_ASSERT(sizeof(struct liveupdate_session_finish) == 8);
G_STATIC_ASSERT(sizeof(struct liveupdate_session_get_name) == 72);

static long open_path(struct scn_thread *t, const char *path)
{
	size_t size = strlen(path) + 1;
	uint64_t address;

	memcpy(scn_user(t, size, &address), path, size);
	return scn_syscall(t, HOST_NR_OPEN, address, HOST_O_RDWR);
}

void scn_do_open_liveupdate(struct scn_thread *t)
{
	scn_return_fd(t, open_path(t, "/dev/liveupdate"));
}

/* A name that is too long fills the field and is not terminated, as a program's might. */
static void session_by_name(struct scn_thread *t, uint32_t request)
{
	struct liveupdate_ioctl_create_session *arg;
	const struct scn_value *name = scn_value(t, "NAME");
	uint64_t address;
	long ret;

	arg = scn_user(t, sizeof(*arg), &address);
	arg->size = sizeof(*arg);
	memcpy(arg->name, name->text, MIN(name->len, sizeof(arg->name)));
	ret = scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "LUO"), request, address);
	scn_return_fd(t, ret < 0 ? ret : arg->fd);
}

void scn_do_create_session(struct scn_thread *t)
{
	session_by_name(t, LIVEUPDATE_IOCTL_CREATE_SESSION);
}

void scn_do_retrieve_session(struct scn_thread *t)
{
	session_by_name(t, LIVEUPDATE_IOCTL_RETRIEVE_SESSION);
}

void scn_do_preserve(struct scn_thread *t)
{
	struct liveupdate_session_preserve_fd *arg;
	uint64_t address;

	arg = scn_user(t, sizeof(*arg), &address);
	arg->size = sizeof(*arg);
	arg->fd = scn_fd(t, "FD");
	arg->token = scn_number(t, "token", 0);
	scn_return(t, scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "SESSION"),
				  LIVEUPDATE_SESSION_PRESERVE_FD, address));
}

void scn_do_retrieve(struct scn_thread *t)
{
	struct liveupdate_session_preserve_fd *arg;
	uint64_t address;
	long ret;

	arg = scn_user(t, sizeof(*arg), &address);
	arg->size = sizeof(*arg);
	arg->token = scn_number(t, "token", 0);
	ret = scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "SESSION"),
			  LIVEUPDATE_SESSION_RETRIEVE_FD, address);
	scn_return_fd(t, ret < 0 ? ret : arg->fd);
}

void scn_do_finish(struct scn_thread *t)
{
	struct liveupdate_session_finish *arg;
	uint64_t address;

	arg = scn_user(t, sizeof(*arg), &address);
	arg->size = sizeof(*arg);
	scn_return(t, scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "SESSION"),
				  LIVEUPDATE_SESSION_FINISH, address));
}

void scn_do_get_name(struct scn_thread *t)
{
	struct liveupdate_session_get_name *arg;
	const struct scn_value *wanted = scn_value(t, "NAME");
	uint64_t address;
	long ret;

	arg = scn_user(t, sizeof(*arg), &address);
	arg->size = sizeof(*arg);
	ret = scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "SESSION"),
			  LIVEUPDATE_SESSION_GET_NAME, address);
	if (!scn_return(t, ret))
		return;
	memcpy(scn_page(t, sizeof(arg->name)), arg->name, sizeof(arg->name));
	t->result.contents = t->page;
	t->result.len = sizeof(arg->name);
	t->result.differs = wanted && strncmp(t->page, wanted->text, sizeof(arg->name));
	if (t->result.differs)
		scn_note(t, "not \"%s\"", wanted->text);
}

/* Which kernel comes next is the machine's business: no file stands for it. */
static long load_kernel(struct scn_thread *t)
{
	char *cmdline = scn_cmdline(t->run->scn);
	size_t size = strlen(cmdline) + 1;
	uint64_t address;

	memcpy(scn_user(t, size, &address), cmdline, size);
	g_free(cmdline);
	return scn_syscall(t, HOST_NR_KEXEC_FILE_LOAD, -1ull, -1ull, size, address,
			   SCN_KEXEC_FILE_NO_INITRAMFS);
}

/* One segment, whatever it is, makes it an image. */
static long load_pieces(struct scn_thread *t, uint64_t flags)
{
	return scn_syscall(t, HOST_NR_KEXEC_LOAD, 0, 1, 0, flags);
}

static long load_image(struct scn_thread *t, enum scn_image image)
{
	switch (image) {
	case SCN_IMAGE_KERNEL:
		return load_kernel(t);
	case SCN_IMAGE_WITHOUT_KHO:
		return load_pieces(t, 0);
	case SCN_IMAGE_RETURNS:
		return load_pieces(t, HOST_KEXEC_PRESERVE_CONTEXT);
	case SCN_IMAGE_NONE:
		break;
	}
	return 0;
}

enum scn_image scn_image(const struct scn_statement *statement)
{
	const struct scn_value *v = statement->value[0];

	return v ? (enum scn_image)scn_word_number(&statement->verb->params[0], v) :
		   SCN_IMAGE_KERNEL;
}

void scn_do_reboot(struct scn_thread *t)
{
	enum scn_image image = scn_image(t->statement);

	if (!scn_return(t, load_image(t, image)))
		return;
	scn_return(t, scn_syscall(t, HOST_NR_REBOOT, HOST_REBOOT_MAGIC1, HOST_REBOOT_MAGIC2,
				  HOST_REBOOT_CMD_KEXEC));
}

void scn_do_tamper(struct scn_thread *t)
{
	struct tamper tamper;

	scn_tamper_from(t->statement, &tamper);
	scn_tamper(t, &tamper);
	scn_return(t, 0);
}

/* As a program that counts in what it reads from /dev/kmsg, or finds nothing there. */
void scn_do_log(struct scn_thread *t)
{
	unsigned int lines;

	if (!t->target->log) {
		scn_run_break(t->run, t->statement->line, "this kernel's log is out of reach");
		scn_return(t, -ENOSYS);
		return;
	}
	lines = t->target->log(t->target->ctx, scn_value(t, "TEXT")->text);
	scn_return(t, lines ? (long)lines : -ENOENT);
}

void scn_do_open(struct scn_thread *t)
{
	scn_return_fd(t, open_path(t, scn_value(t, "PATH")->text));
}
