/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CLI_JSON_H
#define _CLI_JSON_H

/* JSON as luosim writes it: members in the order in which they are added, indented. */

#include <json-glib/json-glib.h>

/** json_add_string() - a member of the object that is being built; NULL becomes null. */
void json_add_string(JsonBuilder *b, const char *name, const char *value);
void json_add_int(JsonBuilder *b, const char *name, gint64 value);
void json_add_double(JsonBuilder *b, const char *name, double value);
/** json_begin_array() - a member that json_builder_end_array() ends. */
void json_begin_array(JsonBuilder *b, const char *name);

/** json_text() - what has been built, with a newline at its end; g_free() it. */
char *json_text(JsonBuilder *b);

#endif /* _CLI_JSON_H */
