// SPDX-License-Identifier: GPL-2.0
/* Fits the arguments of a statement to the parameters of its verb. */

#include <string.h>

#include <model/tamper.h>

#include "check.h"
#include "target.h"
#include "verb.h"

static const char *const type_names[] = {
	[SCN_PARAM_FD] = "a name or a descriptor number",
	[SCN_PARAM_NUMBER] = "a number",
	[SCN_PARAM_PLACE] = "a page, or PAGE+OFFSET",
	[SCN_PARAM_STRING] = "a string",
	[SCN_PARAM_CONTENTS] = "a string or 'zero'",
	[SCN_PARAM_PROCESS] = "the name of a process",
	[SCN_PARAM_FIELD] = "a word",
	[SCN_PARAM_DATA] = "a number or a string",
};

static void append_param(GString *s, const struct scn_param *p)
{
	static const char *const values[] = {
		[SCN_PARAM_FD] = "NAME", [SCN_PARAM_NUMBER] = "NUMBER",
		[SCN_PARAM_PLACE] = "PAGE", [SCN_PARAM_STRING] = "STRING",
		[SCN_PARAM_CONTENTS] = "TEXT",
		[SCN_PARAM_PROCESS] = "PROCESS",
		[SCN_PARAM_FIELD] = "FIELD",
		[SCN_PARAM_DATA] = "NUMBER|STRING",
	};

	g_string_append(s, p->optional ? " [" : " ");
	if (p->keyed || !p->words)
		g_string_append(s, p->name);
	if (p->keyed)
		g_string_append_c(s, '=');
	for (const struct scn_word *w = p->words; w && w->word; w++)
		g_string_append_printf(s, "%s%s", w == p->words ? "" :
				       p->type == SCN_PARAM_FLAGS ? "," : "|", w->word);
	if (p->keyed && !p->words)
		g_string_append(s, values[p->type]);
	g_string_append(s, p->optional ? "]" : "");
}

char *scn_verb_usage(const struct scn_verb *verb)
{
	GString *s = g_string_new(verb->binds ? "NAME = " : "");

	g_string_append(s, verb->name);
	for (const struct scn_param *p = verb->params; p->type; p++)
		append_param(s, p);
	return g_string_free(s, FALSE);
}

static char *with_usage(const struct scn_verb *verb, char *what)
{
	g_autofree char *usage = scn_verb_usage(verb);
	char *message = g_strdup_printf("%s; it is written: %s", what, usage);

	g_free(what);
	return message;
}

static int find_key(const struct scn_verb *verb, const char *key)
{
	for (int i = 0; verb->params[i].type; i++)
		if (verb->params[i].keyed && !strcmp(verb->params[i].name, key))
			return i;
	return -1;
}

/* The next parameter without a key that has no value yet; items take all the rest. */
static int next_positional(const struct scn_statement *st)
{
	const struct scn_param *params = st->verb->params;

	for (int i = 0; params[i].type; i++)
		if (!params[i].keyed && (!st->value[i] || params[i].type == SCN_PARAM_ITEMS))
			return i;
	return -1;
}

static char *place_argument(struct scn_statement *st, const struct scn_argument *a,
			    struct scn_value **last_item)
{
	const struct scn_verb *verb = st->verb;
	int i = a->key ? find_key(verb, a->key) : next_positional(st);

	if (i < 0 && a->key)
		return with_usage(verb, g_strdup_printf("'%s' has no '%s='", verb->name, a->key));
	if (i < 0)
		return with_usage(verb, g_strdup_printf("'%s' takes fewer arguments",
							verb->name));
	if (verb->params[i].type == SCN_PARAM_ITEMS && st->value[i]) {
		(*last_item)->next = a->value;
	} else {
		if (st->value[i])
			return g_strdup_printf("'%s=' is given twice", a->key);
		st->value[i] = a->value;
	}
	*last_item = a->value;
	return NULL;
}

static bool is_one_of(const struct scn_word *words, const struct scn_value *v)
{
	if (v->type == SCN_VALUE_NUMBER)
		return true;
	for (; words && words->word; words++)
		if (v->type == SCN_VALUE_WORD && !strcmp(words->word, v->text))
			return true;
	return false;
}

static char *not_one_of(const struct scn_param *p)
{
	GString *s = g_string_new(NULL);

	g_string_append_printf(s, "%s must be ", p->name);
	for (const struct scn_word *w = p->words; w->word; w++)
		g_string_append_printf(s, "'%s', ", w->word);
	g_string_append(s, "or a number");
	return g_string_free(s, FALSE);
}

static bool has_type(const struct scn_param *p, const struct scn_value *v)
{
	switch (p->type) {
	case SCN_PARAM_FD:
		return v->type == SCN_VALUE_WORD || v->type == SCN_VALUE_NUMBER;
	case SCN_PARAM_NUMBER:
		return v->type == SCN_VALUE_NUMBER;
	case SCN_PARAM_PLACE:
		return v->type == SCN_VALUE_PLACE ||
		       (v->type == SCN_VALUE_NUMBER && !v->negative);
	case SCN_PARAM_STRING:
		return v->type == SCN_VALUE_STRING;
	case SCN_PARAM_CONTENTS:
		return v->type == SCN_VALUE_STRING ||
		       (v->type == SCN_VALUE_WORD && !strcmp(v->text, "zero"));
	case SCN_PARAM_PROCESS:
	case SCN_PARAM_FIELD:
		return v->type == SCN_VALUE_WORD;
	case SCN_PARAM_DATA:
		return v->type == SCN_VALUE_NUMBER || v->type == SCN_VALUE_STRING;
	default:
		return true;
	}
}

static char *check_field(const char *field)
{
	g_autofree char *all = NULL;

	if (tamper_field_known(field))
		return NULL;
	all = tamper_fields();
	return g_strdup_printf("there is no field '%s'; there are: %s", field, all);
}

static char *check_value(const struct scn_statement *st, const struct scn_param *p,
			 const struct scn_value *v)
{
	if (p->type == SCN_PARAM_WORD || p->type == SCN_PARAM_FLAGS) {
		for (const struct scn_value *each = v; each; each = each->next)
			if (!is_one_of(p->words, each))
				return not_one_of(p);
	} else if (!has_type(p, v)) {
		return g_strdup_printf("%s of '%s' must be %s", p->name, st->verb->name,
				       type_names[p->type]);
	}
	if (p->type == SCN_PARAM_FIELD)
		return check_field(v->text);
	if (v->next && p->type != SCN_PARAM_FLAGS && p->type != SCN_PARAM_ITEMS)
		return g_strdup_printf("%s of '%s' takes one value, not a list", p->name,
				       st->verb->name);
	if (v->type == SCN_VALUE_PLACE && v->offset >= SCN_PAGE_SIZE)
		return g_strdup("an offset into a page must be below 4096");
	if (v->type == SCN_VALUE_STRING && v->len > SCN_PAGE_SIZE)
		return g_strdup_printf("%s of '%s' must be at most %u bytes long", p->name,
				       st->verb->name, SCN_PAGE_SIZE);
	if (p->type == SCN_PARAM_CONTENTS && v->type == SCN_VALUE_STRING && !v->len)
		return g_strdup("an empty string says nothing about contents");
	return NULL;
}

/* Text must end in the page in which it begins: an access is to one page. */
static char *check_fits(const struct scn_statement *st)
{
	const struct scn_param *params = st->verb->params;
	uint64_t start = 0;

	for (int i = 0; params[i].type; i++) {
		const struct scn_value *v = st->value[i];

		if (params[i].type == SCN_PARAM_PLACE && v)
			start = v->offset;
		else if (params[i].type == SCN_PARAM_NUMBER && !params[i].keyed && v)
			start = v->number % SCN_PAGE_SIZE;
		else if (params[i].type == SCN_PARAM_CONTENTS && v &&
			 start + v->len > SCN_PAGE_SIZE)
			return g_strdup("the text must end in the page in which it begins");
	}
	return NULL;
}

static const struct scn_value *argument(const struct scn_statement *st, const char *name)
{
	for (int i = 0; st->verb->params[i].type; i++)
		if (!strcmp(st->verb->params[i].name, name))
			return st->value[i];
	return NULL;
}

void scn_tamper_from(const struct scn_statement *st, struct tamper *tamper)
{
	const struct scn_value *name = argument(st, "SESSION|NODE");
	const struct scn_value *token = argument(st, "token");
	const struct scn_value *entry = argument(st, "entry");
	const struct scn_value *value = argument(st, "value");
	bool text = value->type == SCN_VALUE_STRING;

	*tamper = (struct tamper){
		.name = name ? name->text : NULL,
		.has_token = token,
		.token = token ? token->number : 0,
		.field = argument(st, "field")->text,
		.entry = entry ? entry->number : 0,
		.value = value->number,
		.text = text ? value->text : NULL,
		.len = text ? value->len : 0,
	};
}

/* What a field needs besides depends on the field. */
static char *check_tamper(const struct scn_statement *st)
{
	struct tamper tamper;

	if (!argument(st, "field"))
		return NULL;
	scn_tamper_from(st, &tamper);
	return tamper_problem(&tamper);
}

bool scn_check_arguments(struct scn_statement *st, char **error)
{
	struct scn_value *last_item = NULL;

	*error = NULL;
	for (unsigned int i = 0; i < st->arguments->len && !*error; i++)
		*error = place_argument(st, &g_array_index(st->arguments, struct scn_argument, i),
					&last_item);
	for (int i = 0; st->verb->params[i].type && !*error; i++) {
		const struct scn_param *p = &st->verb->params[i];

		if (st->value[i])
			*error = check_value(st, p, st->value[i]);
		else if (!p->optional)
			*error = with_usage(st->verb, g_strdup_printf("'%s' needs %s%s",
					    st->verb->name, p->name, p->keyed ? "=" : ""));
	}
	if (!*error)
		*error = check_fits(st);
	if (!*error)
		*error = check_tamper(st);
	return !*error;
}
