// SPDX-License-Identifier: GPL-2.0
/*
 * From text to sections and statements. What the words mean is not judged here but
 * in check.c; the two together are scn_parse_text().
 */

#include <string.h>

#include "check.h"
#include "parser.h"
#include "repeat.h"

GQuark scn_error_quark(void)
{
	return g_quark_from_static_string("scn-error");
}

/* Header lines */

static bool parse_text_line(struct parser *p, const char *keyword, char **text)
{
	const struct scn_token *t;
	char *joined;

	if (p->section)
		return par_fail(p, "'%s' belongs before the first section", keyword);
	if (par_peek(p)->type != SCN_TOKEN_STRING)
		return par_fail_expected(p, "a string after '%s'", keyword);
	t = par_take(p);
	joined = **text ? g_strconcat(*text, " ", t->text, NULL) : g_strdup(t->text);
	g_free(*text);
	*text = joined;
	return par_expect_end(p);
}

static bool parse_title(struct parser *p)
{
	if (p->seen.title)
		return par_fail(p, "a second 'scenario' line; a file holds one scenario");
	p->seen.title = true;
	return parse_text_line(p, "scenario", &p->scn->title);
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
	if (!par_is_name(par_peek(p)))
		return par_fail_expected(p, "a name after '%s'", keyword);
	*name = par_take(p)->text;
	return par_expect_end(p);
}

static bool parse_setup(struct parser *p)
{
	begin_section(p, "setup", false);
	return par_expect_end(p);
}

static bool parse_then(struct parser *p)
{
	begin_section(p, "then", false);
	return par_expect_end(p);
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
		return par_fail(p, "'finds' belongs before the first section");
	if (par_peek(p)->type != SCN_TOKEN_WORD || !strchr(par_peek(p)->text, '-'))
		return par_fail_expected(p, "a property after 'finds', as P-36");
	f->line = p->line;
	f->property = par_take(p)->text;
	if (par_peek(p)->type != SCN_TOKEN_STRING)
		return par_fail_expected(p, "a string with the reason");
	f->reason = par_take(p)->text;
	g_ptr_array_add(p->scn->finds, f);
	return par_expect_end(p);
}

static const struct keyword {
	const char *word;
	bool (*parse)(struct parser *p);
	bool once;	/* it says something about the whole file */
} keywords[] = {
	{ "scenario", parse_title, true }, { "purpose", parse_purpose, true },
	{ "expect", parse_expect, true }, { "finds", parse_finds, true },
	{ "machine", parse_machine, true }, { "setup", parse_setup, false },
	{ "then", parse_then, false }, { "thread", parse_thread, false },
	{ "process", parse_process, false }, { "repeat", parse_repeat, false },
	{ "end", parse_end, false },
};

static bool parse_keyword(struct parser *p, const struct keyword *keyword)
{
	if (keyword->once && p->repeats->len)
		return par_fail(p, "'%s' is said once, not repeated", keyword->word);
	par_take(p);
	return keyword->parse(p);
}

static bool parse_tokens(struct parser *p, const char *line, const char *end)
{
	const struct scn_token *first = par_peek(p);

	if (first->type == SCN_TOKEN_END)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(keywords); i++) {
		if (par_is_word(first, keywords[i].word) && !par_is_punctuation(first + 1, '=') &&
		    !par_is_punctuation(first + 1, ':'))
			return parse_keyword(p, &keywords[i]);
	}
	line = first->start;
	return parse_statement(p, line, end - line);
}

static bool parse_line(struct parser *p, const char *line)
{
	g_autofree char *message = NULL;
	g_autofree char *expanded = NULL;
	const char *end;
	bool ok;

	if (p->repeats->len) {
		line = expanded = repeat_expand(p, line);
		if (!line)
			return false;
	}
	p->at = 0;
	p->tokens = scn_lex_line(p->scn, line, &end, &message);
	if (!p->tokens)
		return par_fail(p, "%s", message);
	ok = parse_tokens(p, line, end);
	g_array_unref(p->tokens);
	return ok;
}

static bool parse_lines(struct parser *p)
{
	g_auto(GStrv) lines = g_strsplit(p->scn->source, "\n", -1);

	for (unsigned int i = 0; lines[i]; i = p->next) {
		p->line = (int)i + 1;
		p->next = i + 1;
		if (!parse_line(p, lines[i]))
			return false;
	}
	if (!repeat_check_closed(p))
		return false;
	if (!p->seen.title)
		p->line = 1;
	if (!p->seen.title)
		return par_fail(p, "expected a title: scenario \"…\"");
	if (!p->scn->statements)
		return par_fail(p, "nothing to run: expected a section with statements");
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
	bool ok;

	if (!check_text(path, text, size, error))
		return NULL;
	p.scn = scn_new(path, text, size);
	p.repeats = g_array_new(FALSE, FALSE, sizeof(struct repeat));
	ok = parse_lines(&p) && scn_check(p.scn, error);
	g_array_unref(p.repeats);
	if (ok)
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
