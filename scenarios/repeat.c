// SPDX-License-Identifier: GPL-2.0
/*
 * "repeat COUNT as NAME" … "end": the lines between are parsed once for each number, with
 * what stands in braces replaced. So whatever follows sees ordinary statements.
 */

#include <string.h>

#include "parser.h"
#include "repeat.h"

/* What all repetitions of a file may come to: a slip of the pen must not take for ever. */
#define LINES_MAX	1000000u
/* Blocks with so few passes are shown whole. */
#define SHOWN_PASSES	3

static struct repeat *innermost(const struct parser *p)
{
	return &g_array_index(p->repeats, struct repeat, p->repeats->len - 1);
}

/* Which pass this is, for the statements in it. */
static void begin_pass(struct parser *p)
{
	struct scn_repetition *pass = scn_alloc(p->scn, sizeof(*pass));
	g_autofree char *text = g_strdup("");

	for (unsigned int i = 0; i < p->repeats->len; i++) {
		const struct repeat *r = &g_array_index(p->repeats, struct repeat, i);
		char *longer = g_strdup_printf("%s%s%s=%" G_GUINT64_FORMAT, text, i ? ", " : "",
					       r->name, r->value);

		g_free(text);
		text = longer;
		pass->inner |= r->last - r->first >= SHOWN_PASSES && r->value != r->first &&
			       r->value != r->last;
	}
	pass->text = scn_strndup(p->scn, text, strlen(text));
	p->repetition = pass;
}

static bool parse_number(struct parser *p, const char *what, uint64_t least, uint64_t *number)
{
	const struct scn_token *t = par_peek(p);

	if (t->type != SCN_TOKEN_NUMBER || t->negative)
		return par_fail_expected(p, "%s", what);
	if (t->number < least || t->number > REPEAT_MAX)
		return par_fail(p, "%s must be from %" G_GUINT64_FORMAT " to %u", what, least,
				REPEAT_MAX);
	*number = par_take(p)->number;
	return true;
}

static bool parse_repeat_name(struct parser *p, struct repeat *repeat)
{
	if (!par_is_word(par_peek(p), "as"))
		return par_fail_expected(p, "'as' and a name, as in 'repeat 3 as I'");
	par_take(p);
	if (!par_is_name(par_peek(p)))
		return par_fail_expected(p, "a name after 'as'");
	repeat->name = par_take(p)->text;
	for (unsigned int i = 0; i < p->repeats->len; i++)
		if (!strcmp(g_array_index(p->repeats, struct repeat, i).name, repeat->name))
			return par_fail(p, "'%s' is counted by the repeat around this one already",
					repeat->name);
	return true;
}

bool parse_repeat(struct parser *p)
{
	struct repeat repeat = { .line = p->line, .first = 1 };
	uint64_t count;

	if (!parse_number(p, "the count of 'repeat'", 1, &count) ||
	    !parse_repeat_name(p, &repeat))
		return false;
	if (par_is_word(par_peek(p), "from")) {
		par_take(p);
		if (!parse_number(p, "the number after 'from'", 0, &repeat.first))
			return false;
	}
	repeat.value = repeat.first;
	repeat.last = repeat.first + count - 1;
	repeat.statements = p->scn->statements;
	g_array_append_val(p->repeats, repeat);
	begin_pass(p);
	return par_expect_end(p);
}

bool parse_end(struct parser *p)
{
	struct repeat *repeat;

	if (!p->repeats->len)
		return par_fail(p, "'end' without a 'repeat' before it");
	if (!par_expect_end(p))
		return false;
	repeat = innermost(p);
	if (repeat->statements == p->scn->statements)
		return par_fail(p, "nothing to repeat since line %d", repeat->line);
	if (repeat->value < repeat->last) {
		repeat->value++;
		p->next = (unsigned int)repeat->line;
	} else {
		g_array_set_size(p->repeats, p->repeats->len - 1);
	}
	p->repetition = NULL;
	if (p->repeats->len)
		begin_pass(p);
	return true;
}

bool repeat_check_closed(struct parser *p)
{
	if (!p->repeats->len)
		return true;
	p->line = innermost(p)->line;
	g_array_set_size(p->repeats, 0);
	p->repetition = NULL;
	return par_fail(p, "no 'end' belongs to this 'repeat'");
}

/* Sums of products of numbers and names: "I", "I-1", "63*I+J". */

/** struct sum - where it is read; @ok while it is one, @told if the error has been set. */
struct sum {
	struct parser *p;
	const char *at;
	bool ok;
	bool told;
};

static int64_t look_up(struct sum *s, const char *name, size_t len)
{
	const GArray *repeats = s->p->repeats;

	for (unsigned int i = 0; i < repeats->len; i++) {
		const struct repeat *r = &g_array_index(repeats, struct repeat, i);

		if (strlen(r->name) == len && !memcmp(r->name, name, len))
			return (int64_t)r->value;
	}
	if (!s->told)
		par_fail(s->p, "'%.*s' in braces: no repeat here counts that; a brace itself is "
			 "written twice", (int)len, name);
	s->told = true;
	s->ok = false;
	return 0;
}

static int64_t factor(struct sum *s)
{
	const char *start = s->at;
	int64_t number = 0;

	while (g_ascii_isalnum(*s->at) || *s->at == '_')
		s->at++;
	if (s->at == start)
		s->ok = false;
	else if (!g_ascii_isdigit(*start))
		return look_up(s, start, s->at - start);
	for (const char *d = start; d < s->at; d++) {
		number = number * 10 + g_ascii_digit_value(*d);
		s->ok = s->ok && g_ascii_isdigit(*d) && number <= REPEAT_MAX;
	}
	return number;
}

/* Each factor is at most twice REPEAT_MAX: two of them can't overflow. */
static int64_t product(struct sum *s)
{
	int64_t value = factor(s);

	if (s->ok && *s->at == '*') {
		s->at++;
		value *= factor(s);
	}
	return value;
}

static int64_t total(struct sum *s)
{
	int64_t value = product(s);

	while (s->ok && (*s->at == '+' || *s->at == '-')) {
		bool minus = *s->at++ == '-';
		int64_t next = product(s);

		value += minus ? -next : next;
	}
	return value;
}

/* What stands in braces at *@at, as a number; *@at is moved behind it. */
static bool expand_braces(struct parser *p, const char **at, GString *out)
{
	struct sum s = { .p = p, .at = *at + 1, .ok = true };
	int64_t value = total(&s);

	if (s.told)
		return false;
	if (!s.ok || *s.at != '}')
		return par_fail(p, "in braces belongs a sum of numbers and names, as in {I} or "
				"{63*I-1}");
	if (value < 0)
		return par_fail(p, "'%.*s' is %" G_GINT64_FORMAT ": less than nothing",
				(int)(s.at + 1 - *at), *at, value);
	g_string_append_printf(out, "%" G_GINT64_FORMAT, value);
	*at = s.at + 1;
	return true;
}

/* One character, or two that belong together; @quoted tells strings from comments. */
static void copy(const char **at, GString *out, bool *quoted)
{
	const char *c = *at;
	size_t len = (*c == '\\' && *quoted && c[1]) ? 2 : 1;

	if (*c == '"')
		*quoted = !*quoted;
	g_string_append_len(out, c, (gssize)len);
	*at += len;
}

char *repeat_expand(struct parser *p, const char *line)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const char *at = line;
	bool quoted = false;

	if (p->expanded++ == LINES_MAX) {
		par_fail(p, "more than %u lines when all repeats are written out", LINES_MAX);
		return NULL;
	}
	while (*at && (*at != '#' || quoted)) {
		if ((*at == '{' || *at == '}') && at[1] == *at) {
			g_string_append_c(out, *at);
			at += 2;
		} else if (*at != '{') {
			copy(&at, out, &quoted);
		} else if (!expand_braces(p, &at, out)) {
			return NULL;
		}
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}
