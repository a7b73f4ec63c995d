// SPDX-License-Identifier: GPL-2.0
/* The interpreter on a scripted kernel: what it asks for, and what it makes of the answers. */

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <host/syscalls.h>
#include <model/state.h>
#include <model/tamper.h>
#include <model/verdict.h>
#include <scenarios/scn.h>
#include <scenarios/target.h>

#define HEAD	"scenario \"t\"\nsetup\n"
#define WORLD	HEAD " vm = create_vm\n g = create_gmem vm pages=4\n luo = open_liveupdate\n" \
		" s = create_session luo \"a\"\n"

/**
 * struct script - a kernel that answers from a script.
 * @fail_request: ioctl request (or 0) that fails with @fail_errno
 * @reboot:       what reboot() returns; 0 means that it does not
 * @stop_at:      number of the system call at which the kernel stops
 * @leaves:       what a failing ioctl changes: lines of @state, from this one on
 * @state:        the lines of the state, up to one without a key
 * @memory:       what the one mapping shows; page 3 is beyond the end
 * @argument:     the last ioctl's argument
 * @calls:        system calls, in words
 * @out:          leads out of the thread when the kernel ends
 */
struct script {
	uint64_t fail_request;
	int fail_errno;
	long reboot;
	int stop_at;
	bool boot_fails;
	const struct host_state *leaves;
	const struct host_state *state;
	unsigned int states_taken;
	char memory[3][SCN_PAGE_SIZE];
	_Alignas(8) char argument[256];
	GString *calls;
	int next_fd;
	int boots;
	int closes;
	int syscalls;
	bool may_panic;
	bool panic_later;
	unsigned int spawned;
	void (*body[4])(void *arg);
	void *arg[4];
	jmp_buf out;
	_Alignas(8) char user[64 << 10];
};

static bool script_boot(void *ctx, bool first)
{
	struct script *s = ctx;

	assert_int_equal(first, s->boots == 0);
	s->boots++;
	s->next_fd = 3;
	return !s->boot_fails || (s->panic_later && first);
}

static void script_may_panic(void *ctx, bool may)
{
	struct script *s = ctx;

	s->may_panic = may;
}

static const char *script_panic(void *ctx)
{
	const struct script *s = ctx;

	return s->boot_fails ? "no way" : NULL;
}

static void *script_process(void *ctx, const char *name)
{
	(void)ctx;
	return (void *)name;
}

static bool script_spawn(void *ctx, void *process, const char *name, void (*body)(void *arg),
			 void *arg)
{
	struct script *s = ctx;

	g_string_append_printf(s->calls, "%s@%s ", name, (char *)process);
	s->body[s->spawned] = body;
	s->arg[s->spawned++] = arg;
	return true;
}

static enum scn_target_end script_run(void *ctx)
{
	struct script *s = ctx;
	int end = setjmp(s->out);

	if (!end)
		for (unsigned int i = 0; i < s->spawned; i++)
			s->body[i](s->arg[i]);
	s->spawned = 0;
	return (enum scn_target_end)end;
}

static bool script_tamper(void *ctx, const struct tamper *tamper, GError **error)
{
	struct script *s = ctx;

	g_string_append_printf(s->calls, "tamper(%s, %s, %d) ", tamper->name, tamper->field,
			       (int)tamper->value);
	if (!strcmp(tamper->name, "a"))
		return true;
	g_set_error(error, SCN_ERROR, 0, "no such session");
	return false;
}

static enum scn_target_end script_close(void *ctx)
{
	struct script *s = ctx;

	s->closes++;
	return SCN_TARGET_DONE;
}

/* As many lines as the text has letters. */
static unsigned int script_log(void *ctx, const char *text)
{
	(void)ctx;
	return (unsigned int)strlen(text);
}

static void *script_user(void *ctx, size_t size)
{
	struct script *s = ctx;

	(void)size;
	return s->user;
}

static long script_ioctl(struct script *s, const uint64_t args[6])
{
	g_string_append_printf(s->calls, "ioctl(%d, 0x%x) ", (int)args[0], (unsigned int)args[1]);
	if (args[2] > 0xffff)
		memcpy(s->argument, (void *)(uintptr_t)args[2], sizeof(s->argument));
	if (s->fail_request == args[1]) {
		s->state = s->leaves;
		return -s->fail_errno;
	}
	if (args[1] == 0xba00 || args[1] == 0xba01 || args[1] == 0xba41)
		((int32_t *)(uintptr_t)args[2])[1] = s->next_fd++;
	if (args[1] == 0xae01 || args[1] == 0xae41 || args[1] == 0xc040aed4)
		return s->next_fd++;
	return 0;
}

static long script_syscall(void *ctx, long nr, const uint64_t args[6])
{
	struct script *s = ctx;

	if (++s->syscalls == s->stop_at)
		longjmp(s->out, SCN_TARGET_STOPPED);
	switch (nr) {
	case HOST_NR_IOCTL:
		return script_ioctl(s, args);
	case HOST_NR_OPEN:
		g_string_append_printf(s->calls, "open(%s) ", (char *)(uintptr_t)args[0]);
		return s->next_fd++;
	case HOST_NR_MMAP:
		g_string_append_printf(s->calls, "mmap(%d) ", (int)args[4]);
		return 0x10000;
	case HOST_NR_CLOSE:
		return (int)args[0] < 0 ? -EBADF : 0;
	case HOST_NR_REBOOT:
		if (!s->reboot)
			longjmp(s->out, SCN_TARGET_KEXEC);
		return s->reboot;
	default:
		g_string_append_printf(s->calls, "%ld(%d, %" G_GUINT64_FORMAT ", %"
				       G_GUINT64_FORMAT ") ", nr, (int)args[0], args[1], args[2]);
		return 0;
	}
}

static int script_access(void *ctx, uint64_t addr, void *buf, size_t len, bool write)
{
	struct script *s = ctx;
	uint64_t at = addr - 0x10000;

	if (at + len > sizeof(s->memory))
		return SIGBUS;
	if (write)
		memcpy((char *)s->memory + at, buf, len);
	else
		memcpy(buf, (char *)s->memory + at, len);
	return 0;
}

static int script_vcpu_access(void *ctx, int fd, uint64_t gpa, void *buf, size_t len, bool write,
			      enum scn_vcpu_exit *exit)
{
	(void)fd;
	*exit = gpa >= 1 << 20 ? SCN_VCPU_MMIO : SCN_VCPU_DONE;
	if (*exit == SCN_VCPU_MMIO)
		return 0;
	if (!script_access(ctx, 0x10000 + gpa, buf, len, write))
		return 0;
	*exit = SCN_VCPU_MEMORY_FAULT;
	return -EPERM;
}

static bool script_state(void *ctx, struct state *state)
{
	struct script *s = ctx;

	s->states_taken++;
	state_clear(state);
	for (const struct host_state *line = s->state; line && line->key; line++)
		state_add(state, line);
	return true;
}

/** struct world - one run of a text on the script. */
struct world {
	struct script script;
	struct scn_target target;
	struct verdict *verdict;
	struct scn *scn;
	struct scn_run *run;
};

static int set_up(void **state)
{
	struct world *w = g_new0(struct world, 1);

	w->script.calls = g_string_new(NULL);
	w->verdict = verdict_new();
	w->target = (struct scn_target){
		.ctx = &w->script, .user_size = sizeof(w->script.user), .boot = script_boot,
		.process = script_process, .spawn = script_spawn, .run = script_run,
		.may_panic = script_may_panic, .panic = script_panic,
		.tamper = script_tamper, .log = script_log,
		.close = script_close, .user = script_user, .syscall = script_syscall,
		.access = script_access, .vcpu_access = script_vcpu_access,
		.state = script_state,
	};
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	scn_run_free(w->run);
	scn_free(w->scn);
	verdict_free(w->verdict);
	g_string_free(w->script.calls, TRUE);
	g_free(w);
	return 0;
}

static enum scn_end run(struct world *w, const char *text)
{
	GError *error = NULL;

	w->scn = scn_parse_text("x", text, -1, &error);
	if (error)
		fail_msg("refused: %s", error->message);
	w->run = scn_run_new(w->scn, &w->target, w->verdict);
	return scn_run_execute(w->run);
}

static const struct scn_step *step(const struct world *w, unsigned int i)
{
	assert_in_range(i, 0, scn_run_steps(w->run)->len - 1);
	return g_ptr_array_index(scn_run_steps(w->run), i);
}

static const struct scn_step *last_step(const struct world *w)
{
	return step(w, scn_run_steps(w->run)->len - 1);
}

static void run__all_as_expected__passes_and_closes(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD), SCN_END_PASSED);
	assert_int_equal(scn_run_steps(w->run)->len, 4);
	assert_string_equal(step(w, 0)->shown, "4");
	assert_int_equal(w->script.boots, 1);
	assert_int_equal(w->script.closes, 1);
	assert_string_equal(w->script.calls->str, "setup@main open(/dev/kvm) ioctl(3, 0xae01) "
			    "ioctl(4, 0xc040aed4) open(/dev/liveupdate) ioctl(6, 0xba00) ");
}

static void run__unexpected_errno__ends_there(void **state)
{
	struct world *w = *state;

	w->script.fail_request = 0xba40;
	w->script.fail_errno = ENOENT;
	assert_int_equal(run(w, WORLD " preserve s g token=1\n finish s\nthen\n close g\n"),
			 SCN_END_UNEXPECTED);
	assert_int_equal(scn_run_steps(w->run)->len, 5);
	assert_string_equal(last_step(w)->shown, "ENOENT");
	assert_false(last_step(w)->as_expected);
	assert_ptr_equal(scn_run_first_unexpected(w->run), last_step(w));
	assert_false(scn_run_done(w->run, 5));
	assert_int_equal(w->script.closes, 1);
	assert_int_equal(verdict_count(w->verdict), 0);
}

static void run__expected_errno__goes_on(void **state)
{
	struct world *w = *state;

	w->script.fail_request = 0xba40;
	w->script.fail_errno = ENOENT;
	assert_int_equal(run(w, WORLD " preserve s g token=1 -> ok|ENOENT\n close g\n"),
			 SCN_END_PASSED);
	assert_int_equal(scn_run_steps(w->run)->len, 6);
}

static void run__success_where_an_error_is_expected__is_unexpected(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " preserve s g token=1 -> EBUSY\n"), SCN_END_UNEXPECTED);
	assert_string_equal(last_step(w)->shown, "ok");
}

static void property__of_an_unexpected_step__is_violated(void **state)
{
	struct world *w = *state;
	const struct violation *v;

	assert_int_equal(run(w, WORLD " fallocate g page=3 -> EPERM by P-36\n"),
			 SCN_END_UNEXPECTED);
	assert_int_equal(verdict_count(w->verdict), 1);
	v = verdict_at(w->verdict, 0);
	assert_string_equal(v->property->id, "P-36");
	assert_string_equal(v->seen, "\"fallocate g page=3 -> EPERM by P-36\" came to ok, "
			    "expected EPERM");
	assert_string_equal(v->where, "x:7 in setup");
}

static void reboot__success__goes_on_in_the_next_kernel(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD "then\n reboot\n luo = open_liveupdate\n"
			     "then\n t = create_session luo \"b\"\n"), SCN_END_PASSED);
	assert_int_equal(w->script.boots, 2);
	assert_int_equal(scn_run_steps(w->run)->len, 7);
	assert_string_equal(step(w, 4)->shown, "kexec");
	assert_int_equal(step(w, 4)->boot, 1);
	assert_int_equal(step(w, 5)->boot, 2);
	assert_int_equal(step(w, 6)->boot, 2);
	assert_int_equal(w->script.closes, 1);
}

static void reboot__success_where_failure_is_expected__is_unexpected(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " reboot -> ENOENT\n close g\n"), SCN_END_UNEXPECTED);
	assert_int_equal(scn_run_steps(w->run)->len, 5);
	assert_int_equal(w->script.closes, 1);
}

static void reboot__failure__keeps_the_names(void **state)
{
	struct world *w = *state;

	w->script.reboot = -ENOENT;
	assert_int_equal(run(w, WORLD " reboot -> ENOENT\n close g\n"), SCN_END_PASSED);
	assert_int_equal(w->script.boots, 1);
}

static void reboot__in_a_thread__ends_the_other_threads(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD "thread a\n touch g 0\n reboot\nthread b\n touch g 1\n"
			     "then\n luo = open_liveupdate\n"), SCN_END_PASSED);
	assert_int_equal(scn_run_steps(w->run)->len, 7);
	assert_false(scn_run_done(w->run, 6));
	assert_true(scn_run_done(w->run, 7));
}

static void name__ended_with_its_kernel__breaks_the_run(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " reboot -> ok|ENOENT\n close g\n"), SCN_END_BROKEN);
	assert_string_equal(scn_run_error(w->run), "x:8: no such descriptor as 'g': it ended "
			    "with the old kernel at line 7");
}

static void name__ended_where_ebadf_is_expected__is_ebadf(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " reboot\n close g -> EBADF\n"), SCN_END_PASSED);
}

static void name__of_a_failed_statement__breaks_the_run(void **state)
{
	struct world *w = *state;

	w->script.fail_request = 0xc040aed4;
	w->script.fail_errno = EINVAL;
	assert_int_equal(run(w, HEAD " vm = create_vm\n g = create_gmem vm pages=1 -> EINVAL\n"
			     " close g\n"), SCN_END_BROKEN);
	assert_string_equal(scn_run_error(w->run), "x:5: no such descriptor as 'g': the "
			    "statement that binds it was not done, or failed");
}

static void name__bound_again_by_a_failure__keeps_its_meaning(void **state)
{
	struct world *w = *state;

	w->script.fail_request = 0xba41;
	w->script.fail_errno = ENOENT;
	assert_int_equal(run(w, WORLD " g = retrieve s token=1 -> ENOENT\n preserve s g token=1\n"),
			 SCN_END_PASSED);
	assert_int_equal(((int32_t *)w->script.argument)[1], 5);
}

static void condition__decides__whether_a_step_is_done(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " a: touch g 0\n b: touch g 3 -> SIGBUS\n"
			     " close g -> EIO if a SIGBUS\n close s -> EIO if b ok\n"
			     " close vm if b SIGBUS|EPERM\n"), SCN_END_PASSED);
	assert_int_equal(step(w, 6)->state, SCN_STEP_SKIPPED);
	assert_string_equal(step(w, 6)->note, "a was not SIGBUS");
	assert_int_equal(step(w, 7)->state, SCN_STEP_SKIPPED);
	assert_int_equal(step(w, 8)->state, SCN_STEP_DONE);
}

static void read__other_contents__are_unexpected_and_shown(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " write g 1+2 \"hello\"\n read g 1+2 \"hell\"\n"
			     " read g 0 zero\n read g 1+2 -> \"he\"|zero\n"
			     " read g 1+2 \"help\"\n"), SCN_END_UNEXPECTED);
	assert_int_equal(scn_run_steps(w->run)->len, 9);
	assert_string_equal(last_step(w)->shown, "\"hello\"");
	assert_string_equal(last_step(w)->note, "not \"help\"");
}

static void read__zero_expected_of_a_page_with_one_bit__is_unexpected(void **state)
{
	struct world *w = *state;

	w->script.memory[2][SCN_PAGE_SIZE - 1] = 1;
	assert_int_equal(run(w, WORLD " read g 2 zero\n"), SCN_END_UNEXPECTED);
}

static void mapping__many_accesses__are_mapped_once(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " touch g 0 count=3\n touch g 2\n write g 0 \"x\"\n"),
			 SCN_END_PASSED);
	assert_non_null(strstr(w->script.calls->str, "mmap(5)"));
	assert_null(strstr(strstr(w->script.calls->str, "mmap(5)") + 1, "mmap"));
}

static void verify__a_changed_byte__is_found_with_its_page(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " fill g count=3 seed=7\n verify g count=3 seed=7\n"
			     " verify g page=1 count=2 seed=7\n write g 2+4095 \"?\"\n"
			     " verify g page=0 count=3 seed=7\n"), SCN_END_UNEXPECTED);
	assert_int_equal(scn_run_steps(w->run)->len, 9);
	assert_string_equal(last_step(w)->note, "at page 2");
}

static void verify__another_seed__is_unexpected(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " fill g count=1 seed=7\n verify g count=1 seed=8\n"),
			 SCN_END_UNEXPECTED);
}

static void touch__beyond_the_end__says_at_which_page(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " touch g 0 count=9 -> SIGBUS\n"), SCN_END_PASSED);
	assert_string_equal(last_step(w)->note, "at page 3");
}

static void vcpu__every_exit__has_its_outcome(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " c = create_vcpu vm\n vcpu_write c 0x1000 \"abc\"\n"
			     " read g 1 \"abc\"\n vcpu_read c 0x1001 \"bc\"\n"
			     " vcpu_read c 1M -> mmio\n vcpu_write c 0x3000 \"x\" -> EPERM\n"),
			 SCN_END_PASSED);
	assert_string_equal(last_step(w)->note, "KVM_EXIT_MEMORY_FAULT");
}

static void preserve__arguments__are_laid_out_as_linux_has_them(void **state)
{
	struct world *w = *state;
	static const struct { uint32_t size; int32_t fd; uint64_t token; } wanted = { 16, 5, -3 };

	assert_int_equal(run(w, WORLD " preserve s g token=-3\n"), SCN_END_PASSED);
	assert_memory_equal(w->script.argument, &wanted, sizeof(wanted));
}

static void ioctl__items__make_the_argument(void **state)
{
	struct world *w = *state;
	static const char wanted[24] = "\x10\0\0\0\x05\0\0\0ab\0\0\x34\x12\x09";

	assert_int_equal(run(w, WORLD " ioctl s preserve_fd size=16 fd g \"ab\" zero 2 "
			     "u16 0x1234 u8 9\n"), SCN_END_PASSED);
	assert_memory_equal(w->script.argument, wanted, sizeof(wanted));
}

static void gmem__flags__are_combined(void **state)
{
	struct world *w = *state;
	static const uint64_t wanted[8] = { 8192, 3 };

	assert_int_equal(run(w, HEAD " vm = create_vm\n"
			     " g = create_gmem vm size=8K flags=mmap,init_shared\n"),
			 SCN_END_PASSED);
	assert_memory_equal(w->script.argument, wanted, sizeof(wanted));
}

static void fallocate__pages_and_bytes__reach_the_kernel(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " punch_hole g page=2 pages=3\n"
			     " fallocate g offset=100 length=1 mode=none\n"), SCN_END_PASSED);
	assert_non_null(strstr(w->script.calls->str, "285(5, 3, 8192) 285(5, 0, 100)"));
}

static void tamper__before_a_reboot__is_done_at_the_kexec(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " tamper \"a\" token=1 field=gmem.size value=7\n"
			     " touch g 0\n reboot\n luo = open_liveupdate\n"), SCN_END_PASSED);
	assert_non_null(strstr(w->script.calls->str, "tamper(a, gmem.size, 7) setup@main "));
}

static void tamper__of_what_is_not_there__breaks_the_run(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " tamper \"b\" token=1 field=gmem.size value=7\n"
			     " reboot\n luo = open_liveupdate\n"), SCN_END_BROKEN);
	assert_string_equal(scn_run_error(w->run), "x:7: no such session");
}

static void tamper__without_a_reboot__breaks_the_run(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " tamper \"a\" token=1 field=gmem.size value=7\n"),
			 SCN_END_BROKEN);
	assert_string_equal(scn_run_error(w->run), "x:7: no reboot followed that could hand "
			    "this over");
}

static void log__lines__are_counted(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, HEAD " log \"abc\"\n log \"abc\" -> 3\n log \"\" -> ENOENT\n"
			     " log \"ab\" -> 1\n"), SCN_END_UNEXPECTED);
	assert_int_equal(scn_run_steps(w->run)->len, 4);
	assert_string_equal(last_step(w)->shown, "2");
}

static void log__out_of_reach__breaks_the_run(void **state)
{
	struct world *w = *state;

	w->target.log = NULL;
	assert_int_equal(run(w, HEAD " log \"abc\"\n"), SCN_END_BROKEN);
	assert_string_equal(scn_run_error(w->run), "x:3: this kernel's log is out of reach");
}

static void panic__expected_of_a_reboot__ends_the_run_well(void **state)
{
	struct world *w = *state;
	const struct scn_step *step;

	w->script.boot_fails = w->script.panic_later = true;
	assert_int_equal(run(w, WORLD " reboot -> panic\n"), SCN_END_PASSED);
	step = g_ptr_array_index(scn_run_steps(w->run), scn_run_steps(w->run)->len - 1);
	assert_string_equal(step->shown, "panic");
	assert_string_equal(step->note, "no way");
	assert_true(w->script.may_panic);
}

static void panic__not_expected__stops_the_run(void **state)
{
	struct world *w = *state;

	w->script.boot_fails = w->script.panic_later = true;
	assert_int_equal(run(w, WORLD " reboot\n"), SCN_END_STOPPED);
	assert_false(w->script.may_panic);
}

static void panic__expected_and_it_boots__is_unexpected(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " reboot -> panic\n"), SCN_END_UNEXPECTED);
}

static void process__each__has_names_and_threads_of_its_own(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD "process luod\nthread a\n d = open \"/dev/null\"\n"
			     "process main\nthread b\n d = open \"/dev/null\"\n"
			     "then\n close d\n"), SCN_END_PASSED);
	assert_non_null(strstr(w->script.calls->str, "a@luod b@main "));
	assert_non_null(strstr(w->script.calls->str, "then@main "));
}

static void kernel__stops_in_a_step__step_did_not_return(void **state)
{
	struct world *w = *state;

	w->script.stop_at = 4;
	assert_int_equal(run(w, WORLD), SCN_END_STOPPED);
	assert_int_equal(last_step(w)->state, SCN_STEP_RUNNING);
	assert_string_equal(last_step(w)->shown, "did not return");
	assert_int_equal(w->script.closes, 0);
}

static void kernel__stops_at_boot__nothing_is_done(void **state)
{
	struct world *w = *state;

	w->script.boot_fails = true;
	assert_int_equal(run(w, WORLD), SCN_END_STOPPED);
	assert_int_equal(scn_run_steps(w->run)->len, 0);
}

/* A state in which nothing is, and one in which something is left. */
static const struct host_state nothing[] = { { "sessions", 1, HOST_STATE_NUMBER }, { NULL } };
static const struct host_state leak[] = {
	{ "sessions", 2, HOST_STATE_NUMBER },
	{ "descriptor 9: references", 1, HOST_STATE_NUMBER },
	{ NULL }
};

static void fail_with(struct world *w, uint64_t request, int error,
		      const struct host_state *before, const struct host_state *after)
{
	w->script.fail_request = request;
	w->script.fail_errno = error;
	w->script.state = before;
	w->script.leaves = after;
}

static void refused__nothing_changed__passes(void **state)
{
	struct world *w = *state;

	fail_with(w, 0xba40, ENOENT, nothing, nothing);
	assert_int_equal(run(w, WORLD " preserve s g token=1 -> ENOENT\n"), SCN_END_PASSED);
	assert_int_equal(w->script.states_taken, 2);
}

static void refused__something_changed__is_a_violation_that_names_it(void **state)
{
	struct world *w = *state;
	const struct violation *v;

	fail_with(w, 0xba40, ENOENT, nothing, leak);
	assert_int_equal(run(w, WORLD " preserve s g token=1 -> ok|ENOENT\n"),
			 SCN_END_VIOLATION);
	v = verdict_at(w->verdict, 0);
	assert_string_equal(v->property->id, "P-07");
	assert_string_equal(v->seen, "\"preserve s g token=1 -> ok|ENOENT\" failed with ENOENT "
			    "and yet changed something: sessions: 1 -> 2; descriptor 9: "
			    "references: none -> 1");
	assert_string_equal(v->where, "x:7 in setup");
}

static void refused__name_in_use__is_about_p03(void **state)
{
	struct world *w = *state;

	fail_with(w, 0xba00, EEXIST, nothing, leak);
	assert_int_equal(run(w, HEAD " luo = open_liveupdate\n"
			     " s = create_session luo \"a\" -> EEXIST\n"), SCN_END_VIOLATION);
	assert_string_equal(verdict_at(w->verdict, 0)->property->id, "P-03");
}

static void refused__no_refusal_expected__costs_nothing(void **state)
{
	struct world *w = *state;

	assert_int_equal(run(w, WORLD " preserve s g token=1\n truncate g size=0 -> ok|EPERM\n"),
			 SCN_END_PASSED);
	assert_int_equal(w->script.states_taken, 0);
}

static void refused__raw_call_to_kvm__is_another_matter(void **state)
{
	struct world *w = *state;

	fail_with(w, 0xae02, EINVAL, nothing, leak);
	assert_int_equal(run(w, WORLD " ioctl vm 0xae02 -> EINVAL\n"), SCN_END_PASSED);
	assert_int_equal(w->script.states_taken, 0);
}

static void refused__others_run_at_the_same_time__nobody_can_tell(void **state)
{
	struct world *w = *state;

	fail_with(w, 0xba40, ENOENT, nothing, leak);
	assert_int_equal(run(w, WORLD "thread a\n preserve s g token=1 -> ENOENT\n"
			     "thread b\n fallocate g page=1\n"), SCN_END_PASSED);
	assert_int_equal(w->script.states_taken, 0);
}

/* What a retrieval that fails may leave: the first lines are those of before. */
#define FILE_LINE(_token, _value) \
	{ "incoming: session 's': file " _token ": retrieved", (_value), HOST_STATE_ERROR }
#define HANDED_OVER(_n)	{ "pages handed over, not restored", (_n), HOST_STATE_NUMBER }

static enum scn_end retrieval(struct world *w, const struct host_state *before,
			      const struct host_state *after)
{
	fail_with(w, 0xba41, EINVAL, before, after);
	return run(w, HEAD " luo = open_liveupdate\n s = retrieve_session luo \"s\"\n"
		   " g = retrieve s token=2 -> EINVAL\n");
}

static const struct host_state not_tried[] = {
	FILE_LINE("0x1", 0), FILE_LINE("0x2", 0), HANDED_OVER(9), { NULL }
};

static void retrieval__first_attempt__keeps_its_error_and_uses_memory_up(void **state)
{
	static const struct host_state after[] = {
		FILE_LINE("0x1", 0), FILE_LINE("0x2", (host_u64)-EINVAL), HANDED_OVER(5),
		{ NULL }
	};

	assert_int_equal(retrieval(*state, not_tried, after), SCN_END_PASSED);
}

static void retrieval__other_error_kept_than_returned__is_a_violation(void **state)
{
	static const struct host_state after[] = {
		FILE_LINE("0x1", 0), FILE_LINE("0x2", (host_u64)-ENOENT), HANDED_OVER(9),
		{ NULL }
	};

	assert_int_equal(retrieval(*state, not_tried, after), SCN_END_VIOLATION);
}

static void retrieval__memory_used_up_without_an_attempt__is_a_violation(void **state)
{
	static const struct host_state after[] = {
		FILE_LINE("0x1", 0), FILE_LINE("0x2", 0), HANDED_OVER(5), { NULL }
	};

	assert_int_equal(retrieval(*state, not_tried, after), SCN_END_VIOLATION);
}

static void retrieval__needs_another_file__which_stays_retrieved(void **state)
{
	static const struct host_state after[] = {
		FILE_LINE("0x1", 1),
		{ "incoming: session 's': file 0x1: references", 1, HOST_STATE_NUMBER },
		FILE_LINE("0x2", (host_u64)-EINVAL), HANDED_OVER(5),
		{ "VM 0: references", 1, HOST_STATE_NUMBER }, { NULL }
	};

	assert_int_equal(retrieval(*state, not_tried, after), SCN_END_PASSED);
}

static void retrieval__leaves_a_file_of_nobody__is_a_violation(void **state)
{
	static const struct host_state after[] = {
		FILE_LINE("0x1", 0), FILE_LINE("0x2", (host_u64)-EINVAL), HANDED_OVER(5),
		{ "VM 0: references", 1, HOST_STATE_NUMBER }, { NULL }
	};

	assert_int_equal(retrieval(*state, not_tried, after), SCN_END_VIOLATION);
}

static void digest__same_run_again__is_the_same(void **state)
{
	struct world *w = *state;
	g_autofree char *first = NULL;
	g_autofree char *second = NULL;
	g_autofree char *third = NULL;

	assert_int_equal(run(w, WORLD " reboot\n"), SCN_END_PASSED);
	first = scn_run_digest(w->run);
	w->script.boots = 0;
	assert_int_equal(scn_run_execute(w->run), SCN_END_PASSED);
	second = scn_run_digest(w->run);
	assert_string_equal(first, second);
	w->script.boots = 0;
	w->script.reboot = -EBUSY;
	assert_int_equal(scn_run_execute(w->run), SCN_END_UNEXPECTED);
	third = scn_run_digest(w->run);
	assert_string_not_equal(first, third);
}

#define TEST(_name) cmocka_unit_test_setup_teardown(_name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(run__all_as_expected__passes_and_closes),
		TEST(run__unexpected_errno__ends_there),
		TEST(run__expected_errno__goes_on),
		TEST(run__success_where_an_error_is_expected__is_unexpected),
		TEST(property__of_an_unexpected_step__is_violated),
		TEST(reboot__success__goes_on_in_the_next_kernel),
		TEST(reboot__success_where_failure_is_expected__is_unexpected),
		TEST(reboot__failure__keeps_the_names),
		TEST(reboot__in_a_thread__ends_the_other_threads),
		TEST(name__ended_with_its_kernel__breaks_the_run),
		TEST(name__ended_where_ebadf_is_expected__is_ebadf),
		TEST(name__of_a_failed_statement__breaks_the_run),
		TEST(name__bound_again_by_a_failure__keeps_its_meaning),
		TEST(condition__decides__whether_a_step_is_done),
		TEST(read__other_contents__are_unexpected_and_shown),
		TEST(read__zero_expected_of_a_page_with_one_bit__is_unexpected),
		TEST(mapping__many_accesses__are_mapped_once),
		TEST(verify__a_changed_byte__is_found_with_its_page),
		TEST(verify__another_seed__is_unexpected),
		TEST(touch__beyond_the_end__says_at_which_page),
		TEST(vcpu__every_exit__has_its_outcome),
		TEST(preserve__arguments__are_laid_out_as_linux_has_them),
		TEST(ioctl__items__make_the_argument),
		TEST(gmem__flags__are_combined),
		TEST(fallocate__pages_and_bytes__reach_the_kernel),
		TEST(tamper__before_a_reboot__is_done_at_the_kexec),
		TEST(tamper__of_what_is_not_there__breaks_the_run),
		TEST(tamper__without_a_reboot__breaks_the_run),
		TEST(log__lines__are_counted),
		TEST(log__out_of_reach__breaks_the_run),
		TEST(panic__expected_of_a_reboot__ends_the_run_well),
		TEST(panic__not_expected__stops_the_run),
		TEST(panic__expected_and_it_boots__is_unexpected),
		TEST(process__each__has_names_and_threads_of_its_own),
		TEST(kernel__stops_in_a_step__step_did_not_return),
		TEST(kernel__stops_at_boot__nothing_is_done),
		TEST(refused__nothing_changed__passes),
		TEST(refused__something_changed__is_a_violation_that_names_it),
		TEST(refused__name_in_use__is_about_p03),
		TEST(refused__no_refusal_expected__costs_nothing),
		TEST(refused__raw_call_to_kvm__is_another_matter),
		TEST(refused__others_run_at_the_same_time__nobody_can_tell),
		TEST(retrieval__first_attempt__keeps_its_error_and_uses_memory_up),
		TEST(retrieval__other_error_kept_than_returned__is_a_violation),
		TEST(retrieval__memory_used_up_without_an_attempt__is_a_violation),
		TEST(retrieval__needs_another_file__which_stays_retrieved),
		TEST(retrieval__leaves_a_file_of_nobody__is_a_violation),
		TEST(digest__same_run_again__is_the_same),
	};

	return cmocka_run_group_tests_name("interpreter", tests, NULL, NULL);
}
