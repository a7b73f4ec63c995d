// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel without a kernel: it boots, and each system call does one thing.
 */

#include <host/host.h>
#include <linux/libfdt.h>

#include "fake.h"

#define EXPORT __attribute__((visibility("default")))

#define PAGE_WORDS	(HOST_PAGE_SIZE / 8)
#define RADIX_LEAF_BITS	15
#define RADIX_DEPTH	6

static const struct host_ops *ops;
static struct host_boot boot_info;
static void *current_task;
static void *idle_task = &idle_task;

static long counter = 42;
static long zero_counter;
static host_u64 things = 7;
static host_u64 nodes_used;
static int tasks;
static const char *event_name;
static const char *event_other;

static struct fake_lock {
	int taken;
	const char *name;
} locks[4] = { { 0, "lock A" }, { 0, "lock B" }, { 0, "lock C" }, { 0, "lock D" } };

/* One file at most on each side. */
static struct {
	int present;
	host_u64 pfn;
	struct host_file file;
} files[2];

static host_u64 private_pages;

static host_u64 *word_at(host_u64 phys)
{
	return (host_u64 *)((char *)boot_info.direct_map + phys);
}

/* The tree of preserved memory. */

static host_u64 new_node(void)
{
	host_u64 phys = (FAKE_PFN_NODES + nodes_used++) << HOST_PAGE_SHIFT;
	host_u64 *node = word_at(phys);

	for (unsigned int i = 0; i < PAGE_WORDS; i++)
		node[i] = 0;
	return phys;
}

static void tree_change(host_u64 pfn, unsigned int order, int present)
{
	host_u64 key = 1UL << (64 - HOST_PAGE_SHIFT - order) | pfn >> order;
	host_u64 *node = word_at((host_u64)FAKE_PFN_NODES << HOST_PAGE_SHIFT);
	host_u64 bit = key % (1UL << RADIX_LEAF_BITS);

	for (int level = RADIX_DEPTH - 1; level > 0; level--) {
		host_u64 i = key >> (RADIX_LEAF_BITS + (level - 1) * 9) & 511;

		if (!node[i])
			node[i] = new_node();
		node = word_at(node[i]);
	}
	if (present)
		node[bit / 64] |= 1UL << bit % 64;
	else
		node[bit / 64] &= ~(1UL << bit % 64);
}

static void make_fdt(host_u64 luo)
{
	void *fdt = word_at((host_u64)FAKE_PFN_FDT << HOST_PAGE_SHIFT);
	host_u64 root = (host_u64)FAKE_PFN_NODES << HOST_PAGE_SHIFT;
	host_u64 size = 32;

	fdt_create(fdt, HOST_PAGE_SIZE);
	fdt_finish_reservemap(fdt);
	fdt_begin_node(fdt, "");
	fdt_property_string(fdt, "compatible", "kho-v4");
	fdt_property(fdt, "preserved-memory-map", &root, sizeof(root));
	if (luo) {
		fdt_begin_node(fdt, "LUO");
		fdt_property(fdt, "preserved-data", &luo, sizeof(luo));
		fdt_property(fdt, "blob-size", &size, sizeof(size));
		fdt_end_node(fdt);
	}
	fdt_end_node(fdt);
	fdt_finish(fdt);
}

static void event(enum host_event_type type, host_u64 pfn, unsigned int order, host_u64 value)
{
	struct host_event e = { .type = type, .pfn = pfn, .order = order, .value = value,
				.name = event_name, .other = event_other };

	if (type == HOST_EVENT_WARN) {
		e.file = __FILE__;
		e.line = __LINE__;
	}
	ops->event(&e);
}

static int fake_boot(const struct host_boot *boot)
{
	boot_info = *boot;
	current_task = idle_task;
	if (boot->cmdline[0] == 'b')
		return -22;
	if (boot->cmdline[0] == 'p')
		ops->stop(HOST_STOP_PANIC, __FILE__, __LINE__, "told to");
	new_node();
	make_fdt(0);
	return 0;
}

static void *fake_process_create(const char *name)
{
	return (void *)name;
}

static void fake_process_exit(void)
{
	counter = 0;
}

static void *fake_task_create(void *process, const char *name)
{
	tasks++;
	return process ? (void *)name : (void *)0;
}

static void fake_task_exit(void *task)
{
	if (task != current_task)
		ops->stop(HOST_STOP_CHECK, __FILE__, __LINE__, "a stranger's task");
	tasks--;
}

/* System calls. */

static void take(struct fake_lock *lock)
{
	ops->point(HOST_OP_ACQUIRE, lock);
	while (lock->taken)
		ops->block(lock, lock->name);
	lock->taken = 1;
}

static void drop(struct fake_lock *lock)
{
	ops->point(HOST_OP_RELEASE, lock);
	lock->taken = 0;
	ops->wake(lock);
}

static long address_of(enum fake_address which)
{
	switch (which) {
	case FAKE_ADDRESS_DIRECT:
		return (long)word_at(HOST_PAGE_SIZE);
	case FAKE_ADDRESS_VMALLOC:
		return boot_info.vmalloc_base + HOST_PAGE_SIZE;
	case FAKE_ADDRESS_STATIC:
		return (long)&counter;
	case FAKE_ADDRESS_STACK:
		return (long)__builtin_frame_address(0);
	case FAKE_ADDRESS_FUNCTION:
		return (long)fake_boot;
	}
	return 0;
}

static long overflow(long depth)
{
	volatile char big[512];

	if (depth < 0)
		return 0;
	big[depth & 255] = 1;
	return overflow(depth + 1) + big[depth & 255];
}

/* Not inlined: a tick strikes anywhere in it, so only its caller is sure to be named. */
static noinline long loop_for_ever(void)
{
	volatile long zero = 0;

	while (!zero)
		;
	return 0;
}

/* Wrong on purpose; sanitizers would tell, and end the program. */
__attribute__((no_sanitize("undefined", "address")))
static long crash(enum fake_crash how)
{
	volatile long zero = 0;

	switch (how) {
	case FAKE_CRASH_NULL:
		return *(volatile long *)zero;
	case FAKE_CRASH_POISON:
		return *(volatile long *)*word_at((host_u64)FAKE_PFN_FREE << HOST_PAGE_SHIFT);
	case FAKE_CRASH_OVERFLOW:
		return overflow(0);
	case FAKE_CRASH_BEYOND:
		return *word_at(boot_info.memory);
	case FAKE_CRASH_DIVIDE:
		return counter / zero;
	case FAKE_CRASH_LOOP:
		return loop_for_ever();
	}
	return 0;
}

static void jump(long how)
{
	host_u64 fdt = (host_u64)FAKE_PFN_FDT << HOST_PAGE_SHIFT;
	host_u64 scratch = (host_u64)FAKE_PFN_SCRATCH << HOST_PAGE_SHIFT;
	host_u64 *area = word_at(scratch);

	if (how == 1)
		ops->kexec(0, 0, 0, 0);
	if (how == 2)
		*word_at(fdt) = 0;
	area[0] = (host_u64)FAKE_PFN_SPARE << HOST_PAGE_SHIFT;
	area[1] = HOST_PAGE_SIZE;
	ops->kexec(fdt, HOST_PAGE_SIZE, scratch, 16);
}

static void visit(const struct host_file *file,
		  void (*page)(void *ctx, const struct host_page *page), void *ctx)
{
	struct host_page one = { .index = 3 };

	one.pfn = files[file == &files[1].file].pfn;
	page(ctx, &one);
}

static void set_file(int incoming, host_u64 token, host_u64 pfn, host_u64 size)
{
	files[incoming].present = 1;
	files[incoming].pfn = pfn;
	files[incoming].file = (struct host_file){
		.session = "s", .token = token, .compatible = "fake", .has_pages = 1,
		.size = size, .visit = visit,
	};
}

static long through_vmap(host_u64 phys)
{
	unsigned long at = boot_info.vmalloc_base + boot_info.memory;
	long word;

	if (ops->vmap(at, phys, HOST_PAGE_SIZE))
		return -1;
	word = *(long *)at;
	ops->vunmap(at, HOST_PAGE_SIZE);
	return word;
}

static long memory_call(enum fake_call nr, const host_u64 *args)
{
	switch (nr) {
	case FAKE_PEEK:
		return *word_at(args[0]);
	case FAKE_POKE:
		*word_at(args[0]) = args[1];
		return 0;
	case FAKE_POKE_ADDRESS:
		*word_at(args[0]) = address_of(args[1]);
		return 0;
	case FAKE_FOLLOW:
		return *(long *)*word_at(args[0]);
	case FAKE_LUO:
		make_fdt(args[0]);
		return 0;
	case FAKE_VMAP:
		return through_vmap(args[0]);
	case FAKE_ZERO:
		ops->zero(args[0], args[1]);
		return 0;
	case FAKE_PRESERVE:
	case FAKE_UNPRESERVE:
		tree_change(args[0], args[1], nr == FAKE_PRESERVE);
		event(nr == FAKE_PRESERVE ? HOST_EVENT_KHO_PRESERVE : HOST_EVENT_KHO_UNPRESERVE,
		      args[0], args[1], 0);
		return 0;
	case FAKE_KEXEC:
		jump(args[0]);
		return 0;
	default:
		return -38;
	}
}

static long fake_syscall(long nr, const host_u64 args[6])
{
	switch ((enum fake_call)nr) {
	case FAKE_GET:
		return counter + zero_counter;
	case FAKE_SET:
		counter = args[0];
		zero_counter = 1;
		return 0;
	case FAKE_EVENT:
		event(args[0], args[1], args[2], args[3]);
		return 0;
	case FAKE_NAME:
		event_name = (const char *)args[0];
		return 0;
	case FAKE_OTHER:
		event_other = (const char *)args[0];
		return 0;
	case FAKE_POINT:
		ops->point(args[0], (void *)args[1]);
		return 0;
	case FAKE_SLEEP:
		ops->block((void *)args[0], "an event");
		return 0;
	case FAKE_WAKE:
		ops->wake((void *)args[0]);
		return 0;
	case FAKE_LOCK:
		take(&locks[args[0]]);
		return 0;
	case FAKE_UNLOCK:
		drop(&locks[args[0]]);
		return 0;
	case FAKE_CHOOSE:
		return ops->choose(HOST_CHOICE_FAULT, args[0]);
	case FAKE_STOP:
		ops->stop(args[0], __FILE__, __LINE__, "told to");
	case FAKE_CRASH:
		return crash(args[0]);
	case FAKE_CENSUS:
		things = args[0];
		return 0;
	case FAKE_FILE:
		set_file(args[0], args[1], args[2], args[3]);
		return 0;
	case FAKE_PRIVATE:
		private_pages = args[0];
		return 0;
	case FAKE_FILE_STATE:
		files[args[0]].file.position = args[1];
		files[args[0]].file.seals = args[2];
		return 0;
	case FAKE_CONSOLE:
		ops->console(4, "one\ntwo\n", 8);
		return 0;
	default:
		return memory_call(nr, args);
	}
}

static void census(void (*item)(void *ctx, const char *name, host_u64 value,
				enum host_census rule), void *ctx)
{
	item(ctx, "things", things, HOST_CENSUS_EQUAL);
	item(ctx, "frozen things", things == 9, HOST_CENSUS_ZERO);
	item(ctx, "whatever", things, HOST_CENSUS_INFO);
}

/* A line that is not always there, and one that more than fits in a line is behind. */
static void state(unsigned int detail, void (*item)(void *ctx, const struct host_state *line),
		  void *ctx)
{
	item(ctx, &(struct host_state){ "things", things, HOST_STATE_NUMBER });
	if (things == 9)
		item(ctx, &(struct host_state){ "a \"ninth\" thing", -5, HOST_STATE_ERROR });
	item(ctx, &(struct host_state){ "all things", things * things, HOST_STATE_HASH });
	if (detail & HOST_STATE_CONTENTS)
		item(ctx, &(struct host_state){ "contents", 1, HOST_STATE_NUMBER });
}

static void for_files(int incoming, void (*item)(void *ctx, const struct host_file *file),
		      void *ctx)
{
	if (files[incoming].present)
		item(ctx, &files[incoming].file);
}

static int private_page(void *inode, host_u64 index)
{
	return private_pages >> index & 1;
}

static void for_retrieved(const char *session, host_u64 token,
			  void (*item)(void *ctx, const struct host_file *file), void *ctx)
{
	const struct host_file *file = &files[1].file;

	(void)session;
	if (files[1].present && file->token == token)
		item(ctx, file);
}

/* Odd pages hold user data. */
static int kernel_page(host_u64 pfn)
{
	return pfn % 2 == 0;
}

extern char __luosim_statics_start[], __luosim_statics_end[];

static const struct host_image image = {
	.abi = HOST_ABI_VERSION,
	.release = "fake",
	.statics_start = __luosim_statics_start,
	.statics_end = __luosim_statics_end,
	.current_task = &current_task,
	.boot = fake_boot,
	.process_create = fake_process_create,
	.process_exit = fake_process_exit,
	.task_create = fake_task_create,
	.task_exit = fake_task_exit,
	.syscall = fake_syscall,
	.census = census,
	.files = for_files,
	.retrieved = for_retrieved,
	.kernel_page = kernel_page,
	.private_page = private_page,
	.state = state,
};

EXPORT const struct host_image *luosim_image_init(const struct host_ops *host);
EXPORT const struct host_image *luosim_image_init(const struct host_ops *host)
{
	ops = host;
	return &image;
}
