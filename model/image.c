// SPDX-License-Identifier: GPL-2.0
/*
 * Loading kernel images, and resetting their statics.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "image.h"
#include "instrument.h"
#include "must.h"
#include "snapshot.h"
#include "symbolize.h"

#define STRINGIFY_(x)	#x
#define STRINGIFY(x)	STRINGIFY_(x)

static GQuark image_error_quark(void)
{
	return g_quark_from_static_string("luosim-image");
}

struct image *image_open(const char *path, GError **error)
{
	struct image *image;
	g_autofree char *data = NULL;
	gsize len;

	if (!g_file_get_contents(path, &data, &len, error))
		return NULL;
	image = g_new0(struct image, 1);
	image->path = g_strdup(path);
	image->bytes = g_bytes_new_take(g_steal_pointer(&data), len);
	image->symbols = symbols_new(image->bytes);
	return image;
}

void image_close(struct image *image)
{
	if (!image)
		return;
	symbols_free(image->symbols);
	g_bytes_unref(image->bytes);
	g_free(image->path);
	g_free(image);
}

/* Bytes of the file up to the end of its last segment: what the dynamic linker reads. */
static size_t segments_end(const char *data, size_t len)
{
	const ElfW(Ehdr) *header = (const void *)data;
	const ElfW(Phdr) *segments = (const void *)(data + header->e_phoff);
	size_t end = 0;

	for (unsigned int i = 0; i < header->e_phnum; i++)
		end = MAX(end, segments[i].p_offset + segments[i].p_filesz);
	return MIN(end, len);
}

/* What is no object is written whole, for the dynamic linker to say what is wrong with it. */
static size_t part_to_load(const char *data, size_t len)
{
	const ElfW(Ehdr) *header = (const void *)data;

	if (len < sizeof(*header) || memcmp(header->e_ident, ELFMAG, SELFMAG) ||
	    header->e_phentsize != sizeof(ElfW(Phdr)) || header->e_phoff > len ||
	    (len - header->e_phoff) / sizeof(ElfW(Phdr)) < header->e_phnum)
		return len;
	return segments_end(data, len);
}

/* Debug information is most of an image, and of use in files that a debugger finds only. */
static bool write_image(int fd, GBytes *bytes, bool whole)
{
	gsize len;
	const char *data = g_bytes_get_data(bytes, &len);

	if (!whole)
		len = part_to_load(data, len);
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		data += n;
		len -= n;
	}
	return true;
}

static bool is_loaded(const char *path)
{
	void *dl = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);

	return dl && !dlclose(dl);
}

/*
 * The dynamic linker takes two loads of one file for one object, so each copy comes
 * from a file of its own: anonymous, or temporary where a debugger is to find it.
 */
static char *kernel_file(struct kernel *kernel, bool from_path)
{
	g_autofree char *name = NULL;
	g_autofree char *path = strchr(kernel->image->path, '/') ?
				g_strdup(kernel->image->path) :
				g_strconcat("./", kernel->image->path, NULL);

	if (from_path && !is_loaded(path))
		return g_steal_pointer(&path);
	name = g_path_get_basename(kernel->image->path);
	if (from_path)
		kernel->fd = g_file_open_tmp("luosim-kernel-XXXXXX.so", &kernel->copy, NULL);
	else
		kernel->fd = memfd_create(name, MFD_CLOEXEC);
	if (kernel->fd < 0 || !write_image(kernel->fd, kernel->image->bytes, from_path))
		return NULL;
	if (from_path)
		return g_strdup(kernel->copy);
	return g_strdup_printf("/proc/%d/fd/%d", (int)getpid(), kernel->fd);
}

static int find_range(struct dl_phdr_info *info, size_t size, void *data)
{
	struct kernel *kernel = data;

	(void)size;
	if (info->dlpi_addr != kernel->base)
		return 0;
	kernel->start = UINTPTR_MAX;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type != PT_LOAD)
			continue;
		kernel->start = MIN(kernel->start, start);
		kernel->end = MAX(kernel->end, start + segment->p_memsz);
		if (segment->p_flags & PF_X) {
			kernel->text_start = start;
			kernel->text_end = start + segment->p_memsz;
		}
	}
	return 1;
}

static size_t statics_size(const struct kernel *kernel)
{
	return (char *)kernel->entry->statics_end - (char *)kernel->entry->statics_start;
}

static bool kernel_fail(const struct kernel *kernel, GError **error, const char *what)
{
	g_set_error(error, image_error_quark(), 0, "%s: %s", kernel->image->path, what);
	return false;
}

static bool kernel_check(const struct kernel *kernel, GError **error)
{
	size_t page = sysconf(_SC_PAGESIZE);

	if (!kernel->entry)
		return kernel_fail(kernel, error, "a kernel image, but of another version of "
				   "luosim: rebuild it");
	if (kernel->entry->abi != HOST_ABI_VERSION) {
		g_autofree char *what = g_strdup_printf(
			"a kernel image for version %u of the host interface, not %u: rebuild it",
			kernel->entry->abi, HOST_ABI_VERSION);

		return kernel_fail(kernel, error, what);
	}
	if ((uintptr_t)kernel->entry->statics_start % page ||
	    (uintptr_t)kernel->entry->statics_end % page)
		return kernel_fail(kernel, error, "not linked with sim/image.lds: its statics "
				   "don't begin and end with a page");
	return true;
}

static bool kernel_open(struct kernel *kernel, const struct host_ops *ops, const char *file,
			GError **error)
{
	host_image_init_fn *init;
	struct link_map *map;
	const char *why;

	kernel->dl = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	if (!kernel->dl) {
		/* The linker names the file we gave it, which tells the user nothing. */
		why = dlerror();
		if (g_str_has_prefix(why, file))
			why += strlen(file) + strspn(why + strlen(file), ": ");
		g_set_error(error, image_error_quark(), 0, "%s: not a kernel image (%s)",
			    kernel->image->path, why);
		return false;
	}
	*(void **)&init = dlsym(kernel->dl, STRINGIFY(HOST_IMAGE_INIT));
	if (!init)
		return kernel_fail(kernel, error, "not a kernel image: it has no "
				   STRINGIFY(HOST_IMAGE_INIT) "()");
	kernel->entry = init(ops);
	if (!kernel_check(kernel, error))
		return false;
	kernel->entries = *kernel->entry;
	kernel->entry = &kernel->entries;
	must(!dlinfo(kernel->dl, RTLD_DI_LINKMAP, &map), "finding a loaded image");
	kernel->base = map->l_addr;
	dl_iterate_phdr(find_range, kernel);
	return true;
}

struct kernel *kernel_load(struct image *image, const struct host_ops *ops, bool from_path,
			   GError **error)
{
	/* Whether a file is loaded already must not change before it is. */
	static GMutex loading;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&loading);
	struct kernel *kernel = g_new0(struct kernel, 1);
	g_autofree char *file = NULL;

	(void)locker;
	kernel->image = image;
	kernel->fd = -1;
	file = kernel_file(kernel, from_path);
	if (!file)
		kernel_fail(kernel, error, g_strerror(errno));
	if (!file || !kernel_open(kernel, ops, file, error)) {
		kernel_unload(kernel);
		return NULL;
	}
	kernel->pristine = g_malloc(statics_size(kernel));
	raw_copy(kernel->pristine, kernel->entry->statics_start, statics_size(kernel));
	return kernel;
}

static void kernel_protect(struct kernel *kernel, int prot)
{
	snapshot_open(kernel->entry->statics_start);
	must(!mprotect(kernel->entry->statics_start, statics_size(kernel), prot),
	     "protecting the statics of a kernel");
	kernel->hidden = prot == PROT_NONE;
}

void kernel_unload(struct kernel *kernel)
{
	if (!kernel)
		return;
	if (kernel->hidden)
		kernel_reset(kernel);
	if (kernel->dl)
		dlclose(kernel->dl);
	if (kernel->fd >= 0)
		close(kernel->fd);
	if (kernel->copy)
		g_unlink(kernel->copy);
	g_free(kernel->copy);
	g_free(kernel->pristine);
	g_free(kernel);
}

void kernel_reset(struct kernel *kernel)
{
	if (kernel->hidden)
		kernel_protect(kernel, PROT_READ | PROT_WRITE);
	raw_copy(kernel->entry->statics_start, kernel->pristine, statics_size(kernel));
}

void kernel_hide(struct kernel *kernel)
{
	if (!kernel->hidden)
		kernel_protect(kernel, PROT_NONE);
}
