// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes: which pages of a preserved file are private stays the same.
 *
 * From preserve() to the jump there must be no conversion in the file, not even there and
 * back. At the jump the private pages of each file are noted, and compared when the next
 * kernel has retrieved it, before anybody can use it.
 *
 * Judges P-39.
 */

#include <inttypes.h>
#include <string.h>

#include "../check.h"
#include "../journal.h"
#include "file_key.h"

/**
 * struct file_mark - what is known of a file in a session.
 * @since:   when it was preserved, as attributes.now
 * @pages:   at the jump: numbers of its private pages, ascending
 * @pending: the new kernel has retrieved it, and it has not been compared yet
 */
struct file_mark {
	struct file_key key;
	uint64_t since;
	GArray *pages;
	bool pending;
};

/** struct conversion - the last one in a file: when, and who did it. */
struct conversion {
	uint64_t at;
	struct call_path path;
};

/**
 * struct attributes - the checker's state.
 * @now:       counts events that it sees
 * @preserved: set of &struct file_mark: files that this kernel has preserved
 * @converted: &struct conversion by inode
 * @handed:    set of &struct file_mark: files of the kernel before, as they were at the jump
 * @pending:   those of them to be compared when the system call returns
 */
struct attributes {
	uint64_t now;
	GHashTable *preserved;
	GHashTable *converted;
	GHashTable *handed;
	GPtrArray *pending;
};

static struct file_mark *mark_new(const char *session, uint64_t token)
{
	struct file_mark *mark = g_new0(struct file_mark, 1);

	mark->key.session = g_strdup(session);
	mark->key.token = token;
	mark->pages = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	return mark;
}

static void mark_free(void *data)
{
	struct file_mark *mark = data;

	g_array_free(mark->pages, TRUE);
	g_free(mark->key.session);
	g_free(mark);
}

static const struct journal_table_type marks = { .key = mark_free };
static const struct journal_table_type conversions = { .value = g_free };

static void *attributes_create(struct machine *machine)
{
	struct attributes *attributes = g_new0(struct attributes, 1);

	(void)machine;
	attributes->preserved = g_hash_table_new_full(file_key_hash, file_key_equal, mark_free,
						      NULL);
	attributes->handed = g_hash_table_new_full(file_key_hash, file_key_equal, mark_free,
						   NULL);
	attributes->converted = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	attributes->pending = g_ptr_array_new();
	return attributes;
}

static void attributes_destroy(void *state)
{
	struct attributes *attributes = state;

	g_hash_table_unref(attributes->preserved);
	g_hash_table_unref(attributes->handed);
	g_hash_table_unref(attributes->converted);
	g_ptr_array_unref(attributes->pending);
	g_free(attributes);
}

static void attributes_boot(struct machine *machine, void *state)
{
	struct attributes *attributes = state;

	journal_table_clear(attributes->preserved, &marks);
	journal_table_clear(attributes->converted, &conversions);
	if (machine->boots == 1)
		journal_table_clear(attributes->handed, &marks);
	journal_ptrs_clear(attributes->pending, NULL);
}

static void note_preserved(struct attributes *attributes, const struct host_event *event)
{
	struct file_mark *mark = mark_new(event->name, event->value);

	mark->since = attributes->now;
	journal_table_add(attributes->preserved, &marks, mark);
}

static void note_unpreserved(struct attributes *attributes, const struct host_event *event)
{
	const struct file_key key = { .session = (char *)event->name, .token = event->value };

	journal_table_remove(attributes->preserved, &marks, &key);
}

static void note_converted(struct machine *machine, struct attributes *attributes,
			   const struct host_event *event)
{
	struct conversion *conversion = g_new0(struct conversion, 1);

	conversion->at = attributes->now;
	check_here(machine, &conversion->path);
	journal_table_put(attributes->converted, &conversions, (void *)(uintptr_t)event->value,
			  conversion);
}

static void note_retrieved(struct attributes *attributes, const struct host_event *event)
{
	struct file_mark *mark = file_key_find(attributes->handed, event->name, event->value);

	if (!mark || mark->pending)
		return;
	journal_set(mark->pending, true);
	journal_ptrs_add(attributes->pending, mark);
}

static void attributes_event(struct machine *machine, void *state,
			     const struct host_event *event)
{
	struct attributes *attributes = state;

	journal_set(attributes->now, attributes->now + 1);
	switch (event->type) {
	case HOST_EVENT_FILE_PRESERVED:
		note_preserved(attributes, event);
		break;
	case HOST_EVENT_FILE_UNPRESERVED:
		note_unpreserved(attributes, event);
		break;
	case HOST_EVENT_CONVERTED:
		note_converted(machine, attributes, event);
		break;
	default:
		note_retrieved(attributes, event);
	}
}

/* A file can be larger than anybody could look at: what lies behind 4 GiB is not. */
#define PAGES_MAX	(1u << 20)

/* Fills @pages; false if files of this kind know nothing of private pages. */
static bool private_pages(const struct host_image *image, const struct host_file *file,
			  GArray *pages)
{
	for (uint64_t i = 0; i < MIN(file->size >> HOST_PAGE_SHIFT, PAGES_MAX); i++) {
		int private = image->private_page(file->inode, i);

		if (private < 0)
			return false;
		if (private)
			g_array_append_val(pages, i);
	}
	return true;
}

/* At the jump. */

static void check_unconverted(struct machine *machine, const struct attributes *attributes,
			      const struct host_file *file)
{
	const struct file_mark *mark = file_key_find(attributes->preserved, file->session,
						 file->token);
	const struct conversion *conversion = g_hash_table_lookup(attributes->converted,
								  file->inode);

	verdict_checked(machine->verdict, "P-39");
	if (mark && conversion && conversion->at > mark->since)
		execution_violation(machine, "P-39", &conversion->path, NULL,
				    "file %" PRIu64 " of session \"%s\" was converted while it was "
				    "preserved", mark->key.token, mark->key.session);
}

static void leave_file(void *ctx, const struct host_file *file)
{
	struct machine *machine = execution_current();
	struct attributes *attributes = ctx;
	struct file_mark *mark;

	if (!file->has_pages)
		return;
	check_unconverted(machine, attributes, file);
	mark = mark_new(file->session, file->token);
	if (private_pages(machine->now->entry, file, mark->pages))
		journal_table_add(attributes->handed, &marks, mark);
	else
		mark_free(mark);
}

static void leave_files(void *arg)
{
	execution_current()->now->entry->files(0, leave_file, arg);
}

static void attributes_jump(struct machine *machine, void *state)
{
	struct attributes *attributes = state;

	journal_table_clear(attributes->handed, &marks);
	journal_ptrs_clear(attributes->pending, NULL);
	execution_call(machine, leave_files, attributes);
}

/* After the file has been retrieved. */

/* The lowest page that is in one of two ascending lists only; false if there is none. */
static bool first_difference(const GArray *a, const GArray *b, uint64_t *page)
{
	unsigned int i = 0;

	while (i < a->len && i < b->len &&
	       g_array_index(a, uint64_t, i) == g_array_index(b, uint64_t, i))
		i++;
	if (i == a->len && i == b->len)
		return false;
	*page = MIN(i < a->len ? g_array_index(a, uint64_t, i) : UINT64_MAX,
		    i < b->len ? g_array_index(b, uint64_t, i) : UINT64_MAX);
	return true;
}

static void compare_file(void *ctx, const struct host_file *file)
{
	struct machine *machine = execution_current();
	struct attributes *attributes = ctx;
	struct file_mark *mark = file_key_find(attributes->handed, file->session, file->token);
	g_autoptr(GArray) pages = NULL;
	uint64_t page;

	if (!mark)
		return;
	verdict_checked(machine->verdict, "P-39");
	pages = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	if (private_pages(machine->now->entry, file, pages) &&
	    first_difference(mark->pages, pages, &page)) {
		bool private = machine->now->entry->private_page(file->inode, page) == 1;

		execution_violation(machine, "P-39", NULL, NULL,
				    "page %" PRIu64 " of file %" PRIu64 " of session \"%s\" is %s "
				    "after the update, but was %s at the jump", page,
				    mark->key.token, mark->key.session,
				    private ? "private" : "shared",
				    private ? "shared" : "private");
	}
}

/* Nobody else may run before the comparison: to the kernel there is only this thread. */
static void attributes_returned(struct machine *machine, void *state)
{
	struct attributes *attributes = state;
	int concurrent = machine->concurrent;

	if (!attributes->pending->len)
		return;
	machine->concurrent = 0;
	for (unsigned int i = 0; i < attributes->pending->len; i++) {
		struct file_mark *mark = g_ptr_array_index(attributes->pending, i);

		journal_set(mark->pending, false);
		machine->now->entry->retrieved(mark->key.session, mark->key.token, compare_file,
					       attributes);
	}
	journal_ptrs_clear(attributes->pending, NULL);
	machine->concurrent = concurrent;
}

/* When something was matters as far as a conversion was after a preservation. */
static struct digest digest_of(const struct attributes *attributes, const struct file_mark *mark)
{
	struct digest digest = { 0 }, later = { 0 };
	GHashTableIter iter;
	void *inode, *p;

	digest_text(&digest, mark->key.session);
	digest_word(&digest, mark->key.token);
	g_hash_table_iter_init(&iter, attributes->converted);
	while (g_hash_table_iter_next(&iter, &inode, &p)) {
		const struct conversion *conversion = p;
		struct digest one = { 0 };

		digest_pointer(&one, inode);
		if (conversion->at > mark->since)
			digest_add(&later, one);
	}
	digest_digest(&digest, later);
	return digest;
}

static struct digest digest_handed(const struct file_mark *mark)
{
	struct digest digest = { 0 };

	digest_text(&digest, mark->key.session);
	digest_word(&digest, mark->key.token);
	digest_bytes(&digest, mark->pages->data, mark->pages->len * sizeof(uint64_t));
	return digest;
}

/* What was noted at an earlier jump stays. */
static bool attributes_digest(const void *state, bool left, struct digest *digest)
{
	const struct attributes *attributes = state;
	struct digest all = { 0 };
	GHashTableIter iter;
	void *mark;

	g_hash_table_iter_init(&iter, left ? attributes->handed : attributes->preserved);
	while (g_hash_table_iter_next(&iter, &mark, NULL))
		digest_add(&all, left ? digest_handed(mark) : digest_of(attributes, mark));
	digest_digest(digest, all);
	return !attributes->pending->len;
}

static bool attributes_usable(const struct host_image *image)
{
	return image->files && image->retrieved && image->private_page;
}

const struct checker attributes_checker = {
	.name = "attributes of preserved files",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("P-39"),
	.events = CHECK_EVENT(HOST_EVENT_FILE_PRESERVED) |
		  CHECK_EVENT(HOST_EVENT_FILE_UNPRESERVED) |
		  CHECK_EVENT(HOST_EVENT_FILE_RETRIEVED) |
		  CHECK_EVENT(HOST_EVENT_CONVERTED),
	.usable = attributes_usable,
	.create = attributes_create,
	.destroy = attributes_destroy,
	.boot = attributes_boot,
	.event = attributes_event,
	.returned = attributes_returned,
	.jump = attributes_jump,
	.digest = attributes_digest,
};
