// SPDX-License-Identifier: GPL-2.0
/* memfds: creation, seals, contents, positions. */

#include <linux/falloc.h>
#include <linux/huge_mm.h>
#include <linux/limits.h>
#include <linux/mman.h>

#include "../../sim/mm/internal.h"
#include "memfd_test.h"

#define PAGES(n)	((loff_t)(n) << PAGE_SHIFT)

static long create(const char *name, unsigned int flags)
{
	return sys(HOST_NR_MEMFD_CREATE, lt_user(name, strlen(name) + 1), flags);
}

SIM_TEST(memfd_create__bad_flags__are_einval_and_leave_nothing)
{
	long files = lt_files();

	EXPECT_EQ(create("x", 0x20), -EINVAL);
	EXPECT_EQ(create("x", MFD_EXEC | MFD_NOEXEC_SEAL), -EINVAL);
	EXPECT_EQ(create("x", 21U << 26), -EINVAL);
	EXPECT_EQ(create("x", MFD_HUGETLB | 22U << 26), -ENODEV);
	EXPECT_EQ(create("x", MFD_HUGETLB | 0x20), -EINVAL);
	EXPECT_EQ(lt_files(), files);
}

SIM_TEST(memfd_create__name__of_249_bytes_at_most)
{
	char name[251];

	memset(name, 'n', sizeof(name));
	name[250] = '\0';
	EXPECT_EQ(create(name, 0), -EINVAL);
	name[249] = '\0';
	EXPECT(create(name, 0) >= 0);
	EXPECT_EQ(sys(HOST_NR_MEMFD_CREATE, 0x1000, 0), -EFAULT);
	EXPECT_EQ(sys(HOST_NR_MEMFD_CREATE, 0x1000, 0x20), -EINVAL);
}

SIM_TEST(memfd_create__flags__decide_seals_and_mode)
{
	static const struct {
		unsigned int flags;
		long seals;
		umode_t mode;
	} cases[] = {
		{ 0, F_SEAL_SEAL, 0777 },
		{ MFD_ALLOW_SEALING, 0, 0777 },
		{ MFD_EXEC, F_SEAL_SEAL, 0777 },
		{ MFD_NOEXEC_SEAL, F_SEAL_EXEC, 0666 },
		{ MFD_NOEXEC_SEAL | MFD_ALLOW_SEALING, F_SEAL_EXEC, 0666 },
		{ MFD_HUGETLB, F_SEAL_SEAL, 0777 },
		{ MFD_HUGETLB | MFD_HUGE_1GB | MFD_ALLOW_SEALING, 0, 0777 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		int fd = ft_create(cases[i].flags);

		EXPECT_EQ(sys(HOST_NR_FCNTL, fd, F_GET_SEALS, 0), cases[i].seals);
		EXPECT_EQ(file_inode(lt_file(fd))->i_mode, S_IFREG | cases[i].mode);
		EXPECT_EQ(sys(HOST_NR_FCNTL, fd, F_GETFL, 0), O_RDWR | O_LARGEFILE);
		EXPECT_EQ(file_inode(lt_file(fd))->i_nlink, 0);
	}
}

SIM_TEST(seals__impossible__are_refused_and_none_is_set)
{
	int fd = ft_create(MFD_ALLOW_SEALING), pipe[2] = {};

	EXPECT_EQ(ft_seal(fd, 0x40 | F_SEAL_GROW), -EINVAL);
	EXPECT_EQ(ft_info(fd)->seals, 0);
	EXPECT_EQ(sys(HOST_NR_PIPE2, lt_user(pipe, sizeof(pipe)), 0), 0);
	memcpy(pipe, (void *)sim_boot.user_base, sizeof(pipe));
	EXPECT_EQ(ft_seal(pipe[0], F_SEAL_GROW), -EPERM);
	EXPECT_EQ(ft_seal(pipe[1], F_SEAL_GROW), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_FCNTL, pipe[0], F_GET_SEALS, 0), -EINVAL);
	EXPECT_EQ(ft_seal(ft_create(0), F_SEAL_GROW), -EPERM);
	/* A file that has a name is one in memory too, but can't be sealed. */
	EXPECT_EQ(ft_seal(lt_open_flags("/tmp/f", O_RDWR | O_CREAT), F_SEAL_GROW), -EPERM);
}

SIM_TEST(seals__on_writing__wait_for_mappings_and_references)
{
	int fd = ft_create(MFD_ALLOW_SEALING);
	unsigned long map;

	EXPECT_EQ(ft_write(fd, "x"), 1);
	map = sys(HOST_NR_MMAP, 0, PAGES(3), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	EXPECT(!IS_ERR_VALUE(map));
	EXPECT_EQ(ft_seal(fd, F_SEAL_WRITE), -EBUSY);
	/* Cut in three, of which two go. */
	EXPECT_EQ(sys(HOST_NR_MUNMAP, map + PAGES(1), PAGES(1)), 0);
	EXPECT_EQ(sys(HOST_NR_MUNMAP, map + PAGES(2), PAGES(1)), 0);
	EXPECT_EQ(ft_seal(fd, F_SEAL_WRITE), -EBUSY);
	EXPECT_EQ(sys(HOST_NR_MUNMAP, map, PAGES(1)), 0);

	folio_get(ft_folio(fd, 0));
	EXPECT_EQ(ft_seal(fd, F_SEAL_WRITE), -EBUSY);
	EXPECT_EQ(ft_info(fd)->seals, 0);
	/* That it was refused has not made it unwritable. */
	EXPECT_EQ(ft_write(fd, "x"), 1);
	folio_put(ft_folio(fd, 0));
	EXPECT_EQ(ft_seal(fd, F_SEAL_WRITE), 0);
	EXPECT_EQ(ft_seal(fd, F_SEAL_WRITE | F_SEAL_GROW), 0);
}

SIM_TEST(seals__mapped_for_reading__can_be_sealed_against_writing)
{
	int fd = ft_create(MFD_ALLOW_SEALING);
	struct folio *folio;
	unsigned long map;
	char c;

	EXPECT_EQ(ft_write(fd, "x"), 1);
	EXPECT_EQ(ft_seal(fd, F_SEAL_FUTURE_WRITE), 0);
	map = sys(HOST_NR_MMAP, 0, PAGES(1), PROT_READ, MAP_SHARED, fd, 0);
	EXPECT(!IS_ERR_VALUE(map));
	EXPECT_EQ(sim_user_access(map, &c, 1, false), 0);
	folio = ft_folio(fd, 0);
	EXPECT_EQ(folio_mapcount(folio), 1);
	EXPECT_EQ(ft_seal(fd, F_SEAL_WRITE), 0);
	EXPECT_EQ(sys(HOST_NR_MMAP, 0, PAGES(1), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0),
		  -EPERM);
}

SIM_TEST(memfd__read_and_write__move_the_position_by_what_was_done)
{
	int fd = ft_create(0);

	EXPECT_EQ(ft_read(fd, 10), 0);
	EXPECT_EQ(ft_write(fd, "hello"), 5);
	EXPECT_EQ(ft_pos(fd), 5);
	EXPECT_EQ(ft_pwrite(fd, "far", PAGES(2)), 3);
	EXPECT_EQ(ft_pos(fd), 5);
	EXPECT_EQ(i_size_read(file_inode(lt_file(fd))), PAGES(2) + 3);
	/* Over a hole. */
	EXPECT_EQ(ft_read(fd, PAGES(4)), PAGES(2) + 3 - 5);
	EXPECT_EQ(ft_pos(fd), PAGES(2) + 3);
}

SIM_TEST(memfd__bad_memory__is_efault_and_nothing_moves)
{
	int fd = ft_create(0);

	EXPECT_EQ(sys(HOST_NR_WRITE, fd, 0x1000, 5), -EFAULT);
	EXPECT_EQ(ft_pos(fd), 0);
	EXPECT_EQ(i_size_read(file_inode(lt_file(fd))), 0);
	EXPECT_EQ(ft_write(fd, "hello"), 5);
	EXPECT_EQ(sys(HOST_NR_LSEEK, fd, 0, SEEK_SET), 0);
	EXPECT_EQ(sys(HOST_NR_READ, fd, 0x1000, 5), -EFAULT);
	EXPECT_EQ(ft_pos(fd), 0);
	EXPECT_EQ(sys(HOST_NR_PWRITE64, fd, 0x1000, 5, PAGES(5)), -EFAULT);
	EXPECT_EQ(i_size_read(file_inode(lt_file(fd))), 5);
}

SIM_TEST(memfd__memory_that_ends__is_written_as_far_as_it_goes)
{
	unsigned long end = sim_boot.user_base + sim_boot.user_size;
	int fd = ft_create(0);

	memcpy((void *)(end - 3), "abc", 3);
	EXPECT_EQ(sys(HOST_NR_WRITE, fd, end - 3, 5), 3);
	EXPECT_EQ(ft_pos(fd), 3);
	EXPECT_EQ(i_size_read(file_inode(lt_file(fd))), 3);
	/* The rest of the folio holds nothing that was there before. */
	EXPECT(!memcmp(folio_address(ft_folio(fd, 0)), "abc", 3));
	EXPECT(!memchr_inv(folio_address(ft_folio(fd, 0)) + 3, 0, PAGE_SIZE - 3));
}

SIM_TEST(memfd__lseek__is_bounded_by_the_largest_file)
{
	int fd = ft_create(0);

	EXPECT_EQ(sys(HOST_NR_LSEEK, fd, LLONG_MAX, SEEK_SET), LLONG_MAX);
	EXPECT_EQ(sys(HOST_NR_LSEEK, fd, 1, SEEK_CUR), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_LSEEK, fd, -1, SEEK_SET), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_LSEEK, fd, 0, 9), -EINVAL);
	EXPECT_EQ(ft_pos(fd), LLONG_MAX);
	EXPECT_EQ(ft_write(fd, "x"), -EFBIG);
	EXPECT_EQ(ft_read(fd, 1), 0);
}

SIM_TEST(memfd__allocation_fails_half_way__what_it_added_goes)
{
	int fd = ft_create(0);
	struct address_space *mapping = lt_file(fd)->f_mapping;

	EXPECT_EQ(ft_pwrite(fd, "kept", PAGES(1)), 4);
	EXPECT_EQ(sys(HOST_NR_FALLOCATE, fd, 0, 0, sim_boot.memory), -ENOMEM);
	EXPECT_EQ(mapping->nrpages, 1);
	EXPECT_EQ(ft_info(fd)->alloced, 1);
	EXPECT_EQ(i_size_read(mapping->host), PAGES(1) + 4);
	EXPECT_EQ(ft_pread(fd, 4, PAGES(1)), 4);
	EXPECT(!memcmp((void *)sim_boot.user_base, "kept", 4));
}

SIM_TEST(memfd__allocated_twice__is_zeroed_and_stays_when_a_later_one_fails)
{
	int fd = ft_create(0);

	EXPECT_EQ(sys(HOST_NR_FALLOCATE, fd, 0, 0, PAGES(1)), 0);
	EXPECT(!folio_test_uptodate(ft_folio(fd, 0)));
	EXPECT_EQ(sys(HOST_NR_FALLOCATE, fd, 0, 0, sim_boot.memory), -ENOMEM);
	EXPECT(folio_test_uptodate(ft_folio(fd, 0)));
	EXPECT(!memchr_inv(folio_address(ft_folio(fd, 0)), 0, PAGE_SIZE));
	EXPECT_EQ(ft_info(fd)->alloced, 1);
}

SIM_TEST(memfd__fchmod__leaves_the_type_and_obeys_the_seal)
{
	int fd = ft_create(MFD_ALLOW_SEALING);

	EXPECT_EQ(sys(HOST_NR_FCHMOD, fd, 0170600), 0);
	EXPECT_EQ(file_inode(lt_file(fd))->i_mode, S_IFREG | 0600);
	EXPECT_EQ(ft_seal(fd, F_SEAL_EXEC), 0);
	EXPECT_EQ(ft_info(fd)->seals, F_SEAL_EXEC);
	EXPECT_EQ(sys(HOST_NR_FCHMOD, fd, 0644), 0);
	EXPECT_EQ(sys(HOST_NR_FCHMOD, fd, 0755), -EPERM);
	EXPECT_EQ(sys(HOST_NR_FCHMOD, 99, 0755), -EBADF);
}

SIM_TEST(memfd__state_frozen__position_and_seals_stay_contents_need_not)
{
	int fd = ft_create(MFD_ALLOW_SEALING);
	struct inode *inode = file_inode(lt_file(fd));

	EXPECT_EQ(ft_write(fd, "hello"), 5);
	EXPECT_EQ(sys(HOST_NR_LSEEK, fd, 2, SEEK_SET), 2);
	inode_lock(inode);
	shmem_freeze_state(inode, true);
	inode_unlock(inode);

	EXPECT_EQ(sys(HOST_NR_LSEEK, fd, 3, SEEK_SET), -EPERM);
	EXPECT_EQ(ft_pos(fd), 2);
	EXPECT_EQ(ft_read(fd, 1), -EPERM);
	EXPECT_EQ(ft_write(fd, "LL"), -EPERM);
	EXPECT_EQ(ft_seal(fd, F_SEAL_GROW), -EPERM);
	EXPECT_EQ(ft_pwrite(fd, "J", 0), 1);
	EXPECT_EQ(ft_pread(fd, 5, 0), 5);
	EXPECT(!memcmp((void *)sim_boot.user_base, "Jello", 5));

	inode_lock(inode);
	shmem_freeze_state(inode, false);
	inode_unlock(inode);
	EXPECT_EQ(ft_read(fd, 1), 1);
	EXPECT_EQ(ft_seal(fd, F_SEAL_GROW), 0);
}

/* A large folio of its own making, as the kernel is not told to make them here. */
static void put_large_folio(struct inode *inode, unsigned int order)
{
	struct folio *folio = folio_alloc(GFP_KERNEL, order);

	EXPECT(folio);
	__folio_set_locked(folio);
	__folio_set_swapbacked(folio);
	EXPECT_EQ(shmem_add_to_page_cache(folio, inode->i_mapping, 0, NULL, GFP_KERNEL), 0);
	folio_mark_uptodate(folio);
	folio_mark_dirty(folio);
	EXPECT(!shmem_recalc_inode(inode, folio_nr_pages(folio), 0));
	folio_unlock(folio);
	folio_put(folio);
}

/* Four pages, of which the file's size says two and fallocate() three. */
SIM_TEST(memfd__large_folio_split__keeps_what_fallocate_asked_for_behind_the_end)
{
	int fd = ft_create(0);
	struct inode *inode = file_inode(lt_file(fd));
	struct folio *folio;

	put_large_folio(inode, 2);
	i_size_write(inode, PAGES(2));
	EXPECT_EQ(sys(HOST_NR_FALLOCATE, fd, FALLOC_FL_KEEP_SIZE, 0, PAGES(3)), 0);
	folio = filemap_lock_folio(inode->i_mapping, 0);
	EXPECT_EQ(split_folio(folio), 0);
	folio_unlock(folio);
	folio_put(folio);
	EXPECT_EQ(inode->i_mapping->nrpages, 3);
	EXPECT_EQ(SHMEM_I(inode)->alloced, 3);

	/* A hole at the end takes back what was asked for. */
	EXPECT_EQ(sys(HOST_NR_FALLOCATE, fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		      PAGES(1), PAGES(2)), 0);
	EXPECT_EQ(shmem_fallocend(inode, 0), 1);
}
