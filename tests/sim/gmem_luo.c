// SPDX-License-Identifier: GPL-2.0
/*
 * The guest_memfd handler on inodes that no program can make today: what they would be
 * like is decided by code that may change.
 */

#include <linux/pagemap.h>

#include "guest_memfd.h"
#include "kvm_test.h"
#include "luo_test.h"

struct gl {
	int vm;
	int gmem;
	int session;
	struct inode *inode;
	long keys;
};

static struct gl gl_setup(u64 pages)
{
	int luo = lt_open_luo();
	struct gl gl;

	gl.vm = kt_create_vm(0);
	gl.gmem = kt_create_gmem(gl.vm, PAGES(pages), GMEM_SHARED);
	EXPECT(gl.gmem >= 0);
	gl.session = lt_create_session(luo, "s");
	EXPECT(gl.session >= 0);
	gl.inode = file_inode(kt_file(gl.gmem));
	gl.keys = lt_keys();
	return gl;
}

/* Refused with @error, nothing is left of the attempt, and the file can be used. */
static void gl_expect_refused(const struct gl *gl, long error)
{
	EXPECT_EQ(lt_preserve(gl->session, gl->gmem, 1), error);
	EXPECT(!GMEM_I(gl->inode)->frozen);
	EXPECT_EQ(lt_count("luo preserved files"), 0);
}

static void gl_expect_preserved(const struct gl *gl)
{
	EXPECT_EQ(lt_preserve(gl->session, gl->gmem, 1), 0);
	EXPECT(GMEM_I(gl->inode)->frozen);
	EXPECT_EQ(lt_close(gl->session), 0);
	EXPECT(!GMEM_I(gl->inode)->frozen);
	EXPECT(lt_keys() < gl->keys);
}

SIM_TEST(gmem_luo__size_zero_or_not_of_pages__is_einval_and_thaws, "P-28", "P-38")
{
	struct gl gl = gl_setup(4);

	i_size_write(gl.inode, 0);
	gl_expect_refused(&gl, -EINVAL);
	i_size_write(gl.inode, PAGE_SIZE + 1);
	gl_expect_refused(&gl, -EINVAL);
	i_size_write(gl.inode, PAGES(4));
	gl_expect_preserved(&gl);
}

SIM_TEST(gmem_luo__unknown_file_flag__is_eopnotsupp_and_thaws, "P-28", "P-38")
{
	struct gl gl = gl_setup(4);

	GMEM_I(gl.inode)->flags |= 1 << 7;
	gl_expect_refused(&gl, -EOPNOTSUPP);
	GMEM_I(gl.inode)->flags &= ~(1 << 7);
	gl_expect_preserved(&gl);
}

SIM_TEST(gmem_luo__mapping_with_large_folios__has_no_handler, "P-38")
{
	struct gl gl = gl_setup(4);

	mapping_set_large_folios(gl.inode->i_mapping);
	gl_expect_refused(&gl, -ENOENT);
}

SIM_TEST(gmem_luo__frozen_by_somebody_else__is_ebusy_and_stays_frozen, "P-28")
{
	struct gl gl = gl_setup(4);

	EXPECT_EQ(kvm_gmem_freeze(gl.inode), 0);
	EXPECT_EQ(lt_preserve(gl.session, gl.gmem, 1), -EBUSY);
	EXPECT(GMEM_I(gl.inode)->frozen);
	kvm_gmem_unfreeze(gl.inode);
	gl_expect_preserved(&gl);
}

SIM_TEST(gmem_luo__foreign_file__its_private_data_is_not_touched, "P-20")
{
	struct gl gl = gl_setup(4);
	int fd = lt_open_flags("/tmp/foreign", HOST_O_RDWR | HOST_O_CREAT);
	void *private_data;

	EXPECT(fd >= 0);
	private_data = lt_file(fd)->private_data;
	lt_file(fd)->private_data = (void *)0x6b6b6b6b6b6b6b6bUL;
	EXPECT_EQ(lt_preserve(gl.session, fd, 1), -ENOENT);
	lt_file(fd)->private_data = private_data;
}

SIM_TEST(gmem_luo__allocated_but_unused_folios__are_zeroed_before_they_are_handed_over)
{
	struct gl gl = gl_setup(4);
	struct folio *folio;

	EXPECT_EQ(sys(HOST_NR_FALLOCATE, gl.gmem, KEEP, PAGES(2), PAGES(1)), 0);
	folio = filemap_get_folio(gl.inode->i_mapping, 2);
	EXPECT(!IS_ERR(folio));
	EXPECT(!folio_test_uptodate(folio));
	EXPECT_EQ(lt_preserve(gl.session, gl.gmem, 1), 0);
	EXPECT(folio_test_uptodate(folio));
	EXPECT(!memchr_inv(folio_address(folio), 0, PAGE_SIZE));
	folio_put(folio);
}

/* Folios are looked up 31 at a time. */
SIM_TEST(gmem_luo__more_folios_than_a_batch__each_is_preserved_once_and_let_go, "P-25")
{
	struct gl gl = gl_setup(200);

	for (int page = 0; page < 200; page += 2)
		EXPECT_EQ(sys(HOST_NR_FALLOCATE, gl.gmem, KEEP, PAGES(page), PAGES(1)), 0);
	EXPECT_EQ(lt_preserve(gl.session, gl.gmem, 1), 0);
	/* Also: the files' block, the state, the array and the array's description. */
	EXPECT_EQ(lt_keys(), gl.keys + 100 + 4);
	EXPECT_EQ(lt_close(gl.session), 0);
	EXPECT(lt_keys() < gl.keys);
}

/* An administrator takes a page out of use that may break soon, whatever is in it. */
SIM_TEST(gmem_luo__page_soft_offlined_while_preserved__stays)
{
	struct gl gl = gl_setup(4);
	struct folio *folio;

	EXPECT_EQ(sys(HOST_NR_FALLOCATE, gl.gmem, KEEP, 0, PAGES(1)), 0);
	EXPECT_EQ(lt_preserve(gl.session, gl.gmem, 1), 0);
	folio = filemap_get_folio(gl.inode->i_mapping, 0);
	EXPECT(!IS_ERR(folio));
	folio_put(folio);
	EXPECT_EQ(soft_offline_page(folio_pfn(folio), 0), -EBUSY);
	EXPECT(filemap_get_folio(gl.inode->i_mapping, 0) == folio);
	folio_put(folio);
	EXPECT(!folio_test_hwpoison(folio));
	EXPECT_EQ(lt_close(gl.session), 0);
}
