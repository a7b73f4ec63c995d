/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MODEL_IMAGE_H
#define _MODEL_IMAGE_H

/**
 * DOC: Kernel images
 *
 * An image is a shared object; each copy of it that is loaded is a kernel with text
 * and statics of its own. Booting a copy puts its statics back to what they were
 * after loading. When the next kernel takes over, they become inaccessible.
 */

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include <host/host.h>

struct symbols;

/**
 * struct image - a kernel image file.
 * @path:    as the user named it
 * @bytes:   its contents
 * @symbols: source lines and names in it
 */
struct image {
	char *path;
	GBytes *bytes;
	struct symbols *symbols;
};

/**
 * struct kernel - one loaded copy of an image.
 * @image:    which
 * @dl:       dlopen()'s handle
 * @fd:       memfd it was loaded from, or -1
 * @copy:     name of the temporary file it was loaded from, or NULL
 * @entry:    its entry points
 * @entries:  our own copy of them, which stays when the image's is hidden
 * @base:     load address: address in memory minus address in the file
 * @start, @end: address range that it occupies
 * @text_start, @text_end: its executable part
 * @pristine: the statics as they were after loading
 * @hidden:   its statics are inaccessible
 */
struct kernel {
	struct image *image;
	void *dl;
	int fd;
	char *copy;
	const struct host_image *entry;
	struct host_image entries;
	uintptr_t base;
	uintptr_t start;
	uintptr_t end;
	uintptr_t text_start;
	uintptr_t text_end;
	void *pristine;
	bool hidden;
};

/** image_open() - read an image file; NULL and @error if it can't be read. */
struct image *image_open(const char *path, GError **error);
void image_close(struct image *image);

/**
 * kernel_load() - load one more copy of @image.
 * @from_path: use a file that a debugger finds by its name: the image itself for the first copy
 *             in this process, a temporary copy of it for another
 */
struct kernel *kernel_load(struct image *image, const struct host_ops *ops, bool from_path,
			   GError **error);
void kernel_unload(struct kernel *kernel);

/** kernel_reset() - before a boot: statics accessible, and as they were after loading. */
void kernel_reset(struct kernel *kernel);

/** kernel_hide() - whoever still uses the statics of this kernel faults. */
void kernel_hide(struct kernel *kernel);

static inline bool kernel_holds(const struct kernel *kernel, uintptr_t address)
{
	return address >= kernel->start && address < kernel->end;
}

static inline bool kernel_holds_text(const struct kernel *kernel, uintptr_t address)
{
	return address >= kernel->text_start && address < kernel->text_end;
}

static inline bool kernel_holds_statics(const struct kernel *kernel, const void *address)
{
	return address >= (const void *)kernel->entry->statics_start &&
	       address < (const void *)kernel->entry->statics_end;
}

#endif /* _MODEL_IMAGE_H */
