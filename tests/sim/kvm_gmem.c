// SPDX-License-Identifier: GPL-2.0

/* guest_memfd: contents, freezing, bindings, private memory. */

#include <linux/list.h>
#include <linux/pagemap.h>

#include "guest_memfd.h"
#include "kvm_test.h"

#define KT_PAGES	8

/* A VM with a vCPU and a guest_memfd at guest frame 0, mapped by the host as well. */
struct kt_guest {
	int vm;
	int vcpu;
	int gmem;
	long addr;
};

static void kt_guest_create(struct kt_guest *g)
{
	g->vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	g->vcpu = kt_ioctl(g->vm, KVM_CREATE_VCPU, 0);
	g->gmem = kt_create_gmem(g->vm, PAGES(KT_PAGES), GMEM_SHARED);
	EXPECT_EQ(kt_bind(g->vm, 0, 0, KT_PAGES, g->gmem, 0), 0);
	g->addr = sys(HOST_NR_MMAP, 0, PAGES(KT_PAGES), HOST_PROT_READ | HOST_PROT_WRITE,
		      HOST_MAP_SHARED, g->gmem, 0);
	EXPECT(g->addr > 0);
}

static void kt_guest_destroy(struct kt_guest *g)
{
	EXPECT_EQ(sys(HOST_NR_MUNMAP, g->addr, PAGES(KT_PAGES)), 0);
	kt_close(g->vcpu);
	kt_close(g->gmem);
	kt_close(g->vm);
	kt_expect_gone();
}

static void kt_expect_host_read(struct kt_guest *g, u64 offset, u8 value)
{
	u8 found = ~value;

	EXPECT_EQ(sim_user_access(g->addr + offset, &found, 1, 0), 0);
	EXPECT_EQ(found, value);
}

static void kt_host_write(struct kt_guest *g, u64 offset, u8 value)
{
	EXPECT_EQ(sim_user_access(g->addr + offset, &value, 1, 1), 0);
}

static void kt_expect_host_sigbus(struct kt_guest *g, u64 offset)
{
	u8 value = 0;

	EXPECT_EQ(sim_user_access(g->addr + offset, &value, 1, 0), 7);
	EXPECT_EQ(sim_user_access(g->addr + offset, &value, 1, 1), 7);
}

static long kt_fallocate(int gmem, int mode, u64 page, u64 npages)
{
	return sys(HOST_NR_FALLOCATE, gmem, mode, PAGES(page), PAGES(npages));
}

static unsigned long kt_nr_folios(int gmem)
{
	return kt_inode(gmem)->i_mapping->nrpages;
}

SIM_TEST(gmem__bad_arguments__are_einval)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);

	EXPECT_EQ(kt_create_gmem(vm, 0, 0), -EINVAL);
	EXPECT_EQ(kt_create_gmem(vm, 100, 0), -EINVAL);
	EXPECT_EQ(kt_create_gmem(vm, -PAGE_SIZE, 0), -EINVAL);
	EXPECT_EQ(kt_create_gmem(vm, PAGE_SIZE, 4), -EINVAL);
	EXPECT_EQ(kt_create_gmem(vm, PAGE_SIZE, 1ULL << 63), -EINVAL);
	EXPECT(PTR_ERR(kvm_gmem_create_file(kt_kvm(vm), PAGE_SIZE, 4)) == -EINVAL);
	EXPECT(PTR_ERR(kvm_gmem_create_file(kt_kvm(vm), 0, 0)) == -EINVAL);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(gmem__created_without_descriptor__is_a_guest_memfd_that_pins_its_vm)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	struct kvm *kvm = kt_kvm(vm);
	struct file *file = kvm_gmem_create_file(kvm, PAGES(4), GMEM_SHARED);

	EXPECT(!IS_ERR(file));
	EXPECT(kvm_gmem_is_gmem_file(file));
	EXPECT(!kvm_gmem_is_gmem_file(kt_file(vm)));
	EXPECT_EQ(i_size_read(file_inode(file)), PAGES(4));
	EXPECT_EQ(GMEM_I(file_inode(file))->flags, GMEM_SHARED);
	EXPECT(!GMEM_I(file_inode(file))->frozen);
	EXPECT_EQ(refcount_read(&kvm->users_count), 2);
	fput(file);
	/* The release runs on the way back to user space. */
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(gmem__guest_and_host__see_the_same_memory)
{
	struct kt_guest g;

	kt_guest_create(&g);
	kt_expect_guest_read(g.vcpu, PAGES(3), 0);
	kt_expect_guest_write(g.vcpu, PAGES(3) + 1, 0x11);
	kt_expect_host_read(&g, PAGES(3) + 1, 0x11);
	kt_host_write(&g, PAGES(5), 0x22);
	kt_expect_guest_read(g.vcpu, PAGES(5), 0x22);
	EXPECT_EQ(kt_nr_folios(g.gmem), 2);
	kt_guest_destroy(&g);
}

SIM_TEST(gmem__guest_access_across_pages__reaches_both)
{
	u8 out[4] = { 1, 2, 3, 4 }, in[4] = {};
	enum host_vcpu_exit exit;
	struct kt_guest g;

	kt_guest_create(&g);
	EXPECT_EQ(sim_vcpu_access(g.vcpu, PAGES(1) - 2, out, 4, 1, &exit), 0);
	EXPECT_EQ(exit, HOST_VCPU_DONE);
	EXPECT_EQ(sim_vcpu_access(g.vcpu, PAGES(1) - 2, in, 4, 0, &exit), 0);
	EXPECT(!memcmp(in, out, 4));
	kt_expect_host_read(&g, PAGES(1), 3);
	kt_guest_destroy(&g);
}

SIM_TEST(gmem__punch_hole__unmaps_guest_and_host)
{
	struct kt_guest g;
	unsigned long seq;

	kt_guest_create(&g);
	kt_expect_guest_write(g.vcpu, PAGES(1), 0x11);
	kt_expect_guest_write(g.vcpu, PAGES(2), 0x22);
	kt_expect_host_read(&g, PAGES(1), 0x11);

	seq = kt_kvm(g.vm)->mmu_invalidate_seq;
	EXPECT_EQ(kt_fallocate(g.gmem, PUNCH, 1, 1), 0);
	EXPECT_EQ(kt_kvm(g.vm)->mmu_invalidate_seq, seq + 1);
	EXPECT_EQ(kt_kvm(g.vm)->mmu_invalidate_in_progress, 0);
	EXPECT_EQ(kt_nr_folios(g.gmem), 1);

	kt_expect_guest_read(g.vcpu, PAGES(1), 0);
	kt_expect_host_read(&g, PAGES(1), 0);
	kt_expect_guest_read(g.vcpu, PAGES(2), 0x22);
	kt_guest_destroy(&g);
}

SIM_TEST(gmem__punch_hole_through_two_slots__unmaps_both)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int vcpu = kt_ioctl(vm, KVM_CREATE_VCPU, 0);
	int gmem = kt_create_gmem(vm, PAGES(8), GMEM_SHARED);

	EXPECT_EQ(kt_bind(vm, 0, 100, 4, gmem, 4), 0);
	EXPECT_EQ(kt_bind(vm, 1, 200, 4, gmem, 0), 0);
	kt_expect_guest_write(vcpu, PAGES(100), 1);
	kt_expect_guest_write(vcpu, PAGES(203), 1);
	kt_expect_guest_write(vcpu, PAGES(202), 1);
	EXPECT_EQ(kt_fallocate(gmem, PUNCH, 3, 2), 0);
	kt_expect_guest_read(vcpu, PAGES(100), 0);
	kt_expect_guest_read(vcpu, PAGES(203), 0);
	kt_expect_guest_read(vcpu, PAGES(202), 1);
	kt_close(vcpu);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(gmem__fallocate__checks_its_arguments_as_linux_7_3_does)
{
	struct kt_guest g;

	kt_guest_create(&g);
	EXPECT_EQ(kt_fallocate(g.gmem, 0, 0, 1), -EOPNOTSUPP);
	EXPECT_EQ(sys(HOST_NR_FALLOCATE, g.gmem, KEEP, 1, PAGE_SIZE), -EINVAL);
	EXPECT_EQ(sys(HOST_NR_FALLOCATE, g.gmem, KEEP, 0, 100), -EINVAL);
	EXPECT_EQ(kt_fallocate(g.gmem, KEEP, KT_PAGES, 1), -EINVAL);
	EXPECT_EQ(kt_fallocate(g.gmem, KEEP, 0, KT_PAGES + 1), -EINVAL);
	EXPECT_EQ(kt_nr_folios(g.gmem), 0);
	EXPECT_EQ(kt_fallocate(g.gmem, KEEP, 2, 3), 0);
	EXPECT_EQ(kt_nr_folios(g.gmem), 3);
	EXPECT_EQ(kt_fallocate(g.gmem, PUNCH, 0, KT_PAGES + 4), 0);
	EXPECT_EQ(kt_nr_folios(g.gmem), 0);
	EXPECT_EQ(sys(HOST_NR_FTRUNCATE, g.gmem, 0), -EINVAL);
	kt_guest_destroy(&g);
}

SIM_TEST(gmem__without_the_flags__can_not_be_mapped_or_read_by_the_host)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int plain = kt_create_gmem(vm, PAGE_SIZE, 0);
	int private = kt_create_gmem(vm, PAGE_SIZE, GUEST_MEMFD_FLAG_MMAP);
	u8 value = 0;
	long addr;

	EXPECT_EQ(sys(HOST_NR_MMAP, 0, PAGE_SIZE, HOST_PROT_READ, HOST_MAP_SHARED, plain, 0),
		  -ENODEV);
	addr = sys(HOST_NR_MMAP, 0, PAGE_SIZE, HOST_PROT_READ, HOST_MAP_SHARED, private, 0);
	EXPECT(addr > 0);
	EXPECT_EQ(sim_user_access(addr, &value, 1, 0), 7);
	EXPECT_EQ(sys(HOST_NR_MUNMAP, addr, PAGE_SIZE), 0);
	kt_close(plain);
	kt_close(private);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(gmem__frozen__refuses_what_would_change_its_folios, "P-36")
{
	struct kt_guest g;

	kt_guest_create(&g);
	EXPECT_EQ(kt_fallocate(g.gmem, KEEP, 0, 1), 0);
	EXPECT_EQ(kvm_gmem_freeze(kt_inode(g.gmem)), 0);

	EXPECT_EQ(kt_fallocate(g.gmem, KEEP, 0, 1), -EPERM);
	EXPECT_EQ(kt_fallocate(g.gmem, KEEP, 1, 1), -EPERM);
	EXPECT_EQ(kt_fallocate(g.gmem, PUNCH, 0, 1), -EPERM);
	EXPECT_EQ(kt_fallocate(g.gmem, PUNCH, 5, 1), -EPERM);
	kt_expect_guest_fault(g.vcpu, PAGES(1), -EPERM);
	kt_expect_host_sigbus(&g, PAGES(1));
	EXPECT_EQ(kt_nr_folios(g.gmem), 1);

	kvm_gmem_unfreeze(kt_inode(g.gmem));
	kt_guest_destroy(&g);
}

SIM_TEST(gmem__frozen__keeps_present_folios_accessible, "P-36")
{
	struct kt_guest g;

	kt_guest_create(&g);
	/* One in use by both, one by the guest, one by the host, one by nobody yet. */
	kt_expect_guest_write(g.vcpu, PAGES(0), 1);
	kt_expect_host_read(&g, PAGES(0), 1);
	kt_expect_guest_write(g.vcpu, PAGES(1), 2);
	kt_host_write(&g, PAGES(2), 3);
	EXPECT_EQ(kt_fallocate(g.gmem, KEEP, 3, 1), 0);

	EXPECT_EQ(kvm_gmem_freeze(kt_inode(g.gmem)), 0);
	kt_expect_guest_write(g.vcpu, PAGES(0), 4);
	kt_expect_host_read(&g, PAGES(0), 4);
	kt_expect_host_read(&g, PAGES(1), 2);
	kt_expect_guest_read(g.vcpu, PAGES(2), 3);
	kt_expect_guest_read(g.vcpu, PAGES(3), 0);
	kt_expect_host_read(&g, PAGES(3), 0);
	EXPECT_EQ(kt_nr_folios(g.gmem), 4);

	kvm_gmem_unfreeze(kt_inode(g.gmem));
	kt_guest_destroy(&g);
}

SIM_TEST(gmem__unfrozen__is_as_before, "P-40")
{
	struct kt_guest g;

	kt_guest_create(&g);
	EXPECT_EQ(kvm_gmem_freeze(kt_inode(g.gmem)), 0);
	EXPECT_EQ(kvm_gmem_freeze(kt_inode(g.gmem)), -EBUSY);
	kvm_gmem_unfreeze(kt_inode(g.gmem));

	kt_expect_guest_write(g.vcpu, PAGES(1), 1);
	EXPECT_EQ(kt_fallocate(g.gmem, KEEP, 2, 1), 0);
	EXPECT_EQ(kt_fallocate(g.gmem, PUNCH, 0, KT_PAGES), 0);
	EXPECT_EQ(kvm_gmem_freeze(kt_inode(g.gmem)), 0);
	kvm_gmem_unfreeze(kt_inode(g.gmem));
	kt_guest_destroy(&g);
}

SIM_TEST(gmem__poisoned_page__guest_is_told_until_it_is_punched_out)
{
	struct kt_guest g;
	struct folio *folio;
	unsigned long pfn;

	kt_guest_create(&g);
	kt_expect_guest_write(g.vcpu, PAGES(1), 0x11);
	folio = filemap_get_folio(kt_inode(g.gmem)->i_mapping, 1);
	EXPECT(!IS_ERR(folio));
	pfn = folio_pfn(folio);
	folio_put(folio);

	sim_memory_failure(pfn);
	kt_expect_guest_fault(g.vcpu, PAGES(1), -EHWPOISON);
	kt_expect_guest_fault(g.vcpu, PAGES(1), -EHWPOISON);
	EXPECT_EQ(kt_fallocate(g.gmem, PUNCH, 1, 1), 0);
	kt_expect_guest_read(g.vcpu, PAGES(1), 0);
	kt_guest_destroy(&g);
}

SIM_TEST(gmem__closed_before_its_slot__guest_faults_and_the_slot_can_be_deleted)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int vcpu = kt_ioctl(vm, KVM_CREATE_VCPU, 0);
	int gmem = kt_create_gmem(vm, PAGES(4), GMEM_SHARED);

	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 0), 0);
	kt_expect_guest_write(vcpu, 0, 1);
	kt_close(gmem);
	EXPECT(!id_to_memslot(kt_kvm(vm)->memslots[0], 0)->gmem.file);
	kt_expect_guest_fault(vcpu, 0, -EFAULT);
	EXPECT_EQ(kt_delete_slot(vm, 0), 0);
	kt_expect_mmio(vcpu, 0);
	kt_close(vcpu);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(gmem__vm_without_a_mapping_of_it__maps_host_memory_instead)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int vcpu = kt_ioctl(vm, KVM_CREATE_VCPU, 0);
	int gmem = kt_create_gmem(vm, PAGES(4), 0);
	enum host_vcpu_exit exit;

	/* Not mappable: shared accesses go to userspace_addr, where there is nothing. */
	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 0), 0);
	EXPECT_EQ(kt_guest_write(vcpu, 0, 1, &exit), -EFAULT);
	EXPECT_EQ(exit, HOST_VCPU_DONE);
	EXPECT_EQ(kt_nr_folios(gmem), 0);
	kt_close(vcpu);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(attributes__without_private_memory__are_einval)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);

	EXPECT_EQ(kt_set_attributes(vm, 0, 1, KVM_MEMORY_ATTRIBUTE_PRIVATE), -EINVAL);
	EXPECT_EQ(kt_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_MEMORY_ATTRIBUTES), 0);
	/* Asking for none is asking for what is. */
	EXPECT_EQ(kt_set_attributes(vm, 0, 4, 0), 0);
	kt_close(vm);
}

SIM_TEST(attributes__malformed__are_einval)
{
	int vm = kt_create_vm(KVM_X86_SW_PROTECTED_VM);
	struct kvm_memory_attributes attrs = { .size = PAGE_SIZE, .flags = 1 };

	EXPECT_EQ(kt_ioctl(vm, KVM_SET_MEMORY_ATTRIBUTES, kt_user(&attrs, sizeof(attrs))), -EINVAL);
	attrs = (struct kvm_memory_attributes){ .size = PAGE_SIZE + 1 };
	EXPECT_EQ(kt_ioctl(vm, KVM_SET_MEMORY_ATTRIBUTES, kt_user(&attrs, sizeof(attrs))), -EINVAL);
	EXPECT_EQ(kt_set_attributes(vm, 0, 0, 0), -EINVAL);
	EXPECT_EQ(kt_set_attributes(vm, 0, 1, 1), -EINVAL);
	kt_close(vm);
}

SIM_TEST(attributes__private__decide_where_the_guest_goes, "P-39")
{
	int vm = kt_create_vm(KVM_X86_SW_PROTECTED_VM);
	int vcpu = kt_ioctl(vm, KVM_CREATE_VCPU, 0);
	int gmem = kt_create_gmem(vm, PAGES(4), 0);
	enum host_vcpu_exit exit;
	struct kvm *kvm = kt_kvm(vm);

	EXPECT_EQ(kt_bind(vm, 0, 0, 4, gmem, 0), 0);
	EXPECT_EQ(kt_set_attributes(vm, 1, 2, KVM_MEMORY_ATTRIBUTE_PRIVATE), 0);
	EXPECT(kvm_range_has_memory_attributes(kvm, 1, 3, KVM_MEMORY_ATTRIBUTE_PRIVATE,
					       KVM_MEMORY_ATTRIBUTE_PRIVATE));
	EXPECT(!kvm_range_has_memory_attributes(kvm, 0, 3, KVM_MEMORY_ATTRIBUTE_PRIVATE,
						KVM_MEMORY_ATTRIBUTE_PRIVATE));
	EXPECT(!kvm_range_has_memory_attributes(kvm, 0, 3, KVM_MEMORY_ATTRIBUTE_PRIVATE, 0));

	kt_expect_guest_write(vcpu, PAGES(1), 0x55);
	EXPECT_EQ(kt_guest_write(vcpu, PAGES(0), 1, &exit), -EFAULT);
	EXPECT_EQ(exit, HOST_VCPU_DONE);

	/* Converting unmaps; what the guest_memfd holds stays. */
	EXPECT_EQ(kt_set_attributes(vm, 1, 1, 0), 0);
	EXPECT_EQ(kt_guest_write(vcpu, PAGES(1), 1, &exit), -EFAULT);
	EXPECT_EQ(kt_set_attributes(vm, 1, 1, KVM_MEMORY_ATTRIBUTE_PRIVATE), 0);
	kt_expect_guest_read(vcpu, PAGES(1), 0x55);

	/* Private without a guest_memfd, or without a slot, can't be. */
	EXPECT_EQ(kt_set_attributes(vm, 100, 1, KVM_MEMORY_ATTRIBUTE_PRIVATE), 0);
	kt_expect_guest_fault(vcpu, PAGES(100), -EFAULT);
	kt_close(vcpu);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}
