/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_MM_SHMEM_H
#define _SIM_MM_SHMEM_H

/* Simulated: what the files about files in memory share with each other. */

#include <linux/fs.h>
#include <linux/mm.h>

/* shmem.c */
extern const struct address_space_operations shmem_aops;
extern const struct vm_operations_struct shmem_vm_ops;
long shmem_fallocate(struct file *file, int mode, loff_t offset, loff_t len);

/* shmem_file.c */
extern const struct file_operations shmem_file_operations;
extern const struct inode_operations shmem_inode_operations;

/* shmem_fs.c */
struct inode *shmem_get_inode(struct super_block *sb, umode_t mode, vm_flags_t flags);

/* shmem_dir.c */
void shmem_dir_init(struct vfsmount *mnt);
void shmem_forget_name(struct inode *inode);

#endif /* _SIM_MM_SHMEM_H */
