/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_PATTERN_H
#define _SCENARIOS_PATTERN_H

#include <stdint.h>

/**
 * scn_pattern() - contents of a page that @seed and the page's number decide.
 * @page: one page of memory
 *
 * No two pages are alike, and none is zero. Part of the language: it must not change.
 */
void scn_pattern(void *page, uint64_t seed, uint64_t number);

#endif /* _SCENARIOS_PATTERN_H */
