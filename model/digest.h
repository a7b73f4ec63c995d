/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_DIGEST_H
#define _MODEL_DIGEST_H

/**
 * DOC: Digests of state
 *
 * 128 bits that stand for all that was put in: to tell whether what was seen before is seen
 * again. Not for bytes that somebody chose in order to deceive.
 */

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/** struct digest - start with zero. */
struct digest {
	uint64_t a;
	uint64_t b;
};

static inline uint64_t digest_mix(uint64_t word)
{
	word ^= word >> 32;
	word *= 0xd6e8feb86659fd93;
	word ^= word >> 29;
	word *= 0xff51afd7ed558ccd;
	return word ^ word >> 32;
}

/** digest_word() - the order in which words are put in matters. */
static inline void digest_word(struct digest *digest, uint64_t word)
{
	digest->a = digest_mix(digest->a ^ word) + digest->b;
	digest->b = (digest->b << 23 | digest->b >> 41) * 0x9e3779b97f4a7c15 +
		    digest_mix(word + 0xc2b2ae3d27d4eb4f);
}

/** digest_pointer() - where something of the kernel is. Not for the simulator's own heap. */
static inline void digest_pointer(struct digest *digest, const void *pointer)
{
	digest_word(digest, (uintptr_t)pointer);
}

void digest_bytes(struct digest *digest, const void *bytes, size_t len);

/** digest_text() - @text may be NULL. */
void digest_text(struct digest *digest, const char *text);

/** digest_page() - of a page of memory, in no time. */
struct digest digest_page(const void *page);

/**
 * digest_add() - one more of a set: the order does not matter. digest_remove() undoes that.
 * @element: is made for no other set
 */
static inline void digest_add(struct digest *set, struct digest element)
{
	set->a += digest_mix(element.a);
	set->b += digest_mix(element.b ^ element.a);
}

static inline void digest_remove(struct digest *set, struct digest element)
{
	set->a -= digest_mix(element.a);
	set->b -= digest_mix(element.b ^ element.a);
}

static inline unsigned __int128 digest_cell_is(uint64_t place, uint64_t word)
{
	uint64_t turned = word << 32 | word >> 32;

	return (unsigned __int128)(word ^ place * 0x9e3779b97f4a7c15) *
	       (turned ^ (place + 0xff51afd7ed558ccd) * 0xc2b2ae3d27d4eb4f);
}

/** digest_cell() - in a set of words, each at its place, the one at @place changes. */
static inline void digest_cell(struct digest *set, uint64_t place, uint64_t from, uint64_t to)
{
	unsigned __int128 was = digest_cell_is(place, from), is = digest_cell_is(place, to);

	set->a += (uint64_t)is - (uint64_t)was;
	set->b += (uint64_t)(is >> 64) - (uint64_t)(was >> 64);
}

/** digest_digest() - all of @other is put in. */
static inline void digest_digest(struct digest *digest, struct digest other)
{
	digest_word(digest, other.a);
	digest_word(digest, other.b);
}

/** digest_hash(), digest_equal() - for hash tables. */
guint digest_hash(gconstpointer digest);
gboolean digest_equal(gconstpointer a, gconstpointer b);

#endif /* _MODEL_DIGEST_H */
