/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SEQ_FILE_H
#define _LINUX_SEQ_FILE_H

/*
 * Stub: declarations for files of the kernel that show something in debugfs, which is not
 * there. sim/ has none of these functions and nothing linked here calls them.
 */

#include <linux/fs.h>
#include <linux/types.h>

struct seq_file;

void seq_printf(struct seq_file *m, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
ssize_t seq_read(struct file *file, char __user *buf, size_t size, loff_t *ppos);
loff_t seq_lseek(struct file *file, loff_t offset, int whence);
int single_open(struct file *file, int (*show)(struct seq_file *m, void *v), void *data);
int single_release(struct inode *inode, struct file *file);

/** DEFINE_SHOW_ATTRIBUTE() - NAME_fops, a file that reads what NAME_show() prints. */
#define DEFINE_SHOW_ATTRIBUTE(name)						\
static int name##_open(struct inode *inode, struct file *file)			\
{										\
	return single_open(file, name##_show, inode->i_private);		\
}										\
static const struct file_operations name##_fops = {				\
	.llseek = seq_lseek, .open = name##_open, .owner = THIS_MODULE,		\
	.read = seq_read, .release = single_release,				\
}

#endif /* _LINUX_SEQ_FILE_H */
