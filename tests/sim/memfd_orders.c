// SPDX-License-Identifier: GPL-2.0
/* Parts about memfds that tests/orders runs at once; see orders.c. */

#include <linux/mman.h>

#include "memfd_test.h"

#define report(fmt, ...)	printk(KERN_INFO "outcome " fmt "\n", ##__VA_ARGS__)
#define PAGES(n)		((loff_t)(n) << PAGE_SHIFT)

static int fd, session;
static unsigned long map;
static loff_t frozen_pos;
static int frozen_seals;

/* Done before the parts run at once, or by a part that runs alone: true then. */
static bool set_up(void)
{
	if (map)
		return false;
	fd = ft_create(MFD_ALLOW_SEALING);
	EXPECT_EQ(ft_write(fd, "abc"), 3);
	EXPECT_EQ(ft_truncate(fd, PAGES(2)), 0);
	EXPECT_EQ(sys(HOST_NR_LSEEK, fd, 0, SEEK_SET), 0);
	map = sys(HOST_NR_MMAP, 0, PAGES(2), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	session = lt_create_session(lt_open_luo(), "s");
	EXPECT(session >= 0);
	return true;
}

SIM_TEST(order_memfd__set_up__is_a_mapped_memfd_and_a_session)
{
	set_up();
	EXPECT(!IS_ERR_VALUE(map));
}

/* What the handler's freeze() does. */
SIM_TEST(order_memfd__freeze__keeps_position_and_seals)
{
	bool alone = set_up();
	struct inode *inode = file_inode(lt_file(fd));

	inode_lock(inode);
	shmem_freeze_state(inode, true);
	frozen_pos = lt_file(fd)->f_pos;
	frozen_seals = memfd_get_seals(lt_file(fd));
	if (alone)
		shmem_freeze_state(inode, false);
	inode_unlock(inode);
}

SIM_TEST(order_memfd__read__moves_the_position)
{
	long ret;

	set_up();
	ret = ft_read(fd, 1);
	EXPECT(ret == 1 || ret == -EPERM);
}

SIM_TEST(order_memfd__seek__moves_the_position)
{
	long ret;

	set_up();
	ret = sys(HOST_NR_LSEEK, fd, 1, SEEK_SET);
	EXPECT(ret == 1 || ret == -EPERM);
}

SIM_TEST(order_memfd__seal__adds_one)
{
	long ret;

	set_up();
	ret = ft_seal(fd, F_SEAL_GROW);
	EXPECT(ret == 0 || ret == -EPERM);
}

SIM_TEST(order_memfd__frozen__is_as_it_was_then)
{
	set_up();
	EXPECT_EQ(lt_file(fd)->f_pos, frozen_pos);
	EXPECT_EQ(memfd_get_seals(lt_file(fd)), frozen_seals);
	report("position %lld seals %d", frozen_pos, frozen_seals);
	shmem_freeze_state(file_inode(lt_file(fd)), false);
}

SIM_TEST(order_memfd__preserve__pins_all_folios)
{
	set_up();
	EXPECT_EQ(lt_preserve(session, fd, 1), 0);
}

SIM_TEST(order_memfd__store_to_a_hole__is_in_the_file)
{
	set_up();
	EXPECT_EQ(sim_user_access(map + PAGES(1), "x", 1, 1), 0);
}

SIM_TEST(order_memfd__cut__frees_a_folio_or_is_refused)
{
	long ret;

	set_up();
	ret = ft_truncate(fd, PAGES(1));
	EXPECT(ret == 0 || ret == -EPERM);
}

SIM_TEST(order_memfd__preserved__has_one_pinned_folio_for_each_page)
{
	struct inode *inode;
	loff_t size;

	set_up();
	/* Alone there is nothing to look at yet. */
	if (!lt_count("luo preserved files"))
		EXPECT_EQ(lt_preserve(session, fd, 1), 0);
	inode = file_inode(lt_file(fd));
	size = i_size_read(inode);
	EXPECT_EQ(inode->i_mapping->nrpages, size >> PAGE_SHIFT);
	for (pgoff_t i = 0; i < size >> PAGE_SHIFT; i++) {
		struct folio *folio = ft_folio(fd, i);

		EXPECT_EQ(folio_ref_count(folio),
			  1 + folio_mapcount(folio) + GUP_PIN_COUNTING_BIAS);
		EXPECT(folio_test_uptodate(folio));
	}
	report("%lld pages, %d", size >> PAGE_SHIFT, ((char *)folio_address(ft_folio(fd, 0)))[0]);
	EXPECT_EQ(lt_close(session), 0);
}
