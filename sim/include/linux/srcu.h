/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_SRCU_H
#define _LINUX_SRCU_H

/*
 * Simulated: sleepable RCU, each domain for itself (kernel/rcu/srcutree.c).
 *
 * Kernel promises: as RCU (linux/rcupdate.h), but readers may sleep, and only readers of the
 *	same domain are waited for. A reader unlocks with the index that its lock returned.
 * Modelled: the same; for callbacks of call_srcu() see linux/rcupdate.h.
 * Left out: per-processor counters, and fast and light-weight readers as something else.
 * Scheduling points: each lock, unlock and access, and waiting for a grace period.
 */

#include <linux/cleanup.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

/**
 * struct srcu_struct - a domain.
 * @readers:   number of readers that entered under each index
 * @idx:       index for new readers, 0 or 1
 * @syncing:   a task waits for a grace period, others wait for it
 * @queue:     callbacks, oldest first
 * @tail:      where the next one is linked; NULL means at @queue
 * @domains:   in a list of domains with callbacks
 * @callbacks: number of callbacks with tasks of their own that wait for readers
 * @name:      "srcu foo", for reports
 */
struct srcu_struct {
	unsigned int readers[2];
	int idx;
	bool syncing;
	struct callback_head *queue;
	struct callback_head **tail;
	struct list_head domains;
	unsigned int callbacks;
	const char *name;
};

#define __SRCU_STRUCT_INIT(srcu)	{ .name = "srcu " #srcu }
#define DEFINE_SRCU(name)		struct srcu_struct name = __SRCU_STRUCT_INIT(name)
#define DEFINE_STATIC_SRCU(name)	static DEFINE_SRCU(name)
#define init_srcu_struct(ssp)		__init_srcu_struct((ssp), "srcu " #ssp, NULL)

int __init_srcu_struct(struct srcu_struct *ssp, const char *name, struct lock_class_key *key);
void cleanup_srcu_struct(struct srcu_struct *ssp);
int __must_check srcu_read_lock(struct srcu_struct *ssp);
void srcu_read_unlock(struct srcu_struct *ssp, int idx);
bool srcu_read_lock_held(const struct srcu_struct *ssp);
void synchronize_srcu(struct srcu_struct *ssp);
void call_srcu(struct srcu_struct *ssp, struct rcu_head *head, rcu_callback_t func);
void srcu_barrier(struct srcu_struct *ssp);

#define synchronize_srcu_expedited(ssp)	synchronize_srcu(ssp)
#define srcu_dereference_check(p, ssp, c)	sim_rcu_load(p)
#define srcu_dereference(p, ssp)	sim_rcu_load(p)

DEFINE_LOCK_GUARD_1(srcu, struct srcu_struct, _T->idx = srcu_read_lock(_T->lock),
		    srcu_read_unlock(_T->lock, _T->idx), int idx)

#endif /* _LINUX_SRCU_H */
