// SPDX-License-Identifier: GPL-2.0
/* Verbs: memfds, and what a descriptor says of its file. */

#include <string.h>

#include "thread.h"
#include "uapi.h"
#include "verb.h"

/* What a struct stat of x86-64 says, as far as it is looked at here. */
struct file_stat {
	uint64_t st_dev;
	uint64_t st_ino;
	uint64_t st_nlink;
	uint32_t st_mode;
	uint32_t rest[5];
	int64_t st_size;
	uint64_t more[11];
};

G_STATIC_ASSERT(sizeof(struct file_stat) == 144);

void scn_do_memfd_create(struct scn_thread *t)
{
	const struct scn_value *name = scn_value(t, "NAME");
	uint64_t flags = scn_number(t, "flags", HOST_MFD_ALLOW_SEALING);
	uint64_t address;

	memcpy(scn_user(t, name->len + 1, &address), name->text, name->len + 1);
	scn_return_fd(t, scn_syscall(t, HOST_NR_MEMFD_CREATE, address, flags));
}

void scn_do_seal(struct scn_thread *t)
{
	scn_return(t, scn_syscall(t, HOST_NR_FCNTL, scn_fd(t, "FD"), HOST_F_ADD_SEALS,
				  scn_number(t, "seals", 0)));
}

/* Says in the words of parameter @name which bits @number has. */
static void note_words(struct scn_thread *t, const char *name, uint64_t number)
{
	const struct scn_param *p = t->statement->verb->params;
	char words[128] = "";

	while (strcmp(p->name, name))
		p++;
	for (const struct scn_word *w = p->words; w->word; w++) {
		if (!w->number || (number & w->number) != w->number)
			continue;
		g_strlcat(words, words[0] ? "," : "", sizeof(words));
		g_strlcat(words, w->word, sizeof(words));
	}
	scn_note(t, "%s", words[0] ? words : "none");
}

/* What fcntl() @command returns, compared with the flags in argument @name. */
static void get_flags(struct scn_thread *t, uint64_t command, const char *name)
{
	long ret = scn_syscall(t, HOST_NR_FCNTL, scn_fd(t, "FD"), command, 0);

	if (!scn_return(t, ret))
		return;
	t->result.differs = scn_value(t, name) && scn_number(t, name, 0) != (uint64_t)ret;
	note_words(t, name, ret);
}

void scn_do_get_seals(struct scn_thread *t)
{
	get_flags(t, HOST_F_GET_SEALS, "seals");
}

void scn_do_fcntl_getfl(struct scn_thread *t)
{
	get_flags(t, HOST_F_GETFL, "flags");
}

void scn_do_fcntl_getfd(struct scn_thread *t)
{
	get_flags(t, HOST_F_GETFD, "flags");
}

void scn_do_fchmod(struct scn_thread *t)
{
	scn_return(t, scn_syscall(t, HOST_NR_FCHMOD, scn_fd(t, "FD"), scn_number(t, "mode", 0)));
}

void scn_do_fstat(struct scn_thread *t)
{
	const uint32_t permissions = 0777;
	struct file_stat *stat;
	uint64_t address;

	stat = scn_user(t, sizeof(*stat), &address);
	if (!scn_return(t, scn_syscall(t, HOST_NR_FSTAT, scn_fd(t, "FD"), address)))
		return;
	t->result.differs =
		scn_number(t, "size", stat->st_size) != (uint64_t)stat->st_size ||
		scn_number(t, "mode", stat->st_mode & permissions) !=
			(stat->st_mode & permissions);
	scn_note(t, "size %" G_GINT64_FORMAT ", mode %03o", stat->st_size,
		 stat->st_mode & permissions);
}

/* Data through the descriptor, at its position or, with offset=, elsewhere. */

static long transfer(struct scn_thread *t, uint64_t at_position, uint64_t at_offset,
		     uint64_t address, uint64_t length)
{
	if (scn_value(t, "offset"))
		return scn_syscall(t, at_offset, scn_fd(t, "FD"), address, length,
				   scn_number(t, "offset", 0));
	return scn_syscall(t, at_position, scn_fd(t, "FD"), address, length);
}

void scn_do_read_fd(struct scn_thread *t)
{
	const struct scn_value *wanted = scn_value(t, "TEXT");
	uint64_t text = wanted && wanted->type == SCN_VALUE_STRING ? wanted->len : SCN_PAGE_SIZE;
	uint64_t length = MIN(scn_number(t, "length", text), SCN_PAGE_SIZE);
	uint64_t address;
	char *data = scn_user(t, length, &address);
	long ret = transfer(t, HOST_NR_READ, HOST_NR_PREAD64, address, length);

	if (!scn_return(t, ret))
		return;
	memcpy(scn_page(t, ret), data, ret);
	if (ret)
		scn_compare(t, ret);
	else
		t->result.differs = wanted;
	t->result.number = ret;
	if ((uint64_t)ret < length)
		scn_note(t, "%ld of %" G_GUINT64_FORMAT " bytes", ret, length);
}

void scn_do_write_fd(struct scn_thread *t)
{
	const struct scn_value *text = scn_value(t, "TEXT");
	uint64_t address;

	memcpy(scn_user(t, text->len, &address), text->text, text->len);
	scn_return(t, transfer(t, HOST_NR_WRITE, HOST_NR_PWRITE64, address, text->len));
}
