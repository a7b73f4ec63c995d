// SPDX-License-Identifier: GPL-2.0
/* Digests of state. */

#include <string.h>

#include <host/host.h>

#include "digest.h"

#define LANES	8u

void digest_bytes(struct digest *digest, const void *bytes, size_t len)
{
	const char *at = bytes;
	uint64_t word;

	digest_word(digest, len);
	for (; len >= sizeof(word); len -= sizeof(word), at += sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		digest_word(digest, word);
	}
	word = 0;
	memcpy(&word, at, len);
	digest_word(digest, word);
}

void digest_text(struct digest *digest, const char *text)
{
	digest_word(digest, !text);
	if (text)
		digest_bytes(digest, text, strlen(text));
}

/* Lanes, so that the processor has something to do while it waits for each product. */
struct digest digest_page(const void *page)
{
	const uint64_t *words = page;
	uint64_t lane[LANES] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	struct digest digest = { 0 };

	for (unsigned int i = 0; i < HOST_PAGE_SIZE / sizeof(*words); i += LANES) {
		for (unsigned int j = 0; j < LANES; j++) {
			lane[j] = (lane[j] ^ words[i + j]) * 0xff51afd7ed558ccd;
			lane[j] ^= lane[j] >> 32;
		}
	}
	for (unsigned int j = 0; j < LANES; j++)
		digest_word(&digest, lane[j]);
	return digest;
}

guint digest_hash(gconstpointer digest)
{
	return (guint)((const struct digest *)digest)->a;
}

gboolean digest_equal(gconstpointer a, gconstpointer b)
{
	const struct digest *x = a, *y = b;

	return x->a == y->a && x->b == y->b;
}
