// SPDX-License-Identifier: GPL-2.0
/* The "machine" line, and the kernel command line that follows from it. */

#include "parser.h"

static bool take_number(struct parser *p, const char *key, uint64_t *number)
{
	if (par_peek(p)->type != SCN_TOKEN_NUMBER || par_peek(p)->negative)
		return par_fail_expected(p, "a number after '%s='", key);
	*number = par_take(p)->number;
	return true;
}

static bool parse_memory(struct parser *p, const char *key)
{
	uint64_t number;

	if (!take_number(p, key, &number))
		return false;
	if (number < 32 << 20 || number > 4ULL << 30 || number % (4 << 20))
		return par_fail(p, "memory must be a multiple of 4M, from 32M to 4G");
	p->scn->memory = number;
	return true;
}

static bool parse_nodes(struct parser *p, const char *key)
{
	uint64_t number;

	if (!take_number(p, key, &number))
		return false;
	if (number < 1 || number > 4)
		return par_fail(p, "nodes must be from 1 to 4");
	p->scn->nodes = (unsigned int)number;
	return true;
}

static bool parse_conversions(struct parser *p, const char *key)
{
	const struct scn_token *value = par_peek(p);

	if (!par_is_word(value, "vm") && !par_is_word(value, "gmem"))
		return par_fail_expected(p, "'vm' or 'gmem' after '%s='", key);
	p->scn->gmem_conversions = par_is_word(par_take(p), "gmem");
	return true;
}

static bool parse_test_flbs(struct parser *p, const char *key)
{
	uint64_t number;

	if (!take_number(p, key, &number))
		return false;
	if (number > 3)
		return par_fail(p, "test_flbs must be from 0 to 3");
	p->scn->test_flbs = (unsigned int)number;
	return true;
}

static bool parse_test_files(struct parser *p, const char *key)
{
	uint64_t number;

	if (!take_number(p, key, &number))
		return false;
	if (number > 1)
		return par_fail(p, "test_files must be 0 or 1");
	p->scn->test_files = number;
	return true;
}

/* When memfds get large folios; the words are those of transparent_hugepage_shmem=. */
static bool parse_shmem_huge(struct parser *p, const char *key)
{
	const struct scn_token *word = par_peek(p);

	if (!par_is_word(word, "always") && !par_is_word(word, "within_size") &&
	    !par_is_word(word, "never"))
		return par_fail_expected(p, "'always', 'within_size' or 'never' after '%s='", key);
	p->scn->shmem_huge = par_take(p)->text;
	return true;
}

static const struct machine_key {
	const char *word;
	bool (*parse)(struct parser *p, const char *key);
} keys[] = {
	{ "memory", parse_memory },
	{ "nodes", parse_nodes },
	{ "conversions", parse_conversions },
	{ "test_flbs", parse_test_flbs },
	{ "test_files", parse_test_files },
	{ "shmem_huge", parse_shmem_huge },
};

static bool fail_unknown(struct parser *p)
{
	g_autoptr(GString) s = g_string_new(NULL);
	size_t nr = G_N_ELEMENTS(keys);

	for (size_t i = 0; i < nr; i++)
		g_string_append_printf(s, "%s'%s='", !i ? "" : i + 1 < nr ? ", " : " or ",
				       keys[i].word);
	return par_fail_expected(p, "%s", s->str);
}

static bool parse_machine_key(struct parser *p)
{
	const struct scn_token *word = par_peek(p);

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (!par_is_word(word, keys[i].word))
			continue;
		par_take(p);
		if (!par_is_punctuation(par_peek(p), '='))
			return par_fail_expected(p, "'=' after '%s'", word->text);
		par_take(p);
		return keys[i].parse(p, word->text);
	}
	return fail_unknown(p);
}

bool parse_machine(struct parser *p)
{
	if (p->section)
		return par_fail(p, "'machine' belongs before the first section");
	if (p->seen.machine)
		return par_fail(p, "a second 'machine' line");
	p->seen.machine = true;
	do {
		if (!parse_machine_key(p))
			return false;
	} while (par_peek(p)->type != SCN_TOKEN_END);
	return true;
}

char *scn_cmdline(const struct scn *scn)
{
	GString *s = g_string_new("liveupdate=on");

	if (scn->gmem_conversions)
		g_string_append(s, " kvm.vm_memory_attributes=0");
	if (scn->test_flbs)
		g_string_append_printf(s, " luo_test_flbs=%u", scn->test_flbs);
	if (scn->test_files)
		g_string_append(s, " luo_test_files=on");
	if (scn->shmem_huge)
		g_string_append_printf(s, " transparent_hugepage_shmem=%s", scn->shmem_huge);
	return g_string_free(s, FALSE);
}
