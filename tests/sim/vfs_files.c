// SPDX-License-Identifier: GPL-2.0
/* References to files, descriptors, and when a release runs. */

#include <linux/anon_inodes.h>
#include <linux/fdtable.h>
#include <linux/slab.h>
#include <linux/task_work.h>

#include "luo_test.h"

static int released;

static int count_release(struct inode *inode, struct file *file)
{
	released++;
	return 0;
}

static const struct file_operations counted_fops = {
	.owner = THIS_MODULE,
	.release = count_release,
};

static struct file *counted_file(void)
{
	struct file *file = anon_inode_getfile("counted", &counted_fops, NULL, O_RDWR);

	EXPECT(!IS_ERR(file));
	released = 0;
	return file;
}

SIM_TEST(fput__last_reference__releases_on_return_to_user_space)
{
	struct file *file = counted_file();

	get_file(file);
	EXPECT_EQ(file_count(file), 2);
	fput(file);
	EXPECT_EQ(file_count(file), 1);
	fput(file);
	EXPECT_EQ(released, 0);
	syscall_exit();
	EXPECT_EQ(released, 1);
}

SIM_TEST(get_file_active__dying_file__fails)
{
	struct file *file = counted_file();
	struct file *weak = file;

	EXPECT(get_file_active(&weak) == file);
	fput(file);
	fput(file);
	/* The last reference is gone, the release has not run. */
	EXPECT_EQ(released, 0);
	EXPECT_EQ(file_count(file), 0);
	EXPECT(!get_file_active(&weak));
	EXPECT(!file_ref_get(&file->f_ref));
	EXPECT_EQ(file_count(file), 0);
	weak = NULL;
	EXPECT(!get_file_active(&weak));
}

SIM_TEST(get_file_active__memory_reused__finds_the_new_file_only_through_its_own_pointer)
{
	struct file *file = counted_file(), *weak = file, *next;

	fput(file);
	syscall_exit();
	next = counted_file();
	/* Type-safe memory: the stale pointer leads to a file, perhaps the new one. */
	EXPECT(get_file_active(&weak) == (weak == next ? next : NULL));
	if (weak == next)
		fput(next);
	fput(next);
}

SIM_TEST(file__preserved_fops_owner__is_pinned_while_open)
{
	long files = lt_files();
	struct file *file = counted_file();

	EXPECT_EQ(lt_files(), files + 1);
	fput(file);
	syscall_exit();
	EXPECT_EQ(lt_files(), files);
}

SIM_TEST(descriptors__new_process__begin_at_three_and_lowest_is_first)
{
	int a = get_unused_fd_flags(0), b = get_unused_fd_flags(0), c = get_unused_fd_flags(0);

	EXPECT_EQ(a, 3);
	EXPECT_EQ(b, 4);
	EXPECT_EQ(c, 5);
	put_unused_fd(a);
	put_unused_fd(b);
	EXPECT_EQ(get_unused_fd_flags(0), 3);
	EXPECT_EQ(get_unused_fd_flags(0), 4);
	EXPECT_EQ(get_unused_fd_flags(0), 6);
}

SIM_TEST(descriptors__reserved_or_closed__lead_to_no_file)
{
	int fd = get_unused_fd_flags(0);
	struct file *file;

	EXPECT(!fget(fd));
	EXPECT_EQ(close_fd(fd), -EBADF);
	fd_install(fd, counted_file());
	file = fget(fd);
	EXPECT(file);
	EXPECT_EQ(file_count(file), 2);
	EXPECT_EQ(close_fd(fd), 0);
	EXPECT_EQ(released, 0);
	EXPECT(!fget(fd));
	EXPECT(!fget(0));
	EXPECT(!fget(100000));
	fput(file);
	EXPECT_EQ(released, 0);
	syscall_exit();
	EXPECT_EQ(released, 1);
}

SIM_TEST(close__last_reference__releases_before_it_returns)
{
	int fd = get_unused_fd_flags(0);

	fd_install(fd, counted_file());
	EXPECT_EQ(close_fd(fd), 0);
	EXPECT_EQ(released, 1);
}

SIM_TEST(descriptors__many__table_grows_up_to_the_limit)
{
	struct file *file = counted_file();

	for (int fd = SIM_FD_FIRST; fd < SIM_NR_OPEN_MAX; fd++) {
		EXPECT_EQ(get_unused_fd_flags(0), fd);
		fd_install(fd, get_file(file));
	}
	EXPECT_EQ(get_unused_fd_flags(0), -EMFILE);
	EXPECT_EQ(sys(HOST_NR_DUP, 3), -EMFILE);
	EXPECT_EQ(close_fd(700), 0);
	EXPECT_EQ(sys(HOST_NR_DUP, 3), 700);
	EXPECT(fget(1023) == file);
	fput(file);
	fput(file);
	for (int fd = SIM_FD_FIRST; fd < SIM_NR_OPEN_MAX; fd++)
		EXPECT_EQ(close_fd(fd), 0);
	EXPECT_EQ(released, 1);
}

SIM_TEST(dup__same_file__lives_until_both_are_closed)
{
	int fd = get_unused_fd_flags(0), copy;

	fd_install(fd, counted_file());
	copy = sys(HOST_NR_DUP, fd);
	EXPECT_EQ(copy, fd + 1);
	EXPECT(lt_file(copy) == lt_file(fd));
	EXPECT_EQ(lt_close(fd), 0);
	EXPECT_EQ(released, 0);
	EXPECT_EQ(lt_close(copy), 0);
	EXPECT_EQ(released, 1);
	EXPECT_EQ(sys(HOST_NR_DUP, 77), -EBADF);
}

SIM_TEST(files_exit__open_files__are_released_by_task_work)
{
	struct files_struct *mine = current->files;
	struct files_struct *files = files_create();

	EXPECT(files);
	current->files = files;
	fd_install(get_unused_fd_flags(0), counted_file());
	current->files = mine;
	files_exit(files);
	EXPECT_EQ(released, 0);
	syscall_exit();
	EXPECT_EQ(released, 1);
}

SIM_TEST(inode__last_reference__empties_the_page_cache)
{
	long inodes = lt_count("inodes");
	int fd = lt_open_flags("/tmp/a", HOST_O_RDWR | HOST_O_CREAT);

	EXPECT_EQ(lt_count("inodes"), inodes + 1);
	EXPECT_EQ(sys(HOST_NR_WRITE, fd, lt_user("hello", 5), 5), 5);
	EXPECT_EQ(file_inode(lt_file(fd))->i_data.nrpages, 1);
	EXPECT_EQ(lt_close(fd), 0);
	EXPECT_EQ(lt_count("inodes"), inodes);
}
