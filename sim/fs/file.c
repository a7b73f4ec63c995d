// SPDX-License-Identifier: GPL-2.0
/*
 * Descriptor tables. Semantics of fs/file.c of Linux 7.3: the lowest free descriptor is
 * given out, look-ups take no lock, a table that is too small is replaced by a copy.
 */

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <sim/sim.h>

#include "internal.h"

static struct kmem_cache *files_cachep;

static void free_fdtable(struct fdtable *fdt)
{
	kfree(fdt->fd);
	kfree(fdt->open_fds);
	kfree(fdt->close_on_exec);
	kfree(fdt);
}

static void free_fdtable_rcu(struct rcu_head *rcu)
{
	free_fdtable(container_of(rcu, struct fdtable, rcu));
}

static struct fdtable *alloc_fdtable(unsigned int nr)
{
	unsigned int longs = BITS_TO_LONGS(nr);
	struct fdtable *fdt = kzalloc(sizeof(*fdt), GFP_KERNEL_ACCOUNT);

	if (!fdt)
		return NULL;
	fdt->max_fds = nr;
	fdt->fd = kcalloc(nr, sizeof(*fdt->fd), GFP_KERNEL_ACCOUNT);
	fdt->open_fds = kcalloc(longs, sizeof(long), GFP_KERNEL_ACCOUNT);
	fdt->close_on_exec = kcalloc(longs, sizeof(long), GFP_KERNEL_ACCOUNT);
	if (fdt->fd && fdt->open_fds && fdt->close_on_exec)
		return fdt;

	free_fdtable(fdt);
	return NULL;
}

/* Called and returns with file_lock held, but lets go of it while it allocates. */
static int expand_fdtable(struct files_struct *files, unsigned int nr)
{
	struct fdtable *old, *new;
	unsigned int longs;

	spin_unlock(&files->file_lock);
	new = alloc_fdtable(roundup_pow_of_two(nr + 1));
	spin_lock(&files->file_lock);
	if (!new)
		return -ENOMEM;

	old = files_fdtable(files);
	if (nr < old->max_fds) {
		/* Another task of the process was faster. */
		free_fdtable(new);
		return 0;
	}

	longs = BITS_TO_LONGS(old->max_fds);
	memcpy(new->fd, old->fd, old->max_fds * sizeof(*old->fd));
	memcpy(new->open_fds, old->open_fds, longs * sizeof(long));
	memcpy(new->close_on_exec, old->close_on_exec, longs * sizeof(long));
	rcu_assign_pointer(files->fdt, new);
	if (old != &files->fdtab)
		call_rcu(&old->rcu, free_fdtable_rcu);
	return 0;
}

/* The lowest free descriptor from @start on. */
static int alloc_fd(struct files_struct *files, unsigned int start, unsigned int flags)
{
	struct fdtable *fdt;
	unsigned int fd;
	int err = 0;

	spin_lock(&files->file_lock);
	for (;;) {
		fdt = files_fdtable(files);
		fd = find_next_zero_bit(fdt->open_fds, fdt->max_fds, max(start, files->next_fd));
		fd = max(fd, start);
		if (fd >= SIM_NR_OPEN_MAX) {
			err = -EMFILE;
			break;
		}
		if (fd < fdt->max_fds)
			break;
		err = expand_fdtable(files, fd);
		if (err)
			break;
	}
	if (!err) {
		__set_bit(fd, fdt->open_fds);
		__assign_bit(fd, fdt->close_on_exec, flags & O_CLOEXEC);
		if (start <= files->next_fd)
			files->next_fd = fd + 1;
	}
	spin_unlock(&files->file_lock);

	return err ? err : fd;
}

/**
 * get_unused_fd_flags() - reserve the lowest free descriptor of the current process.
 * @flags: O_CLOEXEC or 0
 *
 * Return: the descriptor, -EMFILE at the limit of open files, -ENOMEM.
 */
int get_unused_fd_flags(unsigned int flags)
{
	return alloc_fd(current->files, 0, flags);
}

static void __put_unused_fd(struct files_struct *files, unsigned int fd)
{
	__clear_bit(fd, files_fdtable(files)->open_fds);
	if (fd < files->next_fd)
		files->next_fd = fd;
}

/** put_unused_fd() - give back a descriptor that got no file. */
void put_unused_fd(unsigned int fd)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	__put_unused_fd(files, fd);
	spin_unlock(&files->file_lock);
}

static void files_install(struct files_struct *files, unsigned int fd, struct file *file)
{
	struct fdtable *fdt;

	spin_lock(&files->file_lock);
	fdt = files_fdtable(files);
	WARN_ON(fdt->fd[fd] != NULL);
	rcu_assign_pointer(fdt->fd[fd], file);
	spin_unlock(&files->file_lock);
}

/**
 * fd_install() - let a reserved descriptor lead to @file, whose reference it takes.
 *
 * From here on user space can use and close it: the caller must not touch @file again.
 */
void fd_install(unsigned int fd, struct file *file)
{
	files_install(current->files, fd, file);
}

/**
 * files_add() - let the lowest free descriptor from @start on lead to @file.
 * @files: table of a process, not necessarily the current one
 *
 * What a process inherited. Return: the descriptor, -EMFILE, -ENOMEM.
 */
int files_add(struct files_struct *files, unsigned int start, struct file *file)
{
	int fd = alloc_fd(files, start, 0);

	if (fd >= 0)
		files_install(files, fd, file);
	return fd;
}

static struct file *file_close_fd(unsigned int fd)
{
	struct files_struct *files = current->files;
	struct file *file = NULL;
	struct fdtable *fdt;

	spin_lock(&files->file_lock);
	fdt = files_fdtable(files);
	if (fd < fdt->max_fds)
		file = fdt->fd[fd];
	if (file) {
		rcu_assign_pointer(fdt->fd[fd], NULL);
		__put_unused_fd(files, fd);
	}
	spin_unlock(&files->file_lock);

	return file;
}

/**
 * close_fd() - close(2): the release runs before it returns, if it was the last reference.
 *
 * Return: 0, -EBADF, or the error of the file's flush(); it is closed all the same.
 */
int close_fd(unsigned int fd)
{
	struct file *file = file_close_fd(fd);
	int ret;

	if (!file)
		return -EBADF;

	ret = filp_flush(file, current->files);
	fput_close_sync(file);
	return ret;
}

static struct file *__fget(struct files_struct *files, unsigned int fd, fmode_t mask)
{
	for (;;) {
		struct fdtable *fdt = rcu_dereference_raw(files->fdt);
		struct file *file;

		if (fd >= fdt->max_fds)
			return NULL;
		file = rcu_dereference_raw(fdt->fd[fd]);
		if (!file)
			return NULL;
		/* The table holds a reference: a dying file has left it by the next look. */
		if (!file_ref_get(&file->f_ref)) {
			sim_check(file != rcu_dereference_raw(fdt->fd[fd]),
				  "a file without references stands in a descriptor table");
			continue;
		}
		if (file != rcu_dereference_raw(fdt->fd[fd]) ||
		    fdt != rcu_dereference_raw(files->fdt)) {
			fput(file);
			continue;
		}
		if (file->f_mode & mask) {
			fput(file);
			return NULL;
		}
		return file;
	}
}

/** fget() - a reference to the file behind @fd; NULL if there is none, or only a path. */
struct file *fget(unsigned int fd)
{
	struct file *file;

	rcu_read_lock();
	file = __fget(current->files, fd, FMODE_PATH);
	rcu_read_unlock();

	return file;
}

/** fget_raw() - like fget(), for descriptors of paths as well. */
struct file *fget_raw(unsigned int fd)
{
	struct file *file;

	rcu_read_lock();
	file = __fget(current->files, fd, 0);
	rcu_read_unlock();

	return file;
}

struct files_struct *files_create(void)
{
	struct files_struct *files = kmem_cache_zalloc(files_cachep, GFP_KERNEL);

	if (!files)
		return NULL;

	atomic_set(&files->count, 1);
	spin_lock_init(&files->file_lock);
	files->fdtab.max_fds = NR_OPEN_DEFAULT;
	files->fdtab.fd = files->fd_array;
	files->fdtab.open_fds = files->open_fds_init;
	files->fdtab.close_on_exec = files->close_on_exec_init;
	rcu_assign_pointer(files->fdt, &files->fdtab);
	files->open_fds_init[0] = (1UL << SIM_FD_FIRST) - 1;
	files->next_fd = SIM_FD_FIRST;
	return files;
}

void files_exit(struct files_struct *files)
{
	struct fdtable *fdt;

	if (!files || !atomic_dec_and_test(&files->count))
		return;

	/* Nobody else can reach the table any more. */
	fdt = files_fdtable(files);
	for (unsigned int fd = 0; fd < fdt->max_fds; fd++) {
		struct file *file = fdt->fd[fd];

		if (file) {
			fdt->fd[fd] = NULL;
			filp_close(file, files);
		}
	}
	if (fdt != &files->fdtab)
		free_fdtable(fdt);
	kmem_cache_free(files_cachep, files);
}

void __init fdtable_init(void)
{
	files_cachep = kmem_cache_create("files_cache", sizeof(struct files_struct), NULL,
					 SLAB_HWCACHE_ALIGN | SLAB_PANIC | SLAB_ACCOUNT);
}
