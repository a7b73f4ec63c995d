// SPDX-License-Identifier: GPL-2.0
/*
 * Physical memory: a memfd, and the windows through which kernels see it.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bitmap.h"
#include "instrument.h"
#include "journal.h"
#include "machine.h"
#include "memstate.h"
#include "must.h"
#include "physmem.h"
#include "snapshot.h"

#define GIGABYTE	(1UL << 30)
/* Room for vmap in the vmalloc range, beyond the alias of physical memory. */
#define VMAP_ROOM	(512UL << 20)
/* Under Valgrind address space costs by its length, so there is no more than needed. */
#define VALGRIND_UNIT	(2UL << 20)
#define VALGRIND_ROOM	(32UL << 20)
/*
 * Where nothing else is put by itself: an address that leaks out of a broken kernel is the
 * same in every run, if it is to be had. Above what ASan's shadow covers on x86-64.
 */
#define PREFERRED_PLACE	((void *)(32UL << 40))
#define PLACE_SIZE	(64UL * GIGABYTE)
#define PLACES_MAX	256u
/* Valgrind has no such addresses. Where it maps by itself, plain numbers are as high. */
#define VALGRIND_PLACE	((void *)(4UL << 40))
/* Beyond this much memory in use, giving it back is cheaper than clearing it. */
#define BLANK_IN_PLACE	(8UL << 20)

static size_t round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

/* @flags: MAP_FIXED if it has to be at @at */
static void *map_none(void *at, size_t len, int flags)
{
	return mmap(at, len, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | flags,
		    -1, 0);
}

static void *map_memory(const struct physmem *mem, void *at, size_t len, uint64_t phys, int prot)
{
	return mmap(at, len, prot, MAP_SHARED | MAP_FIXED, mem->fd, phys);
}

static size_t vmap_room(void)
{
	return RUNNING_ON_VALGRIND ? VALGRIND_ROOM : VMAP_ROOM;
}

static char *alias_of(const struct physmem *mem, unsigned int place)
{
	return mem->arena[place] + mem->window;
}

/*
 * Each machine has a place that is its own and far from where the host maps: while a direct map
 * moves there is a hole, which nothing that another thread maps may come to lie in.
 */
static void *reserve(size_t len)
{
	char *place = PREFERRED_PLACE;
	void *got;

	if (RUNNING_ON_VALGRIND)
		return map_none(VALGRIND_PLACE, len, 0);
	for (unsigned int i = 0; i < PLACES_MAX; i++, place += PLACE_SIZE) {
		got = len > PLACE_SIZE ? MAP_FAILED : map_none(place, len, MAP_FIXED_NOREPLACE);
		if (got != MAP_FAILED)
			return got;
	}
	return map_none(NULL, len, 0);
}

/* Whole gigabytes, so that the direct map moves by moving one page table entry. */
static bool physmem_reserve(struct physmem *mem)
{
	size_t unit = RUNNING_ON_VALGRIND ? VALGRIND_UNIT : GIGABYTE;
	size_t arena;

	/* What is just beyond memory must not be the next window. */
	mem->window = round_up(mem->size + 1, unit);
	mem->vmalloc_size = mem->size + vmap_room();
	arena = round_up(mem->window + mem->vmalloc_size, unit);
	mem->reserved = 2 * arena + unit;
	mem->reservation = reserve(mem->reserved);
	if (mem->reservation == MAP_FAILED)
		return false;
	mem->arena[0] = (char *)round_up((size_t)mem->reservation, unit);
	mem->arena[1] = mem->arena[0] + arena;
	return true;
}

static bool physmem_map(struct physmem *mem)
{
	return map_memory(mem, mem->arena[0], mem->window, 0,
			  PROT_READ | PROT_WRITE) != MAP_FAILED &&
	       map_memory(mem, alias_of(mem, 0), mem->size, 0,
			  PROT_READ | PROT_WRITE) != MAP_FAILED &&
	       map_memory(mem, alias_of(mem, 1), mem->size, 0, PROT_NONE) != MAP_FAILED;
}

bool physmem_init(struct physmem *mem, uint64_t size, GError **error)
{
	mem->size = size;
	mem->present = g_array_new(FALSE, FALSE, sizeof(struct physmem_extent));
	mem->maps = g_array_new(FALSE, FALSE, sizeof(struct physmem_map));
	mem->fd = memfd_create("luosim-memory", MFD_CLOEXEC);
	if (mem->fd >= 0 && !ftruncate(mem->fd, size) && physmem_reserve(mem) &&
	    physmem_map(mem))
		return true;
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
		    "no room for %" G_GUINT64_FORMAT " bytes of simulated memory: %s", size,
		    g_strerror(errno));
	return false;
}

void physmem_destroy(struct physmem *mem)
{
	if (mem->reservation && mem->reservation != MAP_FAILED) {
		/* Whatever is mapped there next is not the slab's to guard. */
		memstate_reset(mem->reservation, mem->reserved);
		munmap(mem->reservation, mem->reserved);
	}
	if (mem->fd >= 0)
		close(mem->fd);
	if (mem->present)
		g_array_free(mem->present, TRUE);
	if (mem->maps)
		g_array_free(mem->maps, TRUE);
}

/* Valgrind accounts for a new mapping at once, for a change of protection byte by byte. */
static bool set_access(const struct physmem *mem, char *window, int prot)
{
	if (RUNNING_ON_VALGRIND)
		return map_memory(mem, window, mem->size, 0, prot) != MAP_FAILED;
	return !mprotect(window, mem->size, prot);
}

static bool move_direct_map(struct physmem *mem, char *from, char *to)
{
	if (RUNNING_ON_VALGRIND)
		return set_access(mem, from, PROT_NONE) &&
		       set_access(mem, to, PROT_READ | PROT_WRITE);
	return mremap(from, mem->window, mem->window, MREMAP_MAYMOVE | MREMAP_FIXED,
		      to) != MAP_FAILED &&
	       map_none(from, mem->window, MAP_FIXED) != MAP_FAILED;
}

static void make_map(const struct physmem *mem, const struct physmem_map *map)
{
	must(map_memory(mem, (void *)map->vaddr, map->len, map->phys,
			PROT_READ | PROT_WRITE) != MAP_FAILED, "mapping pages");
}

static bool map_lies_in(const struct physmem_map *map, unsigned long vaddr, size_t len)
{
	return map->vaddr >= vaddr && map->vaddr - vaddr < len;
}

static void undo_unmap(void *ctx, uint64_t vaddr, uint64_t len)
{
	const struct physmem *mem = ctx;

	for (unsigned int i = 0; i < mem->maps->len; i++) {
		const struct physmem_map *map = &g_array_index(mem->maps, struct physmem_map, i);

		if (map_lies_in(map, vaddr, len))
			make_map(mem, map);
	}
}

static void undo_map(void *ctx, uint64_t vaddr, uint64_t len)
{
	(void)ctx;
	must(map_none((void *)vaddr, len, MAP_FIXED) != MAP_FAILED, "unmapping pages");
}

/* What is in @mem->maps when this is undone is what was there before. */
static void unmap(struct physmem *mem, unsigned long vaddr, size_t len)
{
	must(map_none((void *)vaddr, len, MAP_FIXED) != MAP_FAILED, "unmapping pages");
	journal_undo(undo_unmap, mem, vaddr, len);
	journal_array(mem->maps, 0);
	for (unsigned int i = mem->maps->len; i-- > 0; )
		if (map_lies_in(&g_array_index(mem->maps, struct physmem_map, i), vaddr, len))
			g_array_remove_index_fast(mem->maps, i);
}

static void unmap_vmap_room(struct physmem *mem)
{
	if (mem->maps->len)
		unmap(mem, (unsigned long)alias_of(mem, mem->place) + mem->size, vmap_room());
}

void physmem_move(struct physmem *mem)
{
	unsigned int next = !mem->place;

	snapshot_open(physmem_at(mem, 0));
	memstate_reset(physmem_at(mem, 0), mem->size);
	memstate_reset(alias_of(mem, mem->place), mem->size);
	unmap_vmap_room(mem);
	must(move_direct_map(mem, mem->arena[mem->place], mem->arena[next]) &&
	     set_access(mem, alias_of(mem, mem->place), PROT_NONE) &&
	     set_access(mem, alias_of(mem, next), PROT_READ | PROT_WRITE),
	     "moving the direct map");
	mem->place = next;
}

/* Pages come into being by being touched, and go in physmem_drop() and physmem_zero(). */
void physmem_find_present(struct physmem *mem)
{
	struct physmem_extent extent;
	struct stat st;
	off_t at = 0;

	must(!fstat(mem->fd, &st), "looking at simulated memory");
	if (st.st_blocks == mem->blocks)
		return;
	mem->blocks = st.st_blocks;
	g_array_set_size(mem->present, 0);
	while ((at = lseek(mem->fd, at, SEEK_DATA)) >= 0) {
		extent.start = at >> HOST_PAGE_SHIFT;
		at = lseek(mem->fd, at, SEEK_HOLE);
		extent.end = round_up(at, HOST_PAGE_SIZE) >> HOST_PAGE_SHIFT;
		g_array_append_val(mem->present, extent);
	}
}

static void physmem_drop(struct physmem *mem)
{
	must(!ftruncate(mem->fd, 0) && !ftruncate(mem->fd, mem->size),
	     "dropping simulated memory");
	g_array_set_size(mem->present, 0);
	mem->blocks = 0;
}

void physmem_zero(struct physmem *mem, uint64_t phys, size_t len)
{
	must(phys <= mem->size && len <= mem->size - phys, "zeroing what is not memory");
	snapshot_touch(physmem_at(mem, phys), len);
	must(!fallocate(mem->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, phys, len),
	     "zeroing simulated memory");
	mem->blocks = PHYSMEM_BLOCKS_UNKNOWN;
}

bool physmem_is_blank(const struct physmem *mem, uint64_t pfn)
{
	unsigned int low = 0, high = mem->present->len;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;
		const struct physmem_extent *extent =
			&g_array_index(mem->present, struct physmem_extent, middle);

		if (pfn < extent->start)
			high = middle;
		else if (pfn >= extent->end)
			low = middle + 1;
		else
			return false;
	}
	return true;
}

static size_t physmem_in_use(struct physmem *mem)
{
	size_t pages = 0;

	physmem_find_present(mem);
	for (unsigned int i = 0; i < mem->present->len; i++) {
		const struct physmem_extent *extent =
			&g_array_index(mem->present, struct physmem_extent, i);

		pages += extent->end - extent->start;
	}
	return pages << HOST_PAGE_SHIFT;
}

void physmem_blank(struct physmem *mem)
{
	memstate_reset(physmem_at(mem, 0), mem->size);
	memstate_reset(alias_of(mem, mem->place), mem->size);
	unmap_vmap_room(mem);
	if (physmem_in_use(mem) > BLANK_IN_PLACE)
		physmem_drop(mem);
	for (unsigned int i = 0; i < mem->present->len; i++) {
		const struct physmem_extent *extent =
			&g_array_index(mem->present, struct physmem_extent, i);

		raw_fill(physmem_at(mem, extent->start << HOST_PAGE_SHIFT), 0,
			 (extent->end - extent->start) << HOST_PAGE_SHIFT);
	}
}

static void poison_extent(struct physmem *mem, const struct physmem_extent *extent,
			  const unsigned long *kept)
{
	for (uint64_t pfn = extent->start; pfn < extent->end; pfn++) {
		if (!bitmap_test(kept, pfn))
			raw_fill(physmem_at(mem, pfn << HOST_PAGE_SHIFT), PHYSMEM_POISON,
				 HOST_PAGE_SIZE);
	}
}

void physmem_poison(struct physmem *mem, const unsigned long *kept)
{
	memstate_reset(physmem_at(mem, 0), mem->size);
	snapshot_open(physmem_at(mem, 0));
	physmem_find_present(mem);
	for (unsigned int i = 0; i < mem->present->len; i++)
		poison_extent(mem, &g_array_index(mem->present, struct physmem_extent, i), kept);
}

enum physmem_area physmem_classify(const struct physmem *mem, unsigned int place,
				   unsigned long address)
{
	unsigned long offset = address - (unsigned long)mem->arena[place];

	if (offset < mem->window)
		return PHYSMEM_DIRECT;
	return offset < mem->window + mem->vmalloc_size ? PHYSMEM_VMALLOC : PHYSMEM_NONE;
}

static bool in_vmap_room(const struct physmem *mem, unsigned long vaddr, size_t len)
{
	unsigned long offset = vaddr - physmem_vmalloc_base(mem) - mem->size;

	return offset < vmap_room() && len <= vmap_room() - offset;
}

int physmem_vmap(struct physmem *mem, unsigned long vaddr, uint64_t phys, size_t len)
{
	const struct physmem_map map = { vaddr, phys, len };

	if (!in_vmap_room(mem, vaddr, len) || phys > mem->size || len > mem->size - phys)
		return -EINVAL;
	if (map_memory(mem, (void *)vaddr, len, phys, PROT_READ | PROT_WRITE) == MAP_FAILED)
		return -ENOMEM;
	snapshot_touch(physmem_at(mem, phys), len);
	journal_undo(undo_map, mem, vaddr, len);
	journal_array_append(mem->maps, map);
	return 0;
}

static const struct physmem_map *map_at(const struct physmem *mem, uint64_t addr)
{
	for (unsigned int i = 0; i < mem->maps->len; i++) {
		const struct physmem_map *map = &g_array_index(mem->maps, struct physmem_map, i);

		if (addr - map->vaddr < map->len)
			return map;
	}
	return NULL;
}

void *physmem_seen_at(const struct physmem *mem, uint64_t addr, size_t *size)
{
	const struct physmem_map all[] = {
		{ (unsigned long)physmem_at(mem, 0), 0, mem->size },
		{ physmem_vmalloc_base(mem), 0, mem->size },
	};
	const struct physmem_map *map = NULL;

	for (unsigned int i = 0; i < G_N_ELEMENTS(all) && !map; i++)
		if (addr - all[i].vaddr < all[i].len)
			map = &all[i];
	if (!map)
		map = map_at(mem, addr);
	if (!map)
		return NULL;
	*size = MIN(*size, map->vaddr + map->len - addr);
	return physmem_at(mem, map->phys + (addr - map->vaddr));
}

void physmem_digest(const struct physmem *mem, struct digest *digest)
{
	struct digest maps = { 0 };

	for (unsigned int i = 0; i < mem->maps->len; i++) {
		const struct physmem_map *map = &g_array_index(mem->maps, struct physmem_map, i);
		struct digest one = { 0 };

		digest_word(&one, map->vaddr);
		digest_word(&one, map->phys);
		digest_word(&one, map->len);
		digest_add(&maps, one);
	}
	digest_digest(digest, maps);
	digest_word(digest, mem->place);
}

void physmem_touch_mapped(const struct physmem *mem)
{
	for (unsigned int i = 0; i < mem->maps->len; i++) {
		const struct physmem_map *map = &g_array_index(mem->maps, struct physmem_map, i);

		snapshot_touch(physmem_at(mem, map->phys), map->len);
	}
}

void physmem_vunmap(struct physmem *mem, unsigned long vaddr, size_t len)
{
	if (!in_vmap_room(mem, vaddr, len))
		return;
	memstate_reset((void *)vaddr, len);
	unmap(mem, vaddr, len);
}
