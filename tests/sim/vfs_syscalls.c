// SPDX-License-Identifier: GPL-2.0
/* System calls on files: arguments that are refused, in the kernel's order. */

#include <linux/falloc.h>
#include <linux/limits.h>

#include "luo_test.h"

static int tmp_file(void)
{
	int fd = lt_open_flags("/tmp/f", HOST_O_RDWR | HOST_O_CREAT);

	EXPECT(fd >= 0);
	return fd;
}

static long do_fallocate(int fd, int mode, loff_t offset, loff_t len)
{
	return sys(HOST_NR_FALLOCATE, fd, mode, offset, len);
}

SIM_TEST(fallocate__bad_range__is_einval_before_anything_else)
{
	int fd = tmp_file();

	EXPECT_EQ(do_fallocate(99, 0, 0, 1), -EBADF);
	EXPECT_EQ(do_fallocate(fd, 0, 0, 0), -EINVAL);
	EXPECT_EQ(do_fallocate(fd, 0, 0, -1), -EINVAL);
	EXPECT_EQ(do_fallocate(fd, 0, -1, 1), -EINVAL);
	EXPECT_EQ(do_fallocate(fd, 0x1000, 0, 0), -EINVAL);
}

SIM_TEST(fallocate__impossible_mode__is_eopnotsupp)
{
	int fd = tmp_file();

	EXPECT_EQ(do_fallocate(fd, 0x1000, 0, 1), -EOPNOTSUPP);
	EXPECT_EQ(do_fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 1), -EOPNOTSUPP);
	EXPECT_EQ(do_fallocate(fd, FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_KEEP_SIZE, 0, 1),
		  -EOPNOTSUPP);
	EXPECT_EQ(do_fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE, 0, 1),
		  -EOPNOTSUPP);
	EXPECT_EQ(do_fallocate(fd, FALLOC_FL_NO_HIDE_STALE, 0, 1), -EOPNOTSUPP);
}

SIM_TEST(fallocate__beyond_the_largest_file__is_efbig)
{
	int fd = tmp_file();

	EXPECT_EQ(do_fallocate(fd, FALLOC_FL_KEEP_SIZE, LLONG_MAX, 1), -EFBIG);
	EXPECT_EQ(do_fallocate(fd, FALLOC_FL_KEEP_SIZE, 1, LLONG_MAX), -EFBIG);
}

SIM_TEST(fallocate__wrong_kind_of_file__says_which)
{
	int ro = lt_open_flags("/tmp/r", HOST_O_RDONLY | HOST_O_CREAT);
	int dev = lt_open("/dev/liveupdate");
	int pipe[2];

	EXPECT_EQ(do_fallocate(ro, 0, 0, 1), -EBADF);
	EXPECT_EQ(do_fallocate(dev, 0, 0, 1), -ENODEV);
	EXPECT_EQ(sys(HOST_NR_PIPE2, sim_boot.user_base, 0), 0);
	memcpy(pipe, (void *)sim_boot.user_base, sizeof(pipe));
	EXPECT_EQ(do_fallocate(pipe[0], 0, 0, 1), -EBADF);
	EXPECT_EQ(do_fallocate(pipe[1], 0, 0, 1), -ESPIPE);
	EXPECT_EQ(do_fallocate(sys(HOST_NR_EVENTFD2, 0, 0), 0, 0, 1), -ENODEV);
}

SIM_TEST(fallocate__regular_file__allocates_and_punches)
{
	int fd = tmp_file();
	struct inode *inode = file_inode(lt_file(fd));

	EXPECT_EQ(do_fallocate(fd, 0, 0, 3 * PAGE_SIZE), 0);
	EXPECT_EQ(inode->i_data.nrpages, 3);
	EXPECT_EQ(inode->i_size, 3 * PAGE_SIZE);
	EXPECT_EQ(do_fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, PAGE_SIZE,
			       PAGE_SIZE), 0);
	EXPECT_EQ(inode->i_data.nrpages, 2);
	EXPECT_EQ(sys(HOST_NR_FTRUNCATE, fd, 10), 0);
	EXPECT_EQ(inode->i_data.nrpages, 1);
	EXPECT_EQ(inode->i_size, 10);
}

SIM_TEST(ftruncate__not_a_writable_regular_file__is_einval)
{
	EXPECT_EQ(sys(HOST_NR_FTRUNCATE, 99, 0), -EBADF);
	EXPECT_EQ(sys(HOST_NR_FTRUNCATE, 99, -1), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_FTRUNCATE, lt_open("/dev/liveupdate"), 0), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_FTRUNCATE,
		      lt_open_flags("/tmp/r", HOST_O_RDONLY | HOST_O_CREAT), 0), -EINVAL);
}

SIM_TEST(open__names__are_found_or_refused)
{
	int a;

	EXPECT_EQ(lt_open("/dev/nothing"), -ENOENT);
	EXPECT_EQ(lt_open("/etc/passwd"), -ENOENT);
	EXPECT_EQ(lt_open(""), -ENOENT);
	EXPECT_EQ(lt_open("/tmp/x"), -ENOENT);
	EXPECT_EQ(sys(HOST_NR_OPEN, 0, 0), -EFAULT);
	a = lt_open_flags("/tmp/x", HOST_O_RDWR | HOST_O_CREAT);
	EXPECT_EQ(a, 3);
	EXPECT_EQ(lt_open_flags("/tmp/x", HOST_O_RDWR | HOST_O_CREAT | HOST_O_EXCL), -EEXIST);
	EXPECT(file_inode(lt_file(lt_open("/tmp/x"))) == file_inode(lt_file(a)));
}

SIM_TEST(read_write__regular_file__moves_bytes_and_position)
{
	int fd = tmp_file();
	char *user = (char *)sim_boot.user_base;

	EXPECT_EQ(sys(HOST_NR_PWRITE64, fd, lt_user("hello", 5), 5, PAGE_SIZE - 2), 5);
	EXPECT_EQ(sys(HOST_NR_READ, fd, sim_boot.user_base, 10), 10);
	EXPECT_EQ(user[0], 0);
	EXPECT_EQ(sys(HOST_NR_LSEEK, fd, -5, HOST_SEEK_END), PAGE_SIZE - 2);
	EXPECT_EQ(sys(HOST_NR_READ, fd, sim_boot.user_base, 10), 5);
	EXPECT(!memcmp(user, "hello", 5));
	EXPECT_EQ(sys(HOST_NR_READ, fd, sim_boot.user_base, 10), 0);
	EXPECT_EQ(sys(HOST_NR_LSEEK, fd, -1, HOST_SEEK_SET), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_LSEEK, fd, 0, 9), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_WRITE, fd, 16, 1), -EFAULT);
	EXPECT_EQ(sys(HOST_NR_READ, 99, sim_boot.user_base, 1), -EBADF);
	EXPECT_EQ(sys(HOST_NR_LSEEK, lt_open("/dev/liveupdate"), 0, HOST_SEEK_SET), -ESPIPE);
}

SIM_TEST(ioctl__file_without_one__is_enotty)
{
	EXPECT_EQ(sys(HOST_NR_IOCTL, tmp_file(), 1, 0), -ENOTTY);
	EXPECT_EQ(sys(HOST_NR_IOCTL, 99, 1, 0), -EBADF);
}

SIM_TEST(syscall__unknown_number__is_enosys)
{
	EXPECT_EQ(sys(9999, 0), -ENOSYS);
}

SIM_TEST(reboot__bad_arguments__are_refused)
{
	EXPECT_EQ(sys(HOST_NR_REBOOT, 1, HOST_REBOOT_MAGIC2, HOST_REBOOT_CMD_KEXEC), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_REBOOT, HOST_REBOOT_MAGIC1, 1, HOST_REBOOT_CMD_KEXEC), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_REBOOT, HOST_REBOOT_MAGIC1, HOST_REBOOT_MAGIC2, 42), -EINVAL);
	/* No image is loaded. */
	EXPECT_EQ(sys(HOST_NR_REBOOT, HOST_REBOOT_MAGIC1, HOST_REBOOT_MAGIC2,
		      HOST_REBOOT_CMD_KEXEC), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_KEXEC_FILE_LOAD, -1, -1, 0, 0, 0x4000), -EINVAL);
}

SIM_TEST(kexec_load__bad_arguments__are_einval)
{
	EXPECT_EQ(sys(HOST_NR_KEXEC_LOAD, 0, 1, 0, 0x10), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_KEXEC_LOAD, 0, 1, 0, 1), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_KEXEC_LOAD, 0, 17, 0, 0), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_KEXEC_LOAD, 0, 1, 0, 62 << 16), 0);
	EXPECT_EQ(sys(HOST_NR_KEXEC_LOAD, 0, 0, 0, 0), 0);
	EXPECT_EQ(sys(HOST_NR_REBOOT, HOST_REBOOT_MAGIC1, HOST_REBOOT_MAGIC2,
		      HOST_REBOOT_CMD_KEXEC), -EINVAL);
}

SIM_TEST(kexec_load__image_that_preserves_context__comes_back_and_serializes_nothing, "P-33")
{
	EXPECT_EQ(sys(HOST_NR_KEXEC_LOAD, 0, 1, 0, HOST_KEXEC_PRESERVE_CONTEXT), 0);
	for (int i = 0; i < 2; i++)
		EXPECT_EQ(sys(HOST_NR_REBOOT, HOST_REBOOT_MAGIC1, HOST_REBOOT_MAGIC2,
			      HOST_REBOOT_CMD_KEXEC), 0);
}

SIM_TEST(reboot__image_unloaded__is_einval)
{
	EXPECT_EQ(sys(HOST_NR_KEXEC_FILE_LOAD, -1, -1, 0, 0, 0), 0);
	EXPECT_EQ(sys(HOST_NR_KEXEC_FILE_LOAD, -1, -1, 0, 0, HOST_KEXEC_FILE_UNLOAD), 0);
	EXPECT_EQ(sys(HOST_NR_REBOOT, HOST_REBOOT_MAGIC1, HOST_REBOOT_MAGIC2,
		      HOST_REBOOT_CMD_KEXEC), -EINVAL);
}
