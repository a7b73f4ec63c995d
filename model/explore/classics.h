/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_EXPLORE_CLASSICS_H
#define _MODEL_EXPLORE_CLASSICS_H

/**
 * DOC: The programs of the partial order reduction papers
 *
 * For tests of the engine, whose number of executions they decide, and to measure it.
 * Each takes its size as n. What they share is eight-byte words from the start of the
 * memory; the comment says the number of traces.
 */

#include "../explore.h"

/* One writer, n readers: 2^n. */
struct explore_program classic_readers(unsigned int n);
/* A thread looks for the last zero while n others fill an array: (n + 3) * 2^(n - 2). */
struct explore_program classic_lastzero(unsigned int n);
/* n threads insert into a hash table of 128 locked cells: 8^(n - 11) from 11 on. */
struct explore_program classic_indexer(unsigned int n);
/* n threads take blocks for inodes: 2^(n - 13) from 13 on. */
struct explore_program classic_filesystem(unsigned int n);
/* n threads lock and unlock: n! */
struct explore_program classic_mutex(unsigned int n);
/* n threads load and store what they loaded plus one: (n!)^2. */
struct explore_program classic_ainc(unsigned int n);
/* n threads try a lock, and unlock it if they got it: 1, 4, 24, 192, ... */
struct explore_program classic_trylock(unsigned int n);
/* The first r of n threads lock an rwlock shared, the others exclusively. */
struct explore_program classic_rwlock(unsigned int readers, unsigned int n);
/* n threads answer k yes-or-no questions each: 2^(n * k). */
struct explore_program classic_faults(unsigned int n, unsigned int k);
/* n threads answer a question, and lock and unlock on one of the answers. */
struct explore_program classic_fault_lock(unsigned int n);

#endif /* _MODEL_EXPLORE_CLASSICS_H */
