/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_SIM_MM_TEST_H
#define _TESTS_SIM_MM_TEST_H

/* What the tests of mm/ share: a file of their own, and how much memory is in use. */

#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kexec_handover.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <sim/test.h>

#define TEST_PAGES	16

extern const struct address_space_operations mt_aops;

/* An inode with nothing but a page cache, of TEST_PAGES pages. */
struct inode *mt_inode(void);
/* The same of one that the caller has, zeroed. */
void mt_inode_init(struct inode *inode);
void mt_inode_free(struct inode *inode);

/* A file of that inode, which may be mapped. */
struct file *mt_file(struct inode *inode);

/* The folio at @index, created, zeroed and up to date; unlocked, without a reference. */
struct folio *mt_fill(struct inode *inode, pgoff_t index);

/* A large folio of 2^@order pages, dirty, each page filled with 'a' plus its offset in it. */
struct folio *mt_fill_large(struct inode *inode, pgoff_t index, unsigned int order);

/* Maps the first pages of a file shared; the address. */
unsigned long mt_map(struct file *file, unsigned long pages, unsigned long prot);

#endif /* _TESTS_SIM_MM_TEST_H */
