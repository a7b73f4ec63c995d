// SPDX-License-Identifier: GPL-2.0
/* Preserving vmalloc areas: the chunks, their edges, and getting the memory back. */

#include <linux/io.h>
#include <linux/kexec_handover.h>
#include <linux/kho/abi/kexec_handover.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "luo_test.h"

static unsigned int chunks(const struct kho_vmalloc *kv, unsigned int *pages)
{
	struct kho_vmalloc_chunk *chunk = KHOSER_LOAD_PTR(kv->first);
	unsigned int n = 0;

	for (*pages = 0; chunk; chunk = KHOSER_LOAD_PTR(chunk->hdr.next), n++)
		for (int i = 0; i < KHO_VMALLOC_SIZE && chunk->phys[i]; i++)
			(*pages)++;
	return n;
}

static void expect_chunks(unsigned int nr_pages, unsigned int nr_chunks)
{
	void *ptr = vmalloc(nr_pages * PAGE_SIZE);
	long keys = lt_keys();
	struct kho_vmalloc kv;
	unsigned int pages;

	EXPECT(ptr);
	EXPECT_EQ(kho_preserve_vmalloc(ptr, &kv), 0);
	EXPECT_EQ(chunks(&kv, &pages), nr_chunks);
	EXPECT_EQ(pages, nr_pages);
	EXPECT_EQ(kv.total_pages, nr_pages);
	EXPECT_EQ(kv.flags, 1);
	EXPECT_EQ(kv.order, 0);
	EXPECT_EQ(lt_keys(), keys + nr_pages + nr_chunks);
	kho_unpreserve_vmalloc(&kv);
	EXPECT_EQ(lt_keys(), keys);
	vfree(ptr);
}

SIM_TEST(kho_preserve_vmalloc__around_a_full_chunk__next_one_begins_when_full)
{
	expect_chunks(1, 1);
	expect_chunks(510, 1);
	expect_chunks(511, 2);
	expect_chunks(512, 2);
	expect_chunks(1022, 3);
}

SIM_TEST(kho_preserve_vmalloc__not_an_area__is_einval)
{
	void *mem = kmalloc(64, GFP_KERNEL);
	struct kho_vmalloc kv;

	EXPECT_EQ(kho_preserve_vmalloc(mem, &kv), -EINVAL);
	kfree(mem);
}

SIM_TEST(kho_preserve_vmalloc__area_of_another_kind__is_eopnotsupp)
{
	void *ptr = vmalloc_user(PAGE_SIZE);
	struct kho_vmalloc kv;

	EXPECT_EQ(kho_preserve_vmalloc(ptr, &kv), -EOPNOTSUPP);
	vfree(ptr);
}

/* In the first kernel, prepare an area and jump; in the second, find its description. */
static struct kho_vmalloc *handed_over_area(unsigned int nr_pages)
{
	struct kho_vmalloc *kv;
	char *ptr;

	if (is_kho_boot())
		return lt_found();

	kv = lt_leave();
	ptr = vmalloc(nr_pages * PAGE_SIZE);
	for (unsigned int i = 0; i < nr_pages; i++)
		ptr[i * PAGE_SIZE] = i % 251;
	EXPECT_EQ(kho_preserve_vmalloc(ptr, kv), 0);
	lt_kexec();
	return NULL;
}

static void expect_area(const struct kho_vmalloc *kv, unsigned int nr_pages)
{
	char *ptr = kho_restore_vmalloc(kv);

	EXPECT(ptr);
	EXPECT(is_vmalloc_addr(ptr));
	for (unsigned int i = 0; i < nr_pages; i++)
		EXPECT_EQ((unsigned char)ptr[i * PAGE_SIZE], i % 251);
	vfree(ptr);
	/* Its pages are free: nothing is left to restore. */
	EXPECT(!kho_restore_vmalloc(kv));
}

SIM_TEST(kho_restore_vmalloc__handed_over__has_the_contents, "P-45")
{
	expect_area(handed_over_area(600), 600);
}

SIM_TEST(kho_restore_vmalloc__exactly_a_full_chunk__has_the_contents, "P-45")
{
	expect_area(handed_over_area(511), 511);
}

static void expect_refused(struct kho_vmalloc kv)
{
	EXPECT(!kho_restore_vmalloc(&kv));
}

SIM_TEST(kho_restore_vmalloc__bad_description__is_refused_and_nothing_restored, "P-45", "P-56")
{
	struct kho_vmalloc kv = *handed_over_area(5), bad = kv;
	struct kho_vmalloc_chunk *chunk = KHOSER_LOAD_PTR(kv.first);
	u64 last = chunk->phys[4];

	bad.total_pages = 4;
	expect_refused(bad);
	bad.total_pages = 6;
	expect_refused(bad);
	bad.total_pages = ~0U;
	expect_refused(bad);
	bad = kv;
	bad.flags = 0x8000;
	expect_refused(bad);
	bad = kv;
	bad.order = 200;
	expect_refused(bad);
	bad = kv;
	bad.first.phys = 0;
	expect_refused(bad);
	bad.first.phys = sim_boot.memory;
	expect_refused(bad);

	chunk->phys[4] = last + 1;
	expect_refused(kv);
	chunk->phys[4] = ~0ULL;
	expect_refused(kv);
	chunk->phys[4] = last;
	chunk->hdr.next.phys = kv.first.phys;
	expect_refused(kv);
	chunk->hdr.next.phys = 0;
	expect_area(&kv, 5);
}
