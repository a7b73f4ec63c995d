// SPDX-License-Identifier: GPL-2.0

/* Slab caches, kmalloc() and vmalloc(). */

#include <linux/limits.h>

#include "mm_test.h"

static unsigned int constructed;

static void construct(void *object)
{
	*(unsigned long *)object = 0x600d;
	constructed++;
}

/* Valgrind doesn't know that a page was written to through another mapping of it. */
static void see_other_mapping(void *page)
{
	sim_mem_state(page, PAGE_SIZE, HOST_MEM_DEFINED);
}

static void write_to(volatile unsigned char *byte)
{
	*byte = 1;
}

SIM_TEST(slab__objects__are_aligned_and_do_not_overlap)
{
	struct kmem_cache *cache = kmem_cache_create("test", 40, 64, 0, NULL);
	unsigned char *objects[200];

	for (int i = 0; i < 200; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		EXPECT(objects[i]);
		EXPECT_EQ((unsigned long)objects[i] % 64, 0);
		memset(objects[i], i, 40);
	}
	for (int i = 0; i < 200; i++) {
		for (int j = 0; j < 40; j++)
			EXPECT_EQ(objects[i][j], i);
		kmem_cache_free(cache, objects[i]);
	}
	kmem_cache_destroy(cache);
}

SIM_TEST(slab__pages_of_a_destroyed_cache__come_back)
{
	unsigned long free = nr_free_pages();
	struct kmem_cache *cache = kmem_cache_create("test", 1000, NULL, 0);
	void *objects[20];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 20; i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		for (int i = 0; i < 20; i++)
			kmem_cache_free(cache, objects[i]);
	}
	kmem_cache_destroy(cache);
	/* At most the slab of struct kmem_cache itself, and a block that has grown. */
	EXPECT(nr_free_pages() + 1 >= free);
}

SIM_TEST(slab__constructor__runs_once_for_an_object_that_is_reused)
{
	struct kmem_cache_args args = { .ctor = construct };
	struct kmem_cache *cache = kmem_cache_create("test", 32, &args, SLAB_ACCOUNT);
	unsigned long *object;
	unsigned int before;

	object = kmem_cache_alloc(cache, GFP_KERNEL);
	before = constructed;
	EXPECT(before > 0);
	EXPECT_EQ(*object, 0x600d);
	object[1] = 7;
	kmem_cache_free(cache, object);
	EXPECT(kmem_cache_alloc(cache, GFP_KERNEL) == object);
	EXPECT_EQ(object[1], 7);
	EXPECT_EQ(constructed, before);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

SIM_TEST(slab__type_safe_object__keeps_its_contents_after_free)
{
	struct kmem_cache *cache = kmem_cache_create("test", 32, NULL, SLAB_TYPESAFE_BY_RCU);
	unsigned long *object = kmem_cache_alloc(cache, GFP_KERNEL);

	object[2] = 42;
	kmem_cache_free(cache, object);
	EXPECT_EQ(object[2], 42);
	EXPECT(PageSlab(virt_to_page(object)));
	kmem_cache_destroy(cache);
}

SIM_TEST(slab__zeroed_object__has_nothing_of_its_last_owner)
{
	unsigned long *object = kmalloc(64, GFP_KERNEL), *again;

	memset(object, 0xff, 64);
	kfree(object);
	again = kzalloc(64, GFP_KERNEL);
	EXPECT(again == object);
	for (int i = 0; i < 8; i++)
		EXPECT_EQ(again[i], 0);
	kfree(again);
}

SIM_TEST(slab__object_written_to_after_free__warns)
{
	unsigned char *object = kmalloc(64, GFP_KERNEL);

	kfree(object);
	if (sim_host->mem_state) {
		/* Sanitizers and Valgrind see the write itself. */
		WARN(1, "not tried");
		return;
	}
	write_to(object + 20);
	kfree(kmalloc(64, GFP_KERNEL));
}

SIM_TEST(slab__object_freed_twice__panics)
{
	void *object = kmalloc(64, GFP_KERNEL);

	kfree(object);
	kfree(object);
}

SIM_TEST(slab__free_of_the_middle_of_an_object__panics)
{
	char *object = kmalloc(64, GFP_KERNEL);

	kfree(object + 8);
}

SIM_TEST(slab__free_into_another_cache__panics)
{
	struct kmem_cache *cache = kmem_cache_create("test", 64, NULL, 0);

	kmem_cache_free(cache, kmalloc(64, GFP_KERNEL));
}

SIM_TEST(slab__kfree_of_a_page__panics)
{
	kfree((void *)__get_free_page(GFP_KERNEL));
}

SIM_TEST(slab__cache_destroyed_with_live_objects__warns)
{
	struct kmem_cache *cache = kmem_cache_create("test", 64, NULL, 0);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_destroy(cache);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

SIM_TEST(kmalloc__any_size__is_aligned_and_big_enough)
{
	for (size_t size = 1; size <= 4 * PAGE_SIZE; size = size * 5 / 4 + 1) {
		unsigned char *object = kmalloc(size, GFP_KERNEL);

		EXPECT(object);
		EXPECT_EQ((unsigned long)object % ARCH_KMALLOC_MINALIGN, 0);
		EXPECT(ksize(object) >= size);
		EXPECT_EQ(kmalloc_size_roundup(size), ksize(object));
		memset(object, 1, size);
		kfree(object);
	}
	for (size_t size = 8; size <= 8192; size *= 2) {
		void *object = kmalloc(size, GFP_KERNEL);

		EXPECT_EQ((unsigned long)object % size, 0);
		kfree(object);
	}
}

SIM_TEST(kmalloc__size_zero__is_a_pointer_that_may_be_freed)
{
	void *object = kmalloc(0, GFP_KERNEL);

	EXPECT(object == ZERO_SIZE_PTR);
	EXPECT_EQ(ksize(object), 0);
	kfree(object);
	kfree(NULL);
}

SIM_TEST(kmalloc__array_whose_size_overflows__is_null)
{
	EXPECT(kmalloc_array(SIZE_MAX / 2, 3, GFP_KERNEL) == NULL);
	EXPECT(kcalloc(SIZE_MAX / 2, 3, GFP_KERNEL) == NULL);
	EXPECT(kvcalloc(SIZE_MAX / 2, 3, GFP_KERNEL) == NULL);
	EXPECT(vcalloc(SIZE_MAX / 2, 3) == NULL);
}

SIM_TEST(kmalloc__typed__has_the_size_of_the_type)
{
	struct vm_struct *object = kzalloc_obj(*object), *array = kmalloc_objs(*array, 3);

	EXPECT(ksize(object) >= sizeof(*object));
	EXPECT(ksize(array) >= 3 * sizeof(*array));
	EXPECT_EQ(object->size, 0);
	kfree(object);
	kfree(array);
	array = kvzalloc_objs(*array, 1000, GFP_KERNEL);
	EXPECT_EQ(array[999].size, 0);
	kvfree(array);
}

SIM_TEST(krealloc__to_more_and_to_less__keeps_the_contents)
{
	char *s = kstrdup("live update", GFP_KERNEL);

	s = krealloc(s, 5000, GFP_KERNEL);
	EXPECT(!strcmp(s, "live update"));
	s = krealloc(s, 12, GFP_KERNEL);
	EXPECT(!strcmp(s, "live update"));
	EXPECT(krealloc(s, 0, GFP_KERNEL) == ZERO_SIZE_PTR);
}

SIM_TEST(vmalloc__memory__is_not_in_the_direct_map)
{
	char *memory = vzalloc(5 * PAGE_SIZE + 1);
	struct vm_struct *area = find_vm_area(memory + PAGE_SIZE);

	EXPECT(is_vmalloc_addr(memory));
	EXPECT(!virt_addr_valid(memory));
	EXPECT(area && area->addr == memory);
	EXPECT_EQ(area->nr_pages, 6);
	EXPECT_EQ(area->flags, VM_ALLOC);
	EXPECT_EQ(get_vm_area_size(area), 6 * PAGE_SIZE);
	for (unsigned int i = 0; i < 6; i++) {
		EXPECT_EQ(memory[i * PAGE_SIZE], 0);
		memory[i * PAGE_SIZE] = 'a' + i;
		see_other_mapping(page_address(area->pages[i]));
		EXPECT_EQ(*(char *)page_address(area->pages[i]), 'a' + i);
		EXPECT(vmalloc_to_page(memory + i * PAGE_SIZE) == area->pages[i]);
	}
	vfree(memory);
	EXPECT(find_vm_area(memory) == NULL);
}

SIM_TEST(vmalloc__in_fragmented_memory__is_mapped_page_by_page)
{
	struct page *pages[64];
	struct vm_struct *area;
	bool contiguous = true;
	char *memory;

	for (int i = 0; i < 64; i++)
		pages[i] = alloc_page(GFP_KERNEL);
	for (int i = 0; i < 64; i += 2)
		__free_page(pages[i]);
	memory = vzalloc(8 * PAGE_SIZE);
	area = find_vm_area(memory);
	for (int i = 1; i < 8; i++)
		contiguous &= area->pages[i] == area->pages[0] + i;
	EXPECT(!contiguous);
	for (unsigned int i = 0; i < 8; i++)
		memset(memory + i * PAGE_SIZE, 'a' + i, PAGE_SIZE);
	for (unsigned int i = 0; i < 8; i++) {
		see_other_mapping(page_address(area->pages[i]));
		EXPECT_EQ(*(char *)page_address(area->pages[i]), 'a' + i);
		EXPECT_EQ(vmalloc_to_pfn(memory + i * PAGE_SIZE), page_to_pfn(area->pages[i]));
	}
	vfree(memory);
	for (int i = 1; i < 64; i += 2)
		__free_page(pages[i]);
}

SIM_TEST(vmalloc__virt_to_phys_of_its_address__is_checked)
{
	virt_to_phys(vmalloc(PAGE_SIZE));
}

SIM_TEST(vmalloc__size_zero__is_null_and__warns)
{
	EXPECT(vmalloc(0) == NULL);
}

SIM_TEST(vmalloc__more_than_all_memory__is_null)
{
	EXPECT(vmalloc(sim_boot.memory + PAGE_SIZE) == NULL);
	EXPECT(vmalloc(sim_boot.memory) == NULL);
}

SIM_TEST(vmalloc__freed_twice__warns)
{
	void *memory = vmalloc(PAGE_SIZE);

	vfree(memory);
	vfree(memory);
}

SIM_TEST(vmap__pages_in_any_order__are_contiguous_for_the_kernel)
{
	struct page *pages[4];
	char *memory;

	for (int i = 0; i < 4; i++) {
		pages[3 - i] = alloc_page(GFP_KERNEL);
		memset(page_address(pages[3 - i]), 'a' + 3 - i, PAGE_SIZE);
	}
	memory = vmap(pages, 4, VM_MAP, PAGE_KERNEL);
	EXPECT(memory);
	for (unsigned int i = 0; i < 4 * PAGE_SIZE; i++)
		EXPECT_EQ(memory[i], 'a' + i / PAGE_SIZE);
	memory[PAGE_SIZE] = 'x';
	see_other_mapping(page_address(pages[1]));
	EXPECT_EQ(*(char *)page_address(pages[1]), 'x');
	vunmap(memory);
	for (int i = 0; i < 4; i++)
		__free_page(pages[i]);
}

SIM_TEST(vmap__of_pages_that_are_mapped_already__is_a_second_area)
{
	char *memory = vmalloc(2 * PAGE_SIZE);
	struct page **pages = find_vm_area(memory)->pages;
	char *again = vmap(pages, 2, VM_MAP, PAGE_KERNEL);

	EXPECT(again && again != memory);
	again[PAGE_SIZE + 5] = 9;
	see_other_mapping(memory + PAGE_SIZE);
	EXPECT_EQ(memory[PAGE_SIZE + 5], 9);
	vunmap(again);
	EXPECT_EQ(memory[PAGE_SIZE + 5], 9);
	vfree(memory);
}

SIM_TEST(kvfree__of_either_kind__frees_it)
{
	void *small = kvmalloc(100, GFP_KERNEL), *large = vmalloc(100);

	EXPECT(!is_vmalloc_addr(small));
	kvfree(small);
	kvfree(large);
	kvfree(NULL);
}
