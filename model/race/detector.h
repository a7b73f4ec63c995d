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
 * @names:    of these threads, by number
 */
struct race {
	struct machine *machine;
	struct host_log log;
	struct syncs syncs;
	struct shadow *shadow;
	struct paths *paths;
	bool running;
	GPtrArray *names;
};

/** race_report() - @now races with @old; @address as the shadow knows it. */
void race_report(struct race *race, const struct touch *old, const struct touch *now,
		 uint64_t address);

#endif /* _MODEL_RACE_DETECTOR_H */
