// SPDX-License-Identifier: GPL-2.0
/*
 * Every property that luosim knows: the one place that says what is promised, and where.
 *
 * P-… are promises of KHO, LUO and the handlers, K-… hold in any kernel. Sources are
 * files of Linux 7.3 and its documentation, or the patches and reviews that proposed
 * guest_memfd and VFIO preservation. Numbers are never given to another property.
 */

#include <string.h>

#include "verdict.h"

#define CORE	"kernel/liveupdate/luo_core.c"
#define SESSION	"kernel/liveupdate/luo_session.c"
#define LUOFILE	"kernel/liveupdate/luo_file.c"
#define FLB	"kernel/liveupdate/luo_flb.c"
#define BLOCK	"kernel/liveupdate/kho_block.c"
#define KHO	"kernel/liveupdate/kexec_handover.c"
#define UAPI	"include/uapi/linux/liveupdate.h"
#define LUO_H	"include/linux/liveupdate.h"
#define ABI	"include/linux/kho/abi"
#define MEMFD	"mm/memfd_luo.c"
#define GMEM	"guest_memfd preservation, documentation"
#define REVIEW	"guest_memfd preservation, review"
#define VFIO	"VFIO preservation, documentation"

static const struct property properties[] = {
	/* The device, sessions and their state machine. */
	{ "P-01", "/dev/liveupdate has one opener; others get -EBUSY until it is closed.", CORE },
	{ "P-02", "After a failed deserialization every open fails with -EIO, for ever.", CORE },
	{ "P-03", "A session's name is unique in its list; a second create fails with -EEXIST "
	  "and changes nothing.", UAPI },
	{ "P-04", "An empty or unterminated session name is refused with -EINVAL.", SESSION },
	{ "P-05", "Closing an outgoing session unpreserves its files and puts everything back "
	  "to what it was before.", LUOFILE },
	{ "P-06", "A session can be retrieved once, by its exact name; an unknown name is "
	  "-ENOENT.", UAPI },
	{ "P-07", "An ioctl that fails has no lasting effect, not even when only its reply "
	  "could not be written.", UAPI },
	{ "P-08", "Files are preserved in outgoing sessions only, retrieved and finished in "
	  "incoming ones only.", SESSION },
	{ "P-09", "Reserved fields that are not zero get -EINVAL, an unknown longer argument "
	  "-E2BIG.", UAPI },
	{ "P-10", "Locks are taken in one order, none by a reader that has it, and none is held "
	  "over an access to user memory that may wait for ever.", SESSION },
	{ "P-11", "Once serialization began no change of a session reaches the next kernel; if it "
	  "fails all locks are dropped.", SESSION },
	{ "P-12", "After a successful serialization nothing changes preserved memory any more.",
	  SESSION },
	{ "P-13", "Sessions without files, and no sessions at all, are fine in every phase.",
	  ABI "/luo.h" },
	{ "P-14", "Any number of sessions and files up to the limit works, also at the edges of "
	  "blocks.", BLOCK },

	/* Preserving and unpreserving. */
	{ "P-15", "A token is unique in its session; using it again fails with -EEXIST.",
	  LUOFILE },
	{ "P-16", "A file is preserved at most once over all sessions; otherwise -EBUSY.",
	  LUOFILE },
	{ "P-17", "A preserve() that fails has undone all it did; unpreserve() is not called.",
	  LUOFILE },
	{ "P-18", "Each preserve() that succeeded is undone once, newest first, while the file "
	  "still lives.", LUOFILE },
	{ "P-19", "A preserved file stays alive until it is unpreserved or finished.", LUOFILE },
	{ "P-20", "can_preserve() looks at nothing but the kind of the file before it knows "
	  "it.", LUO_H },
	{ "P-21", "A file that no handler takes is -ENOENT, a bad descriptor -EBADF.", LUOFILE },
	{ "P-22", "A preserved file comes out with the contents it had at the jump.", MEMFD },
	{ "P-23", "A preserved page is not freed, moved, split or handed out, and doesn't lie in "
	  "scratch memory.", KHO },
	{ "P-24", "Memory is unpreserved and restored with the order it was preserved with.",
	  KHO },
	{ "P-25", "Every preservation is matched by one unpreservation or one restoration.", KHO },
	{ "P-26", "Memory is unpreserved before it is freed.", KHO },
	{ "P-27", "When preserving a range fails, nothing of the range stays preserved.", KHO },
	{ "P-28", "A file is frozen exactly while it is preserved.", MEMFD },

	/* Freezing and rebooting. */
	{ "P-29", "Files are frozen in the order of preservation; if one refuses, those before "
	  "it are unfrozen and reboot() fails.", LUOFILE },
	{ "P-30", "A refused reboot leaves all serialized data as it was.", LUOFILE },
	{ "P-31", "A frozen file can't be changed by user space.", LUOFILE },
	{ "P-32", "Preserved are the properties that a file has at the jump.", MEMFD },
	{ "P-33", "A kexec that keeps the context of this kernel serializes nothing.",
	  "kernel/kexec_core.c" },
	{ "P-34", "A kexec into an image that can't take over live sessions doesn't lose them "
	  "silently.", CORE },
	{ "P-35", "A guest_memfd whose VM is not preserved in the same session makes the kexec "
	  "fail.", GMEM },
	{ "P-36", "In a frozen guest_memfd nothing is allocated (-EPERM); what is there stays "
	  "accessible.", GMEM },
	{ "P-37", "Freezing waits for allocations in flight: no page is added after that.",
	  REVIEW },
	{ "P-38", "A guest_memfd that can't be preserved faithfully is refused.", REVIEW },
	{ "P-39", "Memory doesn't change between private and shared while preserved.", REVIEW },
	{ "P-40", "Closing the session ends a preservation, and faults succeed again.", GMEM },
	{ "P-41", "A VFIO device with interrupts enabled makes freezing fail.", VFIO },

	/* The next kernel. */
	{ "P-42", "Only physical addresses and plain numbers cross a kexec, no pointer does.",
	  ABI },
	{ "P-43", "Memory that was handed over is not given out before it is restored.", KHO },
	{ "P-44", "What was preserved can be restored once, and nothing else can.", KHO },
	{ "P-45", "Restoring pages or a vmalloc area gives back all of it, or nothing.", KHO },
	{ "P-46", "A file is retrieved once; asking again gives the same file or the same "
	  "error.", UAPI },
	{ "P-47", "Files can be retrieved in any order.", LUOFILE },
	{ "P-48", "A retrieve() that fails leaves no memory without an owner.", MEMFD },
	{ "P-49", "Finishing a session discards exactly what nobody retrieved.", MEMFD },
	{ "P-50", "FINISH does all or nothing; refused with -EBUSY it can be tried again.",
	  LUOFILE },
	{ "P-51", "After FINISH nothing refers to the session and its files any more.", UAPI },
	{ "P-52", "What was not finished is discarded at the next live update.", LUOFILE },
	{ "P-53", "A preserved VFIO device is reached through its session only, until FINISH.",
	  VFIO },
	{ "P-54", "A retrieved guest_memfd outlives a VM that nobody retrieved.", GMEM },
	{ "P-55", "A memfd keeps contents, size, position, flags and seals.", MEMFD },
	{ "P-56", "Whatever the old kernel's data say, the new one answers with an error at "
	  "worst.", ABI },
	{ "P-57", "Data of an unknown version are refused before anything else is read.", ABI },
	{ "P-58", "The live update number grows by one with each update.", CORE },

	/* Global state, modules, blocks. */
	{ "P-59", "Global state is preserved with its first file and unpreserved with its last.",
	  FLB },
	{ "P-60", "A global object stays valid between get and put.", FLB },
	{ "P-61", "Retrieving global state tells absent, unknown and switched off apart.", FLB },
	{ "P-62", "A handler's module is pinned exactly while a session uses it.", LUOFILE },
	{ "P-63", "Compatible strings are unique, and global state belongs to a registered "
	  "handler.", FLB },
	{ "P-64", "The new kernel accepts exactly the chains of blocks that the old one "
	  "writes.", BLOCK },
	{ "P-65", "There are as many blocks as the entries need, and entries don't move.", BLOCK },
	{ "P-66", "Shared state is touched only under its lock.", SESSION },

	/* Any kernel. */
	{ "K-WARN", "The kernel doesn't warn.", "include/asm-generic/bug.h" },
	{ "K-BUG", "The kernel's own assertions hold.", "include/asm-generic/bug.h" },
	{ "K-PANIC", "The kernel doesn't panic.", "kernel/panic.c" },
	{ "K-CRASH", "Kernel code accesses its own memory only.",
	  "Documentation/core-api/memory-allocation.rst" },
	{ "K-DEADLOCK", "There is always somebody who can go on.",
	  "Documentation/locking/lockdep-design.rst" },
	{ "K-HANG", "Kernel code comes to an end.", "kernel/watchdog.c" },
	{ "K-LOCK-HELD", "No lock is held on return to user space.",
	  "Documentation/locking/lockdep-design.rst" },
	{ "K-LEAK", "After the last close everything is freed.",
	  "Documentation/core-api/memory-allocation.rst" },
	{ "K-PAGE", "A page has one owner, who frees it once.", "mm/page_alloc.c" },

	/* Of luosim itself. */
	{ "K-CHECK", "What the kernel asks of the simulator makes sense.", "sim/" },
	{ "K-TEST", "What a test of the simulated kernel expects, holds.", "tests/sim/" },
	{ "K-LIMIT", "A run stays within the limits of the simulator.", "sim/" },
};

const struct property *property_at(unsigned int i)
{
	return i < G_N_ELEMENTS(properties) ? &properties[i] : NULL;
}

G_STATIC_ASSERT(G_N_ELEMENTS(properties) <= PROPERTIES_MAX);

const struct property *property_find(const char *id)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(properties); i++) {
		if (!strcmp(properties[i].id, id))
			return &properties[i];
	}
	return NULL;
}

/* What can't be looked at, or not in every order or after every failure, until there is more. */
static const struct { const char *id, *what; } awaited[] = {
	{ "P-02", "each failure in turn: part 4" },
	{ "P-17", "each failure in turn: part 4" },
	{ "P-27", "each failure in turn: part 4" },
	{ "P-41", "VFIO" },
	{ "P-45", "each failure in turn: part 4" },
	{ "P-48", "each failure in turn: part 4" },
	{ "P-53", "VFIO" },
};

const char *property_awaits(const char *id)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(awaited); i++) {
		if (!strcmp(awaited[i].id, id))
			return awaited[i].what;
	}
	return NULL;
}

unsigned int property_index(const char *id)
{
	const struct property *property = property_find(id);

	g_assert(property);
	return (unsigned int)(property - properties);
}
