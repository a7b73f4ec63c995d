/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_SYMBOLIZE_H
#define _MODEL_SYMBOLIZE_H

/**
 * DOC: Source lines for reports
 *
 * A call path is captured while the kernel runs (cheaply: offsets into the image) and
 * turned into lines "file.c:123 in function()" only when something is reported. No
 * address ever reaches a report: it would differ from run to run.
 */

#include <glib.h>
#include <stdint.h>

#define CALL_PATH_MAX	12

struct image;
struct symbols;

/**
 * struct call_path - where something happened, innermost call first.
 * @image:  the image whose code ran, NULL for an empty path
 * @nr:     number of @offset
 * @offset: addresses in the image file
 */
struct call_path {
	const struct image *image;
	unsigned int nr;
	uint32_t offset[CALL_PATH_MAX];
};

/** symbols_new() - for an image with the contents @bytes; reads nothing yet. */
struct symbols *symbols_new(GBytes *bytes);
void symbols_free(struct symbols *symbols);

/**
 * symbols_lines() - the source line of code at @offset and, if it was inlined, of the
 * calls around it: one "file:line in function()" per line, without a final newline.
 * Return: a string of @symbols, "?" if nothing is known.
 */
const char *symbols_lines(struct symbols *symbols, uint32_t offset);

/** symbols_name() - name of the function or variable at @offset, or NULL. */
const char *symbols_name(struct symbols *symbols, uint64_t offset);

/** call_path_text() - all its lines; the caller frees it. NULL for an empty path. */
char *call_path_text(const struct call_path *path);

/**
 * call_path_text_from() - as call_path_text(), but begins with the line @file:@line,
 * which something in the path's innermost calls reported.
 */
char *call_path_text_from(const struct call_path *path, const char *file, int line);

#endif /* _MODEL_SYMBOLIZE_H */
