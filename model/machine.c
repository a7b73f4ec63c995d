// SPDX-License-Identifier: GPL-2.0
/*
 * The machine: building it, booting kernels in it, running threads.
 */

#include <string.h>
#include <sys/mman.h>

#include "check.h"
#include "driver.h"
#include "execution.h"
#include "journal.h"
#include "memstate.h"
#include "race/race.h"

#define DEFAULT_MEMORY	(256UL << 20)
#define DEFAULT_NODES	2u
#define MEMORY_UNIT	(4UL << 20)
#define DEFAULT_CMDLINE	"liveupdate=on"

static bool machine_open_images(struct machine *machine, const struct machine_config *config,
				GError **error)
{
	const char *next = config->next ? config->next : config->image;

	machine->images[0] = image_open(config->image, error);
	if (!machine->images[0])
		return false;
	if (!strcmp(next, config->image))
		machine->images[1] = machine->images[0];
	else
		machine->images[1] = image_open(next, error);
	return machine->images[1];
}

/*
 * Kernels take turns: two copies of the image of later kernels, and one more of the
 * first kernel's where that is another. Which copy a boot uses is told by its number.
 */
static struct kernel **machine_kernel(struct machine *machine, unsigned int boot)
{
	if (machine->images[0] == machine->images[1])
		return &machine->kernels[(boot - 1) % 2];
	return boot == 1 ? &machine->kernels[2] : &machine->kernels[boot % 2];
}

static bool machine_load(struct machine *machine, unsigned int boot, GError **error)
{
	struct kernel **kernel = machine_kernel(machine, boot);
	struct image *image = machine->images[boot > 1];

	if (*kernel)
		return true;
	*kernel = kernel_load(image, execution_ops(), machine->from_path, error);
	return *kernel;
}

static bool machine_map_user(struct machine *machine, GError **error)
{
	machine->user = mmap(NULL, USER_SLOTS * MACHINE_USER_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (machine->user != MAP_FAILED)
		return true;
	machine->user = NULL;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOMEM, "no room for user memory");
	return false;
}

static uint64_t config_memory(const struct machine_config *config)
{
	return config->memory ? config->memory : DEFAULT_MEMORY;
}

static unsigned int config_nodes(const struct machine_config *config)
{
	return config->nodes ? config->nodes : DEFAULT_NODES;
}

static const char *config_cmdline(const struct machine_config *config)
{
	return config->cmdline ? config->cmdline : DEFAULT_CMDLINE;
}

static bool machine_check_config(const struct machine_config *config, GError **error)
{
	unsigned int nodes = config_nodes(config);

	if (config_memory(config) % (nodes * MEMORY_UNIT) == 0)
		return true;
	g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
		    "memory must be a multiple of 4 MiB for each of the %u nodes", nodes);
	return false;
}

static void machine_connect_caller(struct machine *machine, const struct machine_config *config)
{
	machine->path = config->path;
	machine->verdict = config->verdict;
	machine->console = config->console;
	machine->console_ctx = config->console_ctx;
	machine->on_handover = config->handover;
	machine->on_handover_ctx = config->handover_ctx;
}

struct machine *machine_new(const struct machine_config *config, GError **error)
{
	struct machine *machine;

	if (!machine_check_config(config, error))
		return NULL;
	machine = g_new0(struct machine, 1);
	machine->mem.fd = -1;
	machine_connect_caller(machine, config);
	machine->cmdline = g_strdup(config_cmdline(config));
	machine->nodes = config_nodes(config);
	machine->from_path = config->from_path;
	machine->log = g_string_new(NULL);
	machine->undo = undo_new(machine);
	fiber_init_host(&machine->host);
	fiber_pool_init(&machine->fibers);
	scheduler_init(machine);
	if (!machine_open_images(machine, config, error) || !machine_load(machine, 1, error) ||
	    !machine_load(machine, 2, error) || !machine_map_user(machine, error) ||
	    !physmem_init(&machine->mem, config_memory(config), error)) {
		machine_free(machine);
		return NULL;
	}
	handover_init(&machine->handover, &machine->mem);
	check_create(machine);
	return machine;
}

void machine_free(struct machine *machine)
{
	if (!machine)
		return;
	if (execution_current() == machine)
		execution_enter(NULL);
	check_destroy(machine);
	race_free(machine->race);
	handover_destroy(&machine->handover);
	scheduler_destroy(machine);
	fiber_pool_destroy(&machine->fibers);
	for (unsigned int i = 0; i < G_N_ELEMENTS(machine->kernels); i++)
		kernel_unload(machine->kernels[i]);
	if (machine->images[1] != machine->images[0])
		image_close(machine->images[1]);
	image_close(machine->images[0]);
	physmem_destroy(&machine->mem);
	if (machine->user)
		munmap(machine->user, USER_SLOTS * MACHINE_USER_SIZE);
	g_string_free(machine->log, TRUE);
	undo_free(machine->undo);
	g_free(machine->cmdline);
	g_free(machine->panic);
	g_free(machine);
}

static bool machine_is_built_as(const struct machine *machine, const struct machine_config *config)
{
	const char *next = config->next ? config->next : config->image;

	return machine->mem.size == config_memory(config) &&
	       machine->nodes == config_nodes(config) &&
	       machine->from_path == config->from_path &&
	       !strcmp(machine->cmdline, config_cmdline(config)) &&
	       !strcmp(machine->images[0]->path, config->image) &&
	       !strcmp(machine->images[1]->path, next);
}

bool machine_renew(struct machine *machine, const struct machine_config *config)
{
	if (!machine_is_built_as(machine, config))
		return false;
	machine_connect_caller(machine, config);
	machine->state = STATE_OFF;
	return true;
}

/* Booting. */

struct boot_request {
	struct machine *machine;
	struct host_boot boot;
	int result;
};

static void boot_kernel(void *arg)
{
	struct boot_request *request = arg;

	request->result = request->machine->now->entry->boot(&request->boot);
}

static struct host_log *machine_log(struct machine *machine)
{
	if (!machine->now->entry->hooks)
		return NULL;
	if (!machine->race)
		machine->race = race_new(machine);
	return race_log(machine->race);
}

static struct host_boot machine_boot_info(struct machine *machine)
{
	return (struct host_boot){
		.direct_map = physmem_at(&machine->mem, 0),
		.memory = machine->mem.size,
		.nodes = machine->nodes,
		.vmalloc_base = physmem_vmalloc_base(&machine->mem),
		.vmalloc_size = machine->mem.vmalloc_size,
		.user_base = (unsigned long)machine->user,
		.user_size = USER_SLOTS * MACHINE_USER_SIZE,
		.kho_fdt = machine->handover.fdt,
		.kho_fdt_len = machine->handover.fdt_len,
		.kho_scratch = machine->handover.scratch,
		.kho_scratch_len = machine->handover.scratch_len,
		.cmdline = machine->cmdline,
		.concurrent = &machine->concurrent,
		.log = machine_log(machine),
		.undo = undo_log(machine->undo),
	};
}

/* What programs of an earlier run left in their memory must not be seen by this one's. */
static void machine_blank_user(struct machine *machine)
{
	size_t used = (size_t)machine->slots_used * MACHINE_USER_SIZE;
	size_t size = USER_SLOTS * MACHINE_USER_SIZE;

	/* To give back what will be used again would cost more than to overwrite it. */
	memset(machine->user, 0, used);
	if (madvise(machine->user + used, size - used, MADV_DONTNEED))
		memset(machine->user + used, 0, size - used);
	machine->slots_used = 0;
}

/* The old kernel ends here: its memory, its addresses, its statics and its stacks. */
static void machine_throw_away(struct machine *machine)
{
	fiber_pool_reset(&machine->fibers);
	scheduler_clear(machine);
	machine->idle_task = NULL;
	journal_text(machine->log, 0);
	g_string_truncate(machine->log, 0);
	if (machine->state == STATE_JUMPED) {
		machine->old = machine->now;
		machine->boots++;
		physmem_poison(&machine->mem, machine->handover.kept);
		physmem_move(&machine->mem);
		kernel_hide(machine->old);
	} else {
		machine->old = NULL;
		machine->boots = 1;
		/* Each run begins in the same place, so that addresses can't tell runs apart. */
		if (machine->mem.place)
			physmem_move(&machine->mem);
		physmem_blank(&machine->mem);
		machine_blank_user(machine);
		handover_clear(&machine->handover);
	}
}

bool machine_boot(struct machine *machine)
{
	struct boot_request request = { .machine = machine };
	GError *error = NULL;

	execution_enter(machine);
	journal_string(&machine->panic, NULL);
	if (machine->state == STATE_JUMPED && machine->on_handover)
		machine->on_handover(machine->on_handover_ctx, machine);
	machine_throw_away(machine);
	if (!machine_load(machine, machine->boots, &error))
		g_error("%s", error->message);
	machine->now = *machine_kernel(machine, machine->boots);
	kernel_reset(machine->now);
	machine->state = STATE_UP;
	check_boot(machine);
	request.boot = machine_boot_info(machine);
	if (machine->race)
		race_boot(machine->race);
	if (!execution_call(machine, boot_kernel, &request))
		return false;
	if (request.result) {
		execution_violation(machine, "K-PANIC", NULL, NULL,
				    "the kernel did not boot: %s", g_strerror(-request.result));
		machine->state = STATE_STOPPED;
		return false;
	}
	machine->may_panic = false;
	machine->idle_task = *machine->now->entry->current_task;
	check_booted(machine);
	return machine->state == STATE_UP;
}

void machine_may_panic(struct machine *machine, bool may)
{
	machine->may_panic = may;
}

void machine_set_points(struct machine *machine, struct points *points)
{
	machine->points = points;
}

bool machine_has_hooks(const struct machine *machine)
{
	for (unsigned int i = 0; i < G_N_ELEMENTS(machine->kernels); i++)
		if (machine->kernels[i] && !machine->kernels[i]->entry->hooks)
			return false;
	return true;
}

const char *machine_panic(const struct machine *machine)
{
	return machine->panic;
}

unsigned int machine_boots(const struct machine *machine)
{
	return machine->boots;
}

/* Processes and threads. */

struct process_request {
	struct machine *machine;
	struct machine_process *process;
};

static void create_process(void *arg)
{
	struct process_request *request = arg;
	const struct host_image *entry = request->machine->now->entry;
	struct machine_process *process = request->process;

	process->process = entry->process_create(process->name);
	if (process->process)
		process->leader = entry->task_create(process->process, process->name);
}

struct machine_process *machine_process(struct machine *machine, const char *name)
{
	struct machine_process *process = g_new0(struct machine_process, 1);
	struct process_request request = { .machine = machine, .process = process };

	execution_enter(machine);
	process->name = g_strdup(name);
	if (machine->state == STATE_UP && execution_call(machine, create_process, &request) &&
	    process->leader) {
		journal_ptrs_add(machine->processes, process);
		return process;
	}
	g_free(process->name);
	g_free(process);
	return NULL;
}

int machine_process_pid(struct machine *machine, struct machine_process *process)
{
	return machine->now->entry->process_pid(process->process);
}

bool machine_process_gone(const struct machine_process *process)
{
	return process->gone;
}

struct connect_request {
	struct machine *machine;
	struct machine_process *ends[2];
	int fd[2];
	int result;
};

static void connect_processes(void *arg)
{
	struct connect_request *request = arg;
	const struct host_image *entry = request->machine->now->entry;

	request->result = entry->process_connect(request->ends[0]->process,
						 request->ends[1]->process, request->fd);
}

bool machine_connect(struct machine *machine, struct machine_process *a,
		     struct machine_process *b, int fd[2])
{
	struct connect_request request = { .machine = machine, .ends = { a, b } };

	execution_enter(machine);
	if (machine->state != STATE_UP || !execution_call(machine, connect_processes, &request))
		return false;
	memcpy(fd, request.fd, sizeof(request.fd));
	return !request.result;
}

struct machine_thread *machine_spawn(struct machine *machine, struct machine_process *process,
				     const char *name, void (*body)(void *arg), void *arg)
{
	execution_enter(machine);
	return scheduler_add(machine, process, name, body, arg, NULL);
}

enum machine_end machine_run(struct machine *machine)
{
	enum machine_end end;

	execution_enter(machine);
	end = scheduler_run(machine);
	if (end == MACHINE_KEXEC) {
		/* Whether a byte was ever written mattered to the old kernel only. */
		memstate_reset(physmem_at(&machine->mem, 0), machine->mem.size);
		handover_read(&machine->handover, &machine->mem);
		race_jumped(machine->race);
		machine->state = STATE_UP;
		check_jump(machine);
		if (machine->state == STATE_STOPPED)
			return MACHINE_STOPPED;
		machine->state = STATE_JUMPED;
		if (machine->driver && machine->driver->left)
			machine->driver->left(machine->driver);
	}
	return end;
}

static void exit_process(void *arg)
{
	struct machine *machine = execution_current();
	struct machine_process *process = arg;

	machine->current->in_kernel = true;
	machine->now->entry->process_exit();
	machine->now->entry->task_exit(process->leader);
	machine->current->in_kernel = false;
}

enum machine_end machine_exit_all(struct machine *machine)
{
	enum machine_end end = MACHINE_DONE;

	execution_enter(machine);
	for (unsigned int i = 0; i < machine->processes->len && end == MACHINE_DONE; i++) {
		struct machine_process *process = g_ptr_array_index(machine->processes, i);

		if (process->gone)
			continue;
		journal_set(process->gone, true);
		scheduler_add(machine, process, process->name, exit_process, process,
			      process->leader);
		end = machine_run(machine);
	}
	if (end == MACHINE_DONE)
		scheduler_forget_processes(machine);
	return end;
}

void machine_check_end(struct machine *machine)
{
	execution_enter(machine);
	check_end(machine);
}

/* What threads call. */

const struct host_image *machine_image(const struct machine *machine)
{
	return machine->now->entry;
}

long machine_syscall(struct machine *machine, long nr, uint64_t a0, uint64_t a1, uint64_t a2,
		     uint64_t a3, uint64_t a4, uint64_t a5)
{
	const host_u64 args[6] = { a0, a1, a2, a3, a4, a5 };
	struct machine_thread *thread = machine->current;
	long result;

	thread->in_kernel = true;
	machine->progress++;
	result = machine->now->entry->syscall(nr, args);
	check_returned(machine);
	thread->in_kernel = false;
	return result;
}

void *machine_user(struct machine *machine)
{
	return machine->user + machine->current->slot * MACHINE_USER_SIZE;
}

void machine_user_touch(struct machine *machine, size_t size)
{
	undo_note(machine->undo, (uintptr_t)machine_user(machine), (size + 7) & ~(size_t)7);
}

unsigned int machine_log_count(const struct machine *machine, const char *text)
{
	const char *line = machine->log->str;
	unsigned int nr = 0;

	while (*text && (line = strstr(line, text))) {
		nr++;
		line = strchr(line, '\n') + 1;
	}
	return nr;
}

const char *machine_current_name(const struct machine *machine)
{
	return machine->current ? machine->current->name : "";
}
