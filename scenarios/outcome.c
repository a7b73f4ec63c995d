// SPDX-License-Identifier: GPL-2.0
/* Outcomes: their names, and whether a result is one of them. */

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "outcome.h"

struct named {
	const char *name;
	int number;
};

#define NAMED(_name) { #_name, _name }

static const struct named errnos[] = {
	NAMED(EPERM), NAMED(ENOENT), NAMED(ESRCH), NAMED(EINTR), NAMED(EIO), NAMED(ENXIO),
	NAMED(E2BIG), NAMED(ENOEXEC), NAMED(EBADF), NAMED(ECHILD), NAMED(EAGAIN),
	NAMED(ENOMEM), NAMED(EACCES), NAMED(EFAULT), NAMED(ENOTBLK), NAMED(EBUSY),
	NAMED(EEXIST), NAMED(EXDEV), NAMED(ENODEV), NAMED(ENOTDIR), NAMED(EISDIR),
	NAMED(EINVAL), NAMED(ENFILE), NAMED(EMFILE), NAMED(ENOTTY), NAMED(ETXTBSY),
	NAMED(EFBIG), NAMED(ENOSPC), NAMED(ESPIPE), NAMED(EROFS), NAMED(EMLINK),
	NAMED(EPIPE), NAMED(EDOM), NAMED(ERANGE), NAMED(EDEADLK), NAMED(ENAMETOOLONG),
	NAMED(ENOLCK), NAMED(ENOSYS), NAMED(ENOTEMPTY), NAMED(ELOOP), NAMED(ENODATA),
	NAMED(EBADFD), NAMED(EPROTO), NAMED(EBADMSG), NAMED(EOVERFLOW), NAMED(EUCLEAN),
	NAMED(EILSEQ), NAMED(EOPNOTSUPP), NAMED(ENOBUFS), NAMED(ETIMEDOUT), NAMED(EALREADY),
	NAMED(EINPROGRESS), NAMED(ECONNRESET), NAMED(EWOULDBLOCK), NAMED(ESTALE),
	NAMED(ECANCELED), NAMED(EOWNERDEAD),
	NAMED(ENOTRECOVERABLE), NAMED(EHWPOISON),
};

static const struct named signals[] = {
	NAMED(SIGHUP), NAMED(SIGINT), NAMED(SIGQUIT), NAMED(SIGILL), NAMED(SIGTRAP),
	NAMED(SIGABRT), NAMED(SIGBUS), NAMED(SIGFPE), NAMED(SIGKILL), NAMED(SIGSEGV),
	NAMED(SIGPIPE), NAMED(SIGTERM),
};

static const char *name_of(const struct named *table, size_t nr, int64_t number)
{
	for (size_t i = 0; i < nr; i++)
		if (table[i].number == number)
			return table[i].name;
	return NULL;
}

const char *scn_errno_name(int number)
{
	return name_of(errnos, G_N_ELEMENTS(errnos), number);
}

static bool number_of(const struct named *table, size_t nr, const char *name, int64_t *number)
{
	for (size_t i = 0; i < nr; i++) {
		if (!strcmp(table[i].name, name)) {
			*number = table[i].number;
			return true;
		}
	}
	return false;
}

bool scn_outcome_from_word(const char *word, struct scn_outcome *outcome)
{
	*outcome = (struct scn_outcome){ .type = SCN_OUTCOME_OK };
	if (!strcmp(word, "ok"))
		return true;
	outcome->type = SCN_OUTCOME_ZERO;
	if (!strcmp(word, "zero"))
		return true;
	outcome->type = SCN_OUTCOME_MMIO;
	if (!strcmp(word, "mmio"))
		return true;
	outcome->type = SCN_OUTCOME_EOF;
	if (!strcmp(word, "eof"))
		return true;
	outcome->type = SCN_OUTCOME_PANIC;
	if (!strcmp(word, "panic"))
		return true;
	outcome->type = SCN_OUTCOME_ERRNO;
	if (number_of(errnos, G_N_ELEMENTS(errnos), word, &outcome->number))
		return true;
	outcome->type = SCN_OUTCOME_SIGNAL;
	return number_of(signals, G_N_ELEMENTS(signals), word, &outcome->number);
}

static bool is_zero(const char *contents, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (contents[i])
			return false;
	return true;
}

bool scn_outcome_holds(const struct scn_outcome *o, const struct scn_result *result)
{
	switch (o->type) {
	case SCN_OUTCOME_OK:
		return result->type == SCN_OUTCOME_OK && !result->differs;
	case SCN_OUTCOME_VALUE:
		return result->type == SCN_OUTCOME_OK && result->number == o->number;
	case SCN_OUTCOME_TEXT:
		return result->contents && result->len >= o->len &&
		       !memcmp(result->contents, o->text, o->len);
	case SCN_OUTCOME_ZERO:
		return result->contents && is_zero(result->contents, result->len);
	case SCN_OUTCOME_MMIO:
	case SCN_OUTCOME_EOF:
	case SCN_OUTCOME_PANIC:
		return result->type == o->type;
	case SCN_OUTCOME_ERRNO:
	case SCN_OUTCOME_SIGNAL:
		return result->type == o->type && result->number == o->number;
	}
	return false;
}

bool scn_outcomes_hold(const struct scn_outcomes *outcomes, const struct scn_result *result)
{
	for (unsigned int i = 0; i < outcomes->nr; i++)
		if (scn_outcome_holds(&outcomes->item[i], result))
			return true;
	return false;
}

bool scn_outcomes_allow_panic(const struct scn_outcomes *outcomes)
{
	for (unsigned int i = 0; i < outcomes->nr; i++)
		if (outcomes->item[i].type == SCN_OUTCOME_PANIC)
			return true;
	return false;
}

bool scn_outcomes_name_errno(const struct scn_outcomes *outcomes, int number)
{
	for (unsigned int i = 0; i < outcomes->nr; i++)
		if (outcomes->item[i].type == SCN_OUTCOME_ERRNO &&
		    outcomes->item[i].number == number)
			return true;
	return false;
}

static void append_escaped(GString *s, unsigned char c)
{
	if (c == '"' || c == '\\')
		g_string_append_printf(s, "\\%c", c);
	else if (g_ascii_isprint(c))
		g_string_append_c(s, (char)c);
	else if (c == '\n')
		g_string_append(s, "\\n");
	else
		g_string_append_printf(s, "\\x%02x", c);
}

char *scn_contents_format(const char *contents, size_t len)
{
	enum { SHOWN_MAX = 32 };
	GString *s;
	size_t end = len;

	if (is_zero(contents, len))
		return g_strdup("zero");
	while (!contents[end - 1])
		end--;
	s = g_string_new("\"");
	for (size_t i = 0; i < end && i < SHOWN_MAX; i++)
		append_escaped(s, (unsigned char)contents[i]);
	g_string_append(s, end > SHOWN_MAX ? "\"…" : "\"");
	return g_string_free(s, FALSE);
}

static char *format_number(const struct named *table, size_t nr, const char *kind,
			   int64_t number)
{
	const char *name = name_of(table, nr, number);

	return name ? g_strdup(name) : g_strdup_printf("%s %" G_GINT64_FORMAT, kind, number);
}

char *scn_result_format(const struct scn_result *result)
{
	switch (result->type) {
	case SCN_OUTCOME_ERRNO:
		return format_number(errnos, G_N_ELEMENTS(errnos), "errno", result->number);
	case SCN_OUTCOME_SIGNAL:
		return format_number(signals, G_N_ELEMENTS(signals), "signal", result->number);
	case SCN_OUTCOME_MMIO:
		return g_strdup("mmio");
	case SCN_OUTCOME_EOF:
		return g_strdup("eof");
	case SCN_OUTCOME_PANIC:
		return g_strdup("panic");
	default:
		break;
	}
	if (result->contents)
		return scn_contents_format(result->contents, result->len);
	if (result->number)
		return g_strdup_printf("%" G_GINT64_FORMAT, result->number);
	return g_strdup("ok");
}

static char *outcome_format(const struct scn_outcome *o)
{
	struct scn_result result = { .type = o->type, .number = o->number };
	GString *s;

	switch (o->type) {
	case SCN_OUTCOME_ZERO:
		return g_strdup("zero");
	case SCN_OUTCOME_VALUE:
		return g_strdup_printf("%" G_GINT64_FORMAT, o->number);
	case SCN_OUTCOME_TEXT:
		s = g_string_new("\"");
		for (size_t i = 0; i < o->len; i++)
			append_escaped(s, (unsigned char)o->text[i]);
		return g_string_free(g_string_append_c(s, '"'), FALSE);
	default:
		return scn_result_format(&result);
	}
}

char *scn_outcomes_format(const struct scn_outcomes *outcomes)
{
	GString *s = g_string_new(NULL);

	for (unsigned int i = 0; i < outcomes->nr; i++) {
		g_autofree char *one = outcome_format(&outcomes->item[i]);

		g_string_append_printf(s, "%s%s", i ? "|" : "", one);
	}
	return g_string_free(s, FALSE);
}
