/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_CHECK_H
#define _MODEL_CHECK_H

/**
 * DOC: Checkers
 *
 * A checker is a referee for one family of properties. It sees the events of the
 * kernel and, at a few fixed moments, the machine itself; it never changes anything.
 * Each has a file in model/check/ and a line in the table in model/check.c.
 */

#include <stdbool.h>

#include <host/host.h>

#include "digest.h"
#include "execution.h"

/**
 * struct checker - a referee. All callbacks are optional.
 * @name:   for people
 * @file:   where it is, CHECKER_FILE
 * @judges: identifiers of the properties that it judges, up to NULL
 * @events: set of CHECK_EVENT(type) that @event wants to see
 * @usable: whether an image offers what the checker needs; NULL: any does
 * @create: makes the checker's state for a machine
 * @destroy: and frees it
 * @boot:   a kernel is about to start; machine->boots is 1 for a cold boot
 * @booted: it has started
 * @event:  in the middle of kernel code, on a task's stack: look, don't call the image
 * @returned: a system call is about to return to user space
 * @jump:   the old kernel has left, but all of it is still there; the handover was read
 * @end:    after the last close
 * @digest: puts in all of the state that what it will yet find depends on: between two system
 *          calls or, if @left, after @jump. What it is compared with is of the same kernel in
 *          other runs that began alike. False: it can't tell. Who has a state has to have this
 */
struct checker {
	const char *name;
	const char *file;
	const char *const *judges;
	unsigned int events;
	bool (*usable)(const struct host_image *image);
	void *(*create)(struct machine *machine);
	void (*destroy)(void *state);
	void (*boot)(struct machine *machine, void *state);
	void (*booted)(struct machine *machine, void *state);
	void (*event)(struct machine *machine, void *state, const struct host_event *event);
	void (*returned)(struct machine *machine, void *state);
	void (*jump)(struct machine *machine, void *state);
	void (*end)(struct machine *machine, void *state);
	bool (*digest)(const void *state, bool left, struct digest *digest);
};

#define CHECK_EVENT(type)	(1u << (type))

/** CHECKER_FILE, CHECKER_JUDGES() - for the members of those names. */
#define CHECKER_FILE		__FILE__
#define CHECKER_JUDGES(...)	((const char *const []){ __VA_ARGS__, NULL })

/** checker_at() - the @i-th checker, NULL past the end. */
const struct checker *checker_at(unsigned int i);

void check_create(struct machine *machine);
void check_destroy(struct machine *machine);
void check_boot(struct machine *machine);
void check_booted(struct machine *machine);
void check_event(struct machine *machine, const struct host_event *event);
void check_returned(struct machine *machine);
void check_jump(struct machine *machine);
void check_end(struct machine *machine);
/** check_digest() - of all checkers; false if one of them can't tell. */
bool check_digest(const struct machine *machine, bool left, struct digest *digest);

/** check_here() - the calls that led to the event that is being looked at. */
static inline void check_here(const struct machine *machine, struct call_path *path)
{
	execution_path(machine, path, machine->site, machine->site_frame);
}

/**
 * ledger_owner() - who preserved the page, in the kernel that runs or has just left,
 * or NULL. For other checkers' reports.
 */
const struct call_path *ledger_owner(const struct machine *machine, uint64_t pfn);

/** ledger_key() - the same; if there is one, *@order gets that of the preservation. */
const struct call_path *ledger_key(const struct machine *machine, uint64_t pfn,
				   unsigned int *order);
/** ledger_each() - call @fn for each preservation of this kernel, oldest first. */
void ledger_each(struct machine *machine, void (*fn)(void *ctx, uint64_t pfn, unsigned int order),
		 void *ctx);

/** ledger_all_claimed() - all files that the old kernel handed over have been finished. */
bool ledger_all_claimed(const struct machine *machine);

extern const struct checker ledger_checker;
extern const struct checker stability_checker;
extern const struct checker stale_checker;
extern const struct checker contents_checker;
extern const struct checker attributes_checker;
extern const struct checker leaks_checker;
extern const struct checker warn_checker;
extern const struct checker files_checker;
extern const struct checker order_checker;
extern const struct checker settled_checker;
extern const struct checker serialized_checker;
extern const struct checker kernel_checker;
extern const struct checker race_checker;

#endif /* _MODEL_CHECK_H */
