// SPDX-License-Identifier: GPL-2.0
/*
 * Life of a file: preserved, then unpreserved newest first, or frozen in the order of
 * preservation; retrieved once. What a handler's callback did is told by LUO, right after
 * the call.
 *
 * Judges P-11, P-15, P-17, P-18, P-29 and P-46.
 */

#include <inttypes.h>
#include <string.h>

#include "../check.h"
#include "../journal.h"

/** struct preserved - a file of an outgoing session. */
struct preserved {
	uint64_t token;
	bool frozen;
};

/**
 * struct outgoing - an outgoing session with files.
 * @files:  struct preserved, in the order of preservation
 * @tokens: set of their tokens
 * @frozen: that many of @files have been frozen
 * @thawed: and that many of those unfrozen
 */
struct outgoing {
	char *name;
	GArray *files;
	GHashTable *tokens;
	unsigned int frozen;
	unsigned int thawed;
};

/** struct attempt - a preserve() that has not returned, and what its thread preserved. */
struct attempt {
	const struct machine_thread *thread;
	int64_t pages;
};

/**
 * struct files - the checker's state.
 * @sessions:  of &struct outgoing, in the order of their first file
 * @by_name:   the same
 * @attempts:  struct attempt
 * @retrieved: set of "TOKEN/SESSION"
 * @settled:   serialization is under way, or done
 */
struct files {
	GPtrArray *sessions;
	GHashTable *by_name;
	GArray *attempts;
	GHashTable *retrieved;
	bool settled;
};

static void outgoing_free(void *data)
{
	struct outgoing *session = data;

	g_array_free(session->files, TRUE);
	g_hash_table_unref(session->tokens);
	g_free(session->name);
	g_free(session);
}

static const struct journal_table_type plain = { 0 };
static const struct journal_table_type keys_owned = { .key = g_free };

static void *files_create(struct machine *machine)
{
	struct files *files = g_new0(struct files, 1);

	(void)machine;
	files->sessions = g_ptr_array_new_with_free_func(outgoing_free);
	files->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	files->attempts = g_array_new(FALSE, FALSE, sizeof(struct attempt));
	files->retrieved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return files;
}

static void files_destroy(void *state)
{
	struct files *files = state;

	g_hash_table_unref(files->by_name);
	g_ptr_array_free(files->sessions, TRUE);
	g_array_free(files->attempts, TRUE);
	g_hash_table_unref(files->retrieved);
	g_free(files);
}

static void files_boot(struct machine *machine, void *state)
{
	struct files *files = state;

	(void)machine;
	journal_table_clear(files->by_name, &plain);
	journal_ptrs_clear(files->sessions, outgoing_free);
	journal_array_cut(files->attempts, 0);
	journal_table_clear(files->retrieved, &keys_owned);
	journal_set(files->settled, false);
}

static struct outgoing *find_session(struct files *files, const char *name)
{
	return g_hash_table_lookup(files->by_name, name);
}

static struct outgoing *need_session(struct files *files, const char *name)
{
	struct outgoing *session = find_session(files, name);

	if (session)
		return session;
	session = g_new0(struct outgoing, 1);
	session->name = g_strdup(name);
	session->files = g_array_new(FALSE, FALSE, sizeof(struct preserved));
	session->tokens = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	journal_ptrs_add(files->sessions, session);
	journal_table_put(files->by_name, &plain, session->name, session);
	return session;
}

static void drop_session(struct files *files, struct outgoing *session)
{
	unsigned int i = 0;

	journal_table_remove(files->by_name, &plain, session->name);
	if (g_ptr_array_find(files->sessions, session, &i))
		journal_ptrs_remove(files->sessions, i, outgoing_free);
}

static struct preserved *file_at(const struct outgoing *session, unsigned int i)
{
	return &g_array_index(session->files, struct preserved, i);
}

static void complain(struct machine *machine, const char *property,
		     const struct host_event *event, const char *what)
{
	struct call_path here;

	check_here(machine, &here);
	execution_violation(machine, property, &here, NULL,
			    "file %" PRIu64 " of session \"%s\" %s", (uint64_t)event->value,
			    event->name, what);
}

/* Preserving. */

/* Index of the thread's attempt, or the number of attempts if it has none. */
static unsigned int find_attempt(const struct files *files, const struct machine_thread *thread)
{
	unsigned int i = 0;

	while (i < files->attempts->len &&
	       g_array_index(files->attempts, struct attempt, i).thread != thread)
		i++;
	return i;
}

static void begin_attempt(struct machine *machine, struct files *files)
{
	struct attempt attempt = { .thread = machine->current };

	journal_array_append(files->attempts, attempt);
}

/* What the thread preserved, and did not unpreserve, since it called preserve(). */
static int64_t end_attempt(struct machine *machine, struct files *files)
{
	unsigned int i = find_attempt(files, machine->current);
	int64_t pages;

	if (i == files->attempts->len)
		return 0;
	pages = g_array_index(files->attempts, struct attempt, i).pages;
	journal_array(files->attempts, i);
	g_array_remove_index_fast(files->attempts, i);
	return pages;
}

static void count_pages(struct machine *machine, struct files *files, int64_t pages)
{
	unsigned int i;

	if (!files->attempts->len)
		return;
	i = find_attempt(files, machine->current);
	if (i == files->attempts->len)
		return;
	journal_element(files->attempts, i);
	g_array_index(files->attempts, struct attempt, i).pages += pages;
}

static void refused(struct machine *machine, struct files *files, const struct host_event *event)
{
	int64_t pages = end_attempt(machine, files);
	struct call_path here;

	verdict_checked(machine->verdict, "P-17");
	if (!pages)
		return;
	check_here(machine, &here);
	execution_violation(machine, "P-17", &here, NULL,
			    "preserve() of file %" PRIu64 " of session \"%s\" failed, and the "
			    "pages preserved grew by %" PRId64, (uint64_t)event->value, event->name,
			    pages);
}

static void judge_settled(struct machine *machine, const struct files *files,
			  const struct host_event *event, const char *what)
{
	verdict_checked(machine->verdict, "P-11");
	if (files->settled)
		complain(machine, "P-11", event, what);
}

static void preserved(struct machine *machine, struct files *files,
		      const struct host_event *event)
{
	struct outgoing *session = need_session(files, event->name);
	struct preserved file = { .token = event->value };

	end_attempt(machine, files);
	judge_settled(machine, files, event, "was preserved after serialization began");
	verdict_checked(machine->verdict, "P-15");
	if (!journal_table_add(session->tokens, &keys_owned,
			       g_memdup2(&file.token, sizeof(file.token))))
		complain(machine, "P-15", event, "was preserved twice under this token");
	journal_array_append(session->files, file);
}

static void unpreserved(struct machine *machine, struct files *files,
			const struct host_event *event)
{
	struct outgoing *session = find_session(files, event->name);
	unsigned int nr = session ? session->files->len : 0;

	judge_settled(machine, files, event, "was unpreserved after serialization began");
	verdict_checked(machine->verdict, "P-18");
	if (!session || !g_hash_table_contains(session->tokens, &event->value)) {
		complain(machine, "P-18", event, "was unpreserved, but is not preserved");
		return;
	}
	if (file_at(session, nr - 1)->token != event->value)
		complain(machine, "P-18", event, "was unpreserved before those preserved later");
	journal_table_remove(session->tokens, &keys_owned, &event->value);
	while (nr && file_at(session, nr - 1)->token != event->value)
		nr--;
	journal_array(session->files, nr - 1);
	g_array_remove_index(session->files, nr - 1);
	if (!session->files->len)
		drop_session(files, session);
}

/* Freezing. */

static void frozen(struct machine *machine, struct files *files, const struct host_event *event)
{
	struct outgoing *session = find_session(files, event->name);

	verdict_checked(machine->verdict, "P-29");
	if (!session || session->frozen == session->files->len ||
	    file_at(session, session->frozen)->token != event->value) {
		complain(machine, "P-29", event, "was not frozen in the order of preservation");
		return;
	}
	journal_element(session->files, session->frozen);
	file_at(session, session->frozen)->frozen = true;
	journal_set(session->frozen, session->frozen + 1);
}

/* Those frozen are unfrozen in any order, but first to last is the usual one. */
static struct preserved *find_frozen(struct outgoing *session, uint64_t token)
{
	unsigned int first = session->thawed;

	if (first < session->frozen && file_at(session, first)->token == token)
		return file_at(session, first);
	for (unsigned int i = 0; i < session->frozen; i++) {
		if (file_at(session, i)->token == token)
			return file_at(session, i);
	}
	return NULL;
}

static void unfrozen(struct machine *machine, struct files *files,
		     const struct host_event *event)
{
	struct outgoing *session = find_session(files, event->name);
	struct preserved *file = session ? find_frozen(session, event->value) : NULL;

	verdict_checked(machine->verdict, "P-29");
	if (!file || !file->frozen) {
		complain(machine, "P-29", event, "was unfrozen, but is not frozen");
		return;
	}
	journal_element(session->files, file - file_at(session, 0));
	file->frozen = false;
	journal_set(session->thawed, session->thawed + 1);
}

/* After serialization all files are frozen, after a refused one none. */
static void judge_session(struct machine *machine, struct outgoing *session, bool refusal)
{
	for (unsigned int i = 0; i < session->files->len; i++) {
		const struct preserved *file = file_at(session, i);

		verdict_checked(machine->verdict, "P-29");
		if (file->frozen != refusal)
			continue;
		execution_violation(machine, "P-29", NULL, NULL,
				    "file %" PRIu64 " of session \"%s\" %s", file->token,
				    session->name,
				    refusal ? "stays frozen although the reboot was refused" :
				    "goes into the next kernel without having been frozen");
	}
}

static void serialized(struct machine *machine, struct files *files,
		       const struct host_event *event)
{
	bool refusal = event->value;

	for (unsigned int i = 0; i < files->sessions->len; i++) {
		struct outgoing *session = g_ptr_array_index(files->sessions, i);

		judge_session(machine, session, refusal);
		journal_array(session->files, 0);
		journal_set(session->frozen, 0);
		journal_set(session->thawed, 0);
		for (unsigned int j = 0; refusal && j < session->files->len; j++)
			file_at(session, j)->frozen = false;
	}
	journal_set(files->settled, !refusal);
}

/* The next kernel. */

static void retrieved(struct machine *machine, struct files *files,
		      const struct host_event *event)
{
	char *name = g_strdup_printf("%" PRIu64 "/%s", (uint64_t)event->value, event->name);

	verdict_checked(machine->verdict, "P-46");
	if (!journal_table_add(files->retrieved, &keys_owned, name))
		complain(machine, "P-46", event, "was rebuilt a second time");
}

static void files_event(struct machine *machine, void *state, const struct host_event *event)
{
	struct files *files = state;

	switch (event->type) {
	case HOST_EVENT_KHO_PRESERVE:
		count_pages(machine, files, 1L << event->order);
		break;
	case HOST_EVENT_KHO_UNPRESERVE:
		count_pages(machine, files, -(1L << event->order));
		break;
	case HOST_EVENT_FILE_PRESERVING:
		begin_attempt(machine, files);
		break;
	case HOST_EVENT_FILE_REFUSED:
		refused(machine, files, event);
		break;
	case HOST_EVENT_FILE_PRESERVED:
		preserved(machine, files, event);
		break;
	case HOST_EVENT_FILE_UNPRESERVED:
		unpreserved(machine, files, event);
		break;
	case HOST_EVENT_FILE_FROZEN:
		frozen(machine, files, event);
		break;
	case HOST_EVENT_FILE_UNFROZEN:
		unfrozen(machine, files, event);
		break;
	case HOST_EVENT_SERIALIZING:
		journal_set(files->settled, true);
		break;
	case HOST_EVENT_SERIALIZED:
		serialized(machine, files, event);
		break;
	case HOST_EVENT_FILE_RETRIEVED:
		retrieved(machine, files, event);
		break;
	default:
		break;
	}
}

static void files_end(struct machine *machine, void *state)
{
	struct files *files = state;

	for (unsigned int i = 0; i < files->sessions->len; i++) {
		const struct outgoing *session = g_ptr_array_index(files->sessions, i);

		verdict_checked(machine->verdict, "P-18");
		execution_violation(machine, "P-18", NULL, NULL,
				    "%u files of session \"%s\" were never unpreserved",
				    session->files->len, session->name);
	}
}

static void put_in_session(const struct outgoing *session, struct digest *digest)
{
	digest_text(digest, session->name);
	digest_word(digest, session->files->len);
	digest_word(digest, (uint64_t)session->frozen << 32 | session->thawed);
	for (unsigned int i = 0; i < session->files->len; i++) {
		digest_word(digest, file_at(session, i)->token);
		digest_word(digest, file_at(session, i)->frozen);
	}
}

/* An attempt that is not over belongs to a thread that was killed in it. */
static bool files_digest(const void *state, bool left, struct digest *digest)
{
	const struct files *files = state;
	struct digest retrieved = { 0 };
	GHashTableIter iter;
	void *name;

	if (left)
		return true;
	digest_word(digest, files->sessions->len);
	for (unsigned int i = 0; i < files->sessions->len; i++)
		put_in_session(g_ptr_array_index(files->sessions, i), digest);
	g_hash_table_iter_init(&iter, files->retrieved);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		struct digest one = { 0 };

		digest_text(&one, name);
		digest_add(&retrieved, one);
	}
	digest_digest(digest, retrieved);
	digest_word(digest, files->settled);
	return !files->attempts->len;
}

const struct checker files_checker = {
	.name = "life of a file",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("P-11", "P-15", "P-17", "P-18", "P-29", "P-46"),
	.events = CHECK_EVENT(HOST_EVENT_KHO_PRESERVE) | CHECK_EVENT(HOST_EVENT_KHO_UNPRESERVE) |
		  CHECK_EVENT(HOST_EVENT_FILE_PRESERVING) | CHECK_EVENT(HOST_EVENT_FILE_REFUSED) |
		  CHECK_EVENT(HOST_EVENT_FILE_PRESERVED) |
		  CHECK_EVENT(HOST_EVENT_FILE_UNPRESERVED) |
		  CHECK_EVENT(HOST_EVENT_FILE_FROZEN) | CHECK_EVENT(HOST_EVENT_FILE_UNFROZEN) |
		  CHECK_EVENT(HOST_EVENT_SERIALIZING) | CHECK_EVENT(HOST_EVENT_SERIALIZED) |
		  CHECK_EVENT(HOST_EVENT_FILE_RETRIEVED),
	.create = files_create,
	.destroy = files_destroy,
	.boot = files_boot,
	.event = files_event,
	.end = files_end,
	.digest = files_digest,
};
