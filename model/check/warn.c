// SPDX-License-Identifier: GPL-2.0
/*
 * What no kernel should do: warn, or return to user space with a lock held.
 *
 * The lock that a reboot takes to stop all changes of sessions has a promise of its own:
 * it is dropped if the reboot fails.
 *
 * Judges K-WARN, K-LOCK-HELD and P-11.
 */

#include <string.h>

#include "../check.h"

static void report_warn(struct machine *machine, const struct host_event *event)
{
	struct call_path here;
	g_autofree char *where = NULL;

	check_here(machine, &here);
	where = event->file ? call_path_text_from(&here, event->file, event->line) :
		call_path_text(&here);
	verdict_add(machine->verdict, "K-WARN", machine->boots, where, NULL,
		    "the kernel warned: %s", event->name ? event->name : "no text");
}

static void report_lock(struct machine *machine, const struct host_event *event)
{
	const char *property = "K-LOCK-HELD";
	struct call_path here;

	check_here(machine, &here);
	if (event->name && strstr(event->name, "luo_session_serialize_rwsem"))
		property = "P-11";
	execution_violation(machine, property, &here, NULL,
			    "%s returns to user space with %s held",
			    machine_current_name(machine), event->name ? event->name : "a lock");
}

static void warn_event(struct machine *machine, void *state, const struct host_event *event)
{
	(void)state;
	if (event->type == HOST_EVENT_WARN)
		report_warn(machine, event);
	else
		report_lock(machine, event);
}

/* Both are looked for all the time: one judgement for each call that came to its end. */
static void warn_returned(struct machine *machine, void *state)
{
	(void)state;
	verdict_checked(machine->verdict, "K-WARN");
	verdict_checked(machine->verdict, "K-LOCK-HELD");
	verdict_checked(machine->verdict, "P-11");
}

const struct checker warn_checker = {
	.name = "warnings and held locks",
	.file = CHECKER_FILE,
	.judges = CHECKER_JUDGES("K-WARN", "K-LOCK-HELD", "P-11"),
	.returned = warn_returned,
	.events = CHECK_EVENT(HOST_EVENT_WARN) | CHECK_EVENT(HOST_EVENT_LOCK_HELD),
	.event = warn_event,
};
