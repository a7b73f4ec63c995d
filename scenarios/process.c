// SPDX-License-Identifier: GPL-2.0
/*
 * Processes: when they begin, and the sockets between them.
 *
 * On a real kernel one program begins them all. It makes a pair of sockets for each two
 * that have something to send to each other before it forks them, and passes new ones on when
 * it begins a process again.
 */

#include <stdarg.h>
#include <string.h>

#include <model/journal.h>

#include "run.h"
#include "thread.h"
#include "verb.h"

static void free_sockets(void *p)
{
	g_array_unref(p);
}

void scn_process_free(void *p)
{
	struct scn_process *process = p;

	g_hash_table_unref(process->objects);
	g_hash_table_unref(process->sockets);
	g_free(process);
}

static const struct journal_table_type sockets = { .value = free_sockets };
static const struct journal_table_type processes = { .value = scn_process_free };

static struct scn_process *process_new(const char *name)
{
	struct scn_process *p = g_new0(struct scn_process, 1);

	p->name = name;
	p->objects = g_hash_table_new(g_str_hash, g_str_equal);
	p->sockets = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_sockets);
	return p;
}

static void begin(struct scn_run *run, struct scn_process *p)
{
	journal_save(p, sizeof(*p));
	p->boot = run->boot;
	p->life++;
	p->end_line = 0;
	journal_table_clear(p->sockets, &sockets);
	p->handle = run->target->process(run->target->ctx, p->name);
	if (p->handle && run->target->pid)
		p->pid = run->target->pid(run->target->ctx, p->handle);
}

struct scn_process *scn_process_get(struct scn_run *run, const char *name)
{
	struct scn_process *p = g_hash_table_lookup(run->processes, name);

	if (!p) {
		p = process_new(name);
		journal_table_put(run->processes, &processes, (char *)name, p);
	}
	if (p->boot != run->boot)
		begin(run, p);
	return p;
}

/* Sockets */

static void add_socket(struct scn_process *p, const struct scn_process *other, int fd)
{
	GArray *fds = g_hash_table_lookup(p->sockets, other->name);

	if (!fds) {
		fds = g_array_new(FALSE, FALSE, sizeof(int));
		journal_table_put(p->sockets, &sockets, (char *)other->name, fds);
	}
	journal_array_append(fds, fd);
}

static bool connect_two(struct scn_run *run, struct scn_process *a, struct scn_process *b)
{
	int fd[2];

	if (!a->handle || !b->handle || !run->target->connect ||
	    !run->target->connect(run->target->ctx, a->handle, b->handle, fd))
		return false;
	add_socket(a, b, fd[0]);
	add_socket(b, a, fd[1]);
	return true;
}

static bool begin_for(struct scn_run *run, const struct scn_section *section,
		      const struct scn_statement *st)
{
	bool connected = st->verb->trait == SCN_TRAIT_SEND ||
			 st->verb->trait == SCN_TRAIT_RECEIVE;
	const char *name = scn_process_named(st);
	struct scn_process *a, *b;

	if (!name)
		return true;
	a = scn_process_get(run, section->process);
	b = scn_process_get(run, name);
	if (!connected || g_hash_table_contains(a->sockets, name))
		return a->handle && b->handle;
	return connect_two(run, a, b);
}

bool scn_processes_begin(struct scn_run *run)
{
	const GPtrArray *sections = run->scn->sections;

	if (run->processes_boot == run->boot)
		return true;
	run->processes_boot = run->boot;
	for (unsigned int i = 0; i < sections->len; i++) {
		const struct scn_section *section = g_ptr_array_index(sections, i);

		for (unsigned int s = 0; s < section->statements->len; s++)
			if (!begin_for(run, section, g_ptr_array_index(section->statements, s)))
				return false;
	}
	return true;
}

/* Beginning again: whoever had a socket to the old process gets one to the new. */
static bool connect_again(struct scn_run *run, struct scn_process *p)
{
	GHashTable *done = g_hash_table_new(g_str_hash, g_str_equal);
	const GPtrArray *sections = run->scn->sections;
	bool ok = true;

	for (unsigned int i = 0; i < sections->len && ok; i++) {
		const struct scn_section *section = g_ptr_array_index(sections, i);
		struct scn_process *other = g_hash_table_lookup(run->processes, section->process);

		if (!other || other == p || other->end_line || other->boot != run->boot ||
		    !g_hash_table_contains(other->sockets, p->name) ||
		    !g_hash_table_add(done, (char *)other->name))
			continue;
		ok = connect_two(run, p, other);
	}
	g_hash_table_unref(done);
	return ok;
}

/* What verbs call. */

struct scn_process *scn_other(const struct scn_thread *t, const char *name)
{
	return scn_process_get(t->run, scn_value(t, name)->text);
}

bool scn_process_restart(struct scn_thread *t, struct scn_process *p)
{
	begin(t->run, p);
	return p->handle && connect_again(t->run, p);
}

void scn_break(struct scn_thread *t, const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list args;

	va_start(args, format);
	why = g_strdup_vprintf(format, args);
	va_end(args);
	scn_step_settle(t->step, SCN_STEP_BROKEN, g_strdup("not possible"), false);
	journal_string(&t->step->note, g_strdup(why));
	scn_run_break(t->run, t->statement->line, "%s", why);
}
