// SPDX-License-Identifier: GPL-2.0
/* luosim run --dump-handover: what is written, and what is left alone. */

#include <libfdt.h>
#include <stdbool.h>

#include "world.h"

#define LIFE	"scenario \"a\"\nsetup\n vm = create_vm\n g = create_gmem vm pages=4 "	\
		"flags=mmap,init_shared\n fill g count=4 seed=1\n luo = open_liveupdate\n"	\
		" s = create_session luo \"s\"\n preserve s vm token=1\n preserve s g token=2\n"

static char *at(struct world *w, const char *name)
{
	return g_build_filename(w->dir, name, NULL);
}

static bool is_there(struct world *w, const char *name)
{
	g_autofree char *path = at(w, name);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Contents of a file that is no text. */
static char *get_bytes(struct world *w, const char *name, gsize *len)
{
	g_autofree char *path = at(w, name);
	char *bytes;

	assert_true(g_file_get_contents(path, &bytes, len, NULL));
	return bytes;
}

static int run(struct world *w, const char *line)
{
	g_autofree char *whole = g_strdup_printf("run -q --dump-handover %s", line);

	return luosim(w, whole);
}

static void refuses(struct world *w, const char *line, const char *message)
{
	g_autofree char *whole = g_strdup_printf("luosim run: %s\n", message);

	assert_int_equal(run(w, line), 2);
	assert_string_equal(w->err, whole);
}

static void dump__of_two_kexecs__has_both(void **state)
{
	struct world *w = *state;
	g_autofree char *first = NULL, *second = NULL;

	put(w, "a.scn", LIFE " reboot\nthen\n reboot\n");
	assert_int_equal(run(w, "d a.scn"), 0);
	first = get(w, "d/kexec-1.txt");
	second = get(w, "d/kexec-2.txt");
	assert_true(g_str_has_prefix(first, "luosim handover from kernel 1 to kernel 2\n"));
	assert_true(g_str_has_prefix(second, "luosim handover from kernel 2 to kernel 3\n"));
	assert_non_null(strstr(first, "live update 1, "));
	assert_non_null(strstr(second, "live update 2, "));
	assert_non_null(strstr(second, "version 1, kexec number 2, from "));
	assert_non_null(strstr(first, "session \"s\": 2 files"));
	assert_null(strstr(second, "session \""));
	assert_false(is_there(w, "d/kexec-3.txt"));
}

static void dump__every_preserved_page__has_an_owner(void **state)
{
	struct world *w = *state;
	g_autofree char *text = NULL;

	put(w, "a.scn", LIFE " reboot\n");
	assert_int_equal(run(w, "d a.scn"), 0);
	text = get(w, "d/kexec-1.txt");
	assert_null(strstr(text, "?: "));
	assert_non_null(strstr(text, "\"s\" token 2, guest_memfd_luo_v1: page of the file, index "
			       "0"));
	assert_non_null(strstr(text, "\"s\" token 1, kvm_vm_luo_v1: state of the file\n"));
	assert_non_null(strstr(text, "luo: block of sessions 0\n"));
	assert_non_null(strstr(text, "\"s\": block of files 0\n"));
	assert_non_null(strstr(text, "array of folios, page 0\n"));
	assert_non_null(strstr(text, "kho: scratch area\n"));
	assert_non_null(strstr(text, "in kvm_gmem_luo_preserve_folio()\n"));
	assert_non_null(strstr(text, "gmem.nr_folios           0x4\n"));
}

static void dump__device_tree__is_one(void **state)
{
	struct world *w = *state;
	g_autofree char *fdt = NULL;
	gsize len;

	put(w, "a.scn", LIFE " reboot\n");
	assert_int_equal(run(w, "d a.scn"), 0);
	fdt = get_bytes(w, "d/kexec-1.dtb", &len);
	assert_int_equal(fdt_check_full(fdt, len), 0);
	assert_int_equal(fdt_totalsize(fdt), len);
	assert_int_equal(fdt_node_check_compatible(fdt, 0, "kho-v4"), 0);
	assert_true(fdt_subnode_offset(fdt, 0, "LUO") > 0);
	assert_true(fdt_subnode_offset(fdt, 0, "kexec-metadata") > 0);
}

static void dump__same_run_again__is_the_same(void **state)
{
	struct world *w = *state;
	g_autofree char *a = NULL, *b = NULL;

	put(w, "a.scn", LIFE " reboot\n");
	assert_int_equal(run(w, "d a.scn"), 0);
	a = get(w, "d/kexec-1.txt");
	assert_int_equal(run(w, "d a.scn"), 0);
	b = get(w, "d/kexec-1.txt");
	assert_string_equal(a, b);
}

static void dump__fewer_kexecs_than_before__leaves_no_old_ones(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", LIFE " reboot\nthen\n reboot\n");
	assert_int_equal(run(w, "d a.scn"), 0);
	put(w, "a.scn", LIFE " reboot\n");
	assert_int_equal(run(w, "d a.scn"), 0);
	assert_true(is_there(w, "d/kexec-1.dtb"));
	assert_false(is_there(w, "d/kexec-2.dtb"));
	assert_false(is_there(w, "d/kexec-2.txt"));
}

/* A chain that goes in circles has an end all the same. */
static void dump__of_lies__shows_what_the_next_kernel_gets(void **state)
{
	struct world *w = *state;
	g_autofree char *text = NULL, *fdt = NULL;
	gsize len;

	put(w, "a.scn", LIFE " tamper \"s\" field=files.next value=\"first\"\n"
	    " tamper field=sessions.next value=\"first\"\n"
	    " tamper \"s\" token=2 field=gmem.nr_folios value=-1\n"
	    " tamper \"s\" token=2 field=chunk.next value=\"first\"\n reboot -> panic\n");
	assert_int_equal(run(w, "d a.scn"), 0);
	text = get(w, "d/kexec-1.txt");
	assert_true(strlen(text) < 65536);
	assert_non_null(strstr(text, "0xffffffffffffffff\n"));

	put(w, "a.scn", LIFE " tamper field=fdt.magic value=7\n reboot\n");
	assert_int_equal(run(w, "d a.scn"), 0);
	fdt = get_bytes(w, "d/kexec-1.dtb", &len);
	assert_int_equal(len, 4096);
	assert_memory_equal(fdt, "\0\0\0\7", 4);
}

static void directory__not_luosims__is_left_alone(void **state)
{
	struct world *w = *state;
	g_autofree char *kept = NULL, *dir = at(w, "d");

	put(w, "a.scn", LIFE " reboot\n");
	assert_int_equal(g_mkdir(dir, 0777), 0);
	put(w, "d/kexec-1.dtb", "mine");
	refuses(w, "d a.scn", "d: holds 'kexec-1.dtb', which is not a dump of a handover: name "
		"another directory");
	put(w, "d/kexec-1.txt", "mine");
	assert_int_equal(run(w, "d a.scn"), 2);
	kept = get(w, "d/kexec-1.dtb");
	assert_string_equal(kept, "mine");
	refuses(w, ". a.scn", ".: holds 'a.scn', which is not a dump of a handover: name another "
		"directory");
	refuses(w, "a.scn a.scn", "a.scn: is there already and is not a directory");
	refuses(w, "no/d a.scn", "no/d: No such file or directory");
	refuses(w, "e a.scn a.scn", "--dump-handover shows one scenario, not 2");
	assert_false(is_there(w, "e"));
}

static void directory__of_a_scenario_that_is_none__is_not_made(void **state)
{
	struct world *w = *state;

	put(w, "a.scn", "nonsense\n");
	assert_int_equal(run(w, "d a.scn"), 2);
	assert_false(is_there(w, "d"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(dump__of_two_kexecs__has_both),
		TEST(dump__every_preserved_page__has_an_owner),
		TEST(dump__device_tree__is_one),
		TEST(dump__same_run_again__is_the_same),
		TEST(dump__fewer_kexecs_than_before__leaves_no_old_ones),
		TEST(dump__of_lies__shows_what_the_next_kernel_gets),
		TEST(directory__not_luosims__is_left_alone),
		TEST(directory__of_a_scenario_that_is_none__is_not_made),
	};

	return cmocka_run_group_tests_name("dump", tests, NULL, NULL);
}
