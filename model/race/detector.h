/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_RACE_DETECTOR_H
#define _MODEL_RACE_DETECTOR_H

/* What the files of the detector share. */

#include "paths.h"
#include "race.h"
#include "shadow.h"
#include "sync.h"

/**
 * struct race - the detector.
 * @log:      what the image writes
 * @running:  threads run together, and there are not too many of them
 * @last:     the one that ran last, by number
 * @names:    of these threads, by number
 */
struct race {
	struct machine *machine;
	struct host_log log;
	struct syncs syncs;
	struct shadow *shadow;
	struct paths *paths;
	bool running;
	unsigned int last;
	GPtrArray *names;
};

/** race_report() - @now races with @old; @address as the shadow knows it. */
/** race_is_programs_own() - what is in the pages of files is the business of programs. */
bool race_is_programs_own(struct race *race, uint64_t address);

void race_report(struct race *race, const struct touch *old, const struct touch *now,
		 uint64_t address);

#endif /* _MODEL_RACE_DETECTOR_H */
