// SPDX-License-Identifier: GPL-2.0
/* The language: what parses, and the one message for each way in which it may not. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <scenarios/scn.h>
#include <scenarios/verb.h>

#define TITLE "scenario \"t\"\n"

/* A file with a VM, a guest_memfd and a session, to put line 8 of interest below. */
#define WORLD	TITLE "setup\n vm = create_vm\n g = create_gmem vm pages=2\n"	\
		" luo = open_liveupdate\n s = create_session luo \"a\"\n"		\
		" cpu = create_vcpu vm\n"

/**
 * struct bad - a text that must be refused.
 * @claim:   what is wrong with it
 * @text:    the whole file
 * @message: the whole message
 */
struct bad {
	const char *claim;
	const char *text;
	const char *message;
};

static const struct bad syntax[] = {
	{ "file__empty__title_is_expected", "", "x:1: expected a title: scenario \"…\"" },
	{ "file__comment_only__title_is_expected", "# nothing\n",
	  "x:1: expected a title: scenario \"…\"" },
	{ "title__without_string__string_is_expected", "scenario demo\n",
	  "x:1: expected a string after 'scenario', found 'demo'" },
	{ "title__twice__is_refused", TITLE TITLE,
	  "x:2: a second 'scenario' line; a file holds one scenario" },
	{ "title__something_behind_it__is_refused", "scenario \"t\" \"u\"\n",
	  "x:1: expected the end of the line, found \"u\"" },
	{ "purpose__after_section__is_refused", TITLE "setup\npurpose \"p\"\n",
	  "x:3: 'purpose' belongs before the first section" },
	{ "file__without_statements__is_refused", TITLE "setup\nthen\n",
	  "x:4: nothing to run: expected a section with statements" },
	{ "statement__before_section__section_is_expected", TITLE "vm = create_vm\n",
	  "x:2: expected a section ('setup', 'then', 'thread NAME' or 'process NAME') "
	  "before the first statement, found 'vm'" },
	{ "thread__without_name__name_is_expected", TITLE "thread\n",
	  "x:2: expected a name after 'thread', found the end of the line" },
	{ "thread__dotted_name__name_is_expected", TITLE "thread a.b\n",
	  "x:2: expected a name after 'thread', found 'a.b'" },
	{ "process__number_for_a_name__name_is_expected", TITLE "process 1\n",
	  "x:2: expected a name after 'process', found '1'" },
	{ "setup__something_behind_it__is_refused", TITLE "setup main\n",
	  "x:2: expected the end of the line, found 'main'" },
	{ "machine__unknown_key__keys_are_named", TITLE "machine cpus=2\n",
	  "x:2: expected 'memory=', 'nodes=', 'conversions=', 'test_flbs=', 'test_files=' or "
	  "'shmem_huge=', found 'cpus'" },
	{ "machine__too_many_test_flbs__range_is_named", TITLE "machine test_flbs=4\n",
	  "x:2: test_flbs must be from 0 to 3" },
	{ "machine__test_files_twice_over__range_is_named", TITLE "machine test_files=2\n",
	  "x:2: test_files must be 0 or 1" },
	{ "machine__no_value__number_is_expected", TITLE "machine memory=\n",
	  "x:2: expected a number after 'memory=', found the end of the line" },
	{ "machine__no_equals__equals_is_expected", TITLE "machine memory 4M\n",
	  "x:2: expected '=' after 'memory', found '4M'" },
	{ "machine__odd_memory__range_is_named", TITLE "machine memory=33M\n",
	  "x:2: memory must be a multiple of 4M, from 32M to 4G" },
	{ "machine__no_nodes__range_is_named", TITLE "machine nodes=0\n",
	  "x:2: nodes must be from 1 to 4" },
	{ "machine__unknown_conversions__words_are_named", TITLE "machine conversions=both\n",
	  "x:2: expected 'vm' or 'gmem' after 'conversions=', found 'both'" },
	{ "machine__unknown_word_for_large_folios__words_are_named",
	  TITLE "machine shmem_huge=often\n",
	  "x:2: expected 'always', 'within_size' or 'never' after 'shmem_huge=', found 'often'" },
	{ "machine__twice__is_refused", TITLE "machine nodes=1\nmachine nodes=2\n",
	  "x:3: a second 'machine' line" },
	{ "machine__after_section__is_refused", TITLE "setup\nmachine nodes=1\n",
	  "x:3: 'machine' belongs before the first section" },
	{ "string__not_closed__quote_is_expected", TITLE "setup\n open \"/dev\n",
	  "x:3: expected '\"' at the end of the string, found the end of the line" },
	{ "string__bad_escape__escapes_are_named", TITLE "setup\n open \"a\\q\"\n",
	  "x:3: unknown escape '\\q' in a string: expected \\n \\r \\t \\0 \\\\ \\\" or \\xHH" },
	{ "string__half_a_hex_escape__is_refused", TITLE "setup\n open \"\\x4\"\n",
	  "x:3: unknown escape '\\x' in a string: expected \\n \\r \\t \\0 \\\\ \\\" or \\xHH" },
	{ "number__letters_behind_it__is_refused", TITLE "setup\n lseek 12q 0\n",
	  "x:3: '12q' is not a number: expected digits or 0x…, then K, M or G if need be, "
	  "and 64 bits at most" },
	{ "number__too_large__is_refused", TITLE "setup\n lseek 18446744073709551616 0\n",
	  "x:3: '18446744073709551616' is not a number: expected digits or 0x…, then K, M or G "
	  "if need be, and 64 bits at most" },
	{ "number__too_large_by_suffix__is_refused", TITLE "setup\n lseek 17179869184G 0\n",
	  "x:3: '17179869184G' is not a number: expected digits or 0x…, then K, M or G if need "
	  "be, and 64 bits at most" },
	{ "number__hex_without_digits__is_refused", TITLE "setup\n lseek 0x 0\n",
	  "x:3: '0x' is not a number: expected digits or 0x…, then K, M or G if need be, "
	  "and 64 bits at most" },
	{ "line__stray_character__is_named", TITLE "setup\n close @g\n",
	  "x:3: unexpected character '@'" },
	{ "line__stray_utf8_character__is_named_whole", TITLE "setup\n close ü\n",
	  "x:3: unexpected character 'ü'" },
	{ "statement__name_without_verb__verb_is_expected", TITLE "setup\n vm =\n",
	  "x:3: expected a verb, found the end of the line" },
	{ "statement__name_with_a_dot__name_is_expected", TITLE "setup\n v.m = create_vm\n",
	  "x:3: expected a name of letters, digits and '_' before '=', found 'v.m'" },
	{ "statement__string_first__verb_is_expected", TITLE "setup\n \"create_vm\"\n",
	  "x:3: expected a verb, found \"create_vm\"" },
	{ "argument__key_without_value__value_is_expected", WORLD " preserve s g token=\n",
	  "x:8: expected a value after 'token=', found the end of the line" },
	{ "argument__comma_at_the_end__value_is_expected",
	  WORLD " h = create_gmem vm pages=1 flags=mmap,\n",
	  "x:8: expected a value after ',', found the end of the line" },
	{ "argument__stray_punctuation__value_is_expected", WORLD " close | g\n",
	  "x:8: expected a value after 'close', found '|'" },
	{ "place__offset_missing__offset_is_expected", WORLD " read g 0+\n",
	  "x:8: expected an offset after '+', found the end of the line" },
	{ "place__plus_after_a_word__is_refused", WORLD " read g+1 0\n",
	  "x:8: '+' belongs between a page and an offset, as in 2+100" },
	{ "outcome__missing__outcome_is_expected", WORLD " close g ->\n",
	  "x:8: expected an outcome (ok, an errno as EPERM, a signal as SIGBUS, zero, mmio, "
	  "eof, a number or a string), found the end of the line" },
	{ "outcome__not_an_errno__outcome_is_expected", WORLD " close g -> EWHAT\n",
	  "x:8: expected an outcome (ok, an errno as EPERM, a signal as SIGBUS, zero, mmio, "
	  "eof, a number or a string), found 'EWHAT'" },
	{ "outcome__alternative_missing__outcome_is_expected", WORLD " close g -> ok|\n",
	  "x:8: expected an outcome (ok, an errno as EPERM, a signal as SIGBUS, zero, mmio, "
	  "eof, a number or a string), found the end of the line" },
	{ "outcome__two_arrows__is_refused", WORLD " close g -> ok -> EBADF\n",
	  "x:8: a second '->' in one statement; alternatives are written ok|EPERM" },
	{ "outcome__nine_alternatives__is_refused", WORLD " close g -> 0|1|2|3|4|5|6|7|8\n",
	  "x:8: more than 8 alternative outcomes" },
	{ "outcome__argument_behind_it__is_refused", WORLD " close g -> ok g\n",
	  "x:8: expected '->', 'if', 'by' or the end of the line, found 'g'" },
	{ "condition__without_step__step_is_expected", WORLD " close g if\n",
	  "x:8: expected a step after 'if': THREAD.NUMBER or a label, found the end of the "
	  "line" },
	{ "condition__twice__is_refused", WORLD " close g if a ok if b ok\n",
	  "x:8: a second 'if' in one statement" },
	{ "property__not_one__is_refused", WORLD " close g by 36\n",
	  "x:8: expected a property after 'by', as P-36, found '36'" },
	{ "property__twice__is_refused", WORLD " close g by P-36 by P-36\n",
	  "x:8: a second 'by' in one statement" },
};

static const struct bad meaning[] = {
	{ "panic__of_another_call__is_refused", WORLD " finish s -> panic\n",
	  "x:8: only a reboot can be expected to end in a panic: that of the next kernel" },
	{ "panic__something_after_it__is_refused", WORLD " reboot -> panic\nthen\n"
	  " vm = create_vm\n", "x:10: nothing runs after the panic of line 8" },
	{ "tamper__field_of_a_session_without_one__is_refused",
	  WORLD " tamper field=session.count value=1\n",
	  "x:8: 'session.count' needs the name of a session" },
	{ "tamper__field_of_a_file_without_token__is_refused",
	  WORLD " tamper \"a\" field=file.data value=1\n", "x:8: 'file.data' needs token=" },
	{ "tamper__string_for_a_number__is_refused",
	  WORLD " tamper field=luo.flbs_pa value=\"x\"\n",
	  "x:8: 'luo.flbs_pa' takes a number, not a string" },
	{ "tamper__string_that_is_too_long__is_refused",
	  WORLD " tamper field=luo.compatible value=\"luo-v5-and-more\"\n",
	  "x:8: 'luo.compatible' has room for 8 bytes" },
	{ "tamper__link_to_another_word__is_refused",
	  WORLD " tamper field=sessions.next value=\"last\"\n",
	  "x:8: 'sessions.next' takes a number or \"first\"" },
	{ "tamper__drop_without_path__is_refused", WORLD " tamper field=fdt.drop value=1\n",
	  "x:8: 'fdt.drop' takes \"PROPERTY\", \"NODE/PROPERTY\" or \"NODE/\"" },
	{ "verb__unknown__help_is_named", WORLD " frobnicate g\n",
	  "x:8: unknown verb 'frobnicate'; 'luosim help verbs' lists them" },
	{ "verb__misspelt__nearest_is_named", WORLD " reserve s g token=1\n",
	  "x:8: unknown verb 'reserve'; did you mean 'preserve'?" },
	{ "verb__of_a_later_part__is_unknown", WORLD " m = open_iommufd \"x\"\n",
	  "x:8: unknown verb 'open_iommufd'; 'luosim help verbs' lists them" },
	{ "key__unknown__usage_is_shown", WORLD " preserve s g tok=1\n",
	  "x:8: 'preserve' has no 'tok='; it is written: preserve SESSION FD token=NUMBER" },
	{ "key__missing__usage_is_shown", WORLD " preserve s g\n",
	  "x:8: 'preserve' needs token=; it is written: preserve SESSION FD token=NUMBER" },
	{ "key__twice__is_refused", WORLD " preserve s g token=1 token=2\n",
	  "x:8: 'token=' is given twice" },
	{ "argument__missing__usage_is_shown", WORLD " write g 0\n",
	  "x:8: 'write' needs TEXT; it is written: write FD PAGE TEXT" },
	{ "argument__too_many__usage_is_shown", WORLD " close g s\n",
	  "x:8: 'close' takes fewer arguments; it is written: close FD" },
	{ "argument__string_for_a_number__number_is_expected", WORLD " preserve s g token=\"1\"\n",
	  "x:8: token of 'preserve' must be a number" },
	{ "argument__number_for_a_string__string_is_expected", WORLD " t = create_session luo 1\n",
	  "x:8: NAME of 'create_session' must be a string" },
	{ "argument__string_for_a_name__name_is_expected", WORLD " close \"g\"\n",
	  "x:8: FD of 'close' must be a name or a descriptor number" },
	{ "argument__word_for_a_page__page_is_expected", WORLD " write g first \"x\"\n",
	  "x:8: PAGE of 'write' must be a page, or PAGE+OFFSET" },
	{ "argument__negative_page__page_is_expected", WORLD " write g -1 \"x\"\n",
	  "x:8: PAGE of 'write' must be a page, or PAGE+OFFSET" },
	{ "argument__other_word_for_contents__is_refused", WORLD " read g 0 nothing\n",
	  "x:8: TEXT of 'read' must be a string or 'zero'" },
	{ "argument__unknown_flag__flags_are_named",
	  WORLD " h = create_gmem vm pages=1 flags=map\n",
	  "x:8: flags must be 'mmap', 'init_shared', 'none', or a number" },
	{ "argument__unknown_attribute__attributes_are_named",
	  WORLD " set_memory_attributes vm public gpa=0 pages=1\n",
	  "x:8: ATTRIBUTE must be 'private', 'shared', or a number" },
	{ "argument__list_for_one_value__is_refused", WORLD " preserve s g token=1,2\n",
	  "x:8: token of 'preserve' takes one value, not a list" },
	{ "place__offset_beyond_the_page__is_refused", WORLD " read g 0+4096\n",
	  "x:8: an offset into a page must be below 4096" },
	{ "contents__beyond_the_page__is_refused", WORLD " read g 0+4095 \"ab\"\n",
	  "x:8: the text must end in the page in which it begins" },
	{ "contents__beyond_the_guest_page__is_refused", WORLD " vcpu_read cpu 0x1fff \"ab\"\n",
	  "x:8: the text must end in the page in which it begins" },
	{ "contents__empty__is_refused", WORLD " read g 0 \"\"\n",
	  "x:8: an empty string says nothing about contents" },
	{ "items__unknown_word__items_are_named", WORLD " ioctl luo create_session i32 4\n",
	  "x:8: an argument is made of: u8 N, u16 N, u32 N, u64 N, zero N, fd NAME, "
	  "\"string\", or is null" },
	{ "items__number_missing__is_refused", WORLD " ioctl luo create_session u32 \"a\"\n",
	  "x:8: 'u32' needs a number after it" },
	{ "items__unbound_name__is_refused", WORLD " ioctl s preserve_fd size=16 fd h u64 1\n",
	  "x:8: 'h' names nothing: it has not been bound" },
	{ "name__never_bound__is_refused", WORLD " close h\n",
	  "x:8: 'h' names nothing: it has not been bound" },
	{ "name__of_another_process__process_is_named", WORLD "process luod\n close g\n",
	  "x:9: 'g' belongs to another process than 'luod'" },
	{ "name__wrong_kind__both_kinds_are_named", WORLD " preserve vm g token=1\n",
	  "x:8: 'preserve' needs a session, but 'vm' is a VM (line 3)" },
	{ "name__wrong_kind_after_rebinding__line_is_of_the_last",
	  WORLD " s = create_vm\n finish s\n",
	  "x:9: 'finish' needs a session, but 's' is a VM (line 8)" },
	{ "name__gmem_for_a_vm__is_refused", WORLD " c = create_vcpu g\n",
	  "x:8: 'create_vcpu' needs a VM, but 'g' is a guest_memfd (line 4)" },
	{ "name__vcpu_mapped__is_refused", WORLD " touch cpu 0\n",
	  "x:8: 'touch' needs a guest_memfd, a memfd or another file, but 'cpu' is a vCPU "
	  "(line 7)" },
	{ "name__dup_of_a_vm__is_a_vm", WORLD " d = dup vm\n touch d 0\n",
	  "x:9: 'touch' needs a guest_memfd, a memfd or another file, but 'd' is a VM (line 8)" },
	{ "name__retrieved_by_the_token_of_a_vm__is_a_vm",
	  WORLD " preserve s vm token=1\n reboot\n luo = open_liveupdate\n"
	  " s = retrieve_session luo \"a\"\n v = retrieve s token=1\n touch v 0\n",
	  "x:13: 'touch' needs a guest_memfd, a memfd or another file, but 'v' is a VM "
	  "(line 12)" },
	{ "name__opened_device__is_that_device",
	  WORLD " k = open \"/dev/kvm\"\n t = create_session k \"b\"\n",
	  "x:9: 'create_session' needs /dev/liveupdate, but 'k' is /dev/kvm (line 8)" },
	{ "name__for_what_gives_nothing__is_refused", WORLD " x = close g\n",
	  "x:8: 'close' gives nothing to name; a label is written 'x:'" },
	{ "name__after_a_certain_reboot__has_ended", WORLD " reboot\n close g\n",
	  "x:9: 'g' (line 4) ended with the old kernel at line 8" },
	{ "name__after_a_certain_reboot_in_a_thread__has_ended",
	  WORLD "thread a\n reboot\nthen\n close g\n",
	  "x:11: 'g' (line 4) ended with the old kernel at line 9" },
	{ "thread__statement_after_its_reboot__is_refused", WORLD "thread a\n reboot\n\n close g\n",
	  "x:11: a thread ends with its kernel; what follows a reboot belongs into a 'then' "
	  "section" },
	{ "thread__same_name_again__is_refused",
	  WORLD "thread a\n touch g 0\nthen\n touch g 0\nthread a\n touch g 1\n",
	  "x:12: there is a thread 'a' at line 8 already" },
	{ "thread__uses_what_its_neighbour_binds__is_refused",
	  WORLD "thread a\n v = create_vm\nthread b\n close v\n",
	  "x:11: 'v' is bound by thread 'a' at line 9, which runs at the same time" },
	{ "thread__rebinds_what_its_neighbour_uses__is_refused",
	  WORLD "thread a\n touch g 0\nthread b\n g = create_gmem vm pages=1\n",
	  "x:11: 'g' is used by thread 'a', which runs at the same time" },
	{ "thread__binds_what_its_neighbour_binds__is_refused",
	  WORLD "thread a\n v = create_vm\nthread b\n v = create_vm\n",
	  "x:11: 'v' is bound by thread 'a' at line 9, which runs at the same time" },
	{ "condition__unknown_step__is_refused", WORLD " close g if vcpu.1 ok\n",
	  "x:8: 'if vcpu.1': no such step; it is THREAD.NUMBER or a label" },
	{ "condition__step_beyond_the_thread__is_refused",
	  WORLD "thread a\n touch g 0\nthen\n close g if a.2 ok\n",
	  "x:11: 'if a.2': no such step; it is THREAD.NUMBER or a label" },
	{ "condition__step_of_a_neighbour__is_refused",
	  WORLD "thread a\n touch g 0\nthread b\n touch g 1 if a.1 ok\n",
	  "x:11: 'if a.1': that step (line 9) need not have been done by then" },
	{ "condition__on_contents__is_refused",
	  WORLD " l: read g 0\n touch g 0 if l zero\n",
	  "x:9: 'if' asks for ok, an errno, a signal or a number, not for contents" },
	{ "label__twice__is_refused", WORLD " l: touch g 0\n l: touch g 1\n",
	  "x:9: label 'l' stands at line 8 already" },
	{ "property__unknown__is_refused", WORLD " touch g 0 by P-999\n",
	  "x:8: 'by P-999': no such property; 'luosim properties' lists them" },
};

static void refuse(void **state)
{
	const struct bad *bad = *state;
	GError *error = NULL;
	struct scn *scn = scn_parse_text("x", bad->text, -1, &error);

	assert_null(scn);
	assert_non_null(error);
	assert_string_equal(error->message, bad->message);
	g_error_free(error);
}

static void string__longer_than_a_page__is_refused(void **state)
{
	g_autofree char *longest = g_strnfill(4096, 'n');
	g_autofree char *fits = g_strdup_printf(WORLD " write g 0 \"%s\"\n", longest);
	g_autofree char *text = g_strdup_printf(WORLD " write g 0 \"%sn\"\n", longest);
	struct bad bad = { .text = text,
			   .message = "x:8: TEXT of 'write' must be at most 4096 bytes long" };
	void *arg = &bad;
	GError *error = NULL;
	struct scn *scn = scn_parse_text("x", fits, -1, &error);

	(void)state;
	assert_non_null(scn);
	scn_free(scn);
	refuse(&arg);
}

static struct scn *parse(const char *text)
{
	GError *error = NULL;
	struct scn *scn = scn_parse_text("x", text, -1, &error);

	if (error)
		fail_msg("refused: %s", error->message);
	return scn;
}

static const struct scn_statement *statement(const struct scn *scn, unsigned int section,
					     unsigned int i)
{
	const struct scn_section *s = g_ptr_array_index(scn->sections, section);

	return g_ptr_array_index(s->statements, i);
}

static void header__complete__is_kept(void **state)
{
	struct scn *scn = parse("scenario \"a title\"\npurpose \"one\"\npurpose \"two\"\n"
				"expect \"three\"\nmachine memory=512M nodes=1\nsetup\n"
				" vm = create_vm\n");

	(void)state;
	assert_string_equal(scn->title, "a title");
	assert_string_equal(scn->purpose, "one two");
	assert_string_equal(scn->expect, "three");
	assert_int_equal(scn->memory, 512 << 20);
	assert_int_equal(scn->nodes, 1);
	scn_free(scn);
}

static void header__conversions__decide_the_command_line(void **state)
{
	struct scn *vm = parse("scenario \"a\"\nmachine conversions=vm\nsetup\n v = create_vm\n");
	struct scn *gmem = parse("scenario \"a\"\nmachine nodes=1 conversions=gmem\nsetup\n"
				 " v = create_vm\n");
	struct scn *huge = parse("scenario \"a\"\nmachine conversions=gmem shmem_huge=always\n"
				 "setup\n v = create_vm\n");
	g_autofree char *today = scn_cmdline(vm);
	g_autofree char *both = scn_cmdline(huge);
	g_autofree char *discussed = scn_cmdline(gmem);

	(void)state;
	assert_string_equal(today, "liveupdate=on");
	assert_string_equal(discussed, "liveupdate=on kvm.vm_memory_attributes=0");
	assert_string_equal(both, "liveupdate=on kvm.vm_memory_attributes=0"
				  " transparent_hugepage_shmem=always");
	scn_free(huge);
	scn_free(vm);
	scn_free(gmem);
}

static void machine__tests_asked_for__is_on_the_command_line(void **state)
{
	struct scn *scn = parse(TITLE "machine test_flbs=2 test_files=1\nsetup\n vm = create_vm\n");
	g_autofree char *cmdline = scn_cmdline(scn);
	struct scn *other = parse(WORLD);
	g_autofree char *plain = scn_cmdline(other);

	(void)state;
	assert_string_equal(cmdline, "liveupdate=on luo_test_flbs=2 luo_test_files=on");
	assert_string_equal(plain, "liveupdate=on");
	scn_free(scn);
	scn_free(other);
}

static void statement__without_outcome__expects_ok(void **state)
{
	struct scn *scn = parse(WORLD);
	const struct scn_statement *st = statement(scn, 0, 0);

	(void)state;
	assert_int_equal(st->expected.nr, 1);
	assert_int_equal(st->expected.item[0].type, SCN_OUTCOME_OK);
	assert_string_equal(st->binds, "vm");
	assert_string_equal(st->text, "vm = create_vm");
	scn_free(scn);
}

static void outcome__every_kind__is_understood(void **state)
{
	struct scn *scn = parse(WORLD " read g 0 -> ok|EPERM|SIGBUS|\"late\"|zero|-5|mmio # all\n");
	const struct scn_statement *st = statement(scn, 0, 5);
	g_autofree char *text = scn_outcomes_format(&st->expected);

	(void)state;
	assert_string_equal(text, "ok|EPERM|SIGBUS|\"late\"|zero|-5|mmio");
	assert_string_equal(st->text, "read g 0 -> ok|EPERM|SIGBUS|\"late\"|zero|-5|mmio");
	scn_free(scn);
}

static void clauses__in_any_order__mean_the_same(void **state)
{
	struct scn *scn = parse(WORLD " l: touch g 0 -> ok|SIGBUS\n"
				" touch g 1 by P-36 if l ok -> SIGBUS\n"
				" touch g 1 -> SIGBUS if l ok by P-36\n");

	(void)state;
	for (unsigned int i = 6; i < 8; i++) {
		const struct scn_statement *st = statement(scn, 0, i);

		assert_string_equal(st->property, "P-36");
		assert_ptr_equal(st->condition, statement(scn, 0, 5));
		assert_int_equal(st->expected.item[0].type, SCN_OUTCOME_SIGNAL);
	}
	scn_free(scn);
}

static void string__escapes__are_resolved(void **state)
{
	struct scn *scn = parse(WORLD " write g 0 \"a\\n\\\"\\\\\\x41\\0b # no comment\"\n");
	const struct scn_statement *st = statement(scn, 0, 5);
	static const char wanted[] = "a\n\"\\A\0b # no comment";

	(void)state;
	assert_int_equal(st->value[2]->len, sizeof(wanted) - 1);
	assert_memory_equal(st->value[2]->text, wanted, sizeof(wanted));
	scn_free(scn);
}

static void number__suffix_and_sign__are_understood(void **state)
{
	struct scn *scn = parse(WORLD " lseek g 0x10K\n preserve s g token=-1\n"
				" preserve s vm token=18446744073709551615\n");

	(void)state;
	assert_int_equal(statement(scn, 0, 5)->value[1]->number, 16 << 10);
	assert_true(statement(scn, 0, 6)->value[2]->number == UINT64_MAX);
	assert_true(statement(scn, 0, 7)->value[2]->number == UINT64_MAX);
	scn_free(scn);
}

static void process__line__holds_for_the_sections_below(void **state)
{
	struct scn *scn = parse(TITLE "setup\n vm = create_vm\nprocess luod\n"
				" luo = open_liveupdate\nthread a\n s = create_session luo \"a\"\n"
				"process main\nthread b\n close vm\n");
	static const char *const processes[] = { "main", "luod", "luod", "main" };

	(void)state;
	assert_int_equal(scn->sections->len, 4);
	for (unsigned int i = 0; i < 4; i++) {
		const struct scn_section *s = g_ptr_array_index(scn->sections, i);

		assert_string_equal(s->process, processes[i]);
		assert_int_equal(s->concurrent, i >= 2);
	}
	scn_free(scn);
}

static void name__after_a_reboot_that_may_fail__may_be_used(void **state)
{
	(void)state;
	scn_free(parse(WORLD " reboot -> ok|ENOENT\n close g\n"));
	scn_free(parse(WORLD " reboot -> ENOENT\n close g\n"));
}

static void name__ended_but_ebadf_expected__may_be_used(void **state)
{
	(void)state;
	scn_free(parse(WORLD " reboot\n close g -> EBADF\n"));
}

static void name__retrieved_by_an_ambiguous_token__fits_everywhere(void **state)
{
	(void)state;
	scn_free(parse(WORLD " r = create_session luo \"b\"\n preserve s vm token=1\n"
		       " preserve r g token=1\n reboot\n luo = open_liveupdate\n"
		       " s = retrieve_session luo \"a\"\n r = retrieve_session luo \"b\"\n"
		       " vm = retrieve s token=1\n g = retrieve r token=1\n"
		       " c = create_vcpu vm\n touch g 0\n"));
}

static void line_ends__of_other_systems__are_accepted(void **state)
{
	(void)state;
	scn_free(parse("scenario \"t\"\r\nsetup\r\n\tvm = create_vm\r\n"));
}

static void text__not_utf8__is_refused(void **state)
{
	GError *error = NULL;

	(void)state;
	assert_null(scn_parse_text("x", "scen\xff", -1, &error));
	assert_string_equal(error->message, "x: not a scenario: byte 5 is not UTF-8 text");
	g_clear_error(&error);
	assert_null(scn_parse_text("x", "a\0b", 3, &error));
	assert_string_equal(error->message, "x: not a scenario: byte 2 is not UTF-8 text");
	g_clear_error(&error);
}

static void file__missing__message_names_it(void **state)
{
	GError *error = NULL;

	(void)state;
	assert_null(scn_parse_file("/nonexistent/a.scn", &error));
	assert_string_equal(error->message,
			    "/nonexistent/a.scn: can't be read: No such file or directory");
	g_clear_error(&error);
}

static void field__unknown__fields_are_named(void **state)
{
	GError *error = NULL;

	(void)state;
	assert_null(scn_parse_text("x", WORLD " tamper \"a\" token=1 field=vm.kind value=1\n",
				   -1, &error));
	assert_true(g_str_has_prefix(error->message,
				     "x:8: there is no field 'vm.kind'; there are: "));
	assert_non_null(strstr(error->message, " vm.type "));
	g_clear_error(&error);
}

/* Any beginning of a file is either fine or refused with its line; none crashes. */
static void text__cut_anywhere__gives_a_message(void **state)
{
	static const char whole[] = WORLD " l: write g 0+7 \"a\\x41\" -> ok|EPERM if l 0x1K\n";

	(void)state;
	for (gssize len = 0; len < (gssize)sizeof(whole); len++) {
		GError *error = NULL;
		struct scn *scn = scn_parse_text("x", whole, len, &error);

		assert_true(!scn == !!error);
		assert_true(!error || g_str_has_prefix(error->message, "x:"));
		scn_free(scn);
		g_clear_error(&error);
	}
}

static void verbs__all__have_help_and_usage(void **state)
{
	const struct scn_verb *verb;

	(void)state;
	for (unsigned int i = 0; (verb = scn_verb_at(i)); i++) {
		g_autofree char *usage = scn_verb_usage(verb);

		assert_non_null(strstr(usage, verb->name));
		assert_true(strlen(verb->help) > 5);
		assert_non_null(verb->run);
		assert_ptr_equal(scn_verb_find(verb->name), verb);
	}
	assert_in_range(scn_verb_nearest("reboo") != NULL, 1, 1);
}

static const struct CMUnitTest positive[] = {
	cmocka_unit_test(string__longer_than_a_page__is_refused),
	cmocka_unit_test(header__complete__is_kept),
	cmocka_unit_test(header__conversions__decide_the_command_line),
	cmocka_unit_test(machine__tests_asked_for__is_on_the_command_line),
	cmocka_unit_test(statement__without_outcome__expects_ok),
	cmocka_unit_test(outcome__every_kind__is_understood),
	cmocka_unit_test(clauses__in_any_order__mean_the_same),
	cmocka_unit_test(string__escapes__are_resolved),
	cmocka_unit_test(number__suffix_and_sign__are_understood),
	cmocka_unit_test(process__line__holds_for_the_sections_below),
	cmocka_unit_test(name__after_a_reboot_that_may_fail__may_be_used),
	cmocka_unit_test(name__ended_but_ebadf_expected__may_be_used),
	cmocka_unit_test(name__retrieved_by_an_ambiguous_token__fits_everywhere),
	cmocka_unit_test(line_ends__of_other_systems__are_accepted),
	cmocka_unit_test(text__not_utf8__is_refused),
	cmocka_unit_test(file__missing__message_names_it),
	cmocka_unit_test(field__unknown__fields_are_named),
	cmocka_unit_test(text__cut_anywhere__gives_a_message),
	cmocka_unit_test(verbs__all__have_help_and_usage),
};

static void add_refusals(GArray *tests, const struct bad *bad, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		struct CMUnitTest test = {
			.name = bad[i].claim,
			.test_func = refuse,
			.initial_state = (void *)&bad[i],
		};

		g_array_append_val(tests, test);
	}
}

int main(void)
{
	g_autoptr(GArray) tests = g_array_new(FALSE, FALSE, sizeof(struct CMUnitTest));

	g_array_append_vals(tests, positive, G_N_ELEMENTS(positive));
	add_refusals(tests, syntax, G_N_ELEMENTS(syntax));
	add_refusals(tests, meaning, G_N_ELEMENTS(meaning));
	return _cmocka_run_group_tests("parser", (const struct CMUnitTest *)tests->data,
				       tests->len, NULL, NULL);
}
