// SPDX-License-Identifier: GPL-2.0
/*
 * The ledger: what KHO holds, tied to what the page allocator does.
 *
 * Each preservation of 2^order pages is a key that is taken once and given back once:
 * unpreserved by the kernel that preserved it, or restored by the next. As long as a
 * page is under a key, the allocator has no business with it; as long as the next
 * kernel has not restored it, neither has that kernel's.
 *
 * Judges P-23, P-24, P-25, P-26, P-34, P-43, P-44, P-49, P-52, P-56
 * and K-PAGE.
 */

#include <inttypes.h>

#include "../check.h"
#include "../journal.h"

/**
 * struct key - a preservation.
 * @live:   (this kernel's) not unpreserved, (handed over) not yet restored
 * @at_boot: taken while the kernel booted: infrastructure, held for ever
 * @owner:  who preserved it
 * @ender:  who restored it
 */
struct key {
	uint64_t pfn;
	unsigned int order;
	bool live;
	bool at_boot;
	struct call_path owner;
	struct call_path ender;
};

enum page_use {
	PAGE_UNKNOWN,		/* from before, or never given out */
	PAGE_FREE,
	PAGE_USED
};

/**
 * struct page_note - what is known of a page.
 * @era:    boot it was written in; older notes don't count
 * @key:    index into ledger.keys plus 1, or 0
 * @handed: index into ledger.handed plus 1, or 0
 * @use:    enum page_use
 */
struct page_note {
	uint32_t era;
	uint32_t key;
	uint32_t handed;
	uint8_t use;
};

/**
 * struct ledger - the checker's state.
 * @keys:      struct key of this kernel
 * @handed:    struct key that the kernel before handed over
 * @honoured:  this kernel withheld what was handed over from its allocator
 * @booted:    boot is over
 * @files:     files handed over that have not been finished
 * @had_files: there were some
 * @sum:       in what @notes differ from when the journal began
 */
struct ledger {
	struct page_note *notes;
	uint64_t pages;
	uint32_t era;
	GArray *keys;
	GArray *handed;
	unsigned int live;
	bool honoured;
	bool booted;
	unsigned int files;
	bool had_files;
	struct digest sum;
};

static const char *plural(unsigned int order)
{
	return order ? "pages" : "page";
}

static void *ledger_create(struct machine *machine)
{
	struct ledger *ledger = g_new0(struct ledger, 1);

	ledger->pages = machine->mem.size >> HOST_PAGE_SHIFT;
	ledger->notes = g_new0(struct page_note, ledger->pages);
	ledger->keys = g_array_new(FALSE, FALSE, sizeof(struct key));
	ledger->handed = g_array_new(FALSE, FALSE, sizeof(struct key));
	return ledger;
}

static void ledger_destroy(void *state)
{
	struct ledger *ledger = state;

	g_array_free(ledger->keys, TRUE);
	g_array_free(ledger->handed, TRUE);
	g_free(ledger->notes);
	g_free(ledger);
}

static struct page_note *note_of(struct ledger *ledger, uint64_t pfn)
{
	struct page_note *note = &ledger->notes[pfn];

	if (note->era != ledger->era)
		journal_set(*note, ((struct page_note){ .era = ledger->era }));
	return note;
}

static struct digest digest_of(uint64_t pfn, const struct page_note *note)
{
	struct digest digest = { 0 };

	digest_word(&digest, pfn << 8 | note->use);
	digest_word(&digest, (uint64_t)note->key << 32 | note->handed);
	return digest;
}

/* All that is noted of a page, from now on. */
static void set_note(struct ledger *ledger, struct page_note *note, struct page_note to)
{
	uint64_t pfn = note - ledger->notes;

	if (journal_now) {
		journal_save(&ledger->sum, sizeof(ledger->sum));
		digest_remove(&ledger->sum, digest_of(pfn, note));
		digest_add(&ledger->sum, digest_of(pfn, &to));
	}
	journal_set(*note, to);
}

static void set_use(struct ledger *ledger, struct page_note *note, enum page_use use)
{
	struct page_note to = *note;

	to.use = use;
	set_note(ledger, note, to);
}

static void set_key(struct ledger *ledger, struct page_note *note, uint32_t key)
{
	struct page_note to = *note;

	to.key = key;
	set_note(ledger, note, to);
}

static void set_handed(struct ledger *ledger, struct page_note *note, uint32_t handed)
{
	struct page_note to = *note;

	to.handed = handed;
	set_note(ledger, note, to);
}

static struct key *key_of(struct ledger *ledger, const struct page_note *note)
{
	return note->key ? &g_array_index(ledger->keys, struct key, note->key - 1) : NULL;
}

static struct key *handed_of(struct ledger *ledger, const struct page_note *note)
{
	return note->handed ? &g_array_index(ledger->handed, struct key, note->handed - 1) : NULL;
}

static void complain(struct machine *machine, const char *property, const struct call_path *other,
		     const char *what, uint64_t pfn)
{
	struct call_path here;

	check_here(machine, &here);
	execution_violation(machine, property, &here, other, "page %" PRIu64 " %s", pfn, what);
}

/* Whether the block that something is done to is the one that was preserved; it must be. */
static bool same_key(struct machine *machine, const struct key *key, uint64_t pfn,
		     unsigned int order, const char *how)
{
	g_autofree char *what = NULL;

	verdict_checked(machine->verdict, "P-24");
	if (key->pfn == pfn && key->order == order)
		return true;
	if (key->pfn == pfn)
		what = g_strdup_printf("was %s with another order than it was preserved with: %u, "
				       "not %u", how, order, key->order);
	else
		what = g_strdup_printf("was %s, but is preserved together with page %" PRIu64,
				       how, key->pfn);
	complain(machine, "P-24", &key->owner, what, pfn);
	return false;
}

/* Allocator. */

static void page_alloc(struct machine *machine, struct ledger *ledger, uint64_t pfn,
		       unsigned int order)
{
	verdict_checked(machine->verdict, "P-23");
	verdict_checked(machine->verdict, "P-43");
	verdict_checked(machine->verdict, "K-PAGE");
	for (uint64_t i = pfn; i < pfn + (1UL << order); i++) {
		struct page_note *note = note_of(ledger, i);
		struct key *key = key_of(ledger, note);
		struct key *handed = handed_of(ledger, note);

		if (key)
			complain(machine, "P-23", &key->owner,
				 "was allocated although it is preserved", i);
		else if (handed && handed->live && ledger->honoured)
			complain(machine, "P-43", &handed->owner,
				 "was allocated although it was handed over and not restored", i);
		else if (note->use == PAGE_USED)
			complain(machine, "K-PAGE", NULL, "was allocated twice", i);
		set_use(ledger, note, PAGE_USED);
	}
}

/* One report for a block: the first page of it that is wrong. */
static void page_free(struct machine *machine, struct ledger *ledger, uint64_t pfn,
		      unsigned int order)
{
	bool told = false;

	verdict_checked(machine->verdict, "P-26");
	verdict_checked(machine->verdict, "K-PAGE");
	for (uint64_t i = pfn; i < pfn + (1UL << order); i++) {
		struct page_note *note = note_of(ledger, i);
		struct key *key = key_of(ledger, note);

		if (key && !told)
			complain(machine, "P-26", &key->owner, "was freed while preserved", i);
		else if (note->use == PAGE_FREE && !told)
			complain(machine, "K-PAGE", NULL, "was freed twice", i);
		told = told || key || note->use == PAGE_FREE;
		set_use(ledger, note, PAGE_FREE);
	}
}

static void page_release(struct machine *machine, struct ledger *ledger, uint64_t pfn,
			 unsigned int order)
{
	verdict_checked(machine->verdict, "P-26");
	for (uint64_t i = pfn; i < pfn + (1UL << order); i++) {
		struct key *key = key_of(ledger, note_of(ledger, i));

		if (!key)
			continue;
		complain(machine, "P-26", &key->owner,
			 "lost its last reference while preserved", i);
		return;
	}
}

/* Preservation. */

static void preserved_twice(struct machine *machine, const struct key *key, uint64_t pfn,
			    unsigned int order)
{
	g_autofree char *what = g_strdup_printf("was preserved twice, with order %u and then "
						"with order %u", key->order, order);

	complain(machine, "P-25", &key->owner,
		 key->order == order ? "was preserved twice" : what, pfn);
}

static bool may_preserve(struct machine *machine, struct ledger *ledger, uint64_t pfn,
			 unsigned int order)
{
	verdict_checked(machine->verdict, "P-23");
	verdict_checked(machine->verdict, "P-25");
	verdict_checked(machine->verdict, "P-52");
	for (uint64_t i = pfn; i < pfn + (1UL << order); i++) {
		struct page_note *note = note_of(ledger, i);
		struct key *key = key_of(ledger, note);
		struct key *handed = handed_of(ledger, note);

		if (key) {
			preserved_twice(machine, key, i, order);
			return false;
		}
		if (handed && handed->live && ledger->honoured)
			complain(machine, "P-52", &handed->owner,
				 "was preserved again without having been restored", i);
		else if (note->use == PAGE_FREE)
			complain(machine, "P-23", NULL, "was preserved although it is free", i);
	}
	return true;
}

static void kho_preserve(struct machine *machine, struct ledger *ledger, uint64_t pfn,
			 unsigned int order)
{
	struct key key = { .pfn = pfn, .order = order, .live = true };

	if (!may_preserve(machine, ledger, pfn, order))
		return;
	check_here(machine, &key.owner);
	key.at_boot = !ledger->booted;
	journal_array_append(ledger->keys, key);
	journal_set(ledger->live, ledger->live + 1);
	for (uint64_t i = pfn; i < pfn + (1UL << order); i++)
		set_key(ledger, note_of(ledger, i), ledger->keys->len);
}

static void kho_unpreserve(struct machine *machine, struct ledger *ledger, uint64_t pfn,
			   unsigned int order)
{
	struct key *key = key_of(ledger, note_of(ledger, pfn));

	verdict_checked(machine->verdict, "P-25");
	if (!key) {
		complain(machine, "P-25", NULL, "was unpreserved, but is not preserved", pfn);
		return;
	}
	if (!same_key(machine, key, pfn, order, "unpreserved"))
		return;
	journal_element(ledger->keys, note_of(ledger, pfn)->key - 1);
	key->live = false;
	journal_set(ledger->live, ledger->live - 1);
	for (uint64_t i = pfn; i < pfn + (1UL << order); i++)
		set_key(ledger, note_of(ledger, i), 0);
	/* Keys come and go like a stack most of the time: keep the array short. */
	while (ledger->keys->len &&
	       !g_array_index(ledger->keys, struct key, ledger->keys->len - 1).live)
		journal_array_cut(ledger->keys, ledger->keys->len - 1);
}

/* Restoring. */

/*
 * The kernel has read the handover as we have. Only kernel code that tests itself, in a
 * kernel that took over nothing, tells of more: that is taken for granted.
 */
static void page_withheld(struct machine *machine, struct ledger *ledger, uint64_t pfn,
			  unsigned int order)
{
	struct key *key = handed_of(ledger, note_of(ledger, pfn));
	struct key alleged = { .pfn = pfn, .order = order, .live = true, .at_boot = true };

	journal_set(ledger->honoured, true);
	if (key)
		same_key(machine, key, pfn, order, "withheld");
	if (key || machine->boots > 1)
		return;
	journal_array_append(ledger->handed, alleged);
	for (uint64_t i = pfn; i < pfn + (1UL << order); i++)
		set_handed(ledger, note_of(ledger, i), ledger->handed->len);
}

static void kho_restore(struct machine *machine, struct ledger *ledger, uint64_t pfn,
			unsigned int order)
{
	struct key *key = handed_of(ledger, note_of(ledger, pfn));

	verdict_checked(machine->verdict, "P-44");
	if (!key) {
		complain(machine, "P-44", NULL,
			 "was restored, but the old kernel did not preserve it", pfn);
		return;
	}
	if (!key->live) {
		complain(machine, "P-44", &key->ender, "was restored twice", pfn);
		return;
	}
	same_key(machine, key, pfn, order, "restored");
	journal_element(ledger->handed, note_of(ledger, pfn)->handed - 1);
	key->live = false;
	check_here(machine, &key->ender);
	for (uint64_t i = key->pfn; i < key->pfn + (1UL << key->order); i++)
		set_use(ledger, note_of(ledger, i), PAGE_USED);
}

/* Which address is left out: a wild one can differ from run to run. */
static void restore_outside_memory(struct machine *machine)
{
	struct call_path here;

	check_here(machine, &here);
	execution_violation(machine, "P-44", &here, NULL,
			    "an address outside of memory was to be restored");
}

static void kho_restore_bad(struct machine *machine, struct ledger *ledger, uint64_t pfn)
{
	struct key *key;

	verdict_checked(machine->verdict, "P-44");
	if (pfn >= ledger->pages) {
		restore_outside_memory(machine);
		return;
	}
	key = handed_of(ledger, note_of(ledger, pfn));
	if (key && !key->live)
		complain(machine, "P-44", &key->ender, "was to be restored a second time", pfn);
	else
		complain(machine, "P-44", key ? &key->owner : NULL,
			 "was to be restored, but is no preservation", pfn);
}

static void ledger_event(struct machine *machine, void *state, const struct host_event *event)
{
	struct ledger *ledger = state;

	if (event->type == HOST_EVENT_KHO_RESTORE_BAD) {
		kho_restore_bad(machine, ledger, event->pfn);
		return;
	}
	if (event->type == HOST_EVENT_FILE_FINISHED) {
		journal_set(ledger->files, ledger->files - (ledger->files ? 1 : 0));
		return;
	}
	if (event->pfn >= ledger->pages || (1UL << event->order) > ledger->pages - event->pfn) {
		complain(machine, "K-PAGE", NULL, "lies outside memory", event->pfn);
		return;
	}
	switch (event->type) {
	case HOST_EVENT_PAGE_ALLOC:
		page_alloc(machine, ledger, event->pfn, event->order);
		break;
	case HOST_EVENT_PAGE_FREE:
		page_free(machine, ledger, event->pfn, event->order);
		break;
	case HOST_EVENT_PAGE_RELEASE:
		page_release(machine, ledger, event->pfn, event->order);
		break;
	case HOST_EVENT_PAGE_WITHHELD:
		page_withheld(machine, ledger, event->pfn, event->order);
		break;
	case HOST_EVENT_KHO_PRESERVE:
		kho_preserve(machine, ledger, event->pfn, event->order);
		break;
	case HOST_EVENT_KHO_UNPRESERVE:
		kho_unpreserve(machine, ledger, event->pfn, event->order);
		break;
	case HOST_EVENT_KHO_RESTORE:
		kho_restore(machine, ledger, event->pfn, event->order);
		break;
	default:
		break;
	}
}

/* Kernels. */

static void count_file(void *ctx, const struct host_file *file)
{
	(void)file;
	++*(unsigned int *)ctx;
}

static void count_files(void *arg)
{
	struct machine *machine = execution_current();

	machine->now->entry->files(0, count_file, arg);
}

/* The tree that the next kernel gets must hold just what this kernel said it preserved. */
static void ledger_jump(struct machine *machine, void *state)
{
	struct ledger *ledger = state;
	unsigned int files = 0;

	verdict_checked(machine->verdict, "P-25");
	verdict_checked(machine->verdict, "P-56");
	if (machine->handover.flaw)
		execution_violation(machine, "P-56", NULL, NULL, "the handover is broken: %s",
				    machine->handover.flaw);
	else if (machine->handover.fdt && machine->handover.keys->len != ledger->live)
		execution_violation(machine, "P-25", NULL, NULL,
				    "the tree of preserved memory holds %u keys, but %u were "
				    "preserved and not unpreserved", machine->handover.keys->len,
				    ledger->live);
	if (machine->now->entry->files)
		execution_call(machine, count_files, &files);
	verdict_checked(machine->verdict, "P-34");
	if (files && !machine->handover.fdt)
		execution_violation(machine, "P-34", NULL, NULL,
				    "%u preserved files are lost: the next kernel isn't told of "
				    "them", files);
	journal_set(ledger->files, machine->handover.fdt ? files : 0);
	journal_set(ledger->had_files, ledger->files);
}

/* The keys found in the handover become those of the kernel before. */
static void take_over(struct machine *machine, struct ledger *ledger)
{
	journal_array_cut(ledger->handed, 0);
	for (unsigned int i = 0; i < machine->handover.keys->len; i++) {
		const struct handover_key *found =
			&g_array_index(machine->handover.keys, struct handover_key, i);
		struct key *key = key_of(ledger, note_of(ledger, found->pfn));
		struct key handed = { .pfn = found->pfn, .order = found->order };

		if (key)
			handed = *key;
		handed.live = true;
		journal_array_append(ledger->handed, handed);
	}
}

static void ledger_boot(struct machine *machine, void *state)
{
	struct ledger *ledger = state;

	take_over(machine, ledger);
	journal_set(ledger->era, ledger->era + 1);
	journal_set(ledger->live, 0);
	journal_set(ledger->honoured, false);
	journal_set(ledger->booted, false);
	journal_array_cut(ledger->keys, 0);
	for (unsigned int i = 0; i < ledger->handed->len; i++) {
		const struct key *key = &g_array_index(ledger->handed, struct key, i);

		for (uint64_t pfn = key->pfn; pfn < key->pfn + (1UL << key->order); pfn++)
			set_handed(ledger, note_of(ledger, pfn), i + 1);
	}
	if (machine->boots == 1) {
		journal_set(ledger->files, 0);
		journal_set(ledger->had_files, false);
	}
}

static void ledger_booted(struct machine *machine, void *state)
{
	struct ledger *ledger = state;

	(void)machine;
	journal_set(ledger->booted, true);
}

static void report_left(struct machine *machine, const char *property, const struct key *key,
			const char *what)
{
	execution_violation(machine, property, NULL, &key->owner, "%lu %s from page %" PRIu64
			    " %s", 1UL << key->order, plural(key->order), key->pfn, what);
}

/* With all files finished nobody will ever ask for what is still withheld. */
static void ledger_end(struct machine *machine, void *state)
{
	struct ledger *ledger = state;

	verdict_checked(machine->verdict, "P-25");
	for (unsigned int i = 0; i < ledger->keys->len; i++) {
		const struct key *key = &g_array_index(ledger->keys, struct key, i);

		if (key->live && !key->at_boot)
			report_left(machine, "P-25", key, "still preserved after the last close");
	}
	if (!ledger_all_claimed(machine) || !ledger->honoured)
		return;
	verdict_checked(machine->verdict, "P-49");
	for (unsigned int i = 0; i < ledger->handed->len; i++) {
		const struct key *key = &g_array_index(ledger->handed, struct key, i);

		if (key->live && !key->at_boot)
			report_left(machine, "P-49", key,
				    "handed over by the old kernel but never restored, although "
				    "every file is finished");
	}
}

static void put_in_keys(const GArray *keys, struct digest *digest)
{
	digest_word(digest, keys->len);
	for (unsigned int i = 0; i < keys->len; i++) {
		const struct key *key = &g_array_index(keys, struct key, i);

		digest_word(digest, key->pfn);
		digest_word(digest, key->order << 2 | key->live << 1 | key->at_boot);
	}
}

/* Who did something makes no difference to what is right. */
static bool ledger_digest(const void *state, bool left, struct digest *digest)
{
	const struct ledger *ledger = state;

	digest_word(digest, ledger->files);
	digest_word(digest, ledger->had_files);
	/* What the next kernel is held to is what is in the handover. */
	if (left)
		return true;
	digest_digest(digest, ledger->sum);
	digest_word(digest, ledger->era);
	digest_word(digest, ledger->live);
	digest_word(digest, ledger->honoured << 1 | ledger->booted);
	put_in_keys(ledger->keys, digest);
	put_in_keys(ledger->handed, digest);
	return true;
}

bool ledger_all_claimed(const struct machine *machine)
{
	const struct ledger *ledger = machine->check_states[0];

	return ledger->had_files && !ledger->files;
}

void ledger_each(struct machine *machine, void (*fn)(void *ctx, uint64_t pfn, unsigned int order),
		 void *ctx)
{
	struct ledger *ledger = machine->check_states[0];

	for (unsigned int i = 0; i < ledger->keys->len; i++) {
		const struct key *key = &g_array_index(ledger->keys, struct key, i);

		if (key->live)
			fn(ctx, key->pfn, key->order);
	}
}

const struct call_path *ledger_key(const struct machine *machine, uint64_t pfn,
				   unsigned int *order)
{
	struct ledger *ledger = machine->check_states[0];
	const struct key *key;

	if (pfn >= ledger->pages)
		return NULL;
	key = key_of(ledger, note_of(ledger, pfn));
	if (!key)
		return NULL;
	*order = key->order;
	return &key->owner;
}

const struct call_path *ledger_owner(const struct machine *machine, uint64_t pfn)
{
	unsigned int order;

	return ledger_key(machine, pfn, &order);
}

const struct checker ledger_checker = {
	.name = "ledger of preserved memory",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("P-23", "P-24", "P-25", "P-26", "P-34", "P-43", "P-44", "P-49",
				 "P-52", "P-56", "K-PAGE"),
	.events = CHECK_EVENT(HOST_EVENT_PAGE_ALLOC) | CHECK_EVENT(HOST_EVENT_PAGE_FREE) |
		  CHECK_EVENT(HOST_EVENT_PAGE_RELEASE) | CHECK_EVENT(HOST_EVENT_PAGE_WITHHELD) |
		  CHECK_EVENT(HOST_EVENT_KHO_PRESERVE) | CHECK_EVENT(HOST_EVENT_KHO_UNPRESERVE) |
		  CHECK_EVENT(HOST_EVENT_KHO_RESTORE) | CHECK_EVENT(HOST_EVENT_KHO_RESTORE_BAD) |
		  CHECK_EVENT(HOST_EVENT_FILE_FINISHED),
	.create = ledger_create,
	.destroy = ledger_destroy,
	.boot = ledger_boot,
	.booted = ledger_booted,
	.event = ledger_event,
	.jump = ledger_jump,
	.end = ledger_end,
	.digest = ledger_digest,
};
