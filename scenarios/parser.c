// SPDX-License-Identifier: GPL-2.0
/* Tokens of a line, one after the other, and errors that say where they are. */

#include <stdarg.h>
#include <string.h>

#include "parser.h"

const struct scn_token *par_peek(const struct parser *p)
{
	return &g_array_index(p->tokens, struct scn_token, p->at);
}

const struct scn_token *par_peek_after(const struct parser *p)
{
	return par_peek(p)->type == SCN_TOKEN_END ? par_peek(p) : par_peek(p) + 1;
}

const struct scn_token *par_take(struct parser *p)
{
	const struct scn_token *t = par_peek(p);

	if (t->type != SCN_TOKEN_END)
		p->at++;
	return t;
}

bool par_is_punctuation(const struct scn_token *t, char c)
{
	return t->type == SCN_TOKEN_PUNCTUATION && t->number == (unsigned char)c;
}

bool par_is_word(const struct scn_token *t, const char *word)
{
	return t->type == SCN_TOKEN_WORD && !strcmp(t->text, word);
}

bool par_fail(struct parser *p, const char *format, ...)
{
	g_autofree char *message = NULL;
	va_list args;

	va_start(args, format);
	message = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(p->error, SCN_ERROR, SCN_ERROR_SYNTAX, "%s:%d: %s%s%s%s", p->scn->path,
		    p->line, message, p->repetition ? " (with " : "",
		    p->repetition ? p->repetition->text : "", p->repetition ? ")" : "");
	return false;
}

/* "expected X, found Y", where Y is the token that stands there instead. */
bool par_fail_expected(struct parser *p, const char *format, ...)
{
	const struct scn_token *t = par_peek(p);
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	if (t->type == SCN_TOKEN_END)
		return par_fail(p, "expected %s, found the end of the line", what);
	if (t->type == SCN_TOKEN_STRING)
		return par_fail(p, "expected %s, found %.*s", what, (int)t->width, t->start);
	return par_fail(p, "expected %s, found '%.*s'", what, (int)t->width, t->start);
}

bool par_is_name(const struct scn_token *t)
{
	return t->type == SCN_TOKEN_WORD && !strpbrk(t->text, "-.");
}

bool par_expect_end(struct parser *p)
{
	return par_peek(p)->type == SCN_TOKEN_END || par_fail_expected(p, "the end of the line");
}
