// SPDX-License-Identifier: GPL-2.0
/*
 * Synchronisation, as tools/memory-model/Documentation/explanation.txt of Linux 7.3 has it, for
 * executions in which each load sees the last store.
 */

#include "sync.h"

/**
 * struct sync_object - a lock, or a word that is stored to and loaded.
 * @value:  what is before whoever acquires it: for a word, what its present value carries
 * @shared: what only those come after who acquire it for themselves
 */
struct sync_object {
	struct clock value;
	struct clock shared;
};

void syncs_init(struct syncs *syncs)
{
	syncs->objects = g_hash_table_new(NULL, NULL);
	syncs->pool = g_ptr_array_new_with_free_func(g_free);
}

void syncs_destroy(struct syncs *syncs)
{
	g_hash_table_unref(syncs->objects);
	g_ptr_array_free(syncs->pool, TRUE);
}

void syncs_clear(struct syncs *syncs)
{
	if (syncs->used)
		g_hash_table_remove_all(syncs->objects);
	syncs->used = 0;
	syncs->threads = 0;
}

unsigned int syncs_add(struct syncs *syncs)
{
	unsigned int self = syncs->threads++;

	syncs->thread[self] = (struct sync_thread){ 0 };
	syncs->thread[self].clock.at[self] = 1;
	return self;
}

static struct sync_object *find(const struct syncs *syncs, uint64_t object)
{
	return g_hash_table_lookup(syncs->objects, GSIZE_TO_POINTER(object));
}

static struct sync_object *get(struct syncs *syncs, uint64_t object)
{
	struct sync_object *sync = find(syncs, object);

	if (sync)
		return sync;
	if (syncs->used == syncs->pool->len)
		g_ptr_array_add(syncs->pool, g_new(struct sync_object, 1));
	sync = g_ptr_array_index(syncs->pool, syncs->used++);
	*sync = (struct sync_object){ 0 };
	g_hash_table_insert(syncs->objects, GSIZE_TO_POINTER(object), sync);
	return sync;
}

/* What comes now is not known to those who have just got to know the thread's clock. */
static void tick(struct syncs *syncs, unsigned int self)
{
	syncs->thread[self].clock.at[self]++;
}

static void acquire(struct syncs *syncs, unsigned int self, uint64_t object, bool shared)
{
	struct sync_object *sync = find(syncs, object);
	struct clock *clock = &syncs->thread[self].clock;

	if (!sync)
		return;
	clock_join(clock, &sync->value, syncs->threads);
	if (!shared)
		clock_join(clock, &sync->shared, syncs->threads);
}

static void release(struct syncs *syncs, unsigned int self, uint64_t object, bool shared)
{
	struct sync_object *sync = get(syncs, object);

	clock_join(shared ? &sync->shared : &sync->value, &syncs->thread[self].clock,
		   syncs->threads);
	tick(syncs, self);
}

static void load(struct syncs *syncs, unsigned int self, uint64_t object)
{
	struct sync_object *sync = find(syncs, object);

	if (sync)
		clock_join(&syncs->thread[self].loaded, &sync->value, syncs->threads);
}

/* A store takes the place of what was there. */
static void store(struct syncs *syncs, unsigned int self, uint64_t object, bool releases)
{
	struct sync_thread *thread = &syncs->thread[self];

	if (!releases && !thread->fenced.at[self] && !find(syncs, object))
		return;
	get(syncs, object)->value = releases ? thread->clock : thread->fenced;
	if (releases)
		tick(syncs, self);
}

static void fence_read(struct syncs *syncs, unsigned int self)
{
	struct sync_thread *thread = &syncs->thread[self];

	clock_join(&thread->clock, &thread->loaded, syncs->threads);
}

static void fence_write(struct syncs *syncs, unsigned int self)
{
	syncs->thread[self].fenced = syncs->thread[self].clock;
	tick(syncs, self);
}

/* What the word carries, it goes on to carry. */
static void rmw(struct syncs *syncs, unsigned int self, uint64_t object,
		enum host_access_kind kind)
{
	bool full = kind == HOST_SYNC_RMW_FULL;

	load(syncs, self, object);
	if (full)
		fence_read(syncs, self);
	if (kind == HOST_SYNC_RMW_ACQUIRE)
		acquire(syncs, self, object, true);
	if (full || kind == HOST_SYNC_RMW_RELEASE)
		release(syncs, self, object, false);
	else if (syncs->thread[self].fenced.at[self])
		clock_join(&get(syncs, object)->value, &syncs->thread[self].fenced,
			   syncs->threads);
	if (full)
		fence_write(syncs, self);
}

/* What it waited for is not what the thread itself has waited for. */
static void end_callback(struct sync_thread *thread, unsigned int self)
{
	thread->saved.at[self] = thread->clock.at[self];
	thread->clock = thread->saved;
}

void syncs_do(struct syncs *syncs, unsigned int self, enum host_access_kind kind,
	      uint64_t object)
{
	struct sync_thread *thread = &syncs->thread[self];

	switch (kind) {
	case HOST_SYNC_ACQUIRE:
		return acquire(syncs, self, object, false);
	case HOST_SYNC_ACQUIRE_SHARED:
	case HOST_SYNC_LOAD_ACQUIRE:
		return acquire(syncs, self, object, true);
	case HOST_SYNC_RELEASE:
		return release(syncs, self, object, false);
	case HOST_SYNC_RELEASE_SHARED:
		return release(syncs, self, object, true);
	case HOST_SYNC_LOAD:
		return load(syncs, self, object);
	case HOST_SYNC_STORE:
	case HOST_SYNC_STORE_RELEASE:
		return store(syncs, self, object, kind == HOST_SYNC_STORE_RELEASE);
	case HOST_SYNC_RMW:
	case HOST_SYNC_RMW_ACQUIRE:
	case HOST_SYNC_RMW_RELEASE:
	case HOST_SYNC_RMW_FULL:
		return rmw(syncs, self, object, kind);
	case HOST_SYNC_FENCE_READ:
		return fence_read(syncs, self);
	case HOST_SYNC_FENCE_WRITE:
		return fence_write(syncs, self);
	case HOST_SYNC_FENCE:
		fence_read(syncs, self);
		return fence_write(syncs, self);
	case HOST_SYNC_CALLBACK:
		thread->saved = thread->clock;
		return;
	case HOST_SYNC_CALLBACK_END:
		return end_callback(thread, self);
	default:
		return;
	}
}

void syncs_tell(struct syncs *syncs, unsigned int from, unsigned int to)
{
	clock_join(&syncs->thread[to].clock, &syncs->thread[from].clock, syncs->threads);
	tick(syncs, from);
}

void syncs_wake(struct syncs *syncs, unsigned int from, unsigned int to)
{
	clock_join(&syncs->thread[to].waking, &syncs->thread[from].clock, syncs->threads);
	tick(syncs, from);
}

void syncs_awake(struct syncs *syncs, unsigned int self)
{
	struct sync_thread *thread = &syncs->thread[self];

	clock_join(&thread->clock, &thread->waking, syncs->threads);
	thread->waking = (struct clock){ 0 };
}
