// SPDX-License-Identifier: GPL-2.0
/* Repeated blocks: what they are when written out, and what is refused with which message. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <scenarios/scn.h>

#define HEAD	"scenario \"t\"\nsetup\n"

/** struct bad - a text that must be refused, and the whole message; lines count from HEAD. */
struct bad {
	const char *claim;
	const char *text;
	const char *message;
};

static const struct bad bad[] = {
	{ "count__missing__is_expected", "repeat\n",
	  "x:3: expected the count of 'repeat', found the end of the line" },
	{ "count__negative__is_expected", "repeat -1 as I\n",
	  "x:3: expected the count of 'repeat', found '-1'" },
	{ "count__zero__is_out_of_range", "repeat 0 as I\n",
	  "x:3: the count of 'repeat' must be from 1 to 1000000" },
	{ "count__too_large__is_out_of_range", "repeat 1000001 as I\n",
	  "x:3: the count of 'repeat' must be from 1 to 1000000" },
	{ "name__missing__as_is_expected", "repeat 3\n",
	  "x:3: expected 'as' and a name, as in 'repeat 3 as I', found the end of the line" },
	{ "name__a_number__name_is_expected", "repeat 3 as 4\n",
	  "x:3: expected a name after 'as', found '4'" },
	{ "name__of_the_block_around__is_refused",
	  "repeat 3 as I\nrepeat 3 as I\nclose 9 -> EBADF\nend\nend\n",
	  "x:4: 'I' is counted by the repeat around this one already (with I=1)" },
	{ "from__no_number__number_is_expected", "repeat 3 as I from x\n",
	  "x:3: expected the number after 'from', found 'x'" },
	{ "repeat__something_behind_it__is_refused", "repeat 3 as I to 4\n",
	  "x:3: expected the end of the line, found 'to' (with I=1)" },
	{ "end__missing__line_of_the_repeat_is_named",
	  "repeat 2 as I\nclose 9 -> EBADF\nrepeat 2 as J\nclose 9 -> EBADF\nend\n",
	  "x:3: no 'end' belongs to this 'repeat'" },
	{ "end__alone__is_refused", "close 9 -> EBADF\nend\n",
	  "x:4: 'end' without a 'repeat' before it" },
	{ "end__something_behind_it__is_refused", "repeat 2 as I\nclose 9 -> EBADF\nend I\n",
	  "x:5: expected the end of the line, found 'I' (with I=1)" },
	{ "block__empty__is_refused", "repeat 2 as I\n# nothing\nend\n",
	  "x:5: nothing to repeat since line 3 (with I=1)" },
	{ "block__header_line__is_refused",
	  "repeat 2 as I\npurpose \"p\"\nclose 9 -> EBADF\nend\n",
	  "x:4: 'purpose' is said once, not repeated (with I=1)" },
	{ "braces__unknown_name__is_refused", "repeat 2 as I\nclose {J} -> EBADF\nend\n",
	  "x:4: 'J' in braces: no repeat here counts that; a brace itself is written twice "
	  "(with I=1)" },
	{ "braces__name_of_a_block_that_ended__is_refused",
	  "repeat 2 as I\nrepeat 2 as J\nclose 9 -> EBADF\nend\nclose {J} -> EBADF\nend\n",
	  "x:7: 'J' in braces: no repeat here counts that; a brace itself is written twice "
	  "(with I=1)" },
	{ "braces__not_closed__is_refused", "repeat 2 as I\nclose {I -> EBADF\nend\n",
	  "x:4: in braces belongs a sum of numbers and names, as in {I} or {63*I-1} (with I=1)" },
	{ "braces__empty__is_refused", "repeat 2 as I\nclose {} -> EBADF\nend\n",
	  "x:4: in braces belongs a sum of numbers and names, as in {I} or {63*I-1} (with I=1)" },
	{ "braces__digits_and_letters__is_refused", "repeat 2 as I\nclose {2x} -> EBADF\nend\n",
	  "x:4: in braces belongs a sum of numbers and names, as in {I} or {63*I-1} (with I=1)" },
	{ "braces__less_than_nothing__is_refused", "repeat 3 as I\nclose {2-I} -> EBADF\nend\n",
	  "x:4: '{2-I}' is -1: less than nothing (with I=3)" },
	{ "braces__outside_of_a_block__are_a_stray_character", "close {1}\n",
	  "x:3: unexpected character '{'" },
	{ "check__second_pass__says_which",
	  "repeat 3 as I\nvm{I} = create_vm\nclose vm{3-I}\nend\n",
	  "x:5: 'vm2' names nothing: it has not been bound (with I=1)" },
	{ "label__not_numbered__is_refused_in_the_second_pass",
	  "repeat 3 as I\nl: close 9 -> EBADF\nend\n",
	  "x:4: label 'l' stands at line 4 already (with I=2)" },
	{ "lines__too_many__are_refused",
	  "repeat 1000000 as I\nrepeat 1000000 as J\nclose 9 -> EBADF\nend\nend\n",
	  "x:6: more than 1000000 lines when all repeats are written out (with I=1, J=500000)" },
};

static void refuse(void **state)
{
	const struct bad *b = *state;
	g_autofree char *text = g_strconcat(HEAD, b->text, NULL);
	GError *error = NULL;

	assert_null(scn_parse_text("x", text, -1, &error));
	assert_non_null(error);
	assert_string_equal(error->message, b->message);
	g_error_free(error);
}

/* The statements of the first section, as text, with blanks between. */
static char *written_out(const char *text)
{
	g_autofree char *whole = g_strconcat(HEAD, text, NULL);
	GString *s = g_string_new(NULL);
	GError *error = NULL;
	struct scn *scn = scn_parse_text("x", whole, -1, &error);
	const struct scn_section *section;

	if (error)
		fail_msg("refused: %s", error->message);
	section = g_ptr_array_index(scn->sections, 0);
	for (unsigned int i = 0; i < section->statements->len; i++) {
		const struct scn_statement *st = g_ptr_array_index(section->statements, i);

		g_string_append_printf(s, "%s%d %s", i ? "; " : "", st->line, st->text);
		if (st->repetition)
			g_string_append_printf(s, " [%s%s]", st->repetition->text,
					       st->repetition->inner ? ", inner" : "");
	}
	scn_free(scn);
	return g_string_free(s, FALSE);
}

static void expect(const char *text, const char *expected)
{
	g_autofree char *found = written_out(text);

	assert_string_equal(found, expected);
}

static void block__of_four__only_the_middle_is_inner(void **state)
{
	(void)state;
	expect("repeat 4 as I\n v{I} = create_vm # {x}\nend\nclose v4\n",
	       "4 v1 = create_vm [I=1]; 4 v2 = create_vm [I=2, inner]; "
	       "4 v3 = create_vm [I=3, inner]; 4 v4 = create_vm [I=4]; 6 close v4");
}

static void block__of_three__is_shown_whole(void **state)
{
	(void)state;
	expect("repeat 3 as I from 7\n open \"{I}\" -> ENOENT\nend\n",
	       "4 open \"7\" -> ENOENT [I=7]; 4 open \"8\" -> ENOENT [I=8]; "
	       "4 open \"9\" -> ENOENT [I=9]");
}

static void blocks__one_in_the_other__know_both_numbers(void **state)
{
	(void)state;
	expect("repeat 2 as I from 0\nrepeat {I+1} as J\n"
	       " preserve 8 9 token={63*I+J-1} -> EBADF\nend\nend\n",
	       "5 preserve 8 9 token=0 -> EBADF [I=0, J=1]; "
	       "5 preserve 8 9 token=63 -> EBADF [I=1, J=1]; "
	       "5 preserve 8 9 token=64 -> EBADF [I=1, J=2]");
}

static void braces__doubled__are_braces(void **state)
{
	(void)state;
	expect("repeat 1 as I\n open \"#{{{I}}}\" -> ENOENT # {{\nend\n",
	       "4 open \"#{1}\" -> ENOENT [I=1]");
}

static void braces__in_a_string_outside_of_blocks__are_left_alone(void **state)
{
	(void)state;
	expect("open \"{I}\" -> ENOENT\n", "3 open \"{I}\" -> ENOENT");
}

static void words__as_names__are_no_keywords(void **state)
{
	(void)state;
	expect("repeat = create_vm\nend = create_vm\nend: close repeat\n",
	       "3 repeat = create_vm; 4 end = create_vm; 5 end: close repeat");
}

static void sections__in_a_block__are_repeated(void **state)
{
	struct scn *scn;

	(void)state;
	scn = scn_parse_text("x", HEAD "repeat 3 as I\nprocess p{I}\n vm = create_vm\n close vm\n"
			     "end\n", -1, NULL);
	assert_non_null(scn);
	assert_int_equal(scn->sections->len, 3);
	for (unsigned int i = 0; i < 3; i++) {
		const struct scn_section *section = g_ptr_array_index(scn->sections, i);
		g_autofree char *name = g_strdup_printf("p%u", i + 1);

		assert_string_equal(section->process, name);
		assert_int_equal(section->statements->len, 2);
	}
	scn_free(scn);
}

static void condition__on_the_same_pass__is_found(void **state)
{
	(void)state;
	expect("repeat 2 as I\n l{I}: close 9 -> EBADF|ok\n close 9 -> EBADF if l{I} EBADF\nend\n",
	       "4 l1: close 9 -> EBADF|ok [I=1]; 5 close 9 -> EBADF if l1 EBADF [I=1]; "
	       "4 l2: close 9 -> EBADF|ok [I=2]; 5 close 9 -> EBADF if l2 EBADF [I=2]");
}

int main(void)
{
	static const struct CMUnitTest good[] = {
		cmocka_unit_test(block__of_four__only_the_middle_is_inner),
		cmocka_unit_test(block__of_three__is_shown_whole),
		cmocka_unit_test(blocks__one_in_the_other__know_both_numbers),
		cmocka_unit_test(braces__doubled__are_braces),
		cmocka_unit_test(braces__in_a_string_outside_of_blocks__are_left_alone),
		cmocka_unit_test(words__as_names__are_no_keywords),
		cmocka_unit_test(sections__in_a_block__are_repeated),
		cmocka_unit_test(condition__on_the_same_pass__is_found),
	};
	g_autoptr(GArray) tests = g_array_new(FALSE, FALSE, sizeof(struct CMUnitTest));

	g_array_append_vals(tests, good, G_N_ELEMENTS(good));
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct CMUnitTest test = {
			.name = bad[i].claim, .test_func = refuse,
			.initial_state = (void *)&bad[i],
		};

		g_array_append_val(tests, test);
	}
	return _cmocka_run_group_tests("repeat", (const struct CMUnitTest *)tests->data,
				       tests->len, NULL, NULL);
}
