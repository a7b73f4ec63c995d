// SPDX-License-Identifier: GPL-2.0
/*
 * From text to sections and statements. What the words mean is not judged here but
 * in check.c; the two together are scn_parse_text().
 */

#include <stdarg.h>
#include <string.h>

#include "check.h"
#include "lex.h"
#include "outcome.h"

/**
 * struct parser - where the parser is.
 * @scn:     what has been parsed
 * @line:    number of the line
 * @tokens:  of the line
 * @at:      the next token
 * @section: that statements go to, NULL before the first
 * @process: that sections belong to
 * @seen:    header lines seen, for those that may come once
 * @error:   the first error
 */
struct parser {
	struct scn *scn;
	int line;
	GArray *tokens;
	unsigned int at;
	struct scn_section *section;
	const char *process;
	struct { bool title, machine; } seen;
	GError **error;
};

GQuark scn_error_quark(void)
{
	return g_quark_from_static_string("scn-error");
}

static const struct scn_token *peek(const struct parser *p)
{
	return &g_array_index(p->tokens, struct scn_token, p->at);
}

static const struct scn_token *peek_after(const struct parser *p)
{
	return peek(p)->type == SCN_TOKEN_END ? peek(p) : peek(p) + 1;
}

static const struct scn_token *take(struct parser *p)
{
	const struct scn_token *t = peek(p);

	if (t->type != SCN_TOKEN_END)
		p->at++;
	return t;
}

static bool is_punctuation(const struct scn_token *t, char c)
{
	return t->type == SCN_TOKEN_PUNCTUATION && t->number == (unsigned char)c;
}

static bool is_word(const struct scn_token *t, const char *word)
{
	return t->type == SCN_TOKEN_WORD && !strcmp(t->text, word);
}

G_GNUC_PRINTF(2, 3)
static bool fail(struct parser *p, const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list args;

	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(p->error, SCN_ERROR, SCN_ERROR_SYNTAX, "%s:%d: %s", p->scn->path, p->line,
		    message);
	return false;
}

/* "expected X, found Y", where Y is the token that stands there instead. */
G_GNUC_PRINTF(2, 3)
static bool fail_expected(struct parser *p, const char *format, ...)
{
	const struct scn_token *t = peek(p);
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	if (t->type == SCN_TOKEN_END)
		return fail(p, "expected %s, found the end of the line", what);
	if (t->type == SCN_TOKEN_STRING)
		return fail(p, "expected %s, found %.*s", what, (int)t->width, t->start);
	return fail(p, "expected %s, found '%.*s'", what, (int)t->width, t->start);
}

static bool is_name(const struct scn_token *t)
{
	return t->type == SCN_TOKEN_WORD && !strpbrk(t->text, "-.");
}

static bool expect_end(struct parser *p)
{
	return peek(p)->type == SCN_TOKEN_END || fail_expected(p, "the end of the line");
}

/* Header lines */

static bool parse_text_line(struct parser *p, const char *keyword, char **text)
{
	const struct scn_token *t;
	char *joined;

	if (p->section)
		return fail(p, "'%s' belongs before the first section", keyword);
	if (peek(p)->type != SCN_TOKEN_STRING)
		return fail_expected(p, "a string after '%s'", keyword);
	t = take(p);
	joined = **text ? g_strconcat(*text, " ", t->text, NULL) : g_strdup(t->text);
	g_free(*text);
	*text = joined;
	return expect_end(p);
}

static bool parse_title(struct parser *p)
{
	if (p->seen.title)
		return fail(p, "a second 'scenario' line; a file holds one scenario");
	p->seen.title = true;
	return parse_text_line(p, "scenario", &p->scn->title);
}

static bool parse_machine_key(struct parser *p)
{
	const struct scn_token *key = peek(p);
	uint64_t number;

	if (!is_word(key, "memory") && !is_word(key, "nodes"))
		return fail_expected(p, "'memory=' or 'nodes='");
	take(p);
	if (!is_punctuation(peek(p), '='))
		return fail_expected(p, "'=' after '%s'", key->text);
	take(p);
	if (peek(p)->type != SCN_TOKEN_NUMBER || peek(p)->negative)
		return fail_expected(p, "a number after '%s='", key->text);
	number = take(p)->number;
	if (is_word(key, "memory")) {
		if (number < 32 << 20 || number > 4ULL << 30 || number % (4 << 20))
			return fail(p, "memory must be a multiple of 4M, from 32M to 4G");
		p->scn->memory = number;
	} else {
		if (number < 1 || number > 4)
			return fail(p, "nodes must be from 1 to 4");
		p->scn->nodes = (unsigned int)number;
	}
	return true;
}

static bool parse_machine(struct parser *p)
{
	if (p->section)
		return fail(p, "'machine' belongs before the first section");
	if (p->seen.machine)
		return fail(p, "a second 'machine' line");
	p->seen.machine = true;
	do {
		if (!parse_machine_key(p))
			return false;
	} while (peek(p)->type != SCN_TOKEN_END);
	return true;
}

/* Sections */

static void begin_section(struct parser *p, const char *name, bool concurrent)
{
	struct scn_section *s = scn_alloc(p->scn, sizeof(*s));

	s->line = p->line;
	s->name = name;
	s->process = p->process;
	s->concurrent = concurrent;
	s->statements = g_ptr_array_new();
	g_ptr_array_add(p->scn->sections, s);
	p->section = s;
}

static bool parse_section_name(struct parser *p, const char *keyword, const char **name)
{
	if (!is_name(peek(p)))
		return fail_expected(p, "a name after '%s'", keyword);
	*name = take(p)->text;
	return expect_end(p);
}

static bool parse_setup(struct parser *p)
{
	begin_section(p, "setup", false);
	return expect_end(p);
}

static bool parse_then(struct parser *p)
{
	begin_section(p, "then", false);
	return expect_end(p);
}

static bool parse_thread(struct parser *p)
{
	const char *name;

	if (!parse_section_name(p, "thread", &name))
		return false;
	begin_section(p, name, true);
	return true;
}

/* Sections below it run in the process; statements may follow at once, too. */
static bool parse_process(struct parser *p)
{
	const char *name;

	if (!parse_section_name(p, "process", &name))
		return false;
	p->process = name;
	begin_section(p, name, false);
	return true;
}

static bool parse_purpose(struct parser *p)
{
	return parse_text_line(p, "purpose", &p->scn->purpose);
}

static bool parse_expect(struct parser *p)
{
	return parse_text_line(p, "expect", &p->scn->expect);
}

/* An announced violation has a reason, or it would only be an excuse. */
static bool parse_finds(struct parser *p)
{
	struct scn_finding *f = scn_alloc(p->scn, sizeof(*f));

	if (p->section)
		return fail(p, "'finds' belongs before the first section");
	if (peek(p)->type != SCN_TOKEN_WORD || !strchr(peek(p)->text, '-'))
		return fail_expected(p, "a property after 'finds', as P-36");
	f->line = p->line;
	f->property = take(p)->text;
	if (peek(p)->type != SCN_TOKEN_STRING)
		return fail_expected(p, "a string with the reason");
	f->reason = take(p)->text;
	g_ptr_array_add(p->scn->finds, f);
	return expect_end(p);
}

static const struct keyword {
	const char *word;
	bool (*parse)(struct parser *p);
} keywords[] = {
	{ "scenario", parse_title }, { "purpose", parse_purpose }, { "expect", parse_expect },
	{ "finds", parse_finds }, { "machine", parse_machine }, { "setup", parse_setup }, { "then", parse_then },
	{ "thread", parse_thread }, { "process", parse_process },
};

/* Statements */

static bool parse_value(struct parser *p, const char *after, struct scn_value **valuep)
{
	const struct scn_token *t = peek(p);
	struct scn_value *v = scn_alloc(p->scn, sizeof(*v));

	if (t->type == SCN_TOKEN_NUMBER)
		v->type = SCN_VALUE_NUMBER;
	else if (t->type == SCN_TOKEN_STRING)
		v->type = SCN_VALUE_STRING;
	else if (t->type == SCN_TOKEN_WORD)
		v->type = SCN_VALUE_WORD;
	else
		return fail_expected(p, "a value after '%s'", after);
	v->number = t->number;
	v->negative = t->negative;
	v->text = t->text;
	v->len = t->len;
	take(p);
	*valuep = v;
	return true;
}

static bool parse_place(struct parser *p, struct scn_value *v)
{
	take(p);
	if (v->type != SCN_VALUE_NUMBER || v->negative)
		return fail(p, "'+' belongs between a page and an offset, as in 2+100");
	if (peek(p)->type != SCN_TOKEN_NUMBER || peek(p)->negative)
		return fail_expected(p, "an offset after '+'");
	v->type = SCN_VALUE_PLACE;
	v->offset = take(p)->number;
	return true;
}

static bool parse_argument(struct parser *p, struct scn_statement *st)
{
	struct scn_argument a = { 0 };
	struct scn_value **link = &a.value;
	const char *after = st->verb_name;

	if (is_name(peek(p)) && is_punctuation(peek_after(p), '=')) {
		a.key = take(p)->text;
		take(p);
		after = scn_strndup(p->scn, a.key, strlen(a.key) + 1);
		((char *)after)[strlen(a.key)] = '=';
	}
	for (;;) {
		if (!parse_value(p, after, link))
			return false;
		if (is_punctuation(peek(p), '+') && !parse_place(p, *link))
			return false;
		if (!is_punctuation(peek(p), ','))
			break;
		take(p);
		after = ",";
		link = &(*link)->next;
	}
	g_array_append_val(st->arguments, a);
	return true;
}

static bool parse_outcome(struct parser *p, struct scn_outcome *o)
{
	const struct scn_token *t = peek(p);

	if (t->type == SCN_TOKEN_NUMBER) {
		o->type = SCN_OUTCOME_VALUE;
		o->number = (int64_t)t->number;
	} else if (t->type == SCN_TOKEN_STRING) {
		o->type = SCN_OUTCOME_TEXT;
		o->text = t->text;
		o->len = t->len;
	} else if (t->type != SCN_TOKEN_WORD || !scn_outcome_from_word(t->text, o)) {
		return fail_expected(p, "an outcome (ok, an errno as EPERM, a signal as SIGBUS, "
				     "zero, mmio, a number or a string)");
	}
	take(p);
	return true;
}

static bool parse_outcomes(struct parser *p, struct scn_outcomes *outcomes)
{
	do {
		if (outcomes->nr == SCN_OUTCOMES_MAX)
			return fail(p, "more than %d alternative outcomes", SCN_OUTCOMES_MAX);
		if (outcomes->nr)
			take(p);
		if (!parse_outcome(p, &outcomes->item[outcomes->nr]))
			return false;
		outcomes->nr++;
	} while (is_punctuation(peek(p), '|'));
	return true;
}

static bool parse_condition(struct parser *p, struct scn_statement *st)
{
	if (st->condition_name)
		return fail(p, "a second 'if' in one statement");
	if (peek(p)->type != SCN_TOKEN_WORD)
		return fail_expected(p, "a step after 'if': THREAD.NUMBER or a label");
	st->condition_name = take(p)->text;
	return parse_outcomes(p, &st->condition_outcomes);
}

static bool parse_property(struct parser *p, struct scn_statement *st)
{
	if (st->property)
		return fail(p, "a second 'by' in one statement");
	if (peek(p)->type != SCN_TOKEN_WORD || !strchr(peek(p)->text, '-'))
		return fail_expected(p, "a property after 'by', as P-36");
	st->property = take(p)->text;
	return true;
}

/* What follows the arguments, in any order. */
static bool parse_clauses(struct parser *p, struct scn_statement *st)
{
	while (peek(p)->type != SCN_TOKEN_END) {
		const struct scn_token *t = peek(p);
		bool ok;

		if (t->type == SCN_TOKEN_ARROW && st->expected.nr)
			return fail(p, "a second '->' in one statement; "
				    "alternatives are written ok|EPERM");
		if (t->type == SCN_TOKEN_ARROW)
			ok = take(p) && parse_outcomes(p, &st->expected);
		else if (is_word(t, "if"))
			ok = take(p) && parse_condition(p, st);
		else if (is_word(t, "by"))
			ok = take(p) && parse_property(p, st);
		else
			return fail_expected(p, "'->', 'if', 'by' or the end of the line");
		if (!ok)
			return false;
	}
	return true;
}

static bool at_clause(const struct parser *p)
{
	const struct scn_token *t = peek(p);

	return t->type == SCN_TOKEN_END || t->type == SCN_TOKEN_ARROW || is_word(t, "if") ||
	       is_word(t, "by");
}

static bool parse_verb(struct parser *p, struct scn_statement *st)
{
	if (is_name(peek(p)) && is_punctuation(peek_after(p), ':')) {
		st->label = take(p)->text;
		take(p);
	}
	if (peek(p)->type == SCN_TOKEN_WORD && is_punctuation(peek_after(p), '=')) {
		if (!is_name(peek(p)))
			return fail_expected(p, "a name of letters, digits and '_' before '='");
		st->binds = take(p)->text;
		take(p);
	}
	if (!is_name(peek(p)))
		return fail_expected(p, "a verb");
	st->verb_name = take(p)->text;
	return true;
}

static bool parse_statement(struct parser *p, const char *text, size_t len)
{
	struct scn_statement *st;

	if (!p->section)
		return fail_expected(p, "a section ('setup', 'then', 'thread NAME' or "
				     "'process NAME') before the first statement");
	st = scn_alloc(p->scn, sizeof(*st));
	st->line = p->line;
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
		st->expected.item[st->expected.nr++].type = SCN_OUTCOME_OK;
	return true;
}

static bool parse_tokens(struct parser *p, const char *line, const char *end)
{
	const struct scn_token *first = peek(p);

	if (first->type == SCN_TOKEN_END)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(keywords); i++) {
		if (is_word(first, keywords[i].word) && !is_punctuation(first + 1, '=') &&
		    !is_punctuation(first + 1, ':')) {
			take(p);
			return keywords[i].parse(p);
		}
	}
	line = first->start;
	return parse_statement(p, line, end - line);
}

static bool parse_line(struct parser *p, const char *line)
{
	g_autofree char *message = NULL;
	const char *end;
	bool ok;

	p->at = 0;
	p->tokens = scn_lex_line(p->scn, line, &end, &message);
	if (!p->tokens)
		return fail(p, "%s", message);
	ok = parse_tokens(p, line, end);
	g_array_unref(p->tokens);
	return ok;
}

static bool parse_lines(struct parser *p)
{
	g_auto(GStrv) lines = g_strsplit(p->scn->source, "\n", -1);

	for (unsigned int i = 0; lines[i]; i++) {
		p->line = (int)i + 1;
		if (!parse_line(p, lines[i]))
			return false;
	}
	if (!p->seen.title)
		p->line = 1;
	if (!p->seen.title)
		return fail(p, "expected a title: scenario \"…\"");
	if (!p->scn->statements)
		return fail(p, "nothing to run: expected a section with statements");
	return true;
}

static bool check_text(const char *path, const char *text, size_t len, GError **error)
{
	enum { SIZE_MAX_BYTES = 4 << 20 };
	const char *end;

	if (len > SIZE_MAX_BYTES) {
		g_set_error(error, SCN_ERROR, SCN_ERROR_UNREADABLE,
			    "%s: larger than 4 MiB: not a scenario", path);
		return false;
	}
	if (g_utf8_validate(text, (gssize)len, &end))
		return true;
	g_set_error(error, SCN_ERROR, SCN_ERROR_UNREADABLE,
		    "%s: not a scenario: byte %zu is not UTF-8 text", path,
		    (size_t)(end - text) + 1);
	return false;
}

static struct scn *scn_new(const char *path, const char *text, size_t len)
{
	struct scn *scn = g_new0(struct scn, 1);

	scn->path = g_strdup(path);
	scn->source = g_strndup(text, len);
	scn->title = g_strdup("");
	scn->purpose = g_strdup("");
	scn->expect = g_strdup("");
	scn->finds = g_ptr_array_new();
	scn->sections = g_ptr_array_new();
	scn->memory_pool = g_ptr_array_new_with_free_func(g_free);
	return scn;
}

struct scn *scn_parse_text(const char *path, const char *text, gssize len, GError **error)
{
	size_t size = len < 0 ? strlen(text) : (size_t)len;
	struct parser p = { .process = SCN_DEFAULT_PROCESS, .error = error };

	if (!check_text(path, text, size, error))
		return NULL;
	p.scn = scn_new(path, text, size);
	if (parse_lines(&p) && scn_check(p.scn, error))
		return p.scn;
	scn_free(p.scn);
	return NULL;
}

struct scn *scn_parse_file(const char *path, GError **error)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) cause = NULL;
	size_t len;

	if (!g_file_get_contents(path, &text, &len, &cause)) {
		/* GLib's text is kept for its reason only: it quotes the name in its own way */
		g_set_error(error, SCN_ERROR, SCN_ERROR_UNREADABLE, "%s: can't be read: %s", path,
			    strrchr(cause->message, ':') ?
			    strrchr(cause->message, ':') + 2 : cause->message);
		return NULL;
	}
	return scn_parse_text(path, text, (gssize)len, error);
}

static void free_section(struct scn_section *section)
{
	for (unsigned int i = 0; i < section->statements->len; i++) {
		struct scn_statement *st = g_ptr_array_index(section->statements, i);

		g_array_unref(st->arguments);
	}
	g_ptr_array_unref(section->statements);
}

void scn_free(struct scn *scn)
{
	if (!scn)
		return;
	for (unsigned int i = 0; i < scn->sections->len; i++)
		free_section(g_ptr_array_index(scn->sections, i));
	g_ptr_array_unref(scn->sections);
	g_ptr_array_unref(scn->finds);
	g_ptr_array_unref(scn->memory_pool);
	g_free(scn->path);
	g_free(scn->source);
	g_free(scn->title);
	g_free(scn->purpose);
	g_free(scn->expect);
	g_free(scn);
}
