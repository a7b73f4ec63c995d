// SPDX-License-Identifier: GPL-2.0
/*
 * Stability: a preserved folio stays what and where it is.
 *
 * What KHO hands over is an address and an order. If the folio is split or moved after it
 * was preserved, the next kernel gets something else, and if it lies in a scratch area the
 * next kernel boots on top of it. All this is told when it happens, not when it is found.
 * (That it isn't freed or handed out is the ledger's.)
 *
 * Judges P-23.
 */

#include <inttypes.h>

#include "../check.h"
#include "../journal.h"

/** struct scratch - an area, and who said that it is one. */
struct scratch {
	uint64_t pfn;
	uint64_t pages;
	struct call_path owner;
};

/** struct stability - the scratch areas of the kernel that runs. */
struct stability {
	GArray *scratch;
};

static void *stability_create(struct machine *machine)
{
	struct stability *stability = g_new0(struct stability, 1);

	(void)machine;
	stability->scratch = g_array_new(FALSE, FALSE, sizeof(struct scratch));
	return stability;
}

static void stability_destroy(void *state)
{
	struct stability *stability = state;

	g_array_free(stability->scratch, TRUE);
	g_free(stability);
}

static void stability_boot(struct machine *machine, void *state)
{
	struct stability *stability = state;

	(void)machine;
	journal_array_cut(stability->scratch, 0);
}

/*
 * The first preservation of more than one page in the range; NULL if there is none. A page
 * that was preserved by itself may be separated from its neighbours.
 */
static const struct call_path *preserved_together(const struct machine *machine,
						  const struct host_event *event, uint64_t *pfn,
						  unsigned int *order)
{
	for (uint64_t i = event->pfn; i < event->pfn + (1UL << event->order); i++) {
		const struct call_path *owner = ledger_key(machine, i, order);

		if (!owner || !*order)
			continue;
		*pfn = i;
		return owner;
	}
	return NULL;
}

static void folio_split(struct machine *machine, const struct host_event *event)
{
	const struct call_path *owner;
	struct call_path here;
	unsigned int order;
	uint64_t pfn;

	owner = preserved_together(machine, event, &pfn, &order);
	if (!owner)
		return;
	check_here(machine, &here);
	execution_violation(machine, "P-23", &here, owner,
			    "page %" PRIu64 " is preserved with order %u, but its folio of order "
			    "%u was split to order %" PRIu64, pfn, order, event->order,
			    event->value);
}

static void folio_migrated(struct machine *machine, const struct host_event *event)
{
	for (uint64_t i = 0; i < 1UL << event->order; i++) {
		unsigned int order;
		const struct call_path *owner = ledger_key(machine, event->pfn + i, &order);
		struct call_path here;

		if (!owner)
			continue;
		check_here(machine, &here);
		execution_violation(machine, "P-23", &here, owner,
				    "page %" PRIu64 " is preserved, but was migrated to page "
				    "%" PRIu64, event->pfn + i, event->value + i);
		return;
	}
}

static void note_scratch(struct machine *machine, struct stability *stability,
			 const struct host_event *event)
{
	struct scratch scratch = { .pfn = event->pfn, .pages = event->value };

	check_here(machine, &scratch.owner);
	journal_array_append(stability->scratch, scratch);
}

static const struct scratch *find_scratch(const struct stability *stability,
					  const struct host_event *event)
{
	for (unsigned int i = 0; i < stability->scratch->len; i++) {
		const struct scratch *scratch =
			&g_array_index(stability->scratch, struct scratch, i);

		if (event->pfn < scratch->pfn + scratch->pages &&
		    event->pfn + (1UL << event->order) > scratch->pfn)
			return scratch;
	}
	return NULL;
}

static void preserved(struct machine *machine, const struct stability *stability,
		      const struct host_event *event, const char *what)
{
	const struct scratch *scratch = find_scratch(stability, event);
	struct call_path here;

	/* A range that was refused may begin outside of the area. */
	if (!scratch && event->type == HOST_EVENT_KHO_PRESERVE)
		return;
	check_here(machine, &here);
	execution_violation(machine, "P-23", &here, scratch ? &scratch->owner : NULL,
			    "page %" PRIu64 " %s although it lies in a scratch area", event->pfn,
			    what);
}

static void stability_event(struct machine *machine, void *state,
			    const struct host_event *event)
{
	struct stability *stability = state;

	if (event->type != HOST_EVENT_KHO_SCRATCH)
		verdict_checked(machine->verdict, "P-23");
	switch (event->type) {
	case HOST_EVENT_FOLIO_SPLIT:
		folio_split(machine, event);
		break;
	case HOST_EVENT_FOLIO_MIGRATED:
		folio_migrated(machine, event);
		break;
	case HOST_EVENT_KHO_SCRATCH:
		note_scratch(machine, stability, event);
		break;
	case HOST_EVENT_KHO_PRESERVE:
		preserved(machine, stability, event, "was preserved");
		break;
	case HOST_EVENT_KHO_PRESERVE_BAD:
		preserved(machine, stability, event, "was to be preserved");
		break;
	default:
		break;
	}
}

static bool stability_digest(const void *state, bool left, struct digest *digest)
{
	const struct stability *stability = state;

	digest_word(digest, stability->scratch->len);
	for (unsigned int i = 0; !left && i < stability->scratch->len; i++) {
		const struct scratch *scratch =
			&g_array_index(stability->scratch, struct scratch, i);

		digest_word(digest, scratch->pfn);
		digest_word(digest, scratch->pages);
	}
	return true;
}

const struct checker stability_checker = {
	.name = "stability of preserved folios",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("P-23"),
	.events = CHECK_EVENT(HOST_EVENT_FOLIO_SPLIT) | CHECK_EVENT(HOST_EVENT_FOLIO_MIGRATED) |
		  CHECK_EVENT(HOST_EVENT_KHO_SCRATCH) | CHECK_EVENT(HOST_EVENT_KHO_PRESERVE) |
		  CHECK_EVENT(HOST_EVENT_KHO_PRESERVE_BAD),
	.create = stability_create,
	.destroy = stability_destroy,
	.boot = stability_boot,
	.event = stability_event,
	.digest = stability_digest,
};
