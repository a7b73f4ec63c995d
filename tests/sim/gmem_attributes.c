// SPDX-License-Identifier: GPL-2.0

/*
 * Attributes that a guest_memfd has of its own. Parts named order_* are also run by
 * tests/orders, at once and in all orders; alone each does what its name says.
 */

#include <linux/pagemap.h>

#include "gmem_internal.h"
#include "kvm_test.h"

#define PRIVATE	KVM_MEMORY_ATTRIBUTE_PRIVATE

/* The kernel was booted with "kvm.vm_memory_attributes=0". */
static void ga_choose(void)
{
	vm_memory_attributes = false;
}

static long ga_convert(int gmem, u64 page, u64 pages, u64 attributes)
{
	struct kvm_memory_attributes2 attrs = {
		.offset = PAGES(page), .size = PAGES(pages), .attributes = attributes,
	};

	return kt_ioctl(gmem, KVM_SET_MEMORY_ATTRIBUTES2, kt_user(&attrs, sizeof(attrs)));
}

static u64 ga_error_offset(void)
{
	return ((struct kvm_memory_attributes2 *)sim_boot.user_base)->error_offset;
}

static bool ga_stored(int gmem)
{
	return !xa_empty(kvm_gmem_attributes(kt_inode(gmem)));
}

SIM_TEST(gmem_attributes__of_the_vm__leave_nothing_to_convert)
{
	int vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	int gmem = kt_create_gmem(vm, PAGES(2), 0);

	EXPECT_EQ(ga_convert(gmem, 0, 2, 0), -ENOTTY);
	EXPECT(kvm_gmem_range_has_attributes(kt_inode(gmem), 0, 2, PRIVATE));
	EXPECT_EQ(kvm_gmem_freeze(kt_inode(gmem)), -EOPNOTSUPP);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(gmem_attributes__of_the_file__are_no_longer_those_of_the_vm)
{
	int vm;

	ga_choose();
	vm = kt_create_vm(KVM_X86_SW_PROTECTED_VM);
	EXPECT_EQ(kt_set_attributes(vm, 0, 1, PRIVATE), -ENOTTY);
	EXPECT_EQ(kt_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_MEMORY_ATTRIBUTES), 0);
	EXPECT_EQ(kt_ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_GUEST_MEMFD_FLAGS), GMEM_SHARED);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(gmem_attributes__converted_and_back__leave_nothing_stored)
{
	int vm, gmem;

	ga_choose();
	vm = kt_create_vm(KVM_X86_DEFAULT_VM);
	gmem = kt_create_gmem(vm, PAGES(100), 0);
	EXPECT_EQ(ga_convert(gmem, 10, 80, 0), 0);
	EXPECT(kvm_gmem_range_has_attributes(kt_inode(gmem), 10, 90, 0));
	EXPECT(!kvm_gmem_range_has_attributes(kt_inode(gmem), 9, 90, 0));
	EXPECT(!kvm_gmem_range_has_attributes(kt_inode(gmem), 10, 91, 0));
	EXPECT(kvm_gmem_range_has_attributes(kt_inode(gmem), 0, 10, PRIVATE));
	EXPECT(!kvm_gmem_range_has_attributes(kt_inode(gmem), 0, 11, PRIVATE));
	kt_close(gmem);
	kt_close(vm);

	vm = kt_create_vm(KVM_X86_SW_PROTECTED_VM);
	gmem = kt_create_gmem(vm, PAGES(100), GMEM_SHARED);
	EXPECT_EQ(ga_convert(gmem, 10, 80, PRIVATE), 0);
	EXPECT(ga_stored(gmem));
	EXPECT_EQ(ga_convert(gmem, 0, 100, 0), 0);
	EXPECT(!ga_stored(gmem));
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(gmem_attributes__page_in_use__is_eagain_and_named_and_nothing_is_converted)
{
	struct folio *folio;
	int vm, gmem;

	ga_choose();
	vm = kt_create_vm(KVM_X86_SW_PROTECTED_VM);
	gmem = kt_create_gmem(vm, PAGES(8), GMEM_SHARED);
	EXPECT_EQ(sys(HOST_NR_FALLOCATE, gmem, KEEP, 0, PAGES(8)), 0);
	folio = filemap_get_folio(kt_inode(gmem)->i_mapping, 5);
	EXPECT(!IS_ERR(folio));

	EXPECT_EQ(ga_convert(gmem, 1, 7, PRIVATE), -EAGAIN);
	EXPECT_EQ(ga_error_offset(), PAGES(5));
	EXPECT(!ga_stored(gmem));
	EXPECT_EQ(ga_convert(gmem, 0, 5, PRIVATE), 0);
	folio_put(folio);
	EXPECT_EQ(ga_convert(gmem, 1, 7, PRIVATE), 0);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

SIM_TEST(gmem_attributes__frozen__conversions_are_eperm_even_without_effect)
{
	int vm, gmem;

	ga_choose();
	vm = kt_create_vm(KVM_X86_SW_PROTECTED_VM);
	gmem = kt_create_gmem(vm, PAGES(8), GMEM_SHARED);
	EXPECT_EQ(kvm_gmem_freeze(kt_inode(gmem)), 0);
	EXPECT_EQ(ga_convert(gmem, 3, 1, PRIVATE), -EPERM);
	EXPECT_EQ(ga_error_offset(), PAGES(3));
	EXPECT_EQ(ga_convert(gmem, 3, 1, 0), -EPERM);
	EXPECT(!ga_stored(gmem));
	kvm_gmem_unfreeze(kt_inode(gmem));
	EXPECT_EQ(ga_convert(gmem, 3, 1, PRIVATE), 0);
	EXPECT_EQ(kvm_gmem_freeze(kt_inode(gmem)), -EOPNOTSUPP);
	EXPECT(!GMEM_I(kt_inode(gmem))->frozen);
	kt_close(gmem);
	kt_close(vm);
	kt_expect_gone();
}

/* What the parts share. */
static struct {
	bool created;
	int vm;
	int gmem;
	long addr;
	bool stored;
	bool refused;
	bool frozen;
} ga;

static void ga_create(void)
{
	ga_choose();
	ga.vm = kt_create_vm(KVM_X86_SW_PROTECTED_VM);
	ga.gmem = kt_create_gmem(ga.vm, PAGES(1), GMEM_SHARED);
	ga.addr = sys(HOST_NR_MMAP, 0, PAGE_SIZE, HOST_PROT_READ | HOST_PROT_WRITE,
		      HOST_MAP_SHARED, ga.gmem, 0);
	EXPECT(ga.addr > 0);
	/* Accessible while frozen, too. */
	EXPECT_EQ(sys(HOST_NR_FALLOCATE, ga.gmem, KEEP, 0, PAGE_SIZE), 0);
}

/* True if the caller is alone. */
static bool ga_begin(void)
{
	if (!ga.created)
		ga_create();
	return !ga.created;
}

static bool ga_private(void)
{
	return !kvm_gmem_is_shared_mem(kt_inode(ga.gmem), 0);
}

SIM_TEST(order_gmem__created__is_shared)
{
	ga_begin();
	ga.created = true;
	EXPECT(!ga_private());
}

SIM_TEST(order_gmem__freeze__wants_all_of_it_shared)
{
	bool alone = ga_begin();
	int err = kvm_gmem_freeze(kt_inode(ga.gmem));

	EXPECT(!err || err == -EOPNOTSUPP);
	ga.frozen = !err;
	if (alone)
		kvm_gmem_unfreeze(kt_inode(ga.gmem));
}

SIM_TEST(order_gmem__convert_to_private__is_done_or_refused)
{
	long err;

	ga_begin();
	err = ga_convert(ga.gmem, 0, 1, PRIVATE);
	EXPECT(!err || err == -EPERM || err == -EAGAIN);
	ga.refused = err;
}

SIM_TEST(order_gmem__host_store__reaches_shared_memory_only)
{
	u8 value = 0x5a;
	int signal;

	ga_begin();
	signal = sim_user_access(ga.addr, &value, 1, 1);
	EXPECT(!signal || signal == 7);
	ga.stored = !signal;
}

/* After the others. */
SIM_TEST(order_gmem__state__agrees_with_what_was_answered)
{
	bool alone = ga_begin();
	u8 value = 0;

	EXPECT_EQ(sim_user_access(ga.addr, &value, 1, 0), ga_private() ? 7 : 0);
	EXPECT(alone || ga_private() == !ga.refused);
	EXPECT(!ga.frozen || !ga_private());
	printk(KERN_INFO "outcome %s %s%s\n", ga.frozen ? "frozen" : "thawed",
	       ga_private() ? "private" : "shared", ga.stored ? " stored" : "");
}

/* Private memory of a guest; what is shared would be the host's, who has nothing there. */
static struct {
	bool created;
	int vm;
	int vcpu;
	int gmem;
} gp;

static void gp_begin(void)
{
	if (gp.created)
		return;
	ga_choose();
	gp.vm = kt_create_vm(KVM_X86_SW_PROTECTED_VM);
	gp.vcpu = kt_ioctl(gp.vm, KVM_CREATE_VCPU, 0);
	gp.gmem = kt_create_gmem(gp.vm, PAGES(2), 0);
	EXPECT_EQ(kt_bind(gp.vm, 0, 0, 2, gp.gmem, 0), 0);
	gp.created = true;
}

SIM_TEST(order_gmem__guest_with_private_memory__can_use_it)
{
	gp_begin();
	kt_expect_guest_write(gp.vcpu, PAGES(1), 1);
	kt_expect_guest_read(gp.vcpu, PAGES(0), 0);
}

SIM_TEST(order_gmem__guest_store__goes_where_the_attribute_says)
{
	enum host_vcpu_exit exit;
	int err;

	gp_begin();
	err = kt_guest_write(gp.vcpu, 0, 2, &exit);
	EXPECT(!err || err == -EFAULT);
	printk(KERN_INFO "outcome %s\n", err ? "to the host" : "to private memory");
}

SIM_TEST(order_gmem__convert_to_shared__needs_nobodys_consent)
{
	gp_begin();
	EXPECT_EQ(ga_convert(gp.gmem, 0, 2, 0), 0);
}

SIM_TEST(order_gmem__converted_to_shared__guest_goes_to_the_host)
{
	enum host_vcpu_exit exit;

	order_gmem__convert_to_shared__needs_nobodys_consent();
	EXPECT_EQ(kt_guest_write(gp.vcpu, PAGES(0), 3, &exit), -EFAULT);
	EXPECT_EQ(kt_guest_write(gp.vcpu, PAGES(1), 3, &exit), -EFAULT);
}
