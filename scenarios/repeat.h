/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_REPEAT_H
#define _SCENARIOS_REPEAT_H

#include "parser.h"

/** REPEAT_MAX - the largest count of passes, and the largest number to count from. */
#define REPEAT_MAX	1000000u

/**
 * struct repeat - a block that is being repeated.
 * @line:       where it begins
 * @name:       what counts
 * @first:      number of the first pass
 * @last:       of the last
 * @value:      of this one
 * @statements: how many the file had before
 */
struct repeat {
	int line;
	const char *name;
	uint64_t first;
	uint64_t last;
	uint64_t value;
	unsigned int statements;
};

/** parse_repeat() - what follows the word: "COUNT as NAME [from NUMBER]". */
bool parse_repeat(struct parser *p);
/** parse_end() - the end of a block: back to its first line, or on. */
bool parse_end(struct parser *p);
/** repeat_check_closed() - at the end of the file. */
bool repeat_check_closed(struct parser *p);
/** repeat_expand() - @line of a block with its braces filled in, g_free() it; NULL on error. */
char *repeat_expand(struct parser *p, const char *line);

#endif /* _SCENARIOS_REPEAT_H */
