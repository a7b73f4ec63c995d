// SPDX-License-Identifier: GPL-2.0
/*
 * Leaks: after the last close the kernel counts as it did when it had booted.
 *
 * A kernel that took something over has it on its books from the start, and once all
 * is finished it counts like a kernel that took over nothing: as the same image did
 * after a cold boot. Until then it may count like either.
 *
 * Judges K-LEAK, and by the counter's subject P-25, P-28, P-51, P-62 and K-LOCK-HELD.
 */

#include <inttypes.h>
#include <string.h>

#include "../check.h"
#include "../journal.h"

/** struct counter - one line of the census; @name is an offset into its names. */
struct counter {
	size_t name;
	uint64_t value;
	enum host_census rule;
};

/** struct census - counters, and their names with a zero byte behind each. */
struct census {
	GArray *counters;
	GString *names;
};

/* What a counter is about, by the beginning of its name. */
static const struct {
	const char *prefix;
	const char *property;
} subjects[] = {
	{ "kho preserved", "P-25" },
	{ "frozen", "P-28" },
	{ "luo", "P-51" },
	{ "module ref", "P-62" },
	{ "locks held", "K-LOCK-HELD" },
	{ "", "K-LEAK" },
};

/**
 * struct leaks - the checker's state.
 * @cold:       census after the cold boot
 * @cold_image: the image that was
 * @baseline:   census after the last boot
 * @last:       census at the end
 * @places:     of the properties of @subjects in their table
 */
struct leaks {
	struct census cold;
	const struct image *cold_image;
	struct census baseline;
	struct census last;
	unsigned int places[G_N_ELEMENTS(subjects)];
};

static void census_init(struct census *census)
{
	census->counters = g_array_new(FALSE, FALSE, sizeof(struct counter));
	census->names = g_string_new(NULL);
}

static void census_destroy(struct census *census)
{
	g_array_free(census->counters, TRUE);
	g_string_free(census->names, TRUE);
}

static const char *name_of(const struct census *census, const struct counter *counter)
{
	return census->names->str + counter->name;
}

static void *leaks_create(struct machine *machine)
{
	struct leaks *leaks = g_new0(struct leaks, 1);

	(void)machine;
	for (unsigned int i = 0; i < G_N_ELEMENTS(subjects); i++)
		leaks->places[i] = property_index(subjects[i].property);
	census_init(&leaks->cold);
	census_init(&leaks->baseline);
	census_init(&leaks->last);
	return leaks;
}

static void leaks_destroy(void *state)
{
	struct leaks *leaks = state;

	census_destroy(&leaks->cold);
	census_destroy(&leaks->baseline);
	census_destroy(&leaks->last);
	g_free(leaks);
}

static void add_counter(void *ctx, const char *name, host_u64 value, enum host_census rule)
{
	struct census *census = ctx;
	struct counter counter = { .name = census->names->len, .value = value, .rule = rule };

	g_string_append_len(census->names, name, strlen(name) + 1);
	g_array_append_val(census->counters, counter);
}

static void take_census(void *arg)
{
	struct census *census = arg;

	journal_array(census->counters, 0);
	journal_text(census->names, 0);
	g_array_set_size(census->counters, 0);
	g_string_truncate(census->names, 0);
	execution_current()->now->entry->census(add_counter, census);
}

static void leaks_booted(struct machine *machine, void *state)
{
	struct leaks *leaks = state;
	bool cold = machine->boots == 1;

	execution_call(machine, take_census, cold ? &leaks->cold : &leaks->baseline);
	if (cold)
		journal_set(leaks->cold_image, machine->now->image);
}

/* Counters come and go with what they count (a cache is made on first use). */
static const struct counter *find_counter(const struct census *census, unsigned int hint,
					  const char *name)
{
	unsigned int nr = census->counters->len;

	for (unsigned int i = 0; i < nr; i++) {
		const struct counter *counter =
			&g_array_index(census->counters, struct counter, (hint + i) % nr);

		if (!strcmp(name_of(census, counter), name))
			return counter;
	}
	return NULL;
}

/* The last subject is any. */
static unsigned int subject_of(const char *name)
{
	unsigned int i = 0;

	while (!g_str_has_prefix(name, subjects[i].prefix))
		i++;
	return i;
}

static uint64_t value_in(const struct census *census, unsigned int hint, const char *name)
{
	const struct counter *counter = find_counter(census, hint, name);

	return counter ? counter->value : 0;
}

/* The values between which a counter is right. */
static void expectation(struct machine *machine, const struct leaks *leaks, unsigned int i,
			const char *name, uint64_t *least, uint64_t *most)
{
	bool comparable = leaks->cold_image == machine->now->image;
	uint64_t cold = comparable ? value_in(&leaks->cold, i, name) : 0;
	uint64_t booted;

	*least = *most = cold;
	if (machine->boots == 1 || (comparable && ledger_all_claimed(machine)))
		return;
	booted = value_in(&leaks->baseline, i, name);
	*least = MIN(cold, booted);
	*most = MAX(cold, booted);
}

static void judge(struct machine *machine, const struct leaks *leaks, unsigned int i)
{
	const struct counter *counter = &g_array_index(leaks->last.counters, struct counter, i);
	const char *name = name_of(&leaks->last, counter);
	uint64_t least = 0, most = 0;
	unsigned int subject;

	if (counter->rule == HOST_CENSUS_INFO)
		return;
	subject = subject_of(name);
	verdict_judged(machine->verdict, JUDGE_CHECKER, leaks->places[subject]);
	if (counter->rule == HOST_CENSUS_EQUAL)
		expectation(machine, leaks, i, name, &least, &most);
	if (counter->value >= least && counter->value <= most)
		return;
	execution_violation(machine, subjects[subject].property, NULL, NULL,
			    "%s: %" PRIu64 " after the last close, %" PRIu64 " %s", name,
			    counter->value, most,
			    counter->rule == HOST_CENSUS_EQUAL ? "after boot" : "expected");
}

static void leaks_end(struct machine *machine, void *state)
{
	struct leaks *leaks = state;

	if (!execution_call(machine, take_census, &leaks->last))
		return;
	for (unsigned int i = 0; i < leaks->last.counters->len; i++)
		judge(machine, leaks, i);
}

/* Taken when kernels had booted, and at the end. */
static bool leaks_digest(const void *state, bool left, struct digest *digest)
{
	(void)state;
	(void)left;
	(void)digest;
	return true;
}

static bool leaks_usable(const struct host_image *image)
{
	return image->census;
}

const struct checker leaks_checker = {
	.name = "leaks",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("P-25", "P-28", "P-51", "P-62", "K-LOCK-HELD", "K-LEAK"),
	.usable = leaks_usable,
	.create = leaks_create,
	.destroy = leaks_destroy,
	.booted = leaks_booted,
	.end = leaks_end,
	.digest = leaks_digest,
};
