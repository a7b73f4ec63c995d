// SPDX-License-Identifier: GPL-2.0
/* Litmus programs of allocators: what a task gets doesn't depend on what others do meanwhile. */

#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "litmus.h"

/* What was given out before the parts begin, for them to free. */
static void *given[4];
static struct page *given_page;
static unsigned long seen[2][16];

/* Who is first here makes the difference between the orders. */
static DEFINE_MUTEX(turn);

static void take_turn(void)
{
	mutex_lock(&turn);
	mutex_unlock(&turn);
}

/* The memory of this boot may be mapped anywhere. */
static unsigned long place(const void *object)
{
	if (is_vmalloc_addr(object))
		return (unsigned long)object - sim_boot.vmalloc_base;
	return (unsigned long)object - (unsigned long)sim_boot.direct_map;
}

LITMUS(allocators, first)
{
	for (unsigned int i = 0; i < 4; i++)
		given[i] = kmalloc(64, GFP_KERNEL);
	given_page = alloc_pages(GFP_KERNEL, 1);
}

/* Three pages that are not contiguous, so that they need addresses of their own. */
static void *map_some(void)
{
	struct page *pages[3];

	for (unsigned int i = 0; i < 3; i++)
		pages[2 - i] = alloc_page(GFP_KERNEL);
	return vmap(pages, 3, VM_MAP, PAGE_KERNEL);
}

static void allocate(unsigned long *at, void *mine)
{
	void *object = kmalloc(64, GFP_KERNEL);

	at[0] = place(object);
	at[1] = place(page_address(alloc_pages(GFP_KERNEL, 3)));
	take_turn();
	kfree(mine);
	kfree(object);
	at[2] = place(kmalloc(64, GFP_KERNEL));
	at[3] = place(map_some());
	take_turn();
	at[4] = place(kmalloc(64, GFP_KERNEL));
	at[5] = place(kmalloc(9000, GFP_KERNEL));
	at[6] = get_next_ino();
	at[7] = get_random_u64();
}

LITMUS(allocators, one)
{
	allocate(seen[0], given[0]);
	__free_pages(given_page, 1);
	seen[0][8] = place(page_address(alloc_pages(GFP_KERNEL, 1)));
}

LITMUS(allocators, two)
{
	kfree(given[2]);
	allocate(seen[1], given[1]);
	vfree(vmalloc(3 * PAGE_SIZE));
	seen[1][8] = place(kzalloc(200, GFP_KERNEL));
}

/* And what comes after them doesn't depend on it either. */
LITMUS(allocators, then)
{
	unsigned long sum = place(kmalloc(64, GFP_KERNEL));

	sum = sum * 31 + place(page_address(alloc_pages(GFP_KERNEL, 0)));
	for (unsigned int i = 0; i < 16; i++)
		sum = (sum * 31 + seen[0][i]) * 31 + seen[1][i];
	EXPECT(seen[0][6] != seen[1][6]);
	EXPECT(seen[0][7] != seen[1][7]);
	printk(KERN_INFO "outcome %lx\n", sum);
}

/* Freed by one and given to the other: an object that is not type-safe is not so soon. */
static void *victim;
static int reused = -1;

LITMUS(freed_by_another, first)
{
	victim = kmalloc(700, GFP_KERNEL);
}

LITMUS(freed_by_another, remover)
{
	kfree(victim);
	cpu_relax();
}

LITMUS(freed_by_another, taker)
{
	void *object = kmalloc(700, GFP_KERNEL);

	reused = object == victim;
	kfree(object);
}

LITMUS_OUTCOME(freed_by_another, "%d", reused);

/* With type-safe memory it is, if the order is like that. */
static struct kmem_cache *typesafe;

LITMUS(typesafe_freed_by_another, first)
{
	typesafe = kmem_cache_create("typesafe", 64, NULL, SLAB_TYPESAFE_BY_RCU);
	victim = kmem_cache_alloc(typesafe, GFP_KERNEL);
}

LITMUS(typesafe_freed_by_another, remover)
{
	kmem_cache_free(typesafe, victim);
}

LITMUS(typesafe_freed_by_another, taker)
{
	reused = kmem_cache_alloc(typesafe, GFP_KERNEL) == victim;
}

LITMUS_OUTCOME(typesafe_freed_by_another, "%d", reused);
