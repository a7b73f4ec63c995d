/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_LEX_H
#define _SCENARIOS_LEX_H

#include "scn.h"

enum scn_token_type {
	SCN_TOKEN_END,		/* of the line */
	SCN_TOKEN_WORD,
	SCN_TOKEN_NUMBER,
	SCN_TOKEN_STRING,
	SCN_TOKEN_ARROW,	/* -> */
	SCN_TOKEN_PUNCTUATION	/* one of = | , + : */
};

/**
 * struct scn_token - a piece of a line.
 * @type:   what it is
 * @start:  where it begins in the line
 * @width:  how long it is there
 * @text:   of a word or a string, with escapes resolved
 * @len:    length of @text
 * @number: of a number; the character of punctuation
 * @negative: a number with a minus sign
 */
struct scn_token {
	enum scn_token_type type;
	const char *start;
	size_t width;
	const char *text;
	size_t len;
	uint64_t number;
	bool negative;
};

/**
 * scn_lex_line() - cut @line into tokens; a comment is left out.
 * @text_end: set to where the line ends, comment and trailing blanks left out
 * @error: what can't be a token, without file and line
 *
 * Return: of &struct scn_token, the last one SCN_TOKEN_END; NULL on error.
 */
GArray *scn_lex_line(struct scn *scn, const char *line, const char **text_end, char **error);

/** scn_alloc() - zeroed memory that lives as long as @scn. */
void *scn_alloc(struct scn *scn, size_t size);
char *scn_strndup(struct scn *scn, const char *text, size_t len);

#endif /* _SCENARIOS_LEX_H */
