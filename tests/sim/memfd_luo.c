// SPDX-License-Identifier: GPL-2.0
/* The memfd handler: what it does to folios, and files that no program can make. */

#include <linux/kho/abi/memfd.h>
#include <linux/limits.h>

#include "memfd_test.h"

#define PAGES(n)	((loff_t)(n) << PAGE_SHIFT)

struct ml {
	int fd;
	int session;
	struct inode *inode;
	long keys;
};

static struct ml ml_setup(loff_t size)
{
	struct ml ml = { .fd = ft_create(MFD_ALLOW_SEALING) };

	EXPECT_EQ(ft_truncate(ml.fd, size), 0);
	ml.session = lt_create_session(lt_open_luo(), "s");
	EXPECT(ml.session >= 0);
	ml.inode = file_inode(lt_file(ml.fd));
	ml.keys = lt_keys();
	return ml;
}

static bool ml_frozen(const struct ml *ml)
{
	return SHMEM_I(ml->inode)->flags & SHMEM_F_MAPPING_FROZEN;
}

/* Refused with @error, nothing is left of the attempt, and the file can be used. */
static void ml_expect_refused(const struct ml *ml, long error)
{
	EXPECT_EQ(lt_preserve(ml->session, ml->fd, 1), error);
	EXPECT(!ml_frozen(ml));
	EXPECT_EQ(lt_count("luo preserved files"), 0);
}

SIM_TEST(memfd_luo__preserved__is_frozen_and_each_folio_pinned_until_it_is_not)
{
	struct ml ml = ml_setup(PAGES(3));
	struct folio *folio;

	EXPECT_EQ(ft_pwrite(ml.fd, "x", PAGES(1)), 1);
	EXPECT_EQ(lt_preserve(ml.session, ml.fd, 1), 0);
	EXPECT(ml_frozen(&ml));
	EXPECT_EQ(ml.inode->i_mapping->nrpages, 3);
	folio = ft_folio(ml.fd, 1);
	EXPECT_EQ(folio_ref_count(folio), 1 + GUP_PIN_COUNTING_BIAS);
	EXPECT(folio_test_dirty(folio) && folio_test_swapbacked(folio));
	/* Also: the files' block, the state, the array and the array's description. */
	EXPECT_EQ(lt_keys(), ml.keys + 3 + 4);

	EXPECT_EQ(lt_close(ml.session), 0);
	EXPECT(!ml_frozen(&ml));
	EXPECT_EQ(folio_ref_count(folio), 1);
	EXPECT(lt_keys() < ml.keys);
}

SIM_TEST(memfd_luo__allocated_but_unused_folio__is_zeroed)
{
	struct ml ml = ml_setup(PAGES(2));

	EXPECT_EQ(sys(HOST_NR_FALLOCATE, ml.fd, 0, 0, PAGES(1)), 0);
	EXPECT(!folio_test_uptodate(ft_folio(ml.fd, 0)));
	EXPECT_EQ(lt_preserve(ml.session, ml.fd, 1), 0);
	EXPECT(folio_test_uptodate(ft_folio(ml.fd, 0)));
	EXPECT(!memchr_inv(folio_address(ft_folio(ml.fd, 0)), 0, PAGE_SIZE));
}

SIM_TEST(memfd_luo__unknown_seal__is_eopnotsupp_and_thaws)
{
	struct ml ml = ml_setup(PAGES(2));

	SHMEM_I(ml.inode)->seals |= 0x40;
	ml_expect_refused(&ml, -EOPNOTSUPP);
	SHMEM_I(ml.inode)->seals = 0;
	EXPECT_EQ(lt_preserve(ml.session, ml.fd, 1), 0);
}

SIM_TEST(memfd_luo__more_folios_than_can_be_counted__is_efbig_and_thaws)
{
	struct ml ml = ml_setup(0);

	i_size_write(ml.inode, PAGES(UINT_MAX) + 1);
	ml_expect_refused(&ml, -EFBIG);
	i_size_write(ml.inode, 0);
	EXPECT_EQ(lt_preserve(ml.session, ml.fd, 1), 0);
}

SIM_TEST(memfd_luo__file_with_a_name__has_no_handler)
{
	struct ml ml = ml_setup(0);
	int named = lt_open_flags("/tmp/f", O_RDWR | O_CREAT);

	EXPECT(named >= 0);
	EXPECT(shmem_file(lt_file(named)));
	EXPECT_EQ(lt_preserve(ml.session, named, 1), -ENOENT);
}

/* The first file's freeze() has succeeded when the second one's fails. */
SIM_TEST(memfd_luo__freeze_fails__those_before_can_move_again)
{
	struct ml ml = ml_setup(PAGES(1));
	int other = ft_create(MFD_ALLOW_SEALING);

	EXPECT_EQ(lt_preserve(ml.session, ml.fd, 1), 0);
	EXPECT_EQ(lt_preserve(ml.session, other, 2), 0);
	ft_info(other)->seals |= 0x40;
	EXPECT_EQ(sys(HOST_NR_KEXEC_FILE_LOAD, -1, -1, 0, 0, 0), 0);
	EXPECT_EQ(lt_reboot(), -EOPNOTSUPP);
	EXPECT_EQ(sys(HOST_NR_LSEEK, ml.fd, 1, SEEK_SET), 1);
	EXPECT_EQ(sys(HOST_NR_LSEEK, other, 1, SEEK_SET), 1);
	EXPECT(ml_frozen(&ml));
	ft_info(other)->seals = 0;
}

SIM_TEST(memfd_luo__format__is_that_of_linux_7_3)
{
	static_assert(sizeof(struct memfd_luo_folio_ser) == 16);
	static_assert(sizeof(struct memfd_luo_ser) == 48);
	static_assert(offsetof(struct memfd_luo_ser, size) == 8);
	static_assert(offsetof(struct memfd_luo_ser, seals) == 16);
	static_assert(offsetof(struct memfd_luo_ser, flags) == 20);
	static_assert(offsetof(struct memfd_luo_ser, nr_folios) == 24);
	static_assert(offsetof(struct memfd_luo_ser, folios) == 32);
	EXPECT(!strcmp(MEMFD_LUO_FH_COMPATIBLE, "memfd-v2"));
}

SIM_TEST(memfd_pin_folios__bad_arguments__pin_nothing)
{
	struct folio *folios[4];
	int fd = ft_create(0);
	struct file *file = lt_file(fd);
	pgoff_t offset;

	EXPECT_EQ(ft_truncate(fd, PAGES(2)), 0);
	EXPECT_EQ(memfd_pin_folios(NULL, 0, 1, folios, 4, &offset), -EINVAL);
	EXPECT_EQ(memfd_pin_folios(file, -1, 1, folios, 4, &offset), -EINVAL);
	EXPECT_EQ(memfd_pin_folios(file, 2, 1, folios, 4, &offset), -EINVAL);
	EXPECT_EQ(memfd_pin_folios(file, 0, 1, folios, 0, &offset), -EINVAL);
	EXPECT_EQ(memfd_pin_folios(file, 0, PAGES(2), folios, 4, &offset), -EINVAL);
	EXPECT_EQ(memfd_pin_folios(lt_file(lt_open_luo()), 0, 1, folios, 4, &offset), -EINVAL);
	EXPECT_EQ(file->f_mapping->nrpages, 0);
}

SIM_TEST(memfd_pin_folios__part_of_a_file__pins_that_and_says_where_it_begins)
{
	struct folio *folios[4];
	int fd = ft_create(0);
	struct file *file = lt_file(fd);
	pgoff_t offset;

	EXPECT_EQ(ft_truncate(fd, PAGES(8)), 0);
	EXPECT_EQ(memfd_pin_folios(file, PAGES(2) + 5, PAGES(3), folios, 4, &offset), 2);
	EXPECT_EQ(offset, 5);
	EXPECT_EQ(folios[0]->index, 2);
	EXPECT_EQ(folios[1]->index, 3);
	EXPECT_EQ(file->f_mapping->nrpages, 2);
	unpin_folios(folios, 2);
	/* As many as there is room for. */
	EXPECT_EQ(memfd_pin_folios(file, 0, PAGES(8) - 1, folios, 4, &offset), 4);
	EXPECT_EQ(folios[3]->index, 3);
	unpin_folios(folios, 4);
	EXPECT_EQ(folio_ref_count(folios[3]), 1);
}
