// SPDX-License-Identifier: GPL-2.0
/*
 * Contents: a file comes out of the update as it was at the jump.
 *
 * At the jump the size of each preserved file and a hash of each of its pages are
 * noted, and of a memfd position and seals. When the next kernel has retrieved the file,
 * before anybody can use it, all are compared. A page that was absent reads as zero, so a
 * zero page and a hole equal.
 *
 * Judges P-22, and P-32 for position and seals.
 */

#include <inttypes.h>
#include <string.h>

#include "../check.h"
#include "../journal.h"
#include "file_key.h"

/** struct page_mark - one page of a file that isn't zero. */
struct page_mark {
	uint64_t index;
	uint64_t hash;
};

/**
 * struct file_mark - what a file was like at the jump.
 * @position: f_pos
 * @seals:   F_SEAL_*, negative if it has none and no position either
 * @pending: the new kernel has retrieved it, and it has not been compared yet
 */
struct file_mark {
	struct file_key key;
	uint64_t size;
	uint64_t position;
	int seals;
	GArray *pages;
	bool pending;
};

/**
 * struct contents - the checker's state.
 * @marks:   set of &struct file_mark, by session and token
 * @pending: those to be compared when the system call returns
 */
struct contents {
	GHashTable *marks;
	GPtrArray *pending;
};

static void mark_free(void *data)
{
	struct file_mark *mark = data;

	g_array_free(mark->pages, TRUE);
	g_free(mark->key.session);
	g_free(mark);
}

static const struct journal_table_type marks = { .key = mark_free };

static void *contents_create(struct machine *machine)
{
	struct contents *contents = g_new0(struct contents, 1);

	(void)machine;
	contents->marks = g_hash_table_new_full(file_key_hash, file_key_equal, mark_free, NULL);
	contents->pending = g_ptr_array_new();
	return contents;
}

static void contents_destroy(void *state)
{
	struct contents *contents = state;

	g_ptr_array_free(contents->pending, TRUE);
	g_hash_table_unref(contents->marks);
	g_free(contents);
}

/*
 * Four independent lanes of multiply and rotate, so that the processor has something
 * to do while it waits for each product. 0 stands for a page full of zeroes.
 */
__attribute__((no_sanitize("address")))
static uint64_t page_hash(const uint64_t *words)
{
	uint64_t lane[4] = { 0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f, 0x165667b19e3779f9,
			     0xd6e8feb86659fd93 };
	uint64_t any = 0;

	for (unsigned int i = 0; i < HOST_PAGE_SIZE / sizeof(*words); i += 4) {
		for (unsigned int j = 0; j < 4; j++) {
			uint64_t word = words[i + j];

			any |= word;
			lane[j] = (lane[j] ^ word) * 0xff51afd7ed558ccd;
			lane[j] ^= lane[j] >> 32;
		}
	}
	if (!any)
		return 0;
	for (unsigned int j = 1; j < 4; j++)
		lane[0] = (lane[0] ^ lane[j]) * 0xc4ceb9fe1a85ec53 + (lane[0] >> 29);
	return lane[0] ? lane[0] : 1;
}

struct visit {
	struct machine *machine;
	GArray *pages;
};

static void mark_page(void *ctx, const struct host_page *page)
{
	struct visit *visit = ctx;
	struct page_mark mark = { .index = page->index };

	if (physmem_is_blank(&visit->machine->mem, page->pfn))
		return;
	mark.hash = page_hash(physmem_at(&visit->machine->mem, page->pfn << HOST_PAGE_SHIFT));
	if (mark.hash)
		g_array_append_val(visit->pages, mark);
}

static GArray *mark_pages(struct machine *machine, const struct host_file *file)
{
	struct visit visit = {
		.machine = machine,
		.pages = g_array_new(FALSE, FALSE, sizeof(struct page_mark)),
	};

	physmem_find_present(&machine->mem);
	file->visit(file, mark_page, &visit);
	return visit.pages;
}

/* At the jump. */

static void mark_file(void *ctx, const struct host_file *file)
{
	struct contents *contents = ctx;
	struct file_mark *mark;

	if (!file->has_pages)
		return;
	mark = g_new0(struct file_mark, 1);
	mark->key.session = g_strdup(file->session);
	mark->key.token = file->token;
	mark->size = file->size;
	mark->position = file->position;
	mark->seals = file->seals;
	mark->pages = mark_pages(execution_current(), file);
	journal_table_add(contents->marks, &marks, mark);
}

static void mark_files(void *arg)
{
	execution_current()->now->entry->files(0, mark_file, arg);
}

static void contents_jump(struct machine *machine, void *state)
{
	struct contents *contents = state;

	journal_ptrs_clear(contents->pending, NULL);
	journal_table_clear(contents->marks, &marks);
	execution_call(machine, mark_files, contents);
}

static void contents_boot(struct machine *machine, void *state)
{
	struct contents *contents = state;

	journal_ptrs_clear(contents->pending, NULL);
	if (machine->boots == 1)
		journal_table_clear(contents->marks, &marks);
}

/* After the file has been retrieved. */

static void contents_event(struct machine *machine, void *state, const struct host_event *event)
{
	struct contents *contents = state;
	struct file_mark *mark = file_key_find(contents->marks, event->name, event->value);

	(void)machine;
	if (!mark || mark->pending)
		return;
	journal_set(mark->pending, true);
	journal_ptrs_add(contents->pending, mark);
}

/* The lowest index at which two ascending lists of pages differ; false if they don't. */
static bool first_difference(const GArray *a, const GArray *b, uint64_t *index)
{
	for (unsigned int i = 0; i < MAX(a->len, b->len); i++) {
		const struct page_mark *x = &g_array_index(a, struct page_mark, i);
		const struct page_mark *y = &g_array_index(b, struct page_mark, i);

		if (i < a->len && i < b->len && x->index == y->index && x->hash == y->hash)
			continue;
		if (i >= a->len)
			*index = y->index;
		else if (i >= b->len)
			*index = x->index;
		else
			*index = MIN(x->index, y->index);
		return true;
	}
	return false;
}

static void compare_state(struct machine *machine, const struct file_mark *mark,
			  const struct host_file *file)
{
	verdict_checked(machine->verdict, "P-22");
	if (file->size != mark->size)
		execution_violation(machine, "P-22", NULL, NULL,
				    "file %" PRIu64 " of session \"%s\" has %" PRIu64
				    " bytes, but %" PRIu64 " at the jump", mark->key.token,
				    mark->key.session, (uint64_t)file->size, mark->size);
	if (mark->seals < 0 && file->seals < 0)
		return;
	verdict_checked(machine->verdict, "P-32");
	if (file->seals != mark->seals)
		execution_violation(machine, "P-32", NULL, NULL,
				    "file %" PRIu64 " of session \"%s\" has seals %#x, but %#x "
				    "at the jump", mark->key.token, mark->key.session, file->seals,
				    mark->seals);
	if (file->position != mark->position)
		execution_violation(machine, "P-32", NULL, NULL,
				    "file %" PRIu64 " of session \"%s\" is at position %" PRIu64
				    ", but was at %" PRIu64 " at the jump", mark->key.token,
				    mark->key.session, (uint64_t)file->position, mark->position);
}

static void compare_file(void *ctx, const struct host_file *file)
{
	struct machine *machine = execution_current();
	struct contents *contents = ctx;
	struct file_mark *mark = file_key_find(contents->marks, file->session, file->token);
	GArray *pages;
	uint64_t index;

	if (!mark)
		return;
	compare_state(machine, mark, file);
	pages = mark_pages(machine, file);
	if (first_difference(mark->pages, pages, &index))
		execution_violation(machine, "P-22", NULL, NULL,
				    "file %" PRIu64 " of session \"%s\" differs in page %" PRIu64
				    " from what it was at the jump", mark->key.token,
				    mark->key.session, index);
	g_array_free(pages, TRUE);
}

/* Nobody else may run before the comparison: to the kernel there is only this thread. */
static void contents_returned(struct machine *machine, void *state)
{
	struct contents *contents = state;
	int concurrent = machine->concurrent;

	if (!contents->pending->len)
		return;
	machine->concurrent = 0;
	for (unsigned int i = 0; i < contents->pending->len; i++) {
		struct file_mark *mark = g_ptr_array_index(contents->pending, i);

		journal_set(mark->pending, false);
		machine->now->entry->retrieved(mark->key.session, mark->key.token, compare_file,
					       contents);
	}
	journal_ptrs_clear(contents->pending, NULL);
	machine->concurrent = concurrent;
}

static struct digest digest_of(const struct file_mark *mark)
{
	struct digest digest = { 0 };

	digest_text(&digest, mark->key.session);
	digest_word(&digest, mark->key.token);
	digest_word(&digest, mark->size);
	digest_word(&digest, mark->position);
	digest_word(&digest, mark->seals);
	digest_bytes(&digest, mark->pages->data, mark->pages->len * sizeof(struct page_mark));
	return digest;
}

/* What was noted at an earlier jump stays. */
static bool contents_digest(const void *state, bool left, struct digest *digest)
{
	const struct contents *contents = state;
	struct digest all = { 0 };
	GHashTableIter iter;
	void *mark;

	g_hash_table_iter_init(&iter, contents->marks);
	while (left && g_hash_table_iter_next(&iter, &mark, NULL))
		digest_add(&all, digest_of(mark));
	digest_digest(digest, all);
	return !contents->pending->len;
}

static bool contents_usable(const struct host_image *image)
{
	return image->files && image->retrieved;
}

const struct checker contents_checker = {
	.name = "contents of preserved files",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("P-22", "P-32"),
	.events = CHECK_EVENT(HOST_EVENT_FILE_RETRIEVED),
	.usable = contents_usable,
	.create = contents_create,
	.destroy = contents_destroy,
	.boot = contents_boot,
	.event = contents_event,
	.returned = contents_returned,
	.jump = contents_jump,
	.digest = contents_digest,
};
