/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_SIM_MEMFD_TEST_H
#define _TESTS_SIM_MEMFD_TEST_H

/* What the tests of memfds share. */

#include <linux/memfd.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>
#include <uapi/linux/memfd.h>

#include "luo_test.h"

static inline int ft_create(unsigned int flags)
{
	int fd = sys(HOST_NR_MEMFD_CREATE, lt_user("test", 5), flags);

	EXPECT(fd >= 0);
	return fd;
}

static inline struct shmem_inode_info *ft_info(int fd)
{
	return SHMEM_I(file_inode(lt_file(fd)));
}

static inline long ft_seal(int fd, unsigned int seals)
{
	return sys(HOST_NR_FCNTL, fd, F_ADD_SEALS, seals);
}

static inline long ft_write(int fd, const char *text)
{
	return sys(HOST_NR_WRITE, fd, lt_user(text, strlen(text)), strlen(text));
}

static inline long ft_pwrite(int fd, const char *text, loff_t pos)
{
	return sys(HOST_NR_PWRITE64, fd, lt_user(text, strlen(text)), strlen(text), pos);
}

static inline long ft_read(int fd, size_t len)
{
	return sys(HOST_NR_READ, fd, sim_boot.user_base, len);
}

static inline long ft_pread(int fd, size_t len, loff_t pos)
{
	return sys(HOST_NR_PREAD64, fd, sim_boot.user_base, len, pos);
}

static inline loff_t ft_pos(int fd)
{
	return sys(HOST_NR_LSEEK, fd, 0, SEEK_CUR);
}

static inline long ft_truncate(int fd, loff_t size)
{
	return sys(HOST_NR_FTRUNCATE, fd, size);
}

/* The folio at @index, which is there; without a reference. */
static inline struct folio *ft_folio(int fd, pgoff_t index)
{
	struct folio *folio = filemap_get_folio(lt_file(fd)->f_mapping, index);

	EXPECT(!IS_ERR(folio));
	folio_put(folio);
	return folio;
}

#endif /* _TESTS_SIM_MEMFD_TEST_H */
