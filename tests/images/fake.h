/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TESTS_IMAGES_FAKE_H
#define _TESTS_IMAGES_FAKE_H

/*
 * The system calls of the fake kernel: each does one thing to the machine, so that a
 * test can make the machine see whatever it wants it to see.
 */

enum fake_call {
	FAKE_GET,		/* -> the static counter */
	FAKE_SET,		/* value */
	FAKE_PEEK,		/* phys -> the word there */
	FAKE_POKE,		/* phys, value */
	FAKE_POKE_ADDRESS,	/* phys, enum fake_address: store a pointer */
	FAKE_FOLLOW,		/* phys: read what the pointer stored there points to */
	FAKE_EVENT,		/* type, pfn, order, value */
	FAKE_NAME,		/* user pointer: name for the next events */
	FAKE_OTHER,		/* user pointer: likewise the other name */
	FAKE_LUO,		/* phys: LUO's record, to be found in the device tree */
	FAKE_POINT,		/* op, object */
	FAKE_SLEEP,		/* object: without a scheduling point */
	FAKE_WAKE,		/* object: likewise */
	FAKE_LOCK,		/* number of a lock */
	FAKE_UNLOCK,
	FAKE_CHOOSE,		/* alternatives -> the answer */
	FAKE_STOP,		/* enum host_stop */
	FAKE_CRASH,		/* enum fake_crash */
	FAKE_CENSUS,		/* value of the counter "things" */
	FAKE_PRESERVE,		/* pfn, order: into the tree, with its event */
	FAKE_UNPRESERVE,
	FAKE_KEXEC,		/* 0: with the tree, 1: without, 2: with a broken one */
	FAKE_FILE,		/* incoming, token, pfn, size: the file of session "s" */
	FAKE_FILE_STATE,	/* incoming, position, seals: of that file */
	FAKE_CONSOLE,
	FAKE_PRIVATE,		/* bit mask: pages of files that are private */
	FAKE_VMAP,		/* phys -> word read through a mapping made and undone */
	FAKE_ZERO,		/* phys, len */
};

/* Addresses that FAKE_POKE_ADDRESS stores. */
enum fake_address {
	FAKE_ADDRESS_DIRECT,
	FAKE_ADDRESS_VMALLOC,
	FAKE_ADDRESS_STATIC,
	FAKE_ADDRESS_STACK,
	FAKE_ADDRESS_FUNCTION
};

enum fake_crash {
	FAKE_CRASH_NULL,
	FAKE_CRASH_POISON,
	FAKE_CRASH_OVERFLOW,
	FAKE_CRASH_BEYOND,	/* an access behind physical memory */
	FAKE_CRASH_DIVIDE,
	FAKE_CRASH_LOOP
};

/* Pages that the fake kernel uses itself. */
#define FAKE_PFN_FDT		16
#define FAKE_PFN_SCRATCH	17
#define FAKE_PFN_NODES		32
#define FAKE_PFN_SPARE		256	/* the scratch area: one page */
#define FAKE_PFN_FREE		512	/* tests use pages from here on */

#endif /* _TESTS_IMAGES_FAKE_H */
