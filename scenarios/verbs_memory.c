// SPDX-License-Identifier: GPL-2.0
/* Verbs: memory of a file through a mapping of it. */

#include <errno.h>
#include <string.h>

#include <model/journal.h>

#include "pattern.h"
#include "thread.h"
#include "uapi.h"
#include "verb.h"

#define PROT_RW		(HOST_PROT_READ | HOST_PROT_WRITE)
/* Longer than any file here: an access beyond the end is the kernel's to judge. */
#define MAP_SIZE	(4ull << 30)

static long map_shared(struct scn_thread *t, uint64_t size, uint64_t prot)
{
	return scn_syscall(t, HOST_NR_MMAP, 0, size, prot, HOST_MAP_SHARED, scn_fd(t, "FD"), 0);
}

static bool map_file(struct scn_thread *t, struct scn_object *object, uint64_t size,
		     uint64_t prot)
{
	long ret = map_shared(t, size, prot);

	if (!scn_return(t, ret))
		return false;
	t->result.number = 0;
	journal_save(object, sizeof(*object));
	object->map = (uint64_t)ret;
	object->map_size = size;
	return true;
}

/* The mapping of the file, made now if there is none; 0 when that failed. */
static uint64_t mapping(struct scn_thread *t)
{
	struct scn_object *object = scn_object(t, "FD");

	if (!object)
		scn_return(t, -EBADF);
	else if (object->map || map_file(t, object, MAP_SIZE, PROT_RW))
		return object->map;
	return 0;
}

/* The same for who only reads: a file that is sealed against writing will do. */
static uint64_t readable_mapping(struct scn_thread *t)
{
	struct scn_object *object = scn_object(t, "FD");
	uint64_t map = mapping(t);

	if (map || !object || t->result.type != SCN_OUTCOME_ERRNO || t->result.number != EPERM)
		return map;
	return map_file(t, object, MAP_SIZE, HOST_PROT_READ) ? object->map : 0;
}

void scn_do_mmap(struct scn_thread *t)
{
	struct scn_object *object = scn_object(t, "FD");
	uint64_t prot = scn_number(t, "prot", PROT_RW);

	if (object)
		map_file(t, object, scn_number(t, "size", MAP_SIZE), prot);
	else
		scn_return(t, map_shared(t, MAP_SIZE, prot));
}

void scn_do_munmap(struct scn_thread *t)
{
	struct scn_object *object = scn_object(t, "FD");

	if (!object || !object->map) {
		scn_return(t, 0);
		scn_note(t, "nothing was mapped");
		return;
	}
	if (scn_return(t, scn_syscall(t, HOST_NR_MUNMAP, object->map, object->map_size)))
		journal_set(object->map, 0);
}

/* One access; false if it ended by a signal, which is the result then. */
static bool access_memory(struct scn_thread *t, uint64_t addr, void *buf, size_t len, bool write)
{
	int signal = t->target->access(t->target->ctx, addr, buf, len, write);

	if (!signal)
		return true;
	scn_return_signal(t, signal);
	return false;
}

static uint64_t place(const struct scn_thread *t)
{
	const struct scn_value *v = scn_value(t, "PAGE");

	return (v->number << SCN_PAGE_SHIFT) + v->offset;
}

void scn_do_write(struct scn_thread *t)
{
	const struct scn_value *text = scn_value(t, "TEXT");
	uint64_t map = mapping(t);

	if (!map)
		return;
	memcpy(scn_page(t, text->len), text->text, text->len);
	if (access_memory(t, map + place(t), t->page, text->len, true))
		scn_return(t, 0);
}

void scn_do_read(struct scn_thread *t)
{
	size_t len = SCN_PAGE_SIZE - place(t) % SCN_PAGE_SIZE;
	uint64_t map = readable_mapping(t);

	if (map && access_memory(t, map + place(t), scn_page(t, len), len, false))
		scn_compare(t, len);
}

void scn_do_touch(struct scn_thread *t)
{
	uint64_t count = scn_number(t, "count", 1);
	uint64_t map = readable_mapping(t);

	if (!map)
		return;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t addr = map + place(t) + (i << SCN_PAGE_SHIFT);

		if (!access_memory(t, addr, scn_page(t, 1), 1, false)) {
			scn_note(t, "at page %" G_GUINT64_FORMAT,
				 (addr - map) >> SCN_PAGE_SHIFT);
			return;
		}
	}
	scn_return(t, 0);
}

/* Calls @page for each page of a fill or verify, until one gives false. */
static void each_page(struct scn_thread *t, uint64_t map,
		      bool (*page)(struct scn_thread *t, uint64_t addr))
{
	uint64_t first = scn_number(t, "page", 0);
	uint64_t count = scn_number(t, "count", 0);
	uint64_t seed = scn_number(t, "seed", 0);

	if (!map)
		return;
	scn_return(t, 0);
	t->wanted_used = SCN_PAGE_SIZE;
	for (uint64_t i = first; i < first + count; i++) {
		scn_pattern(t->wanted, seed, i);
		if (!page(t, map + (i << SCN_PAGE_SHIFT))) {
			scn_note(t, "at page %" G_GUINT64_FORMAT, i);
			return;
		}
	}
}

static bool fill_page(struct scn_thread *t, uint64_t addr)
{
	return access_memory(t, addr, t->wanted, SCN_PAGE_SIZE, true);
}

static bool verify_page(struct scn_thread *t, uint64_t addr)
{
	if (!access_memory(t, addr, scn_page(t, SCN_PAGE_SIZE), SCN_PAGE_SIZE, false))
		return false;
	if (!memcmp(t->page, t->wanted, SCN_PAGE_SIZE))
		return true;
	t->result = (struct scn_result){ .type = SCN_OUTCOME_OK, .differs = true,
					 .contents = t->page, .len = SCN_PAGE_SIZE };
	return false;
}

void scn_do_fill(struct scn_thread *t)
{
	each_page(t, mapping(t), fill_page);
}

void scn_do_verify(struct scn_thread *t)
{
	each_page(t, readable_mapping(t), verify_page);
}

static void advise(struct scn_thread *t, uint64_t advice, uint64_t pages)
{
	uint64_t map = mapping(t);
	uint64_t addr = map + (scn_number(t, "page", 0) << SCN_PAGE_SHIFT);

	if (map)
		scn_return(t, scn_syscall(t, HOST_NR_MADVISE, addr, pages << SCN_PAGE_SHIFT,
					  advice));
}

void scn_do_madvise(struct scn_thread *t)
{
	advise(t, scn_number(t, "ADVICE", 0), scn_number(t, "pages", 1));
}

void scn_do_poison(struct scn_thread *t)
{
	advise(t, HOST_MADV_HWPOISON, 1);
}
