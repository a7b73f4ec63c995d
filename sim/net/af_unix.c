// SPDX-License-Identifier: GPL-2.0
/*
 * Pairs of connected sockets within one machine. Semantics of net/unix/af_unix.c of Linux
 * 7.3 for SOCK_SEQPACKET: unix_release_sock(), unix_dgram_sendmsg(),
 * __unix_dgram_recvmsg(); linux/socket.h says what is left out.
 */

#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "internal.h"

/* What the kernel takes by default: net.core.wmem_default. */
#define SK_SNDBUF	212992

/**
 * struct unix_message - a message in flight.
 * @list: in the receiver's queue
 * @fp:   the files that it carries, or NULL
 * @len:  bytes of @data
 */
struct unix_message {
	struct list_head list;
	struct scm_fp_list *fp;
	size_t len;
	char data[];
};

/**
 * struct unix_sock - an end of a pair.
 * @refs:     the file's, and one of the other end
 * @lock:     of @peer, @dead, @shutdown
 * @iolock:   one receiver at a time
 * @queue_lock: of @queue
 * @queue:    messages that wait to be received
 * @wait:     receivers sleep here
 * @peer:     the other end, with a reference; NULL once this end is closed
 * @err:      reported once, by whoever comes first
 * @dead:     this end is closed
 * @shutdown: the other end is closed: no more sending, and an end of receiving
 */
struct unix_sock {
	refcount_t refs;
	spinlock_t lock;
	struct mutex iolock;
	spinlock_t queue_lock;
	struct list_head queue;
	wait_queue_head_t wait;
	struct unix_sock *peer;
	atomic_t err;
	bool dead;
	bool shutdown;
};

static struct unix_sock *unix_sock_alloc(void)
{
	struct unix_sock *u = kzalloc_obj(*u);

	if (!u)
		return NULL;
	refcount_set(&u->refs, 1);
	spin_lock_init(&u->lock);
	mutex_init(&u->iolock);
	spin_lock_init(&u->queue_lock);
	INIT_LIST_HEAD(&u->queue);
	init_waitqueue_head(&u->wait);
	return u;
}

static void sock_put(struct unix_sock *u)
{
	if (!refcount_dec_and_test(&u->refs))
		return;
	mutex_destroy(&u->iolock);
	kfree(u);
}

int unix_create_pair(struct unix_sock *pair[2])
{
	pair[0] = unix_sock_alloc();
	pair[1] = unix_sock_alloc();
	if (!pair[0] || !pair[1]) {
		kfree(pair[0]);
		kfree(pair[1]);
		return -ENOMEM;
	}
	for (int i = 0; i < 2; i++) {
		refcount_inc(&pair[i]->refs);
		pair[1 - i]->peer = pair[i];
	}
	return 0;
}

static int sock_error(struct unix_sock *u)
{
	return atomic_read(&u->err) ? -atomic_xchg(&u->err, 0) : 0;
}

static struct unix_message *unix_dequeue(struct unix_sock *u)
{
	struct unix_message *message;

	guard(spinlock)(&u->queue_lock);
	message = list_first_entry_or_null(&u->queue, struct unix_message, list);
	if (message)
		list_del(&message->list);
	return message;
}

static bool unix_queue_empty(struct unix_sock *u)
{
	guard(spinlock)(&u->queue_lock);
	return list_empty(&u->queue);
}

static void unix_message_free(struct unix_message *message)
{
	scm_destroy(message->fp);
	kfree(message);
}

/* The other end learns that this one is closed, and whether something it sent was lost. */
static void unix_tell_peer(struct unix_sock *peer, bool unread)
{
	spin_lock(&peer->lock);
	WRITE_ONCE(peer->shutdown, true);
	if (unread)
		atomic_set(&peer->err, ECONNRESET);
	spin_unlock(&peer->lock);
	wake_up_interruptible_all(&peer->wait);
	sock_put(peer);
}

void unix_release_sock(struct unix_sock *u)
{
	struct unix_message *message;
	struct unix_sock *peer;

	spin_lock(&u->lock);
	WRITE_ONCE(u->dead, true);
	WRITE_ONCE(u->shutdown, true);
	peer = u->peer;
	u->peer = NULL;
	spin_unlock(&u->lock);

	if (peer)
		unix_tell_peer(peer, !unix_queue_empty(u));
	while ((message = unix_dequeue(u)) != NULL)
		unix_message_free(message);
	sock_put(u);
}

static struct unix_message *unix_message_new(const struct msghdr *msg, struct scm_fp_list *fp)
{
	struct unix_message *message = kmalloc_flex(*message, data, msg->len);

	if (!message) {
		scm_destroy(fp);
		return ERR_PTR(-ENOBUFS);
	}
	message->fp = fp;
	message->len = msg->len;
	if (msg_copy_from_user(message->data, msg)) {
		unix_message_free(message);
		return ERR_PTR(-EFAULT);
	}
	return message;
}

static struct unix_sock *unix_peer_get(struct unix_sock *u)
{
	guard(spinlock)(&u->lock);
	if (u->peer)
		refcount_inc(&u->peer->refs);
	return u->peer;
}

/* Whether @peer still takes messages is only certain under its lock. */
static int unix_deliver(struct unix_sock *peer, struct unix_message *message)
{
	scoped_guard(spinlock, &peer->lock) {
		if (peer->dead || peer->shutdown)
			return -EPIPE;
		scoped_guard(spinlock, &peer->queue_lock)
			list_add_tail(&message->list, &peer->queue);
	}
	wake_up_interruptible(&peer->wait);
	return 0;
}

static long unix_send_to(struct unix_sock *peer, struct unix_message *message)
{
	size_t len = message->len;
	int err = unix_deliver(peer, message);

	if (err)
		unix_message_free(message);
	return err ? err : (long)len;
}

static int unix_can_send(struct unix_sock *u, const struct msghdr *msg)
{
	int err;

	if (msg->len > SK_SNDBUF - 32)
		return -EMSGSIZE;
	err = sock_error(u);
	if (!err && READ_ONCE(u->shutdown))
		err = -EPIPE;
	return err;
}

long unix_sendmsg(struct unix_sock *u, struct msghdr *msg)
{
	struct unix_message *message;
	struct scm_fp_list *fp;
	struct unix_sock *peer;
	long ret = sock_error(u);

	ret = ret ?: scm_send(msg, &fp);
	if (ret)
		return ret;
	ret = unix_can_send(u, msg);
	if (ret) {
		scm_destroy(fp);
		return ret;
	}
	message = unix_message_new(msg, fp);
	if (IS_ERR(message))
		return PTR_ERR(message);

	peer = unix_peer_get(u);
	if (!peer) {
		unix_message_free(message);
		return -ENOTCONN;
	}
	ret = unix_send_to(peer, message);
	sock_put(peer);
	return ret;
}

/* A message, NULL if none will come any more, or an ERR_PTR. */
static struct unix_message *unix_try_receive(struct unix_sock *u)
{
	struct unix_message *message;
	int err = sock_error(u);

	if (err)
		return ERR_PTR(err);
	message = unix_dequeue(u);
	if (message)
		return message;
	return READ_ONCE(u->shutdown) ? NULL : ERR_PTR(-EAGAIN);
}

static bool unix_readable(struct unix_sock *u)
{
	return atomic_read(&u->err) || !unix_queue_empty(u) || READ_ONCE(u->shutdown);
}

static struct unix_message *unix_receive(struct unix_sock *u, bool wait)
{
	struct unix_message *message;

	for (;;) {
		scoped_guard(mutex, &u->iolock)
			message = unix_try_receive(u);
		if (message != ERR_PTR(-EAGAIN) || !wait)
			return message;
		if (wait_event_interruptible(u->wait, unix_readable(u)))
			return ERR_PTR(-ERESTARTSYS);
	}
}

long unix_recvmsg(struct unix_sock *u, struct msghdr *msg)
{
	struct unix_message *message = unix_receive(u, !(msg->flags & MSG_DONTWAIT));
	size_t len;

	if (IS_ERR_OR_NULL(message))
		return PTR_ERR(message);
	len = min(message->len, msg->len);
	if (len < message->len)
		msg->flags |= MSG_TRUNC;
	if (msg_copy_to_user(msg, message->data, len)) {
		unix_message_free(message);
		return -EFAULT;
	}
	if (message->fp)
		scm_detach_fds(msg, message->fp);
	kfree(message);
	return len;
}
