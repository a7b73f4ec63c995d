/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DEBUGFS_H_
#define _DEBUGFS_H_

/*
 * stub: there is no debugfs. Creating returns -ENODEV as without CONFIG_DEBUG_FS; callers
 * must not care, that is debugfs's rule.
 */

#include <linux/err.h>
#include <linux/seq_file.h>
#include <linux/types.h>

struct dentry;
struct file_operations;

struct debugfs_blob_wrapper {
	void *data;
	unsigned long size;
};

static inline struct dentry *debugfs_create_dir(const char *name, struct dentry *parent)
{
	return ERR_PTR(-ENODEV);
}

static inline struct dentry *debugfs_create_file(const char *name, umode_t mode,
						 struct dentry *parent, void *data,
						 const struct file_operations *fops)
{
	return ERR_PTR(-ENODEV);
}

static inline struct dentry *debugfs_create_blob(const char *name, umode_t mode,
						 struct dentry *parent,
						 struct debugfs_blob_wrapper *blob)
{
	return ERR_PTR(-ENODEV);
}

static inline void debugfs_remove(struct dentry *dentry)
{
	/* Nothing was created. */
}

static inline void debugfs_remove_recursive(struct dentry *dentry)
{
	/* Nothing was created. */
}

#endif /* _DEBUGFS_H_ */
