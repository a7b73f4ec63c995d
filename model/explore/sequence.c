// SPDX-License-Identifier: GPL-2.0
/*
 * Sequences of events: what can come first in them.
 */

#include <glib.h>
#include <string.h>

#include "sequence.h"

void sequence_init(struct sequence *seq, unsigned int stride)
{
	*seq = (struct sequence){ .stride = stride };
	seq->head = g_new(uint32_t, stride);
	seq->tail = g_new(uint32_t, stride);
	seq->first = g_new(int32_t, stride);
}

void sequence_make_room(struct sequence *seq, uint32_t before, uint32_t objects)
{
	seq->use = g_renew(struct sequence_use, seq->use, objects);
	memset(seq->use + before, 0, (objects - before) * sizeof(*seq->use));
}

void sequence_destroy(struct sequence *seq)
{
	g_free(seq->use);
	g_free(seq->first);
	g_free(seq->tail);
	g_free(seq->head);
	g_free(seq->items);
}

static void add_use(struct sequence *seq, const struct event *event, int by)
{
	struct sequence_use *use = &seq->use[event->object];

	if (G_UNLIKELY(event_halts(event)))
		seq->halts += by;
	if (event_is(event, EVENT_NOWHERE))
		return;
	if (event_is(event, EVENT_SHARED))
		use->shared += by;
	else
		use->exclusive += by;
}

static bool conflicts_with_rest(const struct sequence *seq, const struct event *event)
{
	const struct sequence_use *use = &seq->use[event->object];

	if (seq->halts || (event_halts(event) && seq->left))
		return true;
	if (event->op == EVENT_CHOOSE)
		return false;
	return use->exclusive || (use->shared && !event_is(event, EVENT_SHARED));
}

void sequence_reset(struct sequence *seq, unsigned int capacity)
{
	for (unsigned int i = 0; i < seq->nr; i++)
		if (!event_is(&seq->items[i].event, EVENT_NOWHERE))
			seq->use[seq->items[i].event.object] = (struct sequence_use){ 0 };
	seq->nr = seq->left = seq->start = seq->halts = 0;
	if (capacity > seq->capacity) {
		seq->capacity = 2 * capacity;
		seq->items = g_renew(struct sequence_item, seq->items, seq->capacity);
	}
	memset(seq->head, 0xff, seq->stride * sizeof(*seq->head));
	for (unsigned int i = 0; i < seq->stride; i++)
		seq->first[i] = G_MAXINT32;
}

void sequence_add(struct sequence *seq, const struct event *event, const int32_t *clock,
		  int32_t local)
{
	unsigned int thread = event->thread;

	seq->items[seq->nr] = (struct sequence_item){
		.event = *event, .clock = clock, .local = local, .next = SEQUENCE_END,
	};
	if (seq->head[thread] == SEQUENCE_END) {
		seq->head[thread] = seq->nr;
		seq->first[thread] = local;
	} else {
		seq->items[seq->tail[thread]].next = seq->nr;
	}
	seq->tail[thread] = seq->nr++;
	seq->left++;
	add_use(seq, event, 1);
}

void sequence_take(struct sequence *seq, unsigned int thread)
{
	const struct sequence_item *head = sequence_head(seq, thread);

	add_use(seq, &head->event, -1);
	seq->head[thread] = head->next;
	seq->first[thread] = head->next == SEQUENCE_END ? G_MAXINT32 :
							  seq->items[head->next].local;
	seq->left--;
	while (seq->start < seq->nr && !sequence_has(seq, seq->start))
		seq->start++;
}

/*
 * Of each other thread it is enough to look at the first event. Written so that the
 * compiler compares several at once.
 */
static bool comes_after_rest(struct sequence *seq, const struct sequence_item *item)
{
	const int32_t *clock = item->clock, *first = seq->first;
	unsigned int thread = item->event.thread;
	int32_t own = first[thread], after = 0;

	seq->first[thread] = G_MAXINT32;
	for (unsigned int i = 0; i < seq->stride; i++)
		after |= first[i] - clock[i] - 1;
	seq->first[thread] = own;
	return after < 0;
}

bool sequence_begins(struct sequence *seq, const struct event *event)
{
	const struct sequence_item *head = sequence_head(seq, event->thread);

	if (!head)
		return !conflicts_with_rest(seq, event);
	if (event->choice != head->event.choice)
		return false;
	return head == &seq->items[seq->start] || !comes_after_rest(seq, head);
}
