// SPDX-License-Identifier: GPL-2.0
/* Files, as part of the state of this kernel: see <sim/state.h>. */

#include <linux/bitmap.h>
#include <linux/dcache.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/xarray.h>
#include <sim/state.h>

#include "internal.h"

/* Which pages there are, where, and in what condition. */
static void pages_state(struct sim_state *s, struct inode *inode)
{
	XA_STATE(xas, &inode->i_mapping->i_pages, 0);
	u64 places = SIM_HASH_INIT, contents = SIM_HASH_INIT;
	struct folio *folio;

	xas_for_each(&xas, folio, ULONG_MAX) {
		unsigned long nr = folio_nr_pages(folio);

		places = sim_hash_number(places, folio->index);
		places = sim_hash_number(places, folio_pfn(folio));
		places = sim_hash_number(places, nr << 2 | folio_test_uptodate(folio) << 1 |
						 folio_test_dirty(folio));
		for (unsigned long i = 0; i < nr && s->detail & HOST_STATE_CONTENTS; i++)
			contents = sim_hash_page(contents, folio_pfn(folio) + i);
	}
	sim_state_number(s, "pages", inode->i_mapping->nrpages);
	sim_state_hash(s, "places of pages", places);
	if (s->detail & HOST_STATE_CONTENTS)
		sim_state_hash(s, "contents of pages", contents);
}

static void inode_state(struct sim_state *s, struct inode *inode)
{
	sim_state_number(s, "inode", inode->i_ino);
	/* Of others there is nothing to tell; many files share one. */
	if (!S_ISREG(inode->i_mode))
		return;
	sim_state_number(s, "references to the inode", inode->i_count.counter);
	sim_state_number(s, "size", inode->i_size);
	pages_state(s, inode);
}

void vfs_file_state(struct sim_state *s, struct file *file)
{
	sim_state_number(s, "references", file->f_ref.refcnt.counter + 1);
	sim_state_number(s, "position", file->f_pos);
	sim_state_number(s, "flags", file->f_flags);
	sim_state_number(s, "mode", (__force unsigned int)file->f_mode);
	inode_state(s, file_inode(file));
	shmem_file_state(s, file);
	kvm_file_state(s, file);
}

static void descriptor_state(struct sim_state *s, const struct fdtable *fdt, unsigned int fd)
{
	struct file *file = fdt->fd[fd];
	size_t outer;

	/* 0, 1 and 2 are a program's own, and not modelled. */
	if (!file) {
		if (fd >= SIM_FD_FIRST)
			sim_state_number(s, "descriptors without a file", fd);
		return;
	}
	outer = sim_state_about(s, "descriptor %u '%s'", fd, file->f_path.dentry->d_iname);
	sim_state_number(s, "closed on exec", test_bit(fd, fdt->close_on_exec));
	vfs_file_state(s, file);
	sim_state_back(s, outer);
}

static void process_state(struct sim_state *s, const struct sim_process *process)
{
	size_t outer = sim_state_about(s, "process %d '%s'", process->tgid, process->comm);
	const struct fdtable *fdt;
	unsigned int fd;

	if (process->files) {
		fdt = process->files->fdt;
		for_each_set_bit(fd, fdt->open_fds, fdt->max_fds)
			descriptor_state(s, fdt, fd);
	}
	sim_state_number(s, "exited", process->exited);
	sim_state_number(s, "tasks", process->live);
	sim_state_back(s, outer);
}

/* A process is listed with the first of its tasks; one that has begun to exit has none. */
static bool is_first_task(const struct task_struct *task)
{
	const struct task_struct *it;

	list_for_each_entry(it, &init_task.tasks, tasks)
		if (it->process == task->process)
			return it == task;
	return false;
}

/**
 * vfs_state() - who has which files open.
 *
 * How large a table of descriptors is, and which inode numbers come next, is nobody's
 * business. Files without a descriptor are counted, or told of by whoever holds them.
 */
void vfs_state(struct sim_state *s)
{
	const struct task_struct *task;

	list_for_each_entry(task, &init_task.tasks, tasks)
		if (task->process && is_first_task(task))
			process_state(s, task->process);
	sim_state_number(s, "open files", vfs_counters.files);
	sim_state_number(s, "inodes", vfs_counters.inodes);
	sim_state_number(s, "dentries", vfs_counters.dentries);
	sim_state_number(s, "mounts", vfs_counters.mounts);
}
