// SPDX-License-Identifier: GPL-2.0
/*
 * Slab caches. Semantics: mm/slub.c and mm/slab_common.c of Linux 7.3, with its debug
 * checks always on. See <linux/slab.h> for what is modelled.
 *
 * A slab is a block of pages with up to 64 objects; a word in the struct page of its head
 * says which of them are free. The lowest free one is taken, so which objects are reused is
 * the same in each run.
 *
 * While tasks run beside each other each CPU has slabs of its own, and a list of the objects that
 * it freed into slabs of others; all of that goes back when they are done. But objects of a
 * SLAB_TYPESAFE_BY_RCU cache, which somebody may look at that knew the object in their place,
 * are reused by whoever comes next, the last one freed first.
 */

#include <linux/align.h>
#include <linux/bug.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <sim/state.h>

#include "cpu_parts.h"
#include "internal.h"

#define POISON_FREE	0x6b
#define POISON_NEW	0x5a
/* So many bytes of a freed object are looked at when it is used again. */
#define POISON_CHECKED	512
#define SLAB_OBJECTS	64
#define NR_KMALLOC	13

/**
 * struct kmem_cache - one kind of objects.
 * @name:        for the census and for messages
 * @object_size: what the user asked for
 * @size:        distance of objects
 * @order:       of a slab
 * @objects:     in a slab
 * @flags:       SLAB_*
 * @ctor:        called once for each object of a new slab
 * @partial:     slabs with free objects
 * @empty:       slabs of @partial without an object in use
 * @live:        objects in use
 * @slabs:       slabs
 * @list:        all caches, in order of creation
 * @link:        offset in an object of a pointer to the next, when it is free and in a list
 * @freed:       of a type-safe cache: free objects that have been in use, linked
 * @number:      of the cache, see &struct cpu_parts
 * @cpus:        bit mask: which CPUs have a part of it
 */
struct kmem_cache {
	const char *name;
	unsigned int object_size;
	unsigned int size;
	unsigned int order;
	unsigned int objects;
	slab_flags_t flags;
	void (*ctor)(void *object);
	struct list_head partial;
	unsigned long empty;
	unsigned long live;
	unsigned long slabs;
	struct list_head list;
	unsigned int link;
	void *freed;
	unsigned int number;
	unsigned int cpus;
};

static const struct {
	unsigned int size;
	const char *name;
} kmalloc_info[NR_KMALLOC] = {
	{ 8, "kmalloc-8" }, { 16, "kmalloc-16" }, { 32, "kmalloc-32" }, { 64, "kmalloc-64" },
	{ 96, "kmalloc-96" }, { 128, "kmalloc-128" }, { 192, "kmalloc-192" },
	{ 256, "kmalloc-256" }, { 512, "kmalloc-512" }, { 1024, "kmalloc-1k" },
	{ 2048, "kmalloc-2k" }, { 4096, "kmalloc-4k" }, { 8192, "kmalloc-8k" },
};

static struct kmem_cache kmalloc_caches[NR_KMALLOC];
static struct kmem_cache boot_cache;
static LIST_HEAD(slab_caches);
static unsigned int caches_created;
static struct mm_guard slab_guard;
static unsigned long slab_pages;
static unsigned long large_kmallocs;

bool slab_is_available(void)
{
	return boot_cache.name != NULL;
}

/* Freed objects keep their contents if readers may still look, or a constructor's work. */
static bool cache_poisons(const struct kmem_cache *s)
{
	return !s->ctor && !(s->flags & SLAB_TYPESAFE_BY_RCU);
}

static void *slab_object(const struct kmem_cache *s, struct page *slab, unsigned int i)
{
	return page_address(slab) + i * s->size;
}

static unsigned long all_objects(const struct page *slab)
{
	return slab->objects == 64 ? ~0UL : (1UL << slab->objects) - 1;
}

static void setup_object(struct kmem_cache *s, void *object)
{
	if (s->ctor) {
		sim_mem_state(object, s->object_size, HOST_MEM_UNDEFINED);
		s->ctor(object);
	} else if (s->flags & SLAB_TYPESAFE_BY_RCU) {
		memset(object, 0, s->object_size);
	}
	if (cache_poisons(s))
		sim_mem_state(object, s->size, HOST_MEM_NOACCESS);
	else
		sim_mem_state(object + s->object_size, s->size - s->object_size,
			      HOST_MEM_NOACCESS);
}

static struct page *new_slab(struct kmem_cache *s, gfp_t gfp)
{
	struct page *slab;

	gfp = (gfp & ~(__GFP_ZERO | __GFP_HIGHMEM)) | __GFP_COMP;
	slab = alloc_frozen_pages(gfp, s->order, NUMA_NO_NODE);
	if (!slab)
		return NULL;
	__SetPageSlab(slab);
	slab->slab_cache = s;
	slab->objects = s->objects;
	slab->slab_cpu = sim_own_parts() && current->cpu != SIM_CPU_RCU ? current->cpu : 0;
	slab->objects_used = 0;
	slab->free_objects = all_objects(slab);
	if (s->ctor || (s->flags & SLAB_TYPESAFE_BY_RCU) || sim_host->mem_state)
		for (unsigned int i = 0; i < s->objects; i++)
			setup_object(s, slab_object(s, slab, i));
	s->slabs++;
	slab_pages += 1UL << s->order;
	return slab;
}

/* The slab has no object in use. */
static void add_empty_slab(struct kmem_cache *s, struct page *slab)
{
	list_add(&slab->slab_list, &s->partial);
	slab->slab_cpu = 0;
	s->empty++;
}

static void free_slab(struct kmem_cache *s, struct page *slab)
{
	list_del(&slab->slab_list);
	s->slabs--;
	s->empty--;
	slab_pages -= 1UL << s->order;
	__ClearPageSlab(slab);
	slab->slab_cache = NULL;
	slab->free_objects = 0;
	slab->objects = 0;
	slab->objects_used = 0;
	slab->mapping = NULL;
	slab->lru.prev = NULL;
	free_frozen_pages(slab, s->order);
}

/* A freed object that was written to meanwhile: reported, then used all the same. */
static void check_poison(const struct kmem_cache *s, const unsigned char *object)
{
	unsigned int len = min_t(unsigned int, s->object_size, POISON_CHECKED);

	for (unsigned int i = 0; i < len; i++)
		if (object[i] != POISON_FREE) {
			WARN(1, "BUG %s: freed object was written to, at offset %u", s->name, i);
			return;
		}
}

static void *take_object(struct kmem_cache *s, struct page *slab, unsigned int i)
{
	void *object = slab_object(s, slab, i);

	if (slab->free_objects == all_objects(slab) && !slab->slab_cpu)
		s->empty--;
	slab->free_objects &= ~(1UL << i);
	if (!slab->free_objects)
		list_del_init(&slab->slab_list);
	if (i < slab->objects_used && cache_poisons(s) && !sim_host->mem_state)
		check_poison(s, object);
	slab->objects_used = max(slab->objects_used, i + 1);
	return object;
}

static void *take_lowest(struct kmem_cache *s, struct page *slab)
{
	return slab ? take_object(s, slab, __builtin_ctzl(slab->free_objects)) : NULL;
}

static struct page *first_slab(struct list_head *slabs)
{
	return list_first_entry_or_null(slabs, struct page, slab_list);
}

/* The object is free; where its link is may be out of bounds for its users. */
static void push(const struct kmem_cache *s, void **list, void *object)
{
	void **link = object + s->link;

	sim_mem_state(link, sizeof(*link), HOST_MEM_UNDEFINED);
	*link = *list;
	if (cache_poisons(s) || s->link >= s->object_size)
		sim_mem_state(link, sizeof(*link), HOST_MEM_NOACCESS);
	*list = object;
}

static void *link_of(const struct kmem_cache *s, void *object)
{
	void **link = object + s->link, *next;

	sim_mem_state(link, sizeof(*link), HOST_MEM_DEFINED);
	next = *link;
	if (cache_poisons(s) || s->link >= s->object_size)
		sim_mem_state(link, sizeof(*link), HOST_MEM_NOACCESS);
	return next;
}

static void *pop(const struct kmem_cache *s, void **list)
{
	void *object = *list, *link = object + s->link;

	*list = link_of(s, object);
	if (cache_poisons(s)) {
		sim_mem_state(link, sizeof(void *), HOST_MEM_UNDEFINED);
		memset(link, POISON_FREE, sizeof(void *));
		sim_mem_state(link, sizeof(void *), HOST_MEM_NOACCESS);
	}
	return object;
}

static unsigned int index_of(const struct kmem_cache *s, const struct page *slab,
			     const void *object)
{
	return (object - page_address(slab)) / s->size;
}

/* An object in the slab isn't in use any more. */
static void give_back(struct kmem_cache *s, struct page *slab, unsigned int i)
{
	bool was_full = !slab->free_objects;

	slab->free_objects |= 1UL << i;
	if (was_full) {
		list_add(&slab->slab_list, &s->partial);
		slab->slab_cpu = 0;
	}
	if (slab->slab_cpu || slab->free_objects != all_objects(slab))
		return;
	s->empty++;
	/* One is kept, and all of a type-safe cache: readers may be looking. */
	if (s->empty > 1 && !(s->flags & SLAB_TYPESAFE_BY_RCU))
		free_slab(s, slab);
}

static void gather_part(struct kmem_cache *s, struct kmem_cache_cpu *cpu)
{
	struct page *slab;

	while ((slab = first_slab(&cpu->partial)) != NULL) {
		list_move_tail(&slab->slab_list, &s->partial);
		slab->slab_cpu = 0;
		if (slab->free_objects != all_objects(slab))
			continue;
		s->empty++;
		if (s->empty > 1)
			free_slab(s, slab);
	}
	while (cpu->freed) {
		void *object = pop(s, &cpu->freed);

		slab = virt_to_head_page(object);
		give_back(s, slab, index_of(s, slab, object));
	}
}

/* There is one owner of all its slabs again. */
static void gather_cache(struct kmem_cache *s, struct cpu_parts *parts)
{
	for (; s->cpus; s->cpus &= s->cpus - 1)
		gather_part(s, &parts->slabs[s->number][__builtin_ctz(s->cpus)]);
}

/** sim_slabs_gather() - tasks don't run beside each other any more. */
void sim_slabs_gather(struct cpu_parts *parts)
{
	struct kmem_cache *s;

	list_for_each_entry(s, &slab_caches, list)
		gather_cache(s, parts);
}

/* The CPU's part of the cache, NULL for what all share. */
static struct kmem_cache_cpu *own_part(struct kmem_cache *s)
{
	struct cpu_parts *parts = sim_own_parts();
	struct kmem_cache_cpu *part;

	if (likely(!parts) || s->flags & SLAB_TYPESAFE_BY_RCU ||
	    s->number >= SIM_CACHES_WITH_PARTS)
		return NULL;
	part = &parts->slabs[s->number][current->cpu];
	if (!part->partial.next)
		INIT_LIST_HEAD(&part->partial);
	s->cpus |= 1U << current->cpu;
	return part;
}

/* NULL: there is no slab with a free object. */
static void *take_on_cpu(struct kmem_cache *s, struct kmem_cache_cpu *cpu)
{
	if (cpu->freed) {
		void *object = pop(s, &cpu->freed);

		if (cache_poisons(s) && !sim_host->mem_state)
			check_poison(s, object);
		return object;
	}
	return take_lowest(s, first_slab(&cpu->partial));
}

static void *take_shared(struct kmem_cache *s)
{
	if (s->freed) {
		void *object = pop(s, &s->freed);
		struct page *slab = virt_to_head_page(object);

		return take_object(s, slab, index_of(s, slab, object));
	}
	return take_lowest(s, first_slab(&s->partial));
}

/*
 * Who gets which object of what all share is seen, if only by those who look at the memory of
 * type-safe caches.
 */
static struct kmem_cache_cpu *come_to_cache(struct kmem_cache *s)
{
	struct kmem_cache_cpu *part = own_part(s);

	if (!part)
		sim_point(HOST_OP_RMW, s);
	return part;
}

/* RCU callbacks, which share a CPU, must not get what depends on who comes first. */
static struct kmem_cache_cpu *come_to_cache_to_take(struct kmem_cache *s)
{
	if (likely(current->cpu != SIM_CPU_RCU))
		return come_to_cache(s);
	sim_own_parts();
	sim_point(HOST_OP_RMW, s);
	return NULL;
}

/* With one slab more if @slab isn't NULL. */
static void *take(struct kmem_cache *s, struct page *slab)
{
	struct kmem_cache_cpu *cpu = come_to_cache_to_take(s);
	void *object;

	mm_guard_lock(&slab_guard);
	if (slab && cpu)
		list_add(&slab->slab_list, &cpu->partial);
	else if (slab)
		add_empty_slab(s, slab);
	object = cpu ? take_on_cpu(s, cpu) : take_shared(s);
	if (object) {
		s->live++;
		sim_mem_new(object, s->size);
		if (cache_poisons(s))
			sim_mem_state(object, s->object_size, HOST_MEM_UNDEFINED);
	}
	mm_guard_unlock(&slab_guard);
	return object;
}

/*
 * Every object of the kernel comes from here. The allocation is a choice point for faults
 * only by way of this function.
 */
static void *slab_alloc(struct kmem_cache *s, gfp_t gfp, size_t size)
{
	struct page *slab;
	void *object;

	might_alloc(gfp);
	object = take(s, NULL);
	if (!object) {
		slab = new_slab(s, gfp);
		object = slab ? take(s, slab) : NULL;
	}
	if (object && (gfp & __GFP_ZERO)) {
		/* Zeroing would undo a constructor. */
		WARN_ON_ONCE(s->ctor);
		memset(object, 0, s->object_size);
	}
	if (object && size < s->object_size)
		sim_mem_state(object + size, s->object_size - size, HOST_MEM_NOACCESS);
	return object;
}

/* Of those a CPU freed into slabs of others. */
static bool is_in_a_list(const struct kmem_cache *s, const void *object)
{
	for (unsigned int mask = s->cpus; mask; mask &= mask - 1) {
		void *at = sim_cpu_parts->slabs[s->number][__builtin_ctz(mask)].freed;

		for (; at; at = link_of(s, at))
			if (at == object)
				return true;
	}
	return false;
}

/* The index of a live object; a pointer that isn't one ends the kernel, as it should. */
static unsigned int object_index(const struct kmem_cache *s, const struct page *slab,
				 const void *object)
{
	unsigned long offset = (unsigned long)object - (unsigned long)page_address(slab);
	unsigned int i = offset / s->size;

	if (offset % s->size || i >= slab->objects)
		panic("BUG %s: pointer isn't the start of an object", s->name);
	if (slab->free_objects >> i & 1 || (s->cpus && is_in_a_list(s, object)))
		panic("BUG %s: object already free", s->name);
	return i;
}

/* In the order of their addresses, whoever comes first. */
static void push_sorted(const struct kmem_cache *s, void **list, void *object)
{
	void *lower = NULL, *rest = *list;

	while (rest && rest < object) {
		lower = rest;
		rest = link_of(s, rest);
	}
	push(s, &rest, object);
	if (lower)
		push(s, &rest, lower);
	else
		*list = rest;
}

static void free_on_cpu(struct kmem_cache *s, struct kmem_cache_cpu *cpu, struct page *slab,
			unsigned int i)
{
	if (current->cpu == SIM_CPU_RCU) {
		push_sorted(s, &cpu->freed, slab_object(s, slab, i));
		return;
	}
	if (slab->slab_cpu != current->cpu) {
		push(s, &cpu->freed, slab_object(s, slab, i));
		return;
	}
	if (!slab->free_objects)
		list_add(&slab->slab_list, &cpu->partial);
	slab->free_objects |= 1UL << i;
}

static void slab_free(struct kmem_cache *s, struct page *slab, void *object)
{
	struct kmem_cache_cpu *cpu = come_to_cache(s);
	unsigned int i;

	if (!(s->flags & SLAB_TYPESAFE_BY_RCU))
		sim_mem_freeing(object, s->object_size);
	mm_guard_lock(&slab_guard);
	i = object_index(s, slab, object);
	/* Where readers may still look, they are to find out by themselves. */
	if (!(s->flags & SLAB_TYPESAFE_BY_RCU))
		sim_mem_free(object, s->object_size);
	if (cache_poisons(s)) {
		sim_mem_state(object, s->object_size, HOST_MEM_UNDEFINED);
		memset(object, POISON_FREE, s->object_size);
		sim_mem_state(object, s->size, HOST_MEM_NOACCESS);
	}
	s->live--;
	if (cpu) {
		free_on_cpu(s, cpu, slab, i);
	} else {
		if (s->flags & SLAB_TYPESAFE_BY_RCU)
			push(s, &s->freed, object);
		give_back(s, slab, i);
	}
	mm_guard_unlock(&slab_guard);
}

static unsigned int slab_order(unsigned int size)
{
	unsigned int order = 0;

	while ((PAGE_SIZE << order) < 4UL * size && order < 3)
		order++;
	return order;
}

/*
 * Where free objects are linked: inside, or behind what must stay as it is. Returns the bytes that
 * a free object has.
 */
static unsigned int place_link(struct kmem_cache *s, unsigned int size,
			       const struct kmem_cache_args *args)
{
	if (args->use_freeptr_offset)
		s->link = args->freeptr_offset;
	else if (!cache_poisons(s))
		s->link = ALIGN(size, sizeof(void *));
	return max_t(unsigned int, size, s->link + sizeof(void *));
}

static void init_cache(struct kmem_cache *s, const char *name, unsigned int size,
		       const struct kmem_cache_args *args, slab_flags_t flags)
{
	unsigned int align = args->align;

	if (flags & SLAB_HWCACHE_ALIGN && align < 64 && size > 32)
		align = 64;
	align = max_t(unsigned int, align, ARCH_SLAB_MINALIGN);
	s->name = name;
	s->object_size = size;
	s->flags = flags;
	s->ctor = args->ctor;
	size = place_link(s, size, args);
	/* Sanitizers see an overrun only if something inaccessible follows the object. */
	if (sim_host->mem_state && !(flags & SLAB_KMALLOC))
		size += 16;
	s->size = ALIGN(size, align);
	s->order = slab_order(s->size);
	s->objects = min_t(unsigned int, (PAGE_SIZE << s->order) / s->size, SLAB_OBJECTS);
	INIT_LIST_HEAD(&s->partial);
	s->number = caches_created++;
	list_add_tail(&s->list, &slab_caches);
}

/**
 * __kmem_cache_create_args() - a new kind of objects.
 *
 * @name must stay. Context: may sleep.
 * Return: the cache; NULL if memory has run out, or a panic then with SLAB_PANIC.
 */
struct kmem_cache *__kmem_cache_create_args(const char *name, unsigned int object_size,
					    struct kmem_cache_args *args, slab_flags_t flags)
{
	struct kmem_cache *s;

	if (WARN_ON(!name || object_size < 1 || object_size > 4 * PAGE_SIZE))
		return NULL;
	s = kmem_cache_zalloc(&boot_cache, GFP_KERNEL);
	if (!s) {
		if (flags & SLAB_PANIC)
			panic("kmem_cache_create(%s): out of memory", name);
		return NULL;
	}
	init_cache(s, name, object_size, args, flags);
	return s;
}

/** kmem_cache_shrink() - give empty slabs back; 0 if no slab is left. */
int kmem_cache_shrink(struct kmem_cache *s)
{
	struct page *slab, *next;

	sim_own_parts();
	mm_guard_lock(&slab_guard);
	/* None of them is more likely to be looked at than the others. */
	s->freed = NULL;
	list_for_each_entry_safe(slab, next, &s->partial, slab_list)
		if (slab->free_objects == all_objects(slab))
			free_slab(s, slab);
	mm_guard_unlock(&slab_guard);
	return s->slabs != 0;
}

/** kmem_cache_destroy() - a cache with live objects is reported and left alone. */
void kmem_cache_destroy(struct kmem_cache *s)
{
	if (!s)
		return;
	if (s->flags & SLAB_TYPESAFE_BY_RCU)
		rcu_barrier();
	/* Nobody else uses it any more. */
	if (sim_own_parts())
		gather_cache(s, sim_cpu_parts);
	kmem_cache_shrink(s);
	if (WARN(s->live, "%s %s: Slab cache still has objects (%lu)", __func__, s->name,
		 s->live))
		return;
	list_del(&s->list);
	kmem_cache_free(&boot_cache, s);
}

unsigned int kmem_cache_size(struct kmem_cache *s)
{
	return s->object_size;
}

void *kmem_cache_alloc(struct kmem_cache *s, gfp_t gfp)
{
	return slab_alloc(s, gfp, s->object_size);
}

void *kmem_cache_alloc_lru(struct kmem_cache *s, struct list_lru *lru, gfp_t gfp)
{
	return slab_alloc(s, gfp, s->object_size);
}

void *kmem_cache_alloc_node(struct kmem_cache *s, gfp_t gfp, int node)
{
	return slab_alloc(s, gfp, s->object_size);
}

void kmem_cache_free(struct kmem_cache *s, void *object)
{
	struct page *slab = virt_to_head_page(object);

	if (!PageSlab(slab) || slab->slab_cache != s)
		panic("BUG %s: free of an object of %s", s->name,
		      PageSlab(slab) ? slab->slab_cache->name : "no cache");
	slab_free(s, slab, object);
}

static struct kmem_cache *kmalloc_slab(size_t size)
{
	for (int i = 0; i < NR_KMALLOC; i++)
		if (size <= kmalloc_info[i].size)
			return &kmalloc_caches[i];
	return NULL;
}

static void *kmalloc_large(size_t size, gfp_t gfp)
{
	struct page *page = alloc_pages(gfp | __GFP_COMP, get_order(size));

	if (!page)
		return NULL;
	__SetPageLargeKmalloc(page);
	__atomic_fetch_add(&large_kmallocs, 1, __ATOMIC_RELAXED);
	return page_address(page);
}

/** __kmalloc() - memory for anything; ZERO_SIZE_PTR for nothing, NULL if there is none. */
void *__kmalloc(size_t size, gfp_t gfp)
{
	if (!size)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_CACHE_SIZE) {
		might_alloc(gfp);
		return kmalloc_large(size, gfp);
	}
	return slab_alloc(kmalloc_slab(size), gfp, size);
}

/** kfree() - what kmalloc() and its kin, or kmem_cache_alloc(), returned. */
void kfree(const void *object)
{
	struct page *page;

	if (ZERO_OR_NULL_PTR(object))
		return;
	page = virt_to_head_page(object);
	if (PageSlab(page)) {
		slab_free(page->slab_cache, page, (void *)object);
		return;
	}
	if (!PageLargeKmalloc(page) || page_address(page) != object)
		panic("BUG kfree: pointer isn't from kmalloc");
	__ClearPageLargeKmalloc(page);
	__atomic_fetch_sub(&large_kmallocs, 1, __ATOMIC_RELAXED);
	__free_pages(page, compound_order(page));
}

/** ksize() - bytes that belong to an allocation. */
size_t ksize(const void *object)
{
	struct page *page;

	if (ZERO_OR_NULL_PTR(object))
		return 0;
	page = virt_to_head_page(object);
	return PageSlab(page) ? page->slab_cache->object_size : page_size(page);
}

size_t kmalloc_size_roundup(size_t size)
{
	if (!size || size > KMALLOC_MAX_CACHE_SIZE)
		return size ? PAGE_SIZE << get_order(size) : 0;
	return kmalloc_slab(size)->object_size;
}

/** sim_slab_pages_add() - pages that are as little anybody's as those of slabs. */
void sim_slab_pages_add(long pages)
{
	slab_pages += pages;
}

unsigned long sim_slab_pages(void)
{
	return slab_pages;
}

/* One item for each cache, in the order in which they were created. */
void sim_slab_census(void (*item)(void *ctx, const char *name, host_u64 value,
				  enum host_census rule), void *ctx)
{
	struct kmem_cache *s;
	char name[48];

	list_for_each_entry(s, &slab_caches, list) {
		scnprintf(name, sizeof(name), "slab %s", s->name);
		/* Objects that may outlive the last close: their owner judges them. */
		item(ctx, name, s->live, s->flags & SLAB_NOLEAKTRACE ?
					 HOST_CENSUS_INFO : HOST_CENSUS_EQUAL);
	}
	item(ctx, "large kmallocs", large_kmallocs, HOST_CENSUS_EQUAL);
}

/*
 * How many nodes an xarray has depends on its indices, which may be addresses. Objects of
 * kmalloc() are noise as well, see mm_state().
 */
static bool cache_tells(const struct kmem_cache *s)
{
	return s->live && !(s->flags & SLAB_KMALLOC) && strcmp(s->name, "radix_tree_node");
}

/** sim_slab_state() - objects in use of each kind that has a cache of its own. */
void sim_slab_state(struct sim_state *s)
{
	size_t outer = sim_state_about(s, "objects");
	struct kmem_cache *cache;

	list_for_each_entry(cache, &slab_caches, list)
		if (cache_tells(cache))
			sim_state_number(s, cache->name, cache->live);
	sim_state_back(s, outer);
	sim_state_number(s, "large kmallocs", large_kmallocs);
}

/** kmem_cache_init() - the caches for kmalloc() and for caches. */
void kmem_cache_init(void)
{
	init_cache(&boot_cache, "kmem_cache", sizeof(struct kmem_cache),
		   &(struct kmem_cache_args){ .align = __alignof__(struct kmem_cache) },
		   SLAB_PANIC);
	for (int i = 0; i < NR_KMALLOC; i++) {
		unsigned int size = kmalloc_info[i].size;

		init_cache(&kmalloc_caches[i], kmalloc_info[i].name, size,
			   &(struct kmem_cache_args){ .align = size & -size }, SLAB_KMALLOC);
	}
}
