// SPDX-License-Identifier: GPL-2.0
/*
 * luosim bench: how long things take.
 *
 * "roundtrip" is the whole life of a virtual machine's memory: a kernel boots, a
 * program creates a VM with a guest_memfd of four pages, writes them, preserves both
 * and reboots; the next kernel boots, retrieves both, the pages are compared, the
 * session is finished, and the checkers judge what is left. The rows "roundtrip.…" are
 * what that is made of. Medians, in a machine that has done the same before. What costs
 * seconds to measure is in bench_scale.c and bench_explore.c.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <model/fiber.h>
#include <model/machine.h>
#include <model/path.h>
#include <model/verdict.h>
#include <scenarios/uapi.h>

#include "bench.h"
#include "cmd.h"
#include "job.h"
#include "json.h"

#define PAGES		4u
#define PAGE		4096u
#define ROUNDS		400
#define SWITCHES	100000u

#define TOKEN_VM	1
#define TOKEN_GMEM	2

/* What a round trip is made of. */
enum part { PART_BOOT, PART_PRESERVE, PART_KEXEC, PART_REVIVE, PART_RETRIEVE, PART_FINISH, PARTS };

static const char *const part_names[PARTS] = {
	[PART_BOOT] = "roundtrip.boot",
	[PART_PRESERVE] = "roundtrip.preserve",
	[PART_KEXEC] = "roundtrip.kexec",
	[PART_REVIVE] = "roundtrip.boot_next",
	[PART_RETRIEVE] = "roundtrip.retrieve",
	[PART_FINISH] = "roundtrip.finish",
};

static const char *const part_notes[PARTS] = {
	[PART_BOOT] = "blank memory, cold boot",
	[PART_PRESERVE] = "create VM and guest_memfd, write 4 pages, preserve both",
	[PART_KEXEC] = "reboot(KEXEC), checks at the jump",
	[PART_REVIVE] = "destroy what was not preserved, boot the next kernel",
	[PART_RETRIEVE] = "retrieve both, compare 4 pages",
	[PART_FINISH] = "finish the session, close everything, final checks",
};

/**
 * struct bench - a machine and what the threads in it came to.
 * @rounds: how often each thing is measured
 * @quick:  without what takes seconds
 * @failed: what went wrong, NULL if nothing did
 */
struct bench {
	unsigned int rounds;
	bool quick;
	struct machine *machine;
	struct path *path;
	struct verdict *verdict;
	const char *failed;
	GArray *samples[PARTS];
	GPtrArray *rows;
};

struct row {
	const char *name;
	double value;
	const char *unit;
	const char *note;
	unsigned int rounds;
};

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e6 + ts.tv_nsec / 1e3;
}

static int compare(gconstpointer a, gconstpointer b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(GArray *samples)
{
	g_array_sort(samples, compare);
	return g_array_index(samples, double, samples->len / 2);
}

/* What the programs do; all on fibers. */

static long sys(struct bench *bench, const char *what, long nr, uint64_t a0, uint64_t a1,
		uint64_t a2, uint64_t a3, uint64_t a4)
{
	long ret = machine_syscall(bench->machine, nr, a0, a1, a2, a3, a4, 0);

	if (ret < 0 && !bench->failed)
		bench->failed = what;
	return ret;
}

static long request(struct bench *bench, const char *what, int fd, uint32_t nr, const void *arg,
		    size_t size)
{
	void *user = machine_user(bench->machine);

	memcpy(user, arg, size);
	return sys(bench, what, HOST_NR_IOCTL, fd, nr, (uint64_t)user, 0, 0);
}

static int open_device(struct bench *bench, const char *path)
{
	char *user = machine_user(bench->machine);

	strcpy(user, path);
	return sys(bench, path, HOST_NR_OPEN, (uint64_t)user, HOST_O_RDWR, 0, 0, 0);
}

static int session(struct bench *bench, uint32_t nr)
{
	struct liveupdate_ioctl_create_session arg = { .size = sizeof(arg), .name = "bench" };
	const struct liveupdate_ioctl_create_session *reply = machine_user(bench->machine);
	int luo = open_device(bench, "/dev/liveupdate");

	return request(bench, "session", luo, nr, &arg, sizeof(arg)) < 0 ? -1 : reply->fd;
}

static void preserve(struct bench *bench, int s, int fd, uint64_t token)
{
	struct liveupdate_session_preserve_fd arg = {
		.size = sizeof(arg), .fd = fd, .token = token,
	};

	request(bench, "preserve", s, LIVEUPDATE_SESSION_PRESERVE_FD, &arg, sizeof(arg));
}

static int retrieve(struct bench *bench, int s, uint64_t token)
{
	struct liveupdate_session_preserve_fd arg = { .size = sizeof(arg), .token = token };
	const struct liveupdate_session_preserve_fd *reply = machine_user(bench->machine);

	return request(bench, "retrieve", s, LIVEUPDATE_SESSION_RETRIEVE_FD, &arg,
		       sizeof(arg)) < 0 ? -1 : reply->fd;
}

static uint64_t map(struct bench *bench, int gmem)
{
	return sys(bench, "mmap", HOST_NR_MMAP, 0, PAGES * PAGE,
		   HOST_PROT_READ | HOST_PROT_WRITE, HOST_MAP_SHARED, gmem);
}

static void access_pages(struct bench *bench, int gmem, bool write)
{
	uint64_t at = map(bench, gmem);
	unsigned char page[PAGE];

	for (unsigned int i = 0; i < PAGES && !bench->failed; i++) {
		memset(page, i + 1, PAGE);
		if (machine_image(bench->machine)->user_access(at + i * PAGE, page, PAGE, write))
			bench->failed = "access";
		for (unsigned int j = 0; j < PAGE && !write; j++) {
			if (page[j] != i + 1)
				bench->failed = "compare";
		}
	}
}

static void preserve_body(void *arg)
{
	struct bench *bench = arg;
	struct kvm_create_guest_memfd gmem_arg = {
		.size = PAGES * PAGE,
		.flags = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED,
	};
	int kvm = open_device(bench, "/dev/kvm");
	int vm = sys(bench, "create VM", HOST_NR_IOCTL, kvm, KVM_CREATE_VM, 0, 0, 0);
	int gmem = request(bench, "create guest_memfd", vm, KVM_CREATE_GUEST_MEMFD, &gmem_arg,
			   sizeof(gmem_arg));
	int s;

	access_pages(bench, gmem, true);
	s = session(bench, LIVEUPDATE_IOCTL_CREATE_SESSION);
	preserve(bench, s, vm, TOKEN_VM);
	preserve(bench, s, gmem, TOKEN_GMEM);
}

static void reboot_body(void *arg)
{
	struct bench *bench = arg;
	char *user = machine_user(bench->machine);

	sys(bench, "kexec_file_load", HOST_NR_KEXEC_FILE_LOAD, -1ull, -1ull, 1, (uint64_t)user,
	    SCN_KEXEC_FILE_NO_INITRAMFS);
	sys(bench, "reboot", HOST_NR_REBOOT, HOST_REBOOT_MAGIC1, HOST_REBOOT_MAGIC2,
	    HOST_REBOOT_CMD_KEXEC, 0, 0);
}

static int incoming;

static void retrieve_body(void *arg)
{
	struct bench *bench = arg;

	incoming = session(bench, LIVEUPDATE_IOCTL_RETRIEVE_SESSION);
	retrieve(bench, incoming, TOKEN_VM);
	access_pages(bench, retrieve(bench, incoming, TOKEN_GMEM), false);
}

static void finish_body(void *arg)
{
	struct bench *bench = arg;
	struct liveupdate_session_finish finish = { .size = sizeof(finish) };

	request(bench, "finish", incoming, LIVEUPDATE_SESSION_FINISH, &finish, sizeof(finish));
}

/* What happens around them. */

static void expect(struct bench *bench, bool ok, const char *what)
{
	if (!ok && !bench->failed)
		bench->failed = what;
}

static void run_body(struct bench *bench, struct machine_process *process,
		     void (*body)(void *arg), enum machine_end end)
{
	if (bench->failed || !process ||
	    !machine_spawn(bench->machine, process, "vmm", body, bench))
		expect(bench, false, "spawn");
	else
		expect(bench, machine_run(bench->machine) == end, "run");
}

static void lap(double *last, double *spent)
{
	double now = now_us();

	*spent = now - *last;
	*last = now;
}

static void roundtrip(struct bench *bench, double spent[PARTS])
{
	struct machine_process *process;
	double last = now_us();

	expect(bench, machine_boot(bench->machine), "boot");
	lap(&last, &spent[PART_BOOT]);
	process = machine_process(bench->machine, "vmm");
	run_body(bench, process, preserve_body, MACHINE_DONE);
	lap(&last, &spent[PART_PRESERVE]);
	run_body(bench, process, reboot_body, MACHINE_KEXEC);
	lap(&last, &spent[PART_KEXEC]);
	expect(bench, machine_boot(bench->machine), "boot of the next kernel");
	lap(&last, &spent[PART_REVIVE]);
	process = machine_process(bench->machine, "vmm");
	run_body(bench, process, retrieve_body, MACHINE_DONE);
	lap(&last, &spent[PART_RETRIEVE]);
	run_body(bench, process, finish_body, MACHINE_DONE);
	expect(bench, !bench->failed && machine_exit_all(bench->machine) == MACHINE_DONE, "exit");
	machine_check_end(bench->machine);
	lap(&last, &spent[PART_FINISH]);
	expect(bench, !verdict_count(bench->verdict), "a property was violated");
}

/* Rounds that don't count, at the beginning. */
static unsigned int warm_up(const struct bench *bench)
{
	return bench->rounds / 8;
}

void bench_row(struct bench *bench, const char *name, double value, const char *unit,
	       const char *note, unsigned int rounds)
{
	struct row *row = g_new0(struct row, 1);

	*row = (struct row){ name, value, unit, note, rounds };
	g_ptr_array_add(bench->rows, row);
}

static void bench_roundtrip(struct bench *bench)
{
	g_autoptr(GArray) totals = g_array_new(FALSE, FALSE, sizeof(double));
	double spent[PARTS];

	for (unsigned int i = 0; i < warm_up(bench) + bench->rounds && !bench->failed; i++) {
		double total = 0;

		roundtrip(bench, spent);
		for (unsigned int part = 0; part < PARTS && i >= warm_up(bench); part++) {
			g_array_append_val(bench->samples[part], spent[part]);
			total += spent[part];
		}
		if (i >= warm_up(bench))
			g_array_append_val(totals, total);
	}
	if (bench->failed)
		return;
	bench_row(bench, "roundtrip", median(totals), "us",
		"a VM's memory from boot to boot, all of what follows", bench->rounds);
	for (unsigned int part = 0; part < PARTS; part++)
		bench_row(bench, part_names[part], median(bench->samples[part]), "us",
			part_notes[part], bench->rounds);
}

/* Without a VM: what boot and kexec cost by themselves. */
static void bench_boot(struct bench *bench)
{
	g_autoptr(GArray) boots = g_array_new(FALSE, FALSE, sizeof(double));
	g_autoptr(GArray) kexecs = g_array_new(FALSE, FALSE, sizeof(double));
	double last, spent;

	for (unsigned int i = 0; i < warm_up(bench) + bench->rounds && !bench->failed; i++) {
		last = now_us();
		expect(bench, machine_boot(bench->machine), "boot");
		lap(&last, &spent);
		if (i >= warm_up(bench))
			g_array_append_val(boots, spent);
		run_body(bench, machine_process(bench->machine, "init"), reboot_body,
			 MACHINE_KEXEC);
		expect(bench, machine_boot(bench->machine), "boot of the next kernel");
		lap(&last, &spent);
		if (i >= warm_up(bench))
			g_array_append_val(kexecs, spent);
	}
	if (bench->failed)
		return;
	bench_row(bench, "boot", median(boots), "us", "a cold boot", bench->rounds);
	bench_row(bench, "kexec", median(kexecs), "us",
		"reboot(KEXEC) with nothing preserved, until the next kernel is up", bench->rounds);
}

struct ping {
	struct fiber host;
	struct fiber *fiber;
};

static void ping_body(void *arg)
{
	struct ping *ping = arg;

	for (;;)
		fiber_switch(ping->fiber, &ping->host);
}

static void bench_fiber(struct bench *bench)
{
	struct fiber_pool pool;
	struct ping ping = { 0 };
	double start;

	fiber_init_host(&ping.host);
	fiber_pool_init(&pool);
	ping.fiber = fiber_new(&pool, ping_body, &ping);
	start = now_us();
	for (unsigned int i = 0; i < SWITCHES / 2; i++)
		fiber_switch(&ping.host, ping.fiber);
	bench_row(bench, "fiber_switch", (now_us() - start) * 1000 / SWITCHES, "ns",
		"from one simulated thread to another", SWITCHES);
	fiber_pool_destroy(&pool);
}

/* Output. */

static void print_text(const struct bench *bench)
{
	for (unsigned int i = 0; i < bench->rows->len; i++) {
		const struct row *row = g_ptr_array_index(bench->rows, i);

		printf("%-20s %9.2f %s  %s\n", row->name, row->value, row->unit, row->note);
	}
}

static void print_json(const struct bench *bench)
{
	g_autoptr(JsonBuilder) b = json_builder_new();
	g_autofree char *text = NULL;

	json_builder_begin_array(b);
	for (unsigned int i = 0; i < bench->rows->len; i++) {
		const struct row *row = g_ptr_array_index(bench->rows, i);

		json_builder_begin_object(b);
		json_add_string(b, "name", row->name);
		json_add_double(b, "value", row->value);
		json_add_string(b, "unit", row->unit);
		json_add_int(b, "rounds", row->rounds);
		json_add_string(b, "what", row->note);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
	text = json_text(b);
	fputs(text, stdout);
}

static void report_failure(const struct bench *bench)
{
	const struct violation *violation;

	if (!verdict_count(bench->verdict)) {
		complain("the benchmark failed: %s", bench->failed);
		return;
	}
	violation = verdict_at(bench->verdict, 0);
	complain("the benchmark failed: %s: %s\n%s", violation->property->id, violation->seen,
		 violation->where ? violation->where : "");
}

static bool bench_run(struct bench *bench, const struct images *images)
{
	struct machine_config config = {
		.image = images->old, .next = images->next,
		.path = bench->path, .verdict = bench->verdict,
		.from_path = g_getenv("LUOSIM_FROM_PATH") != NULL,
	};
	g_autoptr(GError) error = NULL;

	bench->machine = machine_new(&config, &error);
	if (!bench->machine) {
		complain("%s", error->message);
		return false;
	}
	bench_roundtrip(bench);
	bench_boot(bench);
	bench_fiber(bench);
	if (!bench->failed && !bench->quick)
		bench->failed = bench_scale(bench, images);
	if (!bench->failed && !bench->quick)
		bench->failed = bench_explore(bench, images);
	if (bench->failed)
		report_failure(bench);
	machine_free(bench->machine);
	return !bench->failed;
}

static struct bench *bench_new(unsigned int rounds)
{
	struct bench *bench = g_new0(struct bench, 1);

	bench->rounds = rounds;
	bench->path = path_new();
	bench->verdict = verdict_new();
	bench->rows = g_ptr_array_new_with_free_func(g_free);
	for (unsigned int part = 0; part < PARTS; part++)
		bench->samples[part] = g_array_new(FALSE, FALSE, sizeof(double));
	return bench;
}

static void bench_free(struct bench *bench)
{
	for (unsigned int part = 0; part < PARTS; part++)
		g_array_free(bench->samples[part], TRUE);
	g_ptr_array_free(bench->rows, TRUE);
	verdict_free(bench->verdict);
	path_free(bench->path);
	g_free(bench);
}

int cmd_bench(int argc, char **argv)
{
	gboolean json = FALSE, quick = FALSE;
	int rounds = ROUNDS;
	g_autofree char *kernel = NULL;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json, "print JSON", NULL },
		{ "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "how often to measure", "N" },
		{ "quick", 0, 0, G_OPTION_ARG_NONE, &quick, "leave out what takes seconds", NULL },
		{ "kernel", 0, 0, G_OPTION_ARG_FILENAME, &kernel, "the kernel image", "IMAGE" },
		G_OPTION_ENTRY_NULL
	};
	g_autoptr(GError) error = NULL;
	struct images images;
	struct bench *bench;
	bool ok;

	if (!command_options(&argc, &argv, entries, NULL))
		return LUOSIM_USAGE;
	if (argc > 1) {
		complain("'%s' is not expected; see 'luosim help bench'", argv[1]);
		return LUOSIM_USAGE;
	}
	if (rounds < 1) {
		complain("--rounds must be at least 1");
		return LUOSIM_USAGE;
	}
	if (!images_find(&images, kernel, NULL, NULL, &error)) {
		complain("%s", error->message);
		images_clear(&images);
		return LUOSIM_USAGE;
	}
	bench = bench_new(rounds);
	bench->quick = quick;
	ok = bench_run(bench, &images);
	if (ok && json)
		print_json(bench);
	else if (ok)
		print_text(bench);
	bench_free(bench);
	images_clear(&images);
	return ok ? LUOSIM_CLEAN : LUOSIM_INTERNAL;
}
