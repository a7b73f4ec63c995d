// SPDX-License-Identifier: GPL-2.0
/* Lines of a scenario, cut into words, numbers, strings and punctuation. */

#include <errno.h>
#include <string.h>

#include "lex.h"

struct lexer {
	struct scn *scn;
	const char *p;
	GArray *tokens;
	char *error;
};

/* Many small things that go together; ASan is to see where each of them ends. */
#ifdef __SANITIZE_ADDRESS__
#define POOL_PIECE	0u
#else
#define POOL_PIECE	(64u << 10)
#endif

void *scn_alloc(struct scn *scn, size_t size)
{
	size_t need = (size + 7) & ~(size_t)7;
	char *p;

	if (need > scn->memory_left) {
		scn->memory_left = MAX(need, POOL_PIECE);
		scn->memory_next = g_malloc0(MAX(POOL_PIECE ? scn->memory_left : size, 1));
		g_ptr_array_add(scn->memory_pool, scn->memory_next);
	}
	p = scn->memory_next;
	scn->memory_next += need;
	scn->memory_left -= need;
	return p;
}

char *scn_strndup(struct scn *scn, const char *text, size_t len)
{
	char *copy = scn_alloc(scn, len + 1);

	memcpy(copy, text, len);
	return copy;
}

static bool is_word_char(const char *p)
{
	if (g_ascii_isalnum(*p) || *p == '_')
		return true;
	/* "P-36" and "vcpu.1" are words, the start of "->" is not part of one */
	return (*p == '-' || *p == '.') && g_ascii_isalnum(p[1]);
}

static void lex_word(struct lexer *lx, struct scn_token *t)
{
	while (is_word_char(lx->p))
		lx->p++;
	t->type = SCN_TOKEN_WORD;
	t->len = lx->p - t->start;
	t->text = scn_strndup(lx->scn, t->start, t->len);
}

static bool scale(uint64_t *number, char suffix)
{
	static const char suffixes[] = "KMG";
	const char *found = suffix ? strchr(suffixes, suffix) : NULL;
	int shift;

	if (!found)
		return false;
	shift = 10 * (int)(found - suffixes + 1);
	if (*number > UINT64_MAX >> shift)
		*number = 0;
	else
		*number <<= shift;
	return true;
}

static void bad_number(struct lexer *lx, const char *start)
{
	const char *end = start + 1;

	while (is_word_char(end))
		end++;
	lx->error = g_strdup_printf(
		"'%.*s' is not a number: expected digits or 0x…, then K, M or G if need be, "
		"and 64 bits at most", (int)(end - start), start);
}

static void lex_number(struct lexer *lx, struct scn_token *t)
{
	bool hex;
	uint64_t plain;
	char *end;

	t->type = SCN_TOKEN_NUMBER;
	t->negative = *lx->p == '-';
	lx->p += t->negative;
	hex = lx->p[0] == '0' && (lx->p[1] == 'x' || lx->p[1] == 'X');
	errno = 0;
	t->number = g_ascii_strtoull(lx->p, &end, hex ? 16 : 10);
	plain = t->number;
	if (errno || (hex && end == lx->p + 1)) {
		bad_number(lx, t->start);
		return;
	}
	lx->p = end;
	if (scale(&t->number, *lx->p))
		lx->p++;
	if (is_word_char(lx->p) || (plain && !t->number) ||
	    (t->negative && t->number > (uint64_t)INT64_MAX + 1)) {
		bad_number(lx, t->start);
		return;
	}
	if (t->negative)
		t->number = -t->number;
}

static bool lex_hex_escape(struct lexer *lx, GString *text)
{
	int high = g_ascii_xdigit_value(lx->p[1]);
	int low = high < 0 ? -1 : g_ascii_xdigit_value(lx->p[2]);

	if (low < 0)
		return false;
	g_string_append_c(text, (char)(high << 4 | low));
	lx->p += 3;
	return true;
}

static bool lex_escape(struct lexer *lx, GString *text)
{
	static const char from[] = "nrt0\\\"";
	static const char to[] = "\n\r\t\0\\\"";
	const char *found;

	lx->p++;
	if (*lx->p == 'x' && lex_hex_escape(lx, text))
		return true;
	found = *lx->p ? strchr(from, *lx->p) : NULL;
	if (found) {
		g_string_append_c(text, to[found - from]);
		lx->p++;
		return true;
	}
	lx->error = g_strdup_printf("unknown escape '\\%.*s' in a string: expected "
				    "\\n \\r \\t \\0 \\\\ \\\" or \\xHH",
				    (int)(*lx->p ? g_utf8_next_char(lx->p) - lx->p : 0), lx->p);
	return false;
}

static void lex_string(struct lexer *lx, struct scn_token *t)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (lx->p++; *lx->p != '"'; ) {
		if (!*lx->p) {
			lx->error = g_strdup("expected '\"' at the end of the string, "
					     "found the end of the line");
			return;
		}
		if (*lx->p != '\\')
			g_string_append_c(text, *lx->p++);
		else if (!lex_escape(lx, text))
			return;
	}
	lx->p++;
	t->type = SCN_TOKEN_STRING;
	t->len = text->len;
	t->text = scn_strndup(lx->scn, text->str, text->len);
}

static void lex_other(struct lexer *lx, struct scn_token *t)
{
	if (g_str_has_prefix(lx->p, "->")) {
		t->type = SCN_TOKEN_ARROW;
		lx->p += 2;
	} else if (strchr("=|,+:", *lx->p)) {
		t->type = SCN_TOKEN_PUNCTUATION;
		t->number = (unsigned char)*lx->p++;
	} else {
		lx->error = g_strdup_printf("unexpected character '%.*s'",
					    (int)(g_utf8_next_char(lx->p) - lx->p), lx->p);
	}
}

static void lex_token(struct lexer *lx)
{
	struct scn_token t = { .start = lx->p };

	if (g_ascii_isalpha(*lx->p) || *lx->p == '_')
		lex_word(lx, &t);
	else if (g_ascii_isdigit(*lx->p) || (*lx->p == '-' && g_ascii_isdigit(lx->p[1])))
		lex_number(lx, &t);
	else if (*lx->p == '"')
		lex_string(lx, &t);
	else
		lex_other(lx, &t);
	t.width = lx->p - t.start;
	g_array_append_val(lx->tokens, t);
}

GArray *scn_lex_line(struct scn *scn, const char *line, const char **text_end, char **error)
{
	struct lexer lx = {
		.scn = scn,
		.p = line,
		.tokens = g_array_new(FALSE, FALSE, sizeof(struct scn_token)),
	};
	struct scn_token end = { .type = SCN_TOKEN_END };

	*text_end = line;
	for (;;) {
		while (*lx.p == ' ' || *lx.p == '\t' || *lx.p == '\r')
			lx.p++;
		if (!*lx.p || *lx.p == '#')
			break;
		lex_token(&lx);
		if (lx.error) {
			g_array_unref(lx.tokens);
			*error = lx.error;
			return NULL;
		}
		*text_end = lx.p;
	}
	end.start = lx.p;
	g_array_append_val(lx.tokens, end);
	return lx.tokens;
}
