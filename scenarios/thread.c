// SPDX-License-Identifier: GPL-2.0
/* What verbs ask of their thread: arguments in, results out. */

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include <model/journal.h>

#include "outcome.h"
#include "thread.h"
#include "verb.h"

static int param_index(const struct scn_thread *t, const char *name)
{
	const struct scn_param *params = t->statement->verb->params;

	for (int i = 0; params[i].type; i++)
		if (!strcmp(params[i].name, name))
			return i;
	g_error("verb '%s' has no parameter '%s'", t->statement->verb->name, name);
}

const struct scn_value *scn_value(const struct scn_thread *t, const char *name)
{
	return t->statement->value[param_index(t, name)];
}

uint64_t scn_word_number(const struct scn_param *p, const struct scn_value *v)
{
	if (v->type == SCN_VALUE_WORD)
		for (const struct scn_word *w = p->words; w->word; w++)
			if (!strcmp(w->word, v->text))
				return w->number;
	return v->number;
}

uint64_t scn_number(const struct scn_thread *t, const char *name, uint64_t missing)
{
	const struct scn_param *p = &t->statement->verb->params[param_index(t, name)];
	const struct scn_value *v = scn_value(t, name);
	uint64_t number = 0;

	if (!v)
		return missing;
	for (; v; v = v->next)
		number |= scn_word_number(p, v);
	return number;
}

int scn_fd(const struct scn_thread *t, const char *name)
{
	return t->fd[param_index(t, name)];
}

struct scn_object *scn_object(const struct scn_thread *t, const char *name)
{
	return t->objects[param_index(t, name)];
}

int scn_item_fd(const struct scn_thread *t, const char *name)
{
	const struct scn_object *object = g_hash_table_lookup(t->process->objects, name);

	return object ? object->fd : -1;
}

long scn_syscall6(struct scn_thread *t, long nr, const uint64_t args[6])
{
	return t->target->syscall(t->target->ctx, nr, args);
}

void *scn_user(struct scn_thread *t, size_t size, uint64_t *address)
{
	void *memory;

	g_assert(size <= t->target->user_size);
	memory = t->target->user(t->target->ctx, size);
	memset(memory, 0, size);
	*address = (uint64_t)(uintptr_t)memory;
	return memory;
}

bool scn_return(struct scn_thread *t, long ret)
{
	if (ret < 0)
		t->result = (struct scn_result){ .type = SCN_OUTCOME_ERRNO, .number = -ret };
	else
		t->result = (struct scn_result){ .type = SCN_OUTCOME_OK, .number = ret };
	return ret >= 0;
}

void scn_return_fd(struct scn_thread *t, long ret)
{
	if (scn_return(t, ret))
		t->bound = (int)ret;
}

void scn_return_signal(struct scn_thread *t, int signal)
{
	t->result = (struct scn_result){ .type = SCN_OUTCOME_SIGNAL, .number = signal };
}

void scn_note(struct scn_thread *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	journal_string(&t->step->note, g_strdup_vprintf(format, args));
	va_end(args);
}

void scn_compare(struct scn_thread *t, size_t len)
{
	const struct scn_value *wanted = scn_value(t, "TEXT");
	struct scn_outcome outcome = { .type = SCN_OUTCOME_ZERO };
	g_autofree char *text = NULL;

	t->result = (struct scn_result){ .type = SCN_OUTCOME_OK, .contents = t->page,
					 .len = len };
	if (!wanted)
		return;
	if (wanted->type == SCN_VALUE_STRING) {
		outcome.type = SCN_OUTCOME_TEXT;
		outcome.text = wanted->text;
		outcome.len = wanted->len;
	}
	t->result.differs = !scn_outcome_holds(&outcome, &t->result);
	if (!t->result.differs)
		return;
	text = wanted->type == SCN_VALUE_STRING ?
		scn_contents_format(wanted->text, wanted->len) : g_strdup("zero");
	scn_note(t, "not %s", text);
}
