// SPDX-License-Identifier: GPL-2.0

/* Mappings of a process: faults, unmapping, the kernel's access to user memory. */

#include <linux/sched.h>
#include <linux/uaccess.h>

#include "mm_test.h"

#define SIGBUS	7
#define SIGSEGV	11
#define RW	(PROT_READ | PROT_WRITE)

static int load(unsigned long addr, void *buf, size_t len)
{
	return sim_user_access(addr, buf, len, 0);
}

static int store(unsigned long addr, const void *buf, size_t len)
{
	return sim_user_access(addr, (void *)buf, len, 1);
}

SIM_TEST(mmap__stored_bytes__are_in_the_page_cache)
{
	struct inode *inode = mt_inode();
	struct file *file = mt_file(inode);
	unsigned long addr = mt_map(file, 4, RW);
	struct folio *folio;
	char buf[6] = {};

	/* Across the border of two pages. */
	EXPECT_EQ(store(addr + 2 * PAGE_SIZE - 2, "hello", 5), 0);
	EXPECT_EQ(load(addr + 2 * PAGE_SIZE - 2, buf, 5), 0);
	EXPECT(!strcmp(buf, "hello"));
	EXPECT_EQ(inode->i_mapping->nrpages, 2);
	folio = filemap_get_folio(inode->i_mapping, 2);
	EXPECT(!memcmp(folio_address(folio), "llo", 3));
	EXPECT_EQ(folio_mapcount(folio), 1);
	EXPECT_EQ(folio_ref_count(folio), 3);
	EXPECT(folio_test_dirty(folio));
	folio_put(folio);
	EXPECT_EQ(vm_munmap(addr, 4 * PAGE_SIZE), 0);
	EXPECT_EQ(folio_mapcount(folio), 0);
	EXPECT_EQ(folio_ref_count(folio), 1);
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(mmap__two_mappings_of_a_page__see_each_other)
{
	struct inode *inode = mt_inode();
	struct file *file = mt_file(inode);
	unsigned long a = mt_map(file, 1, RW), b = mt_map(file, 1, RW);
	char c;

	EXPECT(a != b);
	EXPECT_EQ(store(a + 9, "x", 1), 0);
	EXPECT_EQ(load(b + 9, &c, 1), 0);
	EXPECT_EQ(c, 'x');
	EXPECT_EQ(vm_munmap(a, PAGE_SIZE), 0);
	EXPECT_EQ(load(a + 9, &c, 1), SIGSEGV);
	EXPECT_EQ(load(b + 9, &c, 1), 0);
	vm_munmap(b, PAGE_SIZE);
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(fault__without_a_mapping_or_permission__is_sigsegv)
{
	struct inode *inode = mt_inode();
	struct file *file = mt_file(inode);
	unsigned long addr = mt_map(file, 1, PROT_READ);
	char c;

	EXPECT_EQ(load(0, &c, 1), SIGSEGV);
	EXPECT_EQ(load(addr - 1, &c, 1), SIGSEGV);
	EXPECT_EQ(load(addr + PAGE_SIZE, &c, 1), SIGSEGV);
	EXPECT_EQ(load(addr, &c, 1), 0);
	EXPECT_EQ(store(addr, "x", 1), SIGSEGV);
	vm_munmap(addr, PAGE_SIZE);
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(fault__behind_the_end_of_the_file__is_sigbus_after_what_comes_before)
{
	struct inode *inode = mt_inode();
	struct file *file = mt_file(inode);
	unsigned long addr = mt_map(file, TEST_PAGES + 1, RW);
	unsigned long end = addr + TEST_PAGES * PAGE_SIZE;
	char c;

	EXPECT_EQ(store(end - 1, "xy", 2), SIGBUS);
	EXPECT_EQ(load(end - 1, &c, 1), 0);
	EXPECT_EQ(c, 'x');
	vm_munmap(addr, (TEST_PAGES + 1) * PAGE_SIZE);
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(fault__page_truncated_while_mapped__is_found_anew)
{
	struct inode *inode = mt_inode();
	struct file *file = mt_file(inode);
	unsigned long addr = mt_map(file, 2, RW);
	char c;

	EXPECT_EQ(store(addr, "x", 1), 0);
	EXPECT_EQ(store(addr + PAGE_SIZE, "y", 1), 0);
	truncate_inode_pages_range(inode->i_mapping, 0, PAGE_SIZE - 1);
	EXPECT_EQ(inode->i_mapping->nrpages, 1);
	EXPECT_EQ(load(addr, &c, 1), 0);
	EXPECT_EQ(c, 0);
	EXPECT_EQ(load(addr + PAGE_SIZE, &c, 1), 0);
	EXPECT_EQ(c, 'y');
	vm_munmap(addr, 2 * PAGE_SIZE);
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(fault__poisoned_page__is_sigbus_whether_it_was_mapped_or_not)
{
	struct inode *inode = mt_inode();
	struct file *file = mt_file(inode);
	unsigned long mapped = mt_map(file, 1, RW), unmapped;
	struct folio *folio;
	char c;

	EXPECT_EQ(store(mapped, "x", 1), 0);
	unmapped = mt_map(file, 1, RW);
	folio = filemap_get_folio(inode->i_mapping, 0);
	/* Dirty, so that nobody may simply drop it. */
	EXPECT_EQ(sim_memory_failure(folio_pfn(folio)), -EBUSY);
	folio_put(folio);
	EXPECT_EQ(folio_mapcount(folio), 0);
	EXPECT_EQ(load(mapped, &c, 1), SIGBUS);
	EXPECT_EQ(load(unmapped, &c, 1), SIGBUS);
	vm_munmap(mapped, PAGE_SIZE);
	vm_munmap(unmapped, PAGE_SIZE);
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(munmap__middle_of_a_mapping__leaves_both_ends)
{
	struct inode *inode = mt_inode();
	struct file *file = mt_file(inode);
	unsigned long addr = mt_map(file, 5, RW);
	char c;

	for (unsigned int i = 0; i < 5; i++) {
		c = 'a' + i;
		EXPECT_EQ(store(addr + i * PAGE_SIZE, &c, 1), 0);
	}
	EXPECT_EQ(vm_munmap(addr + PAGE_SIZE, 2 * PAGE_SIZE), 0);
	for (unsigned int i = 0; i < 5; i++) {
		bool gone = i == 1 || i == 2;

		EXPECT_EQ(load(addr + i * PAGE_SIZE, &c, 1), gone ? SIGSEGV : 0);
		EXPECT(gone || c == 'a' + i);
	}
	EXPECT(mt_map(file, 1, RW) == addr + PAGE_SIZE);
	EXPECT_EQ(load(addr + PAGE_SIZE, &c, 1), 0);
	EXPECT_EQ(c, 'a');
	EXPECT_EQ(vm_munmap(addr, 5 * PAGE_SIZE), 0);
	EXPECT(list_empty(&inode->i_mapping->i_mmap));
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(mmap__arguments_that_make_no_sense__are_refused)
{
	struct inode *inode = mt_inode();
	struct file *file = mt_file(inode);

	EXPECT_EQ(vm_mmap(file, 0, 0, RW, MAP_SHARED, 0), -EINVAL);
	EXPECT_EQ(vm_mmap(file, 0, PAGE_SIZE, RW, MAP_SHARED, 1), -EINVAL);
	EXPECT_EQ(vm_mmap(file, 0, PAGE_SIZE, RW, 0, 0), -EINVAL);
	EXPECT_EQ(vm_mmap(file, 0, TASK_SIZE, RW, MAP_SHARED, 0), -ENOMEM);
	EXPECT_EQ(vm_mmap(file, 5, PAGE_SIZE, RW, MAP_SHARED | MAP_FIXED, 0), -EINVAL);
	EXPECT_EQ(vm_mmap_pgoff(file, 0, 2 * PAGE_SIZE, RW, MAP_SHARED, -1UL), -EOVERFLOW);
	EXPECT_EQ(ksys_mmap_pgoff(0, PAGE_SIZE, RW, MAP_SHARED, 999, 0), -EBADF);
	EXPECT_EQ(vm_munmap(1, PAGE_SIZE), -EINVAL);
	EXPECT_EQ(vm_munmap(PAGE_SIZE, 0), -EINVAL);
	EXPECT_EQ(vm_munmap(PAGE_SIZE, PAGE_SIZE), 0);
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(madvise__dontneed__unmaps_but_keeps_the_contents)
{
	struct inode *inode = mt_inode();
	struct file *file = mt_file(inode);
	unsigned long addr = mt_map(file, 1, RW);
	struct folio *folio;
	char c;

	EXPECT_EQ(store(addr, "x", 1), 0);
	EXPECT_EQ(do_madvise(current->mm, addr, PAGE_SIZE, MADV_DONTNEED), 0);
	folio = filemap_get_folio(inode->i_mapping, 0);
	EXPECT_EQ(folio_mapcount(folio), 0);
	folio_put(folio);
	EXPECT_EQ(load(addr, &c, 1), 0);
	EXPECT_EQ(c, 'x');
	EXPECT_EQ(do_madvise(current->mm, addr, PAGE_SIZE, 12345), -EINVAL);
	EXPECT_EQ(do_madvise(current->mm, addr + 1, PAGE_SIZE, MADV_DONTNEED), -EINVAL);
	EXPECT_EQ(do_madvise(current->mm, addr, 2 * PAGE_SIZE, MADV_DONTNEED), -ENOMEM);
	vm_munmap(addr, PAGE_SIZE);
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(uaccess__argument_memory__is_read_and_written)
{
	char *user = (char *)sim_boot.user_base;
	int value = 0;

	EXPECT_EQ(copy_to_user(user, "abc", 4), 0);
	EXPECT(!strcmp(user, "abc"));
	EXPECT_EQ(put_user(17, (int *)user), 0);
	EXPECT_EQ(get_user(value, (int *)user), 0);
	EXPECT_EQ(value, 17);
	EXPECT_EQ(clear_user(user, 4), 0);
	EXPECT_EQ(*(int *)user, 0);
}

SIM_TEST(uaccess__addresses_of_nobody__fail_and_leave_zeroes)
{
	char *user = (char *)sim_boot.user_base;
	char buf[8];
	int value = 5;

	memset(buf, 'x', sizeof(buf));
	EXPECT_EQ(copy_from_user(buf, NULL, 8), 8);
	EXPECT_EQ(buf[0], 0);
	EXPECT_EQ(copy_to_user(NULL, buf, 8), 8);
	EXPECT_EQ(copy_to_user((void *)-1UL, buf, 8), 8);
	EXPECT_EQ(copy_to_user(page_address(virt_to_page(current)), buf, 8), 8);
	EXPECT_EQ(get_user(value, (int *)64), -EFAULT);
	EXPECT_EQ(value, 0);
	/* The last bytes of the argument memory, and what comes after. */
	EXPECT(copy_to_user(user + sim_boot.user_size - 4, buf, 8) != 0);
}

SIM_TEST(uaccess__mapped_file__is_faulted_in)
{
	struct inode *inode = mt_inode();
	struct file *file = mt_file(inode);
	unsigned long addr = mt_map(file, 1, RW);
	char buf[16];

	EXPECT_EQ(copy_to_user((void *)addr, "guest", 6), 0);
	EXPECT_EQ(strncpy_from_user(buf, (char *)addr, sizeof(buf)), 5);
	EXPECT(!strcmp(buf, "guest"));
	EXPECT_EQ(strnlen_user((char *)addr, 16), 6);
	/* Half of it is there. */
	EXPECT_EQ(copy_from_user(buf, (void *)(addr + PAGE_SIZE - 8), 16), 8);
	vm_munmap(addr, PAGE_SIZE);
	EXPECT_EQ(strncpy_from_user(buf, (char *)addr, sizeof(buf)), -EFAULT);
	fput(file);
	mt_inode_free(inode);
}

SIM_TEST(uaccess__structures_of_other_sizes__follow_the_extensible_rules)
{
	u64 *user = (u64 *)sim_boot.user_base, kernel[2] = { 9, 9 };

	user[0] = 1;
	user[1] = 2;
	user[2] = 0;
	EXPECT_EQ(copy_struct_from_user(kernel, 16, user, 8), 0);
	EXPECT(kernel[0] == 1 && kernel[1] == 0);
	EXPECT_EQ(copy_struct_from_user(kernel, 16, user, 24), 0);
	EXPECT(kernel[0] == 1 && kernel[1] == 2);
	user[2] = 1ULL << 63;
	EXPECT_EQ(copy_struct_from_user(kernel, 16, user, 24), -E2BIG);
	EXPECT_EQ(copy_struct_from_user(kernel, 16, NULL, 8), -EFAULT);
	EXPECT_EQ(check_zeroed_user(user + 2, 8), 0);
	EXPECT_EQ(check_zeroed_user(user + 2, 7), 1);
	EXPECT_EQ(check_zeroed_user(NULL, 8), -EFAULT);
}

SIM_TEST(gup__mapped_page__has_a_reference)
{
	struct inode *inode = mt_inode();
	struct file *file = mt_file(inode);
	unsigned long addr = mt_map(file, 1, RW);
	struct page *page;

	EXPECT_EQ(get_user_pages_fast(addr, 1, FOLL_WRITE, &page), 1);
	EXPECT_EQ(page_count(page), 3);
	put_page(page);
	EXPECT_EQ(get_user_pages_fast(64, 1, 0, &page), -EFAULT);
	vm_munmap(addr, PAGE_SIZE);
	fput(file);
	mt_inode_free(inode);
}
