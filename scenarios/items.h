/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_ITEMS_H
#define _SCENARIOS_ITEMS_H

/**
 * DOC: Items
 *
 * What a raw call passes is written piece by piece: "u32 72", "u64 5", "zero 8"
 * (that many zero bytes), "fd NAME" (a descriptor, 32 bits), or a string. The word
 * "null" stands for no argument at all.
 */

#include "scn.h"

/** scn_item_check() - what is wrong with the item at @v, or NULL. g_free() it. */
char *scn_item_check(const struct scn_value *v);
/** scn_item_next() - the item after the one at @v, which is in order. */
const struct scn_value *scn_item_next(const struct scn_value *v);
/** scn_item_is_name() - whether it is "fd NAME". */
bool scn_item_is_name(const struct scn_value *v);
/** scn_item_is_null() - whether it is "null". */
bool scn_item_is_null(const struct scn_value *v);

/**
 * scn_item_put() - write the item at @at in @buf of @size bytes.
 * @fd: the descriptor, for "fd NAME"
 *
 * Return: where the next item goes; nothing is written beyond @size.
 */
size_t scn_item_put(const struct scn_value *v, int fd, char *buf, size_t at, size_t size);

#endif /* _SCENARIOS_ITEMS_H */
