// SPDX-License-Identifier: GPL-2.0
/*
 * The programs of the partial order reduction papers.
 */

#include "classics.h"

static unsigned int size_of(const void *ctx)
{
	return GPOINTER_TO_UINT(ctx);
}

static struct explore_program program(const char *name, unsigned int threads,
				      unsigned int words,
				      void (*thread)(void *memory, unsigned int self, void *ctx),
				      unsigned int ctx)
{
	return (struct explore_program){
		.name = name, .threads = threads, .memory = words * sizeof(uint64_t),
		.thread = thread, .ctx = GUINT_TO_POINTER(ctx),
	};
}

static void readers_thread(void *memory, unsigned int self, void *ctx)
{
	uint64_t *x = memory;

	(void)ctx;
	if (self)
		explore_load(x);
	else
		explore_store(x, 42);
}

struct explore_program classic_readers(unsigned int n)
{
	return program("readers", n + 1, 1, readers_thread, n);
}

static void lastzero_thread(void *memory, unsigned int self, void *ctx)
{
	uint64_t *a = memory;
	unsigned int i = size_of(ctx);

	if (self) {
		explore_store(&a[self], explore_load(&a[self - 1]) + 1);
		return;
	}
	while (explore_load(&a[i]))
		i--;
}

struct explore_program classic_lastzero(unsigned int n)
{
	return program("lastzero", n + 1, n + 1, lastzero_thread, n);
}

#define INDEXER_CELLS	128u
#define INDEXER_MESSAGES 4u

struct indexer {
	uint64_t cell[INDEXER_CELLS];
	struct explore_lock lock[INDEXER_CELLS];
};

static bool take_cell(struct indexer *indexer, unsigned int cell, uint64_t value)
{
	bool taken = false;

	explore_lock(&indexer->lock[cell]);
	if (!explore_load(&indexer->cell[cell])) {
		explore_store(&indexer->cell[cell], value);
		taken = true;
	}
	explore_unlock(&indexer->lock[cell]);
	return taken;
}

static void indexer_thread(void *memory, unsigned int self, void *ctx)
{
	(void)ctx;
	for (unsigned int m = 1; m <= INDEXER_MESSAGES; m++) {
		unsigned int w = m * 11 + self, h = w * 7 % INDEXER_CELLS;

		while (!take_cell(memory, h, w))
			h = (h + 1) % INDEXER_CELLS;
	}
}

struct explore_program classic_indexer(unsigned int n)
{
	return program("indexer", n, sizeof(struct indexer) / sizeof(uint64_t),
		       indexer_thread, n);
}

#define INODES	32u
#define BLOCKS	26u

struct filesystem {
	struct explore_lock inode_lock[INODES];
	uint64_t inode[INODES];
	struct explore_lock block_lock[BLOCKS];
	uint64_t busy[BLOCKS];
};

static bool take_block(struct filesystem *fs, unsigned int i, unsigned int b)
{
	bool free;

	explore_lock(&fs->block_lock[b]);
	free = !explore_load(&fs->busy[b]);
	if (free) {
		explore_store(&fs->busy[b], 1);
		explore_store(&fs->inode[i], b + 1);
	}
	explore_unlock(&fs->block_lock[b]);
	return free;
}

static void filesystem_thread(void *memory, unsigned int self, void *ctx)
{
	struct filesystem *fs = memory;
	unsigned int i = self % INODES, b = i * 2 % BLOCKS;

	(void)ctx;
	explore_lock(&fs->inode_lock[i]);
	if (!explore_load(&fs->inode[i]))
		while (!take_block(fs, i, b))
			b = (b + 1) % BLOCKS;
	explore_unlock(&fs->inode_lock[i]);
}

struct explore_program classic_filesystem(unsigned int n)
{
	return program("filesystem", n, sizeof(struct filesystem) / sizeof(uint64_t),
		       filesystem_thread, n);
}

static void mutex_thread(void *memory, unsigned int self, void *ctx)
{
	(void)self;
	(void)ctx;
	explore_lock(memory);
	explore_unlock(memory);
}

struct explore_program classic_mutex(unsigned int n)
{
	return program("mutex", n, 1, mutex_thread, n);
}

static void ainc_thread(void *memory, unsigned int self, void *ctx)
{
	uint64_t *x = memory;

	(void)self;
	(void)ctx;
	explore_store(x, explore_load(x) + 1);
}

struct explore_program classic_ainc(unsigned int n)
{
	return program("ainc", n, 1, ainc_thread, n);
}

static void trylock_thread(void *memory, unsigned int self, void *ctx)
{
	(void)self;
	(void)ctx;
	if (explore_trylock(memory))
		explore_unlock(memory);
}

struct explore_program classic_trylock(unsigned int n)
{
	return program("trylock", n, 1, trylock_thread, n);
}

static void rwlock_thread(void *memory, unsigned int self, void *ctx)
{
	if (self < size_of(ctx)) {
		explore_lock_shared(memory);
		explore_unlock_shared(memory);
	} else {
		explore_lock(memory);
		explore_unlock(memory);
	}
}

struct explore_program classic_rwlock(unsigned int readers, unsigned int n)
{
	return program("rwlock", n, 1, rwlock_thread, readers);
}

static void faults_thread(void *memory, unsigned int self, void *ctx)
{
	(void)memory;
	(void)self;
	for (unsigned int i = 0; i < size_of(ctx); i++)
		explore_choose(2);
}

struct explore_program classic_faults(unsigned int n, unsigned int k)
{
	return program("faults", n, 1, faults_thread, k);
}

static void fault_lock_thread(void *memory, unsigned int self, void *ctx)
{
	(void)self;
	(void)ctx;
	if (explore_choose(2))
		return;
	explore_lock(memory);
	explore_unlock(memory);
}

struct explore_program classic_fault_lock(unsigned int n)
{
	return program("fault_lock", n, 1, fault_lock_thread, n);
}
