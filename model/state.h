/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_STATE_H
#define _MODEL_STATE_H

/**
 * DOC: The state of a kernel
 *
 * A state is what the running kernel says about itself at one moment, in lines of a key
 * and a value: sessions and their files, what is preserved, descriptors, references, VMs.
 * It has no addresses in it and nothing that only an allocator sees, so that two states
 * are equal exactly if nothing that means something has changed. Two states can be
 * compared by a digest, or line by line.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include <host/host.h>

struct machine;
struct state;

struct state *state_new(void);
void state_free(struct state *state);

/**
 * state_take() - ask the running kernel for its state.
 * @state:  what was in it is forgotten
 * @detail: set of HOST_STATE_*
 *
 * Context: while no thread is in the kernel; between two calls of a thread is fine.
 * Return: false, with @state empty, if the kernel can't tell, or ended over it.
 */
bool state_take(struct state *state, struct machine *machine, unsigned int detail);

/** state_clear() - forget all lines. */
void state_clear(struct state *state);
/** state_add() - one more line, whose key no other has; for kernels that are no machine's. */
void state_add(struct state *state, const struct host_state *line);

/** state_digest() - SHA-256 of all lines, in hex; g_free() it. */
char *state_digest(const struct state *state);

/** state_text() - all lines, "key = value" each; g_free() it. */
char *state_text(const struct state *state);

/**
 * struct state_change - a line that is not the same in two states.
 * @key:    the line; belongs to one of the states
 * @before: value in the first state, 0 if @added
 * @after:  value in the second state, 0 if @gone
 * @kind:   how to read the values
 * @added:  only the second state has it
 * @gone:   only the first state has it
 */
struct state_change {
	const char *key;
	uint64_t before;
	uint64_t after;
	enum host_state_kind kind;
	bool added;
	bool gone;
};

/**
 * state_diff() - what is not the same, in the order of the first state, then what only the
 * second has.
 *
 * Return: an array of &struct state_change, empty if the states are equal; valid as long
 * as the states are. g_array_unref() it.
 */
GArray *state_diff(const struct state *before, const struct state *after);

/** state_change_format() - "outgoing: sessions: 1 -> 2"; g_free() it. */
char *state_change_format(const struct state_change *change);

#endif /* _MODEL_STATE_H */
