// SPDX-License-Identifier: GPL-2.0
/* What a run came to: findings against what the scenario announces, and the digest. */

#include <string.h>

#include <model/verdict.h>

#include "run.h"

bool scn_run_announced(const struct scn_run *run, const char *property)
{
	for (unsigned int i = 0; i < run->scn->finds->len; i++) {
		const struct scn_finding *f = g_ptr_array_index(run->scn->finds, i);

		if (!strcmp(f->property, property))
			return true;
	}
	return false;
}

static bool is_violated(const struct scn_run *run, const char *property)
{
	for (unsigned int i = 0; i < verdict_count(run->verdict); i++)
		if (!strcmp(verdict_at(run->verdict, i)->property->id, property))
			return true;
	return false;
}

const struct scn_finding *scn_run_missed(const struct scn_run *run)
{
	for (unsigned int i = 0; i < run->scn->finds->len; i++) {
		const struct scn_finding *f = g_ptr_array_index(run->scn->finds, i);

		if (!is_violated(run, f->property))
			return f;
	}
	return NULL;
}

/* Steps were as expected: what is left to judge is what the checkers found. */
enum scn_end scn_run_judge(const struct scn_run *run)
{
	for (unsigned int i = 0; i < verdict_count(run->verdict); i++)
		if (!scn_run_announced(run, verdict_at(run->verdict, i)->property->id))
			return SCN_END_VIOLATION;
	return scn_run_missed(run) ? SCN_END_MISSED : SCN_END_PASSED;
}

static void digest_line(GChecksum *sum, const char *text)
{
	g_checksum_update(sum, (const guchar *)(text ? text : ""), -1);
	g_checksum_update(sum, (const guchar *)"\n", 1);
}

char *scn_run_digest(const struct scn_run *run)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (unsigned int i = 0; i < run->steps->len; i++) {
		const struct scn_step *step = g_ptr_array_index(run->steps, i);
		g_autofree char *head = g_strdup_printf("%u %s %d", step->boot,
							step->section->name,
							step->statement->line);

		digest_line(sum, head);
		digest_line(sum, step->statement->text);
		digest_line(sum, step->shown);
		digest_line(sum, step->note);
	}
	for (unsigned int i = 0; i < verdict_count(run->verdict); i++) {
		const struct violation *v = verdict_at(run->verdict, i);

		digest_line(sum, v->property->id);
		digest_line(sum, v->seen);
	}
	digest_line(sum, run->error);
	return g_strdup(g_checksum_get_string(sum));
}
