// SPDX-License-Identifier: GPL-2.0
/* Verbs: what can be done to files of any kind. */

#include "items.h"
#include "thread.h"
#include "uapi.h"
#include "verb.h"

void scn_do_close(struct scn_thread *t)
{
	scn_return(t, scn_syscall(t, HOST_NR_CLOSE, scn_fd(t, "FD")));
}

void scn_do_dup(struct scn_thread *t)
{
	scn_return_fd(t, scn_syscall(t, HOST_NR_DUP, scn_fd(t, "FD")));
}

void scn_do_pipe(struct scn_thread *t)
{
	uint64_t address;
	int *fds = scn_user(t, 2 * sizeof(*fds), &address);
	long ret = scn_syscall(t, HOST_NR_PIPE2, address);

	scn_return_fd(t, ret < 0 ? ret : fds[0]);
}

void scn_do_eventfd(struct scn_thread *t)
{
	scn_return_fd(t, scn_syscall(t, HOST_NR_EVENTFD2, 0));
}

void scn_do_lseek(struct scn_thread *t)
{
	scn_return(t, scn_syscall(t, HOST_NR_LSEEK, scn_fd(t, "FD"),
				  scn_number(t, "POSITION", 0),
				  scn_number(t, "WHENCE", HOST_SEEK_SET)));
}

void scn_do_truncate(struct scn_thread *t)
{
	scn_return(t, scn_syscall(t, HOST_NR_FTRUNCATE, scn_fd(t, "FD"),
				  scn_number(t, "size", 0)));
}

/* In pages, or in bytes for what no page can say. */
static void fallocate_range(struct scn_thread *t, uint64_t mode)
{
	uint64_t offset = scn_number(t, "page", 0) << SCN_PAGE_SHIFT;
	uint64_t length = scn_number(t, "pages", 1) << SCN_PAGE_SHIFT;

	scn_return(t, scn_syscall(t, HOST_NR_FALLOCATE, scn_fd(t, "FD"), mode,
				  scn_number(t, "offset", offset),
				  scn_number(t, "length", length)));
}

void scn_do_fallocate(struct scn_thread *t)
{
	fallocate_range(t, scn_number(t, "mode", HOST_FALLOC_KEEP_SIZE));
}

void scn_do_punch_hole(struct scn_thread *t)
{
	fallocate_range(t, HOST_FALLOC_KEEP_SIZE | HOST_FALLOC_PUNCH_HOLE);
}

void scn_do_ioctl(struct scn_thread *t)
{
	const size_t room = t->target->user_size;
	const struct scn_value *items = scn_value(t, "ITEM…");
	const struct scn_value *size = scn_value(t, "size");
	uint64_t address;
	char *arg = scn_user(t, room, &address);
	size_t at = 0;

	if (size) {
		*(uint32_t *)arg = (uint32_t)size->number;
		at = sizeof(uint32_t);
	}
	for (const struct scn_value *v = items; v; v = scn_item_next(v)) {
		int fd = scn_item_is_name(v) ? scn_item_fd(t, v->next->text) : -1;

		if (scn_item_is_null(v))
			address = 0;
		at = scn_item_put(v, fd, arg, at, room);
	}
	scn_return(t, scn_syscall(t, HOST_NR_IOCTL, scn_fd(t, "FD"),
				  scn_number(t, "REQUEST", 0), address));
}
