// SPDX-License-Identifier: GPL-2.0
/* A statement: label, name, verb, arguments, and the clauses behind them. */

#include <string.h>

#include "outcome.h"
#include "parser.h"

static bool parse_value(struct parser *p, const char *after, struct scn_value **valuep)
{
	const struct scn_token *t = par_peek(p);
	struct scn_value *v = scn_alloc(p->scn, sizeof(*v));

	if (t->type == SCN_TOKEN_NUMBER)
		v->type = SCN_VALUE_NUMBER;
	else if (t->type == SCN_TOKEN_STRING)
		v->type = SCN_VALUE_STRING;
	else if (t->type == SCN_TOKEN_WORD)
		v->type = SCN_VALUE_WORD;
	else
		return par_fail_expected(p, "a value after '%s'", after);
	v->number = t->number;
	v->negative = t->negative;
	v->text = t->text;
	v->len = t->len;
	par_take(p);
	*valuep = v;
	return true;
}

static bool parse_place(struct parser *p, struct scn_value *v)
{
	par_take(p);
	if (v->type != SCN_VALUE_NUMBER || v->negative)
		return par_fail(p, "'+' belongs between a page and an offset, as in 2+100");
	if (par_peek(p)->type != SCN_TOKEN_NUMBER || par_peek(p)->negative)
		return par_fail_expected(p, "an offset after '+'");
	v->type = SCN_VALUE_PLACE;
	v->offset = par_take(p)->number;
	return true;
}

static bool parse_argument(struct parser *p, struct scn_statement *st)
{
	struct scn_argument a = { 0 };
	struct scn_value **link = &a.value;
	const char *after = st->verb_name;

	if (par_is_name(par_peek(p)) && par_is_punctuation(par_peek_after(p), '=')) {
		a.key = par_take(p)->text;
		par_take(p);
		after = scn_strndup(p->scn, a.key, strlen(a.key) + 1);
		((char *)after)[strlen(a.key)] = '=';
	}
	for (;;) {
		if (!parse_value(p, after, link))
			return false;
		if (par_is_punctuation(par_peek(p), '+') && !parse_place(p, *link))
			return false;
		if (!par_is_punctuation(par_peek(p), ','))
			break;
		par_take(p);
		after = ",";
		link = &(*link)->next;
	}
	g_array_append_val(st->arguments, a);
	return true;
}

static bool parse_outcome(struct parser *p, struct scn_outcome *o)
{
	const struct scn_token *t = par_peek(p);

	if (t->type == SCN_TOKEN_NUMBER) {
		o->type = SCN_OUTCOME_VALUE;
		o->number = (int64_t)t->number;
	} else if (t->type == SCN_TOKEN_STRING) {
		o->type = SCN_OUTCOME_TEXT;
		o->text = t->text;
		o->len = t->len;
	} else if (t->type != SCN_TOKEN_WORD || !scn_outcome_from_word(t->text, o)) {
		return par_fail_expected(p, "an outcome (ok, an errno as EPERM, a signal as "
					 "SIGBUS, zero, mmio, eof, a number or a string)");
	}
	par_take(p);
	return true;
}

static void keep_outcomes(struct parser *p, struct scn_outcomes *outcomes,
			  const struct scn_outcome *item, unsigned int nr)
{
	struct scn_outcome *copy = scn_alloc(p->scn, nr * sizeof(*item));

	memcpy(copy, item, nr * sizeof(*item));
	outcomes->item = copy;
	outcomes->nr = nr;
}

static bool parse_outcomes(struct parser *p, struct scn_outcomes *outcomes)
{
	struct scn_outcome item[SCN_OUTCOMES_MAX] = { 0 };
	unsigned int nr = 0;

	do {
		if (nr == SCN_OUTCOMES_MAX)
			return par_fail(p, "more than %d alternative outcomes", SCN_OUTCOMES_MAX);
		if (nr)
			par_take(p);
		if (!parse_outcome(p, &item[nr]))
			return false;
		nr++;
	} while (par_is_punctuation(par_peek(p), '|'));
	keep_outcomes(p, outcomes, item, nr);
	return true;
}

static bool parse_condition(struct parser *p, struct scn_statement *st)
{
	if (st->condition_name)
		return par_fail(p, "a second 'if' in one statement");
	if (par_peek(p)->type != SCN_TOKEN_WORD)
		return par_fail_expected(p, "a step after 'if': THREAD.NUMBER or a label");
	st->condition_name = par_take(p)->text;
	return parse_outcomes(p, &st->condition_outcomes);
}

static bool parse_property(struct parser *p, struct scn_statement *st)
{
	if (st->property)
		return par_fail(p, "a second 'by' in one statement");
	if (par_peek(p)->type != SCN_TOKEN_WORD || !strchr(par_peek(p)->text, '-'))
		return par_fail_expected(p, "a property after 'by', as P-36");
	st->property = par_take(p)->text;
	return true;
}

/* What follows the arguments, in any order. */
static bool parse_clauses(struct parser *p, struct scn_statement *st)
{
	while (par_peek(p)->type != SCN_TOKEN_END) {
		const struct scn_token *t = par_peek(p);
		bool ok;

		if (t->type == SCN_TOKEN_ARROW && st->expected.nr)
			return par_fail(p, "a second '->' in one statement; "
					"alternatives are written ok|EPERM");
		if (t->type == SCN_TOKEN_ARROW)
			ok = par_take(p) && parse_outcomes(p, &st->expected);
		else if (par_is_word(t, "if"))
			ok = par_take(p) && parse_condition(p, st);
		else if (par_is_word(t, "by"))
			ok = par_take(p) && parse_property(p, st);
		else
			return par_fail_expected(p, "'->', 'if', 'by' or the end of the line");
		if (!ok)
			return false;
	}
	return true;
}

static bool at_clause(const struct parser *p)
{
	const struct scn_token *t = par_peek(p);

	return t->type == SCN_TOKEN_END || t->type == SCN_TOKEN_ARROW || par_is_word(t, "if") ||
	       par_is_word(t, "by");
}

static bool parse_verb(struct parser *p, struct scn_statement *st)
{
	if (par_is_name(par_peek(p)) && par_is_punctuation(par_peek_after(p), ':')) {
		st->label = par_take(p)->text;
		par_take(p);
	}
	if (par_peek(p)->type == SCN_TOKEN_WORD && par_is_punctuation(par_peek_after(p), '=')) {
		if (!par_is_name(par_peek(p)))
			return par_fail_expected(p, "a name of letters, digits and '_' before '='");
		st->binds = par_take(p)->text;
		par_take(p);
	}
	if (!par_is_name(par_peek(p)))
		return par_fail_expected(p, "a verb");
	st->verb_name = par_take(p)->text;
	return true;
}

bool parse_statement(struct parser *p, const char *text, size_t len)
{
	static const struct scn_outcome success = { .type = SCN_OUTCOME_OK };
	struct scn_statement *st;

	if (!p->section)
		return par_fail_expected(p, "a section ('setup', 'then', 'thread NAME' or "
				     "'process NAME') before the first statement");
	st = scn_alloc(p->scn, sizeof(*st));
	st->line = p->line;
	st->repetition = p->repetition;
	st->text = scn_strndup(p->scn, text, len);
	st->arguments = g_array_new(FALSE, TRUE, sizeof(struct scn_argument));
	g_ptr_array_add(p->section->statements, st);
	st->ordinal = p->section->statements->len;
	st->index = p->scn->statements++;
	if (!parse_verb(p, st))
		return false;
	while (!at_clause(p))
		if (!parse_argument(p, st))
			return false;
	if (!parse_clauses(p, st))
		return false;
	if (!st->expected.nr)
		st->expected = (struct scn_outcomes){ 1, &success };
	return true;
}
