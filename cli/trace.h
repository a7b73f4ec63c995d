/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_TRACE_H
#define _CLI_TRACE_H

/**
 * DOC: Traces
 *
 * A trace is everything that decided a run, and what it came to: which images, which
 * machine, the whole text of the scenario, the list of choices, and the digest of
 * the transcript. It is JSON, and needs no other file but the image to be replayed.
 */

#include "job.h"

/** TRACE_VERSION - of the format; a reader refuses any other. */
#define TRACE_VERSION 1

/**
 * struct trace - a trace that was read.
 * @scn:         the scenario, from its text in the trace
 * @old:         path of the first image as it was asked for, NULL for the default
 * @next:        the same for later kernels
 * @old_sha256:  of the first image
 * @next_sha256: of the other
 * @choices:     of &struct path_choice
 * @points:      accesses to memory that are scheduling points, NULL at sync granularity
 * @digest:      that the run has to come to
 */
struct trace {
	struct scn *scn;
	char *old;
	char *next;
	char *old_sha256;
	char *next_sha256;
	GArray *choices;
	struct points *points;
	char *digest;
};

/** trace_read() - NULL with @error set if it is not a trace, or not a whole one. */
struct trace *trace_read(const char *path, GError **error);
void trace_free(struct trace *trace);

/**
 * trace_writable() - whether trace_write() would write to @path: nothing is there, or
 * an older trace. Anything else is not overwritten.
 */
bool trace_writable(const char *path, GError **error);

/** trace_write() - write the trace of @job, whole or not at all. */
bool trace_write(const char *path, const struct job *job, GError **error);

#endif /* _CLI_TRACE_H */
