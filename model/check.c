// SPDX-License-Identifier: GPL-2.0
/*
 * The table of checkers, and telling them what happens.
 */

#include "check.h"
#include "race/race.h"

static const struct checker *const checkers[] = {
	&ledger_checker,	/* first: others ask it who preserved a page */
	&stability_checker,
	&warn_checker,
	&stale_checker,
	&contents_checker,
	&attributes_checker,
	&leaks_checker,
	&files_checker,
	&order_checker,
	&settled_checker,
	&serialized_checker,
	&kernel_checker,
	&race_checker,
};

const struct checker *checker_at(unsigned int i)
{
	return i < G_N_ELEMENTS(checkers) ? checkers[i] : NULL;
}

static bool usable(const struct machine *machine, const struct checker *checker)
{
	return !checker->usable || checker->usable(machine->now->entry);
}

void check_create(struct machine *machine)
{
	machine->check_states = g_new0(void *, G_N_ELEMENTS(checkers));
	for (unsigned int i = 0; i < G_N_ELEMENTS(checkers); i++) {
		if (checkers[i]->create)
			machine->check_states[i] = checkers[i]->create(machine);
	}
}

void check_destroy(struct machine *machine)
{
	for (unsigned int i = 0; machine->check_states && i < G_N_ELEMENTS(checkers); i++) {
		if (checkers[i]->destroy)
			checkers[i]->destroy(machine->check_states[i]);
	}
	g_free(machine->check_states);
}

#define TELL(machine, callback)								\
	for (unsigned int i = 0; i < G_N_ELEMENTS(checkers); i++) {			\
		if (checkers[i]->callback && usable(machine, checkers[i]))		\
			checkers[i]->callback(machine, (machine)->check_states[i]);	\
	}

void check_boot(struct machine *machine)
{
	TELL(machine, boot);
}

void check_booted(struct machine *machine)
{
	TELL(machine, booted);
}

void check_returned(struct machine *machine)
{
	race_look_away(machine->race, true);
	TELL(machine, returned);
	race_look_away(machine->race, false);
}

void check_jump(struct machine *machine)
{
	TELL(machine, jump);
}

void check_end(struct machine *machine)
{
	TELL(machine, end);
}

bool check_digest(const struct machine *machine, bool left, struct digest *digest)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(checkers); i++) {
		const void *state = machine->check_states[i];

		if (state && (!checkers[i]->digest || !checkers[i]->digest(state, left, digest)))
			return false;
	}
	return true;
}

void check_event(struct machine *machine, const struct host_event *event)
{
	race_look_away(machine->race, true);
	for (unsigned int i = 0; i < G_N_ELEMENTS(checkers); i++) {
		if (checkers[i]->events & CHECK_EVENT(event->type))
			checkers[i]->event(machine, machine->check_states[i], event);
	}
	race_look_away(machine->race, false);
}
