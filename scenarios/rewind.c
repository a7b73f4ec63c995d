// SPDX-License-Identifier: GPL-2.0
/* What the explorer has to know of a run: how to put it back, and what its end depends on. */

#include <model/journal.h>

#include "run.h"
#include "thread.h"

static void save_thread(struct scn_thread *t)
{
	journal_save(t, offsetof(struct scn_thread, page));
	journal_save(t->page, t->page_used);
	journal_save(t->wanted, t->wanted_used);
}

void scn_run_save(struct scn_run *run)
{
	journal_save(run, sizeof(*run));
	for (unsigned int i = 0; i < run->threads->len; i++)
		save_thread(g_ptr_array_index(run->threads, i));
}

/* Which of two threads was first to do something leaves no trace but in the transcript. */
static void put_in_steps(const struct scn_run *run, struct digest *digest)
{
	struct digest steps = { 0 };

	for (unsigned int i = 0; i < run->steps->len; i++) {
		const struct scn_step *step = g_ptr_array_index(run->steps, i);
		struct digest one = { 0 };

		digest_word(&one, step->statement->index);
		digest_word(&one, step->boot);
		digest_word(&one, step->state);
		digest_word(&one, step->as_expected);
		digest_word(&one, step->result.type);
		digest_word(&one, step->result.number);
		digest_word(&one, step->result.differs);
		digest_add(&steps, one);
	}
	digest_digest(digest, steps);
	digest_word(digest, run->steps->len);
}

static struct digest digest_objects(const struct scn_process *process)
{
	struct digest all = { 0 };
	GHashTableIter iter;
	void *name, *p;

	g_hash_table_iter_init(&iter, process->objects);
	while (g_hash_table_iter_next(&iter, &name, &p)) {
		const struct scn_object *object = p;
		struct digest one = { 0 };

		digest_text(&one, name);
		digest_word(&one, object->fd);
		digest_word(&one, (uint64_t)object->boot << 32 | object->life);
		digest_word(&one, object->map);
		digest_word(&one, object->map_size);
		digest_add(&all, one);
	}
	return all;
}

static struct digest digest_sockets(const struct scn_process *process)
{
	struct digest all = { 0 };
	GHashTableIter iter;
	void *name, *p;

	g_hash_table_iter_init(&iter, process->sockets);
	while (g_hash_table_iter_next(&iter, &name, &p)) {
		const GArray *fds = p;
		struct digest one = { 0 };

		digest_text(&one, name);
		digest_bytes(&one, fds->data, fds->len * sizeof(int));
		digest_add(&all, one);
	}
	return all;
}

static void put_in_processes(const struct scn_run *run, struct digest *digest)
{
	struct digest all = { 0 };
	GHashTableIter iter;
	void *p;

	g_hash_table_iter_init(&iter, run->processes);
	while (g_hash_table_iter_next(&iter, NULL, &p)) {
		const struct scn_process *process = p;
		struct digest one = { 0 };

		digest_text(&one, process->name);
		digest_word(&one, (uint64_t)process->pid << 1 | !process->handle);
		digest_word(&one, (uint64_t)process->boot << 32 | process->life);
		digest_word(&one, process->end_line);
		digest_digest(&one, digest_objects(process));
		digest_digest(&one, digest_sockets(process));
		digest_add(&all, one);
	}
	digest_digest(digest, all);
}

bool scn_run_state(const struct scn_run *run, struct digest *digest)
{
	const struct scn_thread *t = run->threads->len ? g_ptr_array_index(run->threads, 0) : NULL;

	/* A scenario that can't go on is not one to do often; tampers are texts somewhere. */
	if (run->error || run->tampers->len || !t || !t->section->concurrent)
		return false;
	put_in_steps(run, digest);
	put_in_processes(run, digest);
	digest_word(digest, (uint64_t)run->boot << 32 | run->processes_boot);
	digest_word(digest, run->reboot_line);
	digest_word(digest, run->panicked);
	digest_word(digest, run->failed ? run->failed->statement->index + 1 : 0);
	digest_word(digest, t->section->line);
	return true;
}
