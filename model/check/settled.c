// SPDX-License-Identifier: GPL-2.0
/*
 * Settled memory: what the kernel itself keeps in preserved pages, which is what it wrote
 * down for the next one.
 *
 * It is noted when LUO begins to serialize and when it is done. If it refused, all must be
 * as before; if it succeeded, nothing may change until the jump. (What programs keep in
 * files is theirs to change: the contents checker compares that.)
 *
 * Judges P-12 and P-30.
 */

#include <inttypes.h>

#include "../check.h"
#include "../instrument.h"
#include "../journal.h"

/** struct settled_page - a page of kernel data and the sum of what it held. */
struct settled_page {
	uint64_t pfn;
	uint64_t sum;
};

/**
 * struct settled - the checker's state.
 * @pages: struct settled_page, in the order of preservation
 * @again: the same, later
 * @valid: @pages says what the next kernel will be given
 */
struct settled {
	GArray *pages;
	GArray *again;
	bool valid;
};

static void *settled_create(struct machine *machine)
{
	struct settled *settled = g_new0(struct settled, 1);

	(void)machine;
	settled->pages = g_array_new(FALSE, FALSE, sizeof(struct settled_page));
	settled->again = g_array_new(FALSE, FALSE, sizeof(struct settled_page));
	return settled;
}

static void settled_destroy(void *state)
{
	struct settled *settled = state;

	g_array_free(settled->pages, TRUE);
	g_array_free(settled->again, TRUE);
	g_free(settled);
}

static void settled_boot(struct machine *machine, void *state)
{
	struct settled *settled = state;

	(void)machine;
	journal_set(settled->valid, false);
}

#define LANES	8u

/*
 * Sums, and sums of the sums so far, in lanes side by side: a compiler makes a few vector
 * instructions of that, and whatever one mistake changes, changes them.
 */
__attribute__((no_sanitize("address")))
static uint64_t page_sum(const uint64_t *words)
{
	uint64_t sum[LANES] = { 0 }, sums[LANES] = { 0 };
	uint64_t all = 0;

	for (unsigned int i = 0; i < HOST_PAGE_SIZE / sizeof(*words); i += LANES) {
		for (unsigned int j = 0; j < LANES; j++) {
			sum[j] += words[i + j];
			sums[j] += sum[j];
		}
	}
	for (unsigned int j = 0; j < LANES; j++)
		all = (all ^ sum[j]) * 0xff51afd7ed558ccd + sums[j];
	/* Not all that is preserved was ever written to. */
	VALGRIND_MAKE_MEM_DEFINED(&all, sizeof(all));
	return all;
}

/* The pages of a preservation are all the kernel's or all a file's. */
static void note_key(void *ctx, uint64_t pfn, unsigned int order)
{
	struct machine *machine = execution_current();
	GArray *pages = ctx;

	if (!machine->now->entry->kernel_page(pfn))
		return;
	for (uint64_t i = pfn; i < pfn + (1UL << order); i++) {
		struct settled_page page = {
			.pfn = i,
			.sum = page_sum(physmem_at(&machine->mem, i << HOST_PAGE_SHIFT)),
		};

		g_array_append_val(pages, page);
	}
}

/* Nobody else may run meanwhile: to the kernel there is only this thread. */
static void note_pages(struct machine *machine, GArray *pages)
{
	int concurrent = machine->concurrent;

	machine->concurrent = 0;
	journal_array(pages, 0);
	g_array_set_size(pages, 0);
	ledger_each(machine, note_key, pages);
	machine->concurrent = concurrent;
}

static const struct settled_page *page_at(const GArray *pages, unsigned int i)
{
	return i < pages->len ? &g_array_index(pages, struct settled_page, i) : NULL;
}

/* Reports the first difference, if there is one. */
static void compare(struct machine *machine, struct settled *settled, const char *property,
		    const char *when)
{
	for (unsigned int i = 0; i < MAX(settled->pages->len, settled->again->len); i++) {
		const struct settled_page *before = page_at(settled->pages, i);
		const struct settled_page *after = page_at(settled->again, i);
		uint64_t pfn = after ? after->pfn : before->pfn;

		if (before && after && before->pfn == after->pfn && before->sum == after->sum)
			continue;
		execution_violation(machine, property, NULL, ledger_owner(machine, pfn),
				    "preserved page %" PRIu64 ", kernel data, %s %s", pfn,
				    before && after && before->pfn == after->pfn ? "changed" :
				    "was preserved or unpreserved", when);
		return;
	}
}

static void settled_event(struct machine *machine, void *state, const struct host_event *event)
{
	struct settled *settled = state;
	const struct host_image *image = machine->now->entry;

	if (!image->kernel_page)
		return;
	if (event->type == HOST_EVENT_SERIALIZING || !event->value) {
		note_pages(machine, settled->pages);
		journal_set(settled->valid, event->type == HOST_EVENT_SERIALIZED);
		return;
	}
	note_pages(machine, settled->again);
	verdict_checked(machine->verdict, "P-30");
	compare(machine, settled, "P-30", "by a reboot that was refused");
}

static void note_again(void *arg)
{
	struct settled *settled = arg;

	note_pages(execution_current(), settled->again);
}

static void settled_jump(struct machine *machine, void *state)
{
	struct settled *settled = state;

	if (!settled->valid || !execution_call(machine, note_again, settled))
		return;
	verdict_checked(machine->verdict, "P-12");
	compare(machine, settled, "P-12", "after all had been serialized");
}

static bool settled_digest(const void *state, bool left, struct digest *digest)
{
	const struct settled *settled = state;
	bool matters = settled->valid && !left;

	digest_word(digest, matters ? settled->pages->len : 0);
	for (unsigned int i = 0; matters && i < settled->pages->len; i++) {
		digest_word(digest, page_at(settled->pages, i)->pfn);
		digest_word(digest, page_at(settled->pages, i)->sum);
	}
	return true;
}

const struct checker settled_checker = {
	.name = "settled memory",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("P-12", "P-30"),
	.events = CHECK_EVENT(HOST_EVENT_SERIALIZING) | CHECK_EVENT(HOST_EVENT_SERIALIZED),
	.create = settled_create,
	.destroy = settled_destroy,
	.boot = settled_boot,
	.event = settled_event,
	.jump = settled_jump,
	.digest = settled_digest,
};
