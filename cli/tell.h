/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_TELL_H
#define _CLI_TELL_H

/** DOC: What an exploration found, in words, as a schedule, as a command, as a trace. */

#include "explorer.h"
#include "options.h"

/**
 * tell_finding() - what was found is run again, and has to be found again.
 * @asked: images on which it is told; they need not be those that were explored
 *
 * Sets the last three members of @e, and writes the trace that is asked for. If the run does not
 * come to the same, the exploration comes to nothing.
 */
void tell_finding(struct exploration *e, const struct run_options *run,
		  const struct images *asked, struct machine **machinep);

#endif /* _CLI_TELL_H */
