/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_ANNOUNCED_H
#define _CLI_ANNOUNCED_H

/**
 * struct announced - a test, and what it says it is about.
 * @name:       of the test
 * @properties: identifiers, with a blank between
 */
struct announced {
	const char *name;
	const char *properties;
};

/* Both are made by cmake/announced.cmake and end with an entry without a name. */

/** announced_tests - tests that are kernel code. */
extern const struct announced announced_tests[];
/** announced_planted - violations planted to see that they are found. */
extern const struct announced announced_planted[];

#endif /* _CLI_ANNOUNCED_H */
