/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_STATE_H
#define _SIM_STATE_H

/*
 * Simulated: describing the state of this kernel, line by line, for host_image.state.
 *
 * Each subsystem has a function for its part, which tells what means something to somebody:
 * objects that a program or the next kernel can get at, references, what was promised to be
 * kept. It leaves out what only an allocator sees (empty slabs, free pages in lists, nodes
 * of trees that stay for later, numbers that are given out once) and all addresses of this
 * kernel; frame numbers of physical memory are in.
 *
 * No task runs meanwhile, or none that matters: these functions take no locks.
 */

#include <linux/types.h>
#include <sim/sim.h>

struct file;

#define SIM_STATE_KEY	192

/**
 * struct sim_state - a description that is being made.
 * @detail: set of HOST_STATE_*
 * @item:   takes a line
 * @ctx:    for @item
 * @prefix: what all lines begin with until sim_state_about() says otherwise
 * @len:    length of @prefix
 * @folded: lines go into @fold instead of to @item
 * @fold:   hash of the values so far
 */
struct sim_state {
	unsigned int detail;
	void (*item)(void *ctx, const struct host_state *line);
	void *ctx;
	char prefix[SIM_STATE_KEY];
	size_t len;
	bool folded;
	host_u64 fold;
};

/**
 * sim_state_about() - the lines that follow are about the object of that name.
 *
 * Return: where to go back to with sim_state_back(), so that objects can be parts of others.
 */
size_t sim_state_about(struct sim_state *s, const char *format, ...) __printf(2, 3);
void sim_state_back(struct sim_state *s, size_t len);

/** sim_state_line() - @what of the object is @value. */
void sim_state_line(struct sim_state *s, const char *what, enum host_state_kind kind,
		    host_u64 value);

/**
 * sim_state_fold() - what follows is too much to be told one by one: only a hash of it is,
 * by sim_state_unfold(). Takes a fraction of the time.
 */
void sim_state_fold(struct sim_state *s);
void sim_state_unfold(struct sim_state *s, const char *what);

static inline void sim_state_number(struct sim_state *s, const char *what, host_u64 value)
{
	sim_state_line(s, what, HOST_STATE_NUMBER, value);
}

static inline void sim_state_error(struct sim_state *s, const char *what, long value)
{
	sim_state_line(s, what, HOST_STATE_ERROR, value);
}

static inline void sim_state_hash(struct sim_state *s, const char *what, host_u64 value)
{
	sim_state_line(s, what, HOST_STATE_HASH, value);
}

#define SIM_HASH_INIT	0xcbf29ce484222325ULL

/** sim_hash_number() - @hash with one more number in it. */
static inline host_u64 sim_hash_number(host_u64 hash, host_u64 number)
{
	hash = (hash ^ number) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 29;
}

/** sim_hash_bytes() - @hash with the bytes at @data in it, whose number is a multiple of 8. */
host_u64 sim_hash_bytes(host_u64 hash, const void *data, size_t len);

/** sim_hash_page() - @hash with the contents of the page at @pfn in it. */
host_u64 sim_hash_page(host_u64 hash, unsigned long pfn);

/* Parts of the description, in this order. */
void tasks_state(struct sim_state *s);
void mm_state(struct sim_state *s);
void vfs_state(struct sim_state *s);
void kho_state(struct sim_state *s);
void luo_state(struct sim_state *s);
void kvm_state(struct sim_state *s);

/** vfs_file_state() - what there is to say about an open file, whoever holds it. */
void vfs_file_state(struct sim_state *s, struct file *file);

/** shmem_file_state() - the same for what only files in memory have; others are ignored. */
void shmem_file_state(struct sim_state *s, struct file *file);

/** kvm_file_state() - the same for what is KVM's own business; other files are ignored. */
void kvm_file_state(struct sim_state *s, struct file *file);

#endif /* _SIM_STATE_H */
