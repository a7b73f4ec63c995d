/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_ROOT_H
#define _MODEL_EXPLORE_ROOT_H

/**
 * DOC: The root: where the threads of a run begin to run together
 *
 * From there on a run is done again and again. What is left of it once they have all ended has
 * no orders: it depends on what they left, and on nothing else. So where they leave the same
 * as before, it need not be done again.
 */

#include "../digest.h"
#include "../explore_kernel.h"

struct fiber;
struct machine;
struct root;
struct snapshot;

/** root_possible() - whether there can be one. */
bool root_possible(const struct explore_kernel *what);

/** root_take() - the run on @runner stands there. */
struct root *root_take(const struct explore_kernel *what, struct fiber *runner);

/** root_restore() - and there it stands again. */
void root_restore(struct root *root);

/** root_save() - note all that runs change without the journal's knowledge. */
void root_save(const struct root *root);

struct snapshot *root_snapshot(const struct root *root);
struct machine *root_machine(const struct root *root);

/** root_free() - all stays as it is now. NULL is ignored. */
void root_free(struct root *root);

/**
 * root_digest() - of all that the rest of the run depends on, where no thread is left or, if
 * @left, the kernel has left for the next. False if that can't be told. @root may be NULL: then
 * it can't.
 */
bool root_digest(const struct root *root, bool left, struct digest *digest);

/** root_knows_end() - whether the rest is known; *@outcome is then what it comes to. */
bool root_knows_end(const struct root *root, const struct digest *digest,
		    unsigned int *outcome);

/** root_learn_end() - now it is. */
void root_learn_end(struct root *root, const struct digest *digest, unsigned int outcome);

#endif /* _MODEL_EXPLORE_ROOT_H */
