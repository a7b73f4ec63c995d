/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __MM_CPU_PARTS_H
#define __MM_CPU_PARTS_H

/*
 * Simulated: what each CPU has of the allocators' memory while tasks run beside each other, so
 * that what one task gets doesn't depend on what others allocate and free meanwhile. A CPU is as
 * much as a task, see SIM_CPUS. Where tasks run one after the other there are no parts.
 */

#include <linux/mmzone.h>
#include <linux/sched.h>

/* Caches created later than that many have no parts: coming to them is a scheduling point. */
#define SIM_CACHES_WITH_PARTS	64

/**
 * struct kmem_cache_cpu - what a CPU has of a cache.
 * @partial: its slabs with free objects; NULL if never used
 * @freed:   objects of other slabs that it freed, linked; the last one comes first
 */
struct kmem_cache_cpu {
	struct list_head partial;
	void *freed;
};

/**
 * struct cpu_parts - what CPUs have.
 * @pages: free pages of node 0, where all tasks are
 * @slabs: of each cache
 */
struct cpu_parts {
	struct free_lists pages[SIM_CPU_KHO + 1];
	struct kmem_cache_cpu slabs[SIM_CACHES_WITH_PARTS][SIM_CPUS];
};

/** sim_cpu_parts - NULL while there are none. */
extern struct cpu_parts *sim_cpu_parts;

/**
 * sim_cpu_parts_begin() - tasks are about to run beside each other.
 * @cpus: bit mask: on which CPUs
 *
 * Context: nothing runs beside the caller. May be called again when there are more of them.
 */
void sim_cpu_parts_begin(unsigned int cpus);

struct cpu_parts *sim_cpu_parts_look(void);

/**
 * sim_own_parts() - the parts, if the current task has to use its own; else NULL.
 *
 * If tasks don't run beside each other any more all is put together again first.
 * Context: no guard of an allocator is held.
 */
static inline struct cpu_parts *sim_own_parts(void)
{
	return likely(!sim_cpu_parts) ? NULL : sim_cpu_parts_look();
}

/* page_alloc.c */
struct page *sim_page_take_for_parts(unsigned int order);
void sim_page_give_from_parts(struct page *page, unsigned int order);
void sim_page_cpu_prepare(struct free_lists *lists, unsigned int order);
void sim_pages_gather(struct cpu_parts *parts);

/* slub.c */
void sim_slabs_gather(struct cpu_parts *parts);
void sim_slab_pages_add(long pages);

#endif /* __MM_CPU_PARTS_H */
