// SPDX-License-Identifier: GPL-2.0
/*
 * Lock order: who waits for a lock while holding another adds an edge to a graph of locks,
 * and a circle in it is a deadlock that waits to happen, whether or not it did.
 *
 * Locks are told apart by their names: those of one kind are one node. An edge from a kind
 * to itself says nothing, for kinds that nest have an order of their own. A trylock waits
 * for nobody and adds no edge. As in lockdep, readers count like writers, and a reader must not
 * wait to read what it reads already: a writer that comes in between keeps it out, and is kept
 * out by it. Lockdep says so of two locks of one kind as well, unless they are said to nest;
 * here nobody is told that they do, so it has to be the same lock.
 *
 * The kernel's own accesses to user memory are looked at as well: the page may be slow to
 * come, so none of the protocol's locks may be held. After a successful serialization one
 * of them is held for good, and nothing waits for a page any more.
 *
 * Judges P-10.
 */

#include <string.h>

#include "../check.h"
#include "../journal.h"

/** struct edge - somebody waited for @to with @from held. */
struct edge {
	unsigned int from;
	unsigned int to;
	struct call_path path;
};

/* More kinds than a kernel has. */
#define KINDS_MAX	256u

/**
 * struct order - the checker's state.
 * @kinds:   names
 * @numbers: name to index into @kinds
 * @edges:   struct edge
 * @known:   which pairs of kinds are among them
 * @settled: all has been serialized in this kernel
 */
struct order {
	GPtrArray *kinds;
	GHashTable *numbers;
	GArray *edges;
	bool known[KINDS_MAX][KINDS_MAX];
	bool settled;
};

static void *order_create(struct machine *machine)
{
	struct order *order = g_new0(struct order, 1);

	(void)machine;
	order->kinds = g_ptr_array_new_with_free_func(g_free);
	order->numbers = g_hash_table_new(g_str_hash, g_str_equal);
	order->edges = g_array_new(FALSE, FALSE, sizeof(struct edge));
	return order;
}

static void order_destroy(void *state)
{
	struct order *order = state;

	g_hash_table_unref(order->numbers);
	g_ptr_array_free(order->kinds, TRUE);
	g_array_free(order->edges, TRUE);
	g_free(order);
}

/* What one kernel of a run does, the next may do the other way round. */
static void order_boot(struct machine *machine, void *state)
{
	struct order *order = state;

	journal_set(order->settled, false);
	if (machine->boots > 1)
		return;
	for (unsigned int i = 0; i < order->edges->len; i++) {
		const struct edge *edge = &g_array_index(order->edges, struct edge, i);

		journal_set(order->known[edge->from][edge->to], false);
	}
	journal_array_cut(order->edges, 0);
}

/* Names have no effect before somebody uses them: they stay when a run is undone. */
static unsigned int kind_of(struct order *order, const char *name)
{
	unsigned int number = GPOINTER_TO_UINT(g_hash_table_lookup(order->numbers, name));

	if (number)
		return number - 1;
	g_assert(order->kinds->len < KINDS_MAX);
	g_ptr_array_add(order->kinds, g_strdup(name));
	number = order->kinds->len;
	g_hash_table_insert(order->numbers, g_ptr_array_index(order->kinds, number - 1),
			    GUINT_TO_POINTER(number));
	return number - 1;
}

static const struct edge *edge_at(const struct order *order, unsigned int i)
{
	return &g_array_index(order->edges, struct edge, i);
}

/* The first edge of a way from @from to @to, or NULL; @seen are kinds not to try again. */
static const struct edge *find_way(const struct order *order, unsigned int from,
				   unsigned int to, bool *seen)
{
	seen[from] = true;
	for (unsigned int i = 0; i < order->edges->len; i++) {
		const struct edge *edge = edge_at(order, i);

		if (edge->from != from || (edge->to != to && seen[edge->to]))
			continue;
		if (edge->to == to || find_way(order, edge->to, to, seen))
			return edge;
	}
	return NULL;
}

static void judge_edge(struct machine *machine, struct order *order, const struct edge *edge)
{
	g_autofree bool *seen = g_new0(bool, order->kinds->len);
	const struct edge *back = find_way(order, edge->to, edge->from, seen);
	const char *from = g_ptr_array_index(order->kinds, edge->from);
	const char *to = g_ptr_array_index(order->kinds, edge->to);

	verdict_checked(machine->verdict, "P-10");
	if (!back)
		return;
	execution_violation(machine, "P-10", &edge->path, &back->path,
			    back->to == edge->from ?
			    "%s is taken with %s held, elsewhere it is the other way round" :
			    "%s is taken with %s held, elsewhere it is, by way of others, the "
			    "other way round", to, from);
}

static void lock_wanted(struct machine *machine, struct order *order,
			const struct host_event *event)
{
	struct edge edge = {
		.from = kind_of(order, event->name),
		.to = kind_of(order, event->other),
	};

	if (edge.from == edge.to || order->known[edge.from][edge.to])
		return;
	journal_set(order->known[edge.from][edge.to], true);
	check_here(machine, &edge.path);
	judge_edge(machine, order, &edge);
	journal_array_append(order->edges, edge);
}

static void reader_again(struct machine *machine, const struct host_event *event)
{
	struct call_path here;

	verdict_checked(machine->verdict, "P-10");
	check_here(machine, &here);
	execution_violation(machine, "P-10", &here, NULL,
			    "%s is taken by a reader that has it already: with a writer in between "
			    "that is a deadlock", event->name);
}

/* The locks of sessions and files, which stop a reboot. */
static bool is_of_protocol(const char *name)
{
	return strstr(name, "luo_") || strstr(name, "&session->mutex");
}

static void user_access(struct machine *machine, const struct host_event *event)
{
	struct call_path here;

	verdict_checked(machine->verdict, "P-10");
	if (!is_of_protocol(event->name))
		return;
	check_here(machine, &here);
	execution_violation(machine, "P-10", &here, NULL,
			    "user memory is accessed with %s held", event->name);
}

static void order_event(struct machine *machine, void *state, const struct host_event *event)
{
	struct order *order = state;

	if (event->type == HOST_EVENT_LOCK_ORDER)
		lock_wanted(machine, order, event);
	else if (event->type == HOST_EVENT_LOCK_AGAIN)
		reader_again(machine, event);
	else if (event->type == HOST_EVENT_SERIALIZED)
		journal_set(order->settled, !event->value);
	else if (!order->settled)
		user_access(machine, event);
}

/* Which edge came first only matters to what a report says. */
static bool order_digest(const void *state, bool left, struct digest *digest)
{
	const struct order *order = state;
	struct digest edges = { 0 };

	for (unsigned int i = 0; i < order->edges->len; i++) {
		const struct edge *edge = edge_at(order, i);
		struct digest one = { 0 };

		digest_word(&one, (uint64_t)edge->from << 32 | edge->to);
		digest_add(&edges, one);
	}
	digest_digest(digest, edges);
	digest_word(digest, !left && order->settled);
	return true;
}

const struct checker order_checker = {
	.name = "order of locks",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("P-10"),
	.events = CHECK_EVENT(HOST_EVENT_LOCK_ORDER) | CHECK_EVENT(HOST_EVENT_USER_ACCESS) |
		  CHECK_EVENT(HOST_EVENT_SERIALIZED) | CHECK_EVENT(HOST_EVENT_LOCK_AGAIN),
	.create = order_create,
	.destroy = order_destroy,
	.boot = order_boot,
	.event = order_event,
	.digest = order_digest,
};
