// SPDX-License-Identifier: GPL-2.0

#include <linux/highmem.h>
#include <linux/spinlock.h>

#include "mm_test.h"

const struct address_space_operations mt_aops = {
	.dirty_folio = noop_dirty_folio,
};

void mt_inode_init(struct inode *inode)
{
	inode_init_once(inode);
	spin_lock_init(&inode->i_lock);
	init_rwsem(&inode->i_data.invalidate_lock);
	inode->i_mode = S_IFREG;
	inode->i_mapping = &inode->i_data;
	inode->i_data.host = inode;
	inode->i_data.a_ops = &mt_aops;
	inode->i_data.gfp_mask = GFP_HIGHUSER;
	i_size_write(inode, TEST_PAGES * PAGE_SIZE);
}

struct inode *mt_inode(void)
{
	struct inode *inode = kzalloc_obj(*inode);

	EXPECT(inode);
	mt_inode_init(inode);
	return inode;
}

void mt_inode_free(struct inode *inode)
{
	truncate_inode_pages_final(inode->i_mapping);
	EXPECT_EQ(inode->i_mapping->nrpages, 0);
	EXPECT(mapping_empty(inode->i_mapping));
	kfree(inode);
}

struct folio *mt_fill(struct inode *inode, pgoff_t index)
{
	struct folio *folio = filemap_grab_folio(inode->i_mapping, index);

	EXPECT(!IS_ERR(folio));
	if (!folio_test_uptodate(folio)) {
		clear_highpage(folio_page(folio, 0));
		folio_mark_uptodate(folio);
	}
	folio_unlock(folio);
	folio_put(folio);
	return folio;
}

struct folio *mt_fill_large(struct inode *inode, pgoff_t index, unsigned int order)
{
	struct folio *folio;

	mapping_set_large_folios(inode->i_mapping);
	folio = __filemap_get_folio(inode->i_mapping, index, FGP_LOCK | FGP_CREAT |
				    fgf_set_order(PAGE_SIZE << order), GFP_KERNEL);
	EXPECT(!IS_ERR(folio));
	EXPECT_EQ(folio_order(folio), order);
	for (long i = 0; i < folio_nr_pages(folio); i++)
		memset(page_address(folio_page(folio, i)), 'a' + i, PAGE_SIZE);
	folio_mark_uptodate(folio);
	folio_mark_dirty(folio);
	folio_unlock(folio);
	folio_put(folio);
	return folio;
}

static vm_fault_t fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_mapping->host;
	struct folio *folio;

	if ((loff_t)vmf->pgoff << PAGE_SHIFT >= i_size_read(inode))
		return VM_FAULT_SIGBUS;
	folio = filemap_grab_folio(inode->i_mapping, vmf->pgoff);
	if (IS_ERR(folio))
		return vmf_error(PTR_ERR(folio));
	if (!folio_test_uptodate(folio)) {
		clear_highpage(folio_page(folio, 0));
		folio_mark_uptodate(folio);
	}
	vmf->page = folio_file_page(folio, vmf->pgoff);
	return VM_FAULT_LOCKED;
}

static const struct vm_operations_struct vm_ops = { .fault = fault };

static int mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &vm_ops;
	return 0;
}

static const struct file_operations fops = { .mmap = mmap };

struct file *mt_file(struct inode *inode)
{
	struct file *file = anon_inode_getfile("[mm-test]", &fops, NULL, O_RDWR);

	EXPECT(!IS_ERR(file));
	file->f_mapping = inode->i_mapping;
	return file;
}

unsigned long mt_map(struct file *file, unsigned long pages, unsigned long prot)
{
	unsigned long addr = vm_mmap(file, 0, pages * PAGE_SIZE, prot, MAP_SHARED, 0);

	EXPECT(!IS_ERR_VALUE(addr));
	return addr;
}
