/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_SIM_STATE_TEST_H
#define _TESTS_SIM_STATE_TEST_H

/* Whether something changed in this kernel: its state as text, to compare with later. */

#include <linux/string.h>
#include <sim/sim.h>
#include <sim/test.h>

void sim_state(unsigned int detail, void (*item)(void *ctx, const struct host_state *line),
	       void *ctx);

/**
 * struct st_text - lines "key = value", and how far a comparison has come.
 * @text: the lines
 * @len:  their length
 * @at:   up to there they were the same
 */
struct st_text {
	char text[4 << 20];
	size_t len;
	size_t at;
};

static inline size_t st_format(char *buf, size_t size, const struct host_state *line)
{
	size_t len = scnprintf(buf, size, "%s = %#llx\n", line->key, (u64)line->value);

	EXPECT(len + 1 < size);
	return len;
}

static inline void st_add(void *ctx, const struct host_state *line)
{
	struct st_text *text = ctx;

	text->len += st_format(text->text + text->len, sizeof(text->text) - text->len, line);
}

/** st_take() - remember what is now. */
static inline void st_take(struct st_text *text)
{
	text->len = 0;
	sim_state(0, st_add, text);
}

static inline void st_compare(void *ctx, const struct host_state *line)
{
	struct st_text *text = ctx;
	char now[256];
	size_t len = st_format(now, sizeof(now), line);

	if (len > text->len - text->at || memcmp(text->text + text->at, now, len))
		sim_test_fail(__FILE__, __LINE__, "something changed: now %s(before: %.80s)", now,
			      text->text + text->at);
	text->at += len;
}

/** st_expect_same() - all is as it was remembered. */
static inline void st_expect_same(struct st_text *text)
{
	text->at = 0;
	sim_state(0, st_compare, text);
	EXPECT_EQ(text->at, text->len);
}

#endif /* _TESTS_SIM_STATE_TEST_H */
