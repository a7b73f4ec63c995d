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
	seq->first = g_new(uint32_t, stride);
}

void sequence_destroy(struct sequence *seq)
{
	g_free(seq->first);
	g_free(seq->tail);
	g_free(seq->head);
	g_free(seq->items);
}

void sequence_reset(struct sequence *seq, unsigned int capacity)
{
	if (capacity > seq->capacity) {
		seq->capacity = 2 * capacity;
		seq->items = g_renew(struct sequence_item, seq->items, seq->capacity);
	}
	seq->nr = seq->left = 0;
	memset(seq->head, 0xff, seq->stride * sizeof(*seq->head));
	memset(seq->first, 0xff, seq->stride * sizeof(*seq->first));
}

void sequence_add(struct sequence *seq, const struct event *event, const uint32_t *clock,
		  uint32_t local)
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
}

void sequence_take(struct sequence *seq, unsigned int thread)
{
	const struct sequence_item *head = sequence_head(seq, thread);

	seq->head[thread] = head->next;
	seq->first[thread] = head->next == SEQUENCE_END ? G_MAXUINT32 :
							  seq->items[head->next].local;
	seq->left--;
}

static bool depends_on_rest(const struct sequence *seq, const struct event *event)
{
	for (unsigned int i = 0; i < seq->nr; i++)
		if (event_dependent(event, &seq->items[i].event) && sequence_has(seq, i))
			return true;
	return false;
}

/* Of each other thread it is enough to look at the first event. */
static bool comes_after_rest(struct sequence *seq, const struct sequence_item *item)
{
	uint32_t own = seq->first[item->event.thread];
	bool after = false;

	seq->first[item->event.thread] = G_MAXUINT32;
	for (unsigned int i = 0; i < seq->stride; i++)
		after |= item->clock[i] >= seq->first[i];
	seq->first[item->event.thread] = own;
	return after;
}

bool sequence_begins(struct sequence *seq, const struct event *event)
{
	const struct sequence_item *head = sequence_head(seq, event->thread);

	if (!head)
		return !depends_on_rest(seq, event);
	return event->choice == head->event.choice && !comes_after_rest(seq, head);
}
