// SPDX-License-Identifier: GPL-2.0
/*
 * What an image with hooks calls at each access to memory: instead of ThreadSanitizer's runtime,
 * whose names the compiler knows, a log that the host reads. While nobody listens a hook
 * is a load and a branch.
 */

#include <linux/compiler.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <sim/sim.h>

#include "hooks.h"

/* Bits of host_log.seen, by whether it is a write and whether it is marked. */
#define KIND_BIT(kind, marked)	(1U << ((kind) * 2 + (marked)))

/* What is in nobody's way who is not in that of another access to the same bytes. */
static unsigned int covers(enum host_access_kind kind, bool marked)
{
	unsigned int covered = KIND_BIT(HOST_ACCESS_READ, 1) | KIND_BIT(kind, marked);

	if (!marked)
		covered |= KIND_BIT(HOST_ACCESS_READ, 0) | KIND_BIT(kind, 1);
	return covered;
}

/* What the simulator switches with the task, as a CPU would have its own; and what it is told. */
static bool is_simulators_own(const volatile void *address)
{
	return address == &sim_current || address == &sim_points_off ||
	       (unsigned long)address - (unsigned long)&sim_boot < sizeof(sim_boot);
}

/* Whether it has been told of such an access since the last thing that orders. */
static bool seen_before(struct host_log *log, const struct host_access *access)
{
	unsigned int i = (access->address >> 3 ^ access->address >> 11) % HOST_LOG_SEEN;
	unsigned int bit = KIND_BIT(access->kind, access->marked);
	typeof(&log->seen[0]) seen = &log->seen[i];

	if (access->size > 8)
		return false;
	if (seen->address == access->address && seen->round == log->round &&
	    seen->size >= access->size) {
		if (seen->kinds & bit)
			return true;
		if (seen->size != access->size)
			seen->kinds = 0;
		seen->kinds |= covers(access->kind, access->marked);
	} else {
		seen->kinds = covers(access->kind, access->marked);
	}
	seen->address = access->address;
	seen->round = log->round;
	seen->size = access->size;
	return false;
}

/* A frame holds the caller's frame pointer and, above it, the return address. */
static void note_callers(const struct host_log *log, struct host_access *access,
			 const unsigned long *frame)
{
	unsigned int n = 0;

	while ((unsigned long)frame - log->stack < log->stack_size - 16 &&
	       frame[1] - log->text < log->text_size && n < HOST_ACCESS_CALLERS) {
		access->callers[n++] = frame[1] - log->text;
		if ((unsigned long *)frame[0] <= frame)
			break;
		frame = (const unsigned long *)frame[0];
	}
	access->callers_nr = n;
}

static void add_record(struct host_log *log, const struct host_access *access,
		       const unsigned long *frame)
{
	struct host_access *record;

	if (log->nr == HOST_LOG_MAX)
		sim_host->log();
	record = &log->records[log->nr++];
	record->address = access->address;
	record->size = access->size;
	record->kind = access->kind;
	record->marked = access->marked;
	record->own = access->own;
	note_callers(log, record, frame);
}

static bool is_ones_own(const struct host_log *log, const volatile void *address)
{
	return sim_points_off || log->exempt || is_simulators_own(address) ||
	       (unsigned long)address - log->stack < log->stack_size;
}

/* Whether the host has to be asked; where something lies in its page tells most others apart. */
static bool may_be_point(const struct host_log *log, const volatile void *address, host_size size)
{
	unsigned long first = (unsigned long)address / 8;
	unsigned long last = ((unsigned long)address + size - 1) / 8;

	for (unsigned long i = first; i <= last && i < first + HOST_LOG_FILTER * 64; i++) {
		unsigned long bit = i % (HOST_LOG_FILTER * 64);

		if (log->points[bit / 64] >> bit % 64 & 1)
			return true;
	}
	return false;
}

/* Before it is told: others may do something before it is done. */
static host_size stop_before(const struct host_log *log, const volatile void *address,
			     host_size size, unsigned int how, const void *frame)
{
	if (!may_be_point(log, address, size))
		return size;
	return sim_host->touch(address, size, how, frame);
}

static void tell(struct host_log *log, const volatile void *address, host_size size,
		 enum host_access_kind kind, unsigned int how, const void *frame)
{
	struct host_access access = {
		.address = (unsigned long)address, .size = size, .kind = kind,
		.marked = how != HOOK_PLAIN, .own = how == HOOK_OWN,
	};

	if (!seen_before(log, &access))
		add_record(log, &access, frame);
}

static unsigned int how_to(enum host_access_kind kind)
{
	return kind == HOST_ACCESS_READ ? 0 : HOST_TOUCH_WRITE;
}

void sim_log_access(const volatile void *address, host_size size, enum host_access_kind kind,
		    unsigned int how, const void *frame)
{
	struct host_log *log = sim_boot.log;
	unsigned int marked = how == HOOK_MARKED ? HOST_TOUCH_MARKED : 0;

	if (!size || is_ones_own(log, address))
		return;
	if (how != HOOK_OWN)
		stop_before(log, address, size, how_to(kind) | marked, frame);
	tell(log, address, size, kind, how, frame);
}

/** sim_log_part() - the same for what can be accessed in parts. Return: bytes of the next one. */
host_size sim_log_part(const volatile void *address, host_size size, enum host_access_kind kind,
		       const void *frame)
{
	struct host_log *log = sim_boot.log;

	if (!size || is_ones_own(log, address))
		return size;
	size = stop_before(log, address, size, how_to(kind) | HOST_TOUCH_PART, frame);
	tell(log, address, size, kind, HOOK_PLAIN, frame);
	return size;
}

/** sim_log_freeing() - see sim_mem_freeing(). */
void sim_log_freeing(const volatile void *address, host_size size, const void *frame)
{
	const struct host_log *log = sim_boot.log;

	if (!is_ones_own(log, address))
		stop_before(log, address, size, HOST_TOUCH_WRITE, frame);
}

/** sim_log_note() - everything else; see enum host_access_kind. */
void sim_log_note(enum host_access_kind kind, const volatile void *object, host_size size)
{
	struct host_access access = {
		.address = (unsigned long)object, .size = size, .kind = kind,
	};

	add_record(sim_boot.log, &access, __builtin_frame_address(0));
	sim_boot.log->round++;
}

#define HOOK(name, size, kind, how)						\
void name(void *address);							\
void name(void *address)							\
{										\
	HOOK_ACCESS(address, size, kind, how);				\
}

#define HOOKS(size)								\
	HOOK(__tsan_read##size, size, HOST_ACCESS_READ, HOOK_PLAIN)			\
	HOOK(__tsan_write##size, size, HOST_ACCESS_WRITE, HOOK_PLAIN)		\
	HOOK(__tsan_volatile_read##size, size, HOST_ACCESS_READ, HOOK_MARKED)		\
	HOOK(__tsan_volatile_write##size, size, HOST_ACCESS_WRITE, HOOK_MARKED)

#define HOOKS_UNALIGNED(size)							\
	HOOK(__tsan_unaligned_read##size, size, HOST_ACCESS_READ, HOOK_PLAIN)	\
	HOOK(__tsan_unaligned_write##size, size, HOST_ACCESS_WRITE, HOOK_PLAIN)	\
	HOOK(__tsan_unaligned_volatile_read##size, size, HOST_ACCESS_READ, HOOK_MARKED)	\
	HOOK(__tsan_unaligned_volatile_write##size, size, HOST_ACCESS_WRITE, HOOK_MARKED)

HOOKS(1)
HOOKS(2)
HOOKS(4)
HOOKS(8)
HOOKS(16)
HOOKS_UNALIGNED(2)
HOOKS_UNALIGNED(4)
HOOKS_UNALIGNED(8)
HOOKS_UNALIGNED(16)

void __tsan_init(void);
void __tsan_init(void)
{
}

void __tsan_read_range(void *address, unsigned long size);
void __tsan_read_range(void *address, unsigned long size)
{
	HOOK_ACCESS(address, size, HOST_ACCESS_READ, HOOK_PLAIN);
}

void __tsan_write_range(void *address, unsigned long size);
void __tsan_write_range(void *address, unsigned long size)
{
	HOOK_ACCESS(address, size, HOST_ACCESS_WRITE, HOOK_PLAIN);
}
