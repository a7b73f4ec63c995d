// SPDX-License-Identifier: GPL-2.0
/*
 * The state of this kernel in lines of text, for whoever compares two moments. What belongs
 * in, and what does not, is said in <sim/state.h>.
 */

#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <sim/state.h>

#include "../kernel/module.h"
#include "init.h"

size_t sim_state_about(struct sim_state *s, const char *format, ...)
{
	size_t len = s->len;
	va_list args;

	if (s->folded)
		return len;
	va_start(args, format);
	s->len += vscnprintf(s->prefix + len, sizeof(s->prefix) - len, format, args);
	va_end(args);
	s->len += scnprintf(s->prefix + s->len, sizeof(s->prefix) - s->len, ": ");
	return len;
}

void sim_state_back(struct sim_state *s, size_t len)
{
	s->len = len;
	s->prefix[len] = '\0';
}

void sim_state_line(struct sim_state *s, const char *what, enum host_state_kind kind,
		    host_u64 value)
{
	if (s->folded) {
		s->fold = sim_hash_number(s->fold, value);
		return;
	}
	strscpy(s->prefix + s->len, what, sizeof(s->prefix) - s->len);
	s->item(s->ctx, &(struct host_state){
		.key = s->prefix, .kind = kind, .value = value });
	s->prefix[s->len] = '\0';
}

void sim_state_fold(struct sim_state *s)
{
	s->folded = true;
	s->fold = SIM_HASH_INIT;
}

void sim_state_unfold(struct sim_state *s, const char *what)
{
	s->folded = false;
	sim_state_hash(s, what, s->fold);
}

host_u64 sim_hash_bytes(host_u64 hash, const void *data, size_t len)
{
	const u64 *word = data;

	for (size_t i = 0; i < len / sizeof(*word); i++)
		hash = sim_hash_number(hash, word[i]);
	return hash;
}

host_u64 sim_hash_page(host_u64 hash, unsigned long pfn)
{
	return sim_hash_bytes(hash, page_address(pfn_to_page(pfn)), PAGE_SIZE);
}

/** tasks_state() - what is running, and what it must not hold on to between two calls. */
void tasks_state(struct sim_state *s)
{
	sim_state_number(s, "locks held", sim_locks_held());
	sim_state_number(s, "RCU callbacks", rcu_callbacks_pending());
	sim_state_number(s, "module references", modules_references());
}

/**
 * sim_state() - host_image.state.
 * @detail: set of HOST_STATE_*
 * @item:   called for each line
 * @ctx:    passed on
 */
void sim_state(unsigned int detail, void (*item)(void *ctx, const struct host_state *line),
	       void *ctx)
{
	struct sim_state s = { .detail = detail, .item = item, .ctx = ctx };

	luo_state(&s);
	kho_state(&s);
	kvm_state(&s);
	vfs_state(&s);
	mm_state(&s);
	tasks_state(&s);
}
