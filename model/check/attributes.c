// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes: which pages of a preserved file are private stays the same.
 *
 * They are noted when the file has been preserved. At the jump they are compared with
 * that, and again when the next kernel has retrieved the file, before anybody can use it.
 *
 * Judges P-39.
 */

#include <inttypes.h>
#include <string.h>

#include "../check.h"

/**
 * struct attributes_mark - which pages of a file were private when it was preserved.
 * @pages:   page numbers, ascending
 * @taken:   @pages has been filled in
 * @arrived: the new kernel has retrieved the file, and it has not been compared yet
 */
struct attributes_mark {
	char *session;
	uint64_t token;
	GArray *pages;
	bool taken;
	bool arrived;
};

/**
 * struct attributes - the checker's state.
 * @outgoing: marks of files that this kernel has preserved
 * @incoming: marks of files that the kernel before handed over
 * @due:      something is to be noted or compared once the system call is about to return
 */
struct attributes {
	GPtrArray *outgoing;
	GPtrArray *incoming;
	bool due;
};

static void mark_free(void *data)
{
	struct attributes_mark *mark = data;

	g_array_free(mark->pages, TRUE);
	g_free(mark->session);
	g_free(mark);
}

static void *attributes_create(struct machine *machine)
{
	struct attributes *attributes = g_new0(struct attributes, 1);

	(void)machine;
	attributes->outgoing = g_ptr_array_new_with_free_func(mark_free);
	attributes->incoming = g_ptr_array_new_with_free_func(mark_free);
	return attributes;
}

static void attributes_destroy(void *state)
{
	struct attributes *attributes = state;

	g_ptr_array_free(attributes->outgoing, TRUE);
	g_ptr_array_free(attributes->incoming, TRUE);
	g_free(attributes);
}

static struct attributes_mark *find_mark(GPtrArray *marks, const char *session, uint64_t token)
{
	for (unsigned int i = 0; i < marks->len; i++) {
		struct attributes_mark *mark = g_ptr_array_index(marks, i);

		if (mark->token == token && !strcmp(mark->session, session))
			return mark;
	}
	return NULL;
}

static void add_mark(GPtrArray *marks, const char *session, uint64_t token)
{
	struct attributes_mark *mark = g_new0(struct attributes_mark, 1);

	mark->session = g_strdup(session);
	mark->token = token;
	mark->pages = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	g_ptr_array_add(marks, mark);
}

static void attributes_boot(struct machine *machine, void *state)
{
	struct attributes *attributes = state;

	if (machine->boots == 1)
		g_ptr_array_set_size(attributes->incoming, 0);
	g_ptr_array_set_size(attributes->outgoing, 0);
	attributes->due = false;
}

static void attributes_event(struct machine *machine, void *state,
			     const struct host_event *event)
{
	struct attributes *attributes = state;
	struct attributes_mark *mark;

	(void)machine;
	if (event->type == HOST_EVENT_FILE_RETRIEVED) {
		mark = find_mark(attributes->incoming, event->name, event->value);
		if (mark)
			mark->arrived = true;
		attributes->due |= !!mark;
		return;
	}
	/* A token can be used again once its file has left. */
	mark = find_mark(attributes->outgoing, event->name, event->value);
	if (mark)
		g_ptr_array_remove(attributes->outgoing, mark);
	if (event->type == HOST_EVENT_FILE_PRESERVED) {
		add_mark(attributes->outgoing, event->name, event->value);
		attributes->due = true;
	}
}

/* Fills @pages; false if files of this kind know nothing of private pages. */
static bool private_pages(const struct host_image *image, const struct host_file *file,
			  GArray *pages)
{
	g_array_set_size(pages, 0);
	for (uint64_t i = 0; i < file->size >> HOST_PAGE_SHIFT; i++) {
		int private = image->private_page(file->inode, i);

		if (private < 0)
			return false;
		if (private)
			g_array_append_val(pages, i);
	}
	return true;
}

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

static void compare(struct machine *machine, const struct attributes_mark *mark,
		    const struct host_file *file, const char *when)
{
	GArray *pages = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	uint64_t page;

	if (private_pages(machine->now->entry, file, pages) &&
	    first_difference(mark->pages, pages, &page)) {
		bool private = machine->now->entry->private_page(file->inode, page) == 1;

		execution_violation(machine, "P-39", NULL, NULL,
				    "page %" PRIu64 " of file %" PRIu64 " of session \"%s\" is %s "
				    "%s, but was %s when the file was preserved", page,
				    mark->token, mark->session, private ? "private" : "shared",
				    when, private ? "shared" : "private");
	}
	g_array_free(pages, TRUE);
}

static void take(void *ctx, const struct host_file *file)
{
	struct attributes *attributes = ctx;
	struct attributes_mark *mark = find_mark(attributes->outgoing, file->session, file->token);

	if (!mark || mark->taken || !file->has_pages)
		return;
	mark->taken = private_pages(execution_current()->now->entry, file, mark->pages);
}

static void compare_retrieved(void *ctx, const struct host_file *file)
{
	struct attributes *attributes = ctx;
	struct attributes_mark *mark = find_mark(attributes->incoming, file->session, file->token);

	if (!mark || !mark->arrived)
		return;
	mark->arrived = false;
	if (mark->taken)
		compare(execution_current(), mark, file, "after the update");
}

/* Nobody else may run meanwhile: to the kernel there is only this thread. */
static void attributes_returned(struct machine *machine, void *state)
{
	struct attributes *attributes = state;
	int concurrent = machine->concurrent;

	if (!attributes->due)
		return;
	attributes->due = false;
	machine->concurrent = 0;
	machine->now->entry->files(0, take, attributes);
	machine->now->entry->files(1, compare_retrieved, attributes);
	machine->concurrent = concurrent;
}

static void compare_outgoing(void *ctx, const struct host_file *file)
{
	struct attributes *attributes = ctx;
	struct attributes_mark *mark = find_mark(attributes->outgoing, file->session, file->token);

	if (mark && mark->taken)
		compare(execution_current(), mark, file, "at the jump");
}

static void compare_files(void *arg)
{
	execution_current()->now->entry->files(0, compare_outgoing, arg);
}

static void attributes_jump(struct machine *machine, void *state)
{
	struct attributes *attributes = state;
	GPtrArray *left = attributes->incoming;

	execution_call(machine, compare_files, attributes);
	attributes->incoming = attributes->outgoing;
	attributes->outgoing = left;
}

static bool attributes_usable(const struct host_image *image)
{
	return image->files && image->private_page;
}

const struct checker attributes_checker = {
	.name = "attributes of preserved files",
	.events = CHECK_EVENT(HOST_EVENT_FILE_PRESERVED) |
		  CHECK_EVENT(HOST_EVENT_FILE_UNPRESERVED) |
		  CHECK_EVENT(HOST_EVENT_FILE_RETRIEVED),
	.usable = attributes_usable,
	.create = attributes_create,
	.destroy = attributes_destroy,
	.boot = attributes_boot,
	.event = attributes_event,
	.returned = attributes_returned,
	.jump = attributes_jump,
};
