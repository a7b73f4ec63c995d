/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_PARSER_H
#define _SCENARIOS_PARSER_H

/** DOC: What the files that make up the parser share. */

#include "lex.h"

struct scn_repetition;

/**
 * struct parser - where the parser is.
 * @scn:     what has been parsed
 * @line:    number of the line
 * @next:    index of the line that comes next
 * @repeats: of &struct repeat, the blocks around the line
 * @repetition: of the statements to come, NULL outside of blocks
 * @expanded: number of lines in blocks, each as often as it was parsed
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
	unsigned int next;
	GArray *repeats;
	const struct scn_repetition *repetition;
	unsigned int expanded;
	GArray *tokens;
	unsigned int at;
	struct scn_section *section;
	const char *process;
	struct { bool title, machine; } seen;
	GError **error;
};

/** par_peek() - the next token. */
const struct scn_token *par_peek(const struct parser *p);
/** par_peek_after() - the one after it. */
const struct scn_token *par_peek_after(const struct parser *p);
/** par_take() - the next token, and go on. */
const struct scn_token *par_take(struct parser *p);

bool par_is_punctuation(const struct scn_token *t, char c);
bool par_is_word(const struct scn_token *t, const char *word);
/** par_is_name() - a word that can be a name: letters, digits and '_'. */
bool par_is_name(const struct scn_token *t);

/** par_fail() - set the error, with file and line; false for the caller to return. */
bool par_fail(struct parser *p, const char *format, ...) G_GNUC_PRINTF(2, 3);
/** par_fail_expected() - the same: "expected …, found" and the next token. */
bool par_fail_expected(struct parser *p, const char *format, ...) G_GNUC_PRINTF(2, 3);
/** par_expect_end() - an error unless the line ends here. */
bool par_expect_end(struct parser *p);

/** parse_machine() - what follows the word "machine". */
bool parse_machine(struct parser *p);
/** parse_statement() - the rest of the line, written as @text, is a statement. */
bool parse_statement(struct parser *p, const char *text, size_t len);

#endif /* _SCENARIOS_PARSER_H */
