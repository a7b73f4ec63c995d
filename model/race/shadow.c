// SPDX-License-Identifier: GPL-2.0
/*
 * For each page that was accessed there is a table of its words, and for each word a list of
 * touches; accesses to whole pages are kept in a list of the page's own.
 */

#include <glib.h>
#include <strings.h>

#include "shadow.h"

#define PAGE		4096u
#define WORD		8u
#define WORDS		(PAGE / WORD)
#define CACHE		64u

/**
 * struct page - a page.
 * @number: address / PAGE
 * @used:   some words have lists
 * @whole:  touches of all of it, the first + 1
 * @word:   of each word, likewise
 */
struct page {
	uint64_t number;
	bool used;
	uint32_t whole;
	uint32_t word[WORDS];
};

/**
 * struct shadow - all pages.
 * @touches: struct touch, by number; those that are free form a list
 * @free:    the first of them + 1
 * @pages:   by number
 * @pool:    struct page; @used of them are in use
 * @cache:   of @pages
 */
struct shadow {
	void (*race)(void *ctx, const struct touch *old, const struct touch *now,
		     uint64_t address);
	void *ctx;
	GArray *touches;
	uint32_t free;
	GHashTable *pages;
	GPtrArray *pool;
	unsigned int used;
	struct page *cache[CACHE];
};

struct shadow *shadow_new(void (*race)(void *ctx, const struct touch *old,
				       const struct touch *now, uint64_t address), void *ctx)
{
	struct shadow *shadow = g_new0(struct shadow, 1);

	shadow->race = race;
	shadow->ctx = ctx;
	shadow->touches = g_array_new(FALSE, FALSE, sizeof(struct touch));
	shadow->pages = g_hash_table_new(NULL, NULL);
	shadow->pool = g_ptr_array_new_with_free_func(g_free);
	return shadow;
}

void shadow_free(struct shadow *shadow)
{
	g_array_free(shadow->touches, TRUE);
	g_hash_table_unref(shadow->pages);
	g_ptr_array_free(shadow->pool, TRUE);
	g_free(shadow);
}

void shadow_clear(struct shadow *shadow)
{
	if (!shadow->used)
		return;
	g_array_set_size(shadow->touches, 0);
	g_hash_table_remove_all(shadow->pages);
	memset(shadow->cache, 0, sizeof(shadow->cache));
	shadow->free = 0;
	shadow->used = 0;
}

static struct page *find_page(struct shadow *shadow, uint64_t number)
{
	struct page **cached = &shadow->cache[number % CACHE];
	struct page *page;

	if (*cached && (*cached)->number == number)
		return *cached;
	page = g_hash_table_lookup(shadow->pages, GSIZE_TO_POINTER(number));
	if (page)
		*cached = page;
	return page;
}

static struct page *get_page(struct shadow *shadow, uint64_t number)
{
	struct page *page = find_page(shadow, number);

	if (page)
		return page;
	if (shadow->used == shadow->pool->len)
		g_ptr_array_add(shadow->pool, g_new(struct page, 1));
	page = g_ptr_array_index(shadow->pool, shadow->used++);
	memset(page, 0, sizeof(*page));
	page->number = number;
	g_hash_table_insert(shadow->pages, GSIZE_TO_POINTER(number), page);
	shadow->cache[number % CACHE] = page;
	return page;
}

static struct touch *touch_at(struct shadow *shadow, uint32_t number)
{
	return &g_array_index(shadow->touches, struct touch, number - 1);
}

static void push(struct shadow *shadow, uint32_t *list, const struct touch *touch)
{
	struct touch new = *touch;
	uint32_t number = shadow->free;

	if (number) {
		shadow->free = touch_at(shadow, number)->next;
	} else {
		g_array_set_size(shadow->touches, shadow->touches->len + 1);
		number = shadow->touches->len;
	}
	new.next = *list;
	*touch_at(shadow, number) = new;
	*list = number;
}

/* The first of a list is not needed any more. */
static void drop(struct shadow *shadow, uint32_t *list)
{
	struct touch *touch = touch_at(shadow, *list);
	uint32_t next = touch->next;

	touch->next = shadow->free;
	shadow->free = *list;
	*list = next;
}

static void drop_all(struct shadow *shadow, uint32_t *list)
{
	while (*list)
		drop(shadow, list);
}

static bool comes_before(const struct touch *touch, const struct clock *clock)
{
	return touch->clock <= clock->at[touch->thread];
}

/* Who is in the way of @other is in the way of @touch. */
static bool stands_for(const struct touch *touch, const struct touch *other)
{
	return (touch->write || !other->write) && (!touch->marked || other->marked) &&
	       (!touch->announced || other->announced);
}

static bool conflict(const struct touch *a, const struct touch *b)
{
	return (a->write || b->write) &&
	       !(a->announced && b->announced && ffs(a->bytes) == ffs(b->bytes));
}

/* @touch against those in a list. Return: whether it has to be kept in that list. */
static bool judge(struct shadow *shadow, uint32_t *list, const struct touch *touch,
		  const struct clock *clock, uint64_t address)
{
	unsigned int bytes = touch->bytes;

	while (*list) {
		struct touch *old = touch_at(shadow, *list);

		if (old->thread == touch->thread && old->clock == touch->clock &&
		    !(bytes & ~old->bytes) && stands_for(old, touch))
			return false;
		if (!comes_before(old, clock)) {
			if (old->bytes & bytes && conflict(old, touch))
				shadow->race(shadow->ctx, old, touch, address);
		} else if (!(old->bytes & ~bytes) && stands_for(touch, old)) {
			drop(shadow, list);
			continue;
		}
		list = &old->next;
	}
	return true;
}

static void judge_whole(struct shadow *shadow, const struct page *page, const struct touch *touch,
			const struct clock *clock, uint64_t address)
{
	for (uint32_t i = page->whole; i; i = touch_at(shadow, i)->next) {
		const struct touch *old = touch_at(shadow, i);

		if (!comes_before(old, clock) && conflict(old, touch))
			shadow->race(shadow->ctx, old, touch, address);
	}
}

static void access_word(struct shadow *shadow, struct page *page, unsigned int word,
			const struct touch *touch, const struct clock *clock)
{
	uint64_t address = page->number * PAGE + word * WORD;

	judge_whole(shadow, page, touch, clock, address);
	page->used = true;
	if (judge(shadow, &page->word[word], touch, clock, address))
		push(shadow, &page->word[word], touch);
}

static void access_page(struct shadow *shadow, uint64_t number, const struct touch *touch,
			const struct clock *clock)
{
	struct page *page = get_page(shadow, number);

	for (unsigned int i = 0; page->used && i < WORDS; i++)
		if (page->word[i])
			judge(shadow, &page->word[i], touch, clock, number * PAGE + i * WORD);
	if (judge(shadow, &page->whole, touch, clock, number * PAGE))
		push(shadow, &page->whole, touch);
}

/* Bytes of a word from @from on, up to @to, which may lie beyond it. */
static unsigned int bytes_of(uint64_t from, uint64_t to)
{
	unsigned int first = from % WORD;
	uint64_t n = MIN(to - from, WORD - first);

	return ((1u << n) - 1) << first;
}

void shadow_access(struct shadow *shadow, uint64_t address, uint64_t size,
		   const struct touch *how, const struct clock *clock)
{
	uint64_t end = address + size;
	struct touch touch = *how;

	while (address < end) {
		if (address % PAGE == 0 && end - address >= PAGE) {
			touch.bytes = 0xff;
			access_page(shadow, address / PAGE, &touch, clock);
			address += PAGE;
			continue;
		}
		touch.bytes = bytes_of(address, end);
		access_word(shadow, get_page(shadow, address / PAGE), address % PAGE / WORD,
			    &touch, clock);
		address += WORD - address % WORD;
	}
}

static void visit_list(struct shadow *shadow, uint32_t list, uint64_t address,
		       void (*visit)(void *ctx, const struct touch *touch, uint64_t address),
		       void *ctx)
{
	for (; list; list = touch_at(shadow, list)->next)
		visit(ctx, touch_at(shadow, list), address);
}

void shadow_visit(struct shadow *shadow,
		  void (*visit)(void *ctx, const struct touch *touch, uint64_t address), void *ctx)
{
	for (unsigned int i = 0; i < shadow->used; i++) {
		const struct page *page = g_ptr_array_index(shadow->pool, i);
		uint64_t address = page->number * PAGE;

		visit_list(shadow, page->whole, address, visit, ctx);
		for (unsigned int word = 0; page->used && word < WORDS; word++)
			visit_list(shadow, page->word[word], address + word * WORD, visit, ctx);
	}
}

static void forget_page(struct shadow *shadow, struct page *page)
{
	drop_all(shadow, &page->whole);
	for (unsigned int i = 0; page->used && i < WORDS; i++)
		drop_all(shadow, &page->word[i]);
	page->used = false;
}

/* What was done to the whole page is still true of each of its words. */
static void break_up(struct shadow *shadow, struct page *page)
{
	while (page->whole) {
		struct touch touch = *touch_at(shadow, page->whole);

		drop(shadow, &page->whole);
		for (unsigned int i = 0; i < WORDS; i++)
			push(shadow, &page->word[i], &touch);
		page->used = true;
	}
}

void shadow_forget(struct shadow *shadow, uint64_t address, uint64_t size)
{
	uint64_t end = address + size;

	while (address < end) {
		struct page *page = find_page(shadow, address / PAGE);
		bool whole = address % PAGE == 0 && end - address >= PAGE;

		if (!page || whole) {
			if (page)
				forget_page(shadow, page);
			address += PAGE - address % PAGE;
			continue;
		}
		break_up(shadow, page);
		drop_all(shadow, &page->word[address % PAGE / WORD]);
		address += WORD - address % WORD;
	}
}
