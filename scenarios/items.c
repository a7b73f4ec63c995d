// SPDX-License-Identifier: GPL-2.0
/* The pieces that the argument of a raw call is made of. */

#include <string.h>

#include "items.h"

static const struct width {
	const char *word;
	unsigned int bytes;
} widths[] = { { "u8", 1 }, { "u16", 2 }, { "u32", 4 }, { "u64", 8 } };

static bool is_word(const struct scn_value *v, const char *word)
{
	return v->type == SCN_VALUE_WORD && !strcmp(v->text, word);
}

static unsigned int width_of(const struct scn_value *v)
{
	for (size_t i = 0; i < G_N_ELEMENTS(widths); i++)
		if (is_word(v, widths[i].word))
			return widths[i].bytes;
	return 0;
}

bool scn_item_is_name(const struct scn_value *v)
{
	return is_word(v, "fd") && v->next && v->next->type == SCN_VALUE_WORD;
}

bool scn_item_is_null(const struct scn_value *v)
{
	return is_word(v, "null");
}

char *scn_item_check(const struct scn_value *v)
{
	bool number = v->next && v->next->type == SCN_VALUE_NUMBER;

	if (v->type == SCN_VALUE_STRING || scn_item_is_null(v) || scn_item_is_name(v))
		return NULL;
	if (width_of(v) || is_word(v, "zero") || is_word(v, "fd"))
		return number ? NULL : g_strdup_printf("'%s' needs a number after it", v->text);
	return g_strdup("an argument is made of: u8 N, u16 N, u32 N, u64 N, zero N, fd NAME, "
			"\"string\", or is null");
}

const struct scn_value *scn_item_next(const struct scn_value *v)
{
	if (v->type == SCN_VALUE_STRING || scn_item_is_null(v))
		return v->next;
	return v->next->next;
}

static void put(char *buf, size_t at, size_t size, const void *from, size_t len)
{
	if (at < size)
		memcpy(buf + at, from, MIN(len, size - at));
}

size_t scn_item_put(const struct scn_value *v, int fd, char *buf, size_t at, size_t size)
{
	unsigned int width = width_of(v);
	uint64_t number;

	if (scn_item_is_null(v))
		return at;
	if (v->type == SCN_VALUE_STRING) {
		put(buf, at, size, v->text, v->len);
		return at + v->len;
	}
	if (is_word(v, "zero"))
		return v->next->number < size - MIN(at, size) ? at + v->next->number : size;
	number = width ? v->next->number : (uint64_t)fd;
	width = width ? width : sizeof(int);
	put(buf, at, size, &number, width);
	return at + width;
}
