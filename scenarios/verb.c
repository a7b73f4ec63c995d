// SPDX-License-Identifier: GPL-2.0
/* The table of verbs. */

#include <string.h>

#include "uapi.h"
#include "verb.h"

#define FD(_name, _kinds)	{ .name = _name, .type = SCN_PARAM_FD, .kinds = _kinds }
#define TEXT(_name)		{ .name = _name, .type = SCN_PARAM_STRING }
#define PLACE(_name)		{ .name = _name, .type = SCN_PARAM_PLACE }
#define NUMBER(_name)		{ .name = _name, .type = SCN_PARAM_NUMBER }
#define CONTENTS(_name)		{ .name = _name, .type = SCN_PARAM_CONTENTS }
#define WORD(_name, _words)	{ .name = _name, .type = SCN_PARAM_WORD, .words = _words }
#define ITEMS(_name)		{ .name = _name, .type = SCN_PARAM_ITEMS }
#define PROCESS(_name)		{ .name = _name, .type = SCN_PARAM_PROCESS, .keyed = true }
#define KEY(_name)		{ .name = _name, .type = SCN_PARAM_NUMBER, .keyed = true }
#define MAYBE(...)		{ .optional = true, __VA_ARGS__ }
#define MAYBE_KEY(_name)	\
	MAYBE(.name = _name, .type = SCN_PARAM_NUMBER, .keyed = true)
#define MAYBE_WORD(_name, _words) \
	MAYBE(.name = _name, .type = SCN_PARAM_WORD, .keyed = true, .words = _words)
#define MAYBE_FLAGS(_name, _words) \
	MAYBE(.name = _name, .type = SCN_PARAM_FLAGS, .keyed = true, .words = _words)

static const struct scn_word gmem_flags[] = {
	{ "mmap", GUEST_MEMFD_FLAG_MMAP }, { "init_shared", GUEST_MEMFD_FLAG_INIT_SHARED },
	{ "none", 0 }, { NULL, 0 }
};

static const struct scn_word vm_types[] = {
	{ "default", KVM_X86_DEFAULT_VM }, { "sw_protected", KVM_X86_SW_PROTECTED_VM },
	{ NULL, 0 }
};

static const struct scn_word attributes[] = {
	{ "private", KVM_MEMORY_ATTRIBUTE_PRIVATE }, { "shared", 0 }, { NULL, 0 }
};

static const struct scn_word fallocate_modes[] = {
	{ "keep_size", HOST_FALLOC_KEEP_SIZE }, { "punch_hole", HOST_FALLOC_PUNCH_HOLE },
	{ "none", 0 }, { NULL, 0 }
};

static const struct scn_word advices[] = {
	{ "dontneed", HOST_MADV_DONTNEED }, { "remove", SCN_MADV_REMOVE },
	{ "populate_read", HOST_MADV_POPULATE_READ },
	{ "populate_write", HOST_MADV_POPULATE_WRITE },
	{ "hwpoison", HOST_MADV_HWPOISON },
	{ "soft_offline", HOST_MADV_SOFT_OFFLINE }, { NULL, 0 }
};

static const struct scn_word requests[] = {
	{ "create_session", LIVEUPDATE_IOCTL_CREATE_SESSION },
	{ "retrieve_session", LIVEUPDATE_IOCTL_RETRIEVE_SESSION },
	{ "preserve_fd", LIVEUPDATE_SESSION_PRESERVE_FD },
	{ "retrieve_fd", LIVEUPDATE_SESSION_RETRIEVE_FD },
	{ "finish", LIVEUPDATE_SESSION_FINISH },
	{ "get_name", LIVEUPDATE_SESSION_GET_NAME },
	{ "create_guest_memfd", KVM_CREATE_GUEST_MEMFD },
	{ "set_memory_region2", KVM_SET_USER_MEMORY_REGION2 },
	{ "set_memory_attributes2", KVM_SET_MEMORY_ATTRIBUTES2 },
	{ NULL, 0 }
};

static const struct scn_word bugs[] = {
	{ "bugged", KVM_SIM_BUG_BUGGED }, { "dead", KVM_SIM_BUG_DEAD }, { NULL, 0 }
};

static const struct scn_word images[] = {
	{ "none", SCN_IMAGE_NONE }, { "kernel", SCN_IMAGE_KERNEL },
	{ "without_kho", SCN_IMAGE_WITHOUT_KHO }, { "returns", SCN_IMAGE_RETURNS }, { NULL, 0 }
};

static const struct scn_word memfd_flags[] = {
	{ "cloexec", HOST_MFD_CLOEXEC }, { "allow_sealing", HOST_MFD_ALLOW_SEALING },
	{ "hugetlb", HOST_MFD_HUGETLB }, { "noexec_seal", HOST_MFD_NOEXEC_SEAL },
	{ "exec", HOST_MFD_EXEC }, { "none", 0 }, { NULL, 0 }
};

static const struct scn_word seals[] = {
	{ "seal", HOST_F_SEAL_SEAL }, { "shrink", HOST_F_SEAL_SHRINK },
	{ "grow", HOST_F_SEAL_GROW }, { "write", HOST_F_SEAL_WRITE },
	{ "future_write", HOST_F_SEAL_FUTURE_WRITE }, { "exec", HOST_F_SEAL_EXEC },
	{ "none", 0 }, { NULL, 0 }
};

static const struct scn_word status_flags[] = {
	{ "rdonly", HOST_O_RDONLY }, { "wronly", HOST_O_WRONLY }, { "rdwr", HOST_O_RDWR },
	{ "largefile", HOST_O_LARGEFILE }, { NULL, 0 }
};

static const struct scn_word fd_flags[] = { { "cloexec", 1 }, { "none", 0 }, { NULL, 0 } };

static const struct scn_word whences[] = {
	{ "set", HOST_SEEK_SET }, { "cur", HOST_SEEK_CUR }, { "end", HOST_SEEK_END },
	{ NULL, 0 }
};

static const struct scn_word modes[] = {
	{ "executable", 0777 }, { "noexec", 0666 }, { NULL, 0 }
};

static const struct scn_word protections[] = {
	{ "read", HOST_PROT_READ }, { "write", HOST_PROT_WRITE }, { NULL, 0 }
};

/* "LUO" and so on name the parameter in messages; what may stand there is the mask. */
#define LUO		FD("LUO", SCN_LUO)
#define SESSION		FD("SESSION", SCN_SESSION)
#define VM		FD("VM", SCN_VM)
#define VCPU		FD("VCPU", SCN_VCPU)
#define GMEM		FD("GMEM", SCN_GMEM)
#define MAPPABLE	FD("FD", SCN_GMEM | SCN_FILE | SCN_MEMFD)
#define ANY_FD		FD("FD", SCN_ANY)
#define FIELD		{ .name = "field", .type = SCN_PARAM_FIELD, .keyed = true }

static const struct scn_verb verbs[] = {
	/* the live update device and its sessions */
	{ "open_liveupdate", SCN_LUO, SCN_TRAIT_NONE, { { 0 } },
	  scn_do_open_liveupdate, "open /dev/liveupdate" },
	{ "create_session", SCN_SESSION, SCN_TRAIT_NONE, { LUO, TEXT("NAME") },
	  scn_do_create_session, "a new session, to preserve files in" },
	{ "retrieve_session", SCN_SESSION, SCN_TRAIT_NONE, { LUO, TEXT("NAME") },
	  scn_do_retrieve_session, "a session of the old kernel, to get files out of" },
	{ "preserve", 0, SCN_TRAIT_PRESERVE, { SESSION, ANY_FD, KEY("token") },
	  scn_do_preserve, "put a file into a session" },
	{ "retrieve", SCN_ANY, SCN_TRAIT_RETRIEVE, { SESSION, KEY("token") },
	  scn_do_retrieve, "get a file out of a session" },
	{ "finish", 0, SCN_TRAIT_NONE, { SESSION },
	  scn_do_finish, "end a session: what was not retrieved is given up" },
	{ "get_name", 0, SCN_TRAIT_NONE,
	  { SESSION, MAYBE(.name = "NAME", .type = SCN_PARAM_STRING) },
	  scn_do_get_name, "ask a session for its name, and compare" },
	{ "reboot", 0, SCN_TRAIT_REBOOT, { MAYBE_WORD("image", images) },
	  scn_do_reboot, "load a kernel and jump into it; all processes end, unless it returns" },
	{ "tamper", 0, SCN_TRAIT_NONE,
	  { MAYBE(.name = "SESSION|NODE", .type = SCN_PARAM_STRING), MAYBE_KEY("token"), FIELD,
	    MAYBE_KEY("entry"),
	    { .name = "value", .type = SCN_PARAM_DATA, .keyed = true } },
	  scn_do_tamper, "change a field of what the next reboot hands over (simulator only)" },

	{ "log", 0, SCN_TRAIT_NONE, { TEXT("TEXT") },
	  scn_do_log, "how many lines of this kernel's log contain a text; ENOENT if none" },

	/* files of any kind */
	{ "open", SCN_FILE, SCN_TRAIT_OPEN, { TEXT("PATH") },
	  scn_do_open, "open a path for reading and writing" },
	{ "close", 0, SCN_TRAIT_NONE, { ANY_FD },
	  scn_do_close, "close a descriptor; its mapping stays" },
	{ "dup", SCN_ANY, SCN_TRAIT_DUP, { ANY_FD },
	  scn_do_dup, "a second descriptor of the same open file" },
	{ "pipe", SCN_FILE, SCN_TRAIT_NONE, { { 0 } },
	  scn_do_pipe, "a pipe; the name is its read end" },
	{ "eventfd", SCN_FILE, SCN_TRAIT_NONE, { { 0 } },
	  scn_do_eventfd, "an eventfd" },
	{ "lseek", 0, SCN_TRAIT_NONE,
	  { ANY_FD, NUMBER("POSITION"),
	    MAYBE(.name = "WHENCE", .type = SCN_PARAM_WORD, .words = whences) },
	  scn_do_lseek, "set the file position; what it is then" },
	{ "truncate", 0, SCN_TRAIT_NONE, { ANY_FD, KEY("size") },
	  scn_do_truncate, "set the file size" },
	{ "fallocate", 0, SCN_TRAIT_NONE,
	  { ANY_FD, MAYBE_KEY("page"), MAYBE_KEY("pages"), MAYBE_KEY("offset"),
	    MAYBE_KEY("length"), MAYBE_FLAGS("mode", fallocate_modes) },
	  scn_do_fallocate, "allocate pages (one, with mode keep_size, if not said)" },
	{ "punch_hole", 0, SCN_TRAIT_NONE,
	  { ANY_FD, MAYBE_KEY("page"), MAYBE_KEY("pages"), MAYBE_KEY("offset"),
	    MAYBE_KEY("length") },
	  scn_do_punch_hole, "give pages back" },
	{ "ioctl", 0, SCN_TRAIT_NONE,
	  { ANY_FD, WORD("REQUEST", requests), MAYBE_KEY("size"),
	    MAYBE(.name = "ITEM…", .type = SCN_PARAM_ITEMS) },
	  scn_do_ioctl, "a raw call; size= is the u32 that begins the argument" },

	/* processes */
	{ "send", 0, SCN_TRAIT_SEND, { ANY_FD, PROCESS("to") },
	  scn_do_send, "pass a descriptor to another process, through a Unix socket" },
	{ "receive", SCN_ANY, SCN_TRAIT_RECEIVE, { PROCESS("from") },
	  scn_do_receive, "get a descriptor that another process sent; waits for it" },
	{ "kill", 0, SCN_TRAIT_KILL, { { .name = "PROCESS", .type = SCN_PARAM_PROCESS } },
	  scn_do_kill, "SIGKILL to a process, and wait for its end" },
	{ "exit", 0, SCN_TRAIT_EXIT, { { 0 } },
	  scn_do_exit, "the process ends itself" },
	{ "start", 0, SCN_TRAIT_START, { { .name = "PROCESS", .type = SCN_PARAM_PROCESS } },
	  scn_do_start, "begin a process that has ended again, with nothing open" },

	/* modules */
	{ "load_module", 0, SCN_TRAIT_NONE, { TEXT("NAME") },
	  scn_do_load_module, "load a module, as modprobe does" },
	{ "delete_module", 0, SCN_TRAIT_NONE, { TEXT("NAME") },
	  scn_do_delete_module, "unload a module, as rmmod does" },

	/* memory, through a mapping of the whole file that is made when it is needed */
	{ "mmap", 0, SCN_TRAIT_NONE,
	  { MAPPABLE, MAYBE_KEY("size"), MAYBE_FLAGS("prot", protections) },
	  scn_do_mmap, "map a file; else the first access does" },
	{ "munmap", 0, SCN_TRAIT_NONE, { MAPPABLE },
	  scn_do_munmap, "undo the mapping" },
	{ "write", 0, SCN_TRAIT_NONE, { MAPPABLE, PLACE("PAGE"), TEXT("TEXT") },
	  scn_do_write, "store text" },
	{ "read", 0, SCN_TRAIT_NONE,
	  { MAPPABLE, PLACE("PAGE"), MAYBE(.name = "TEXT", .type = SCN_PARAM_CONTENTS) },
	  scn_do_read, "load the rest of a page, and compare" },
	{ "touch", 0, SCN_TRAIT_NONE, { MAPPABLE, PLACE("PAGE"), MAYBE_KEY("count") },
	  scn_do_touch, "load one byte of each page" },
	{ "fill", 0, SCN_TRAIT_NONE,
	  { MAPPABLE, MAYBE_KEY("page"), KEY("count"), KEY("seed") },
	  scn_do_fill, "store a pattern that seed= decides in whole pages" },
	{ "verify", 0, SCN_TRAIT_NONE,
	  { MAPPABLE, MAYBE_KEY("page"), KEY("count"), KEY("seed") },
	  scn_do_verify, "compare whole pages with that pattern" },
	{ "madvise", 0, SCN_TRAIT_NONE,
	  { MAPPABLE, WORD("ADVICE", advices), KEY("page"), MAYBE_KEY("pages") },
	  scn_do_madvise, "advise the kernel about pages of the mapping" },
	{ "poison", 0, SCN_TRAIT_NONE, { MAPPABLE, KEY("page") },
	  scn_do_poison, "a hardware error in a page, as MADV_HWPOISON makes one" },

	/* memfds, and what a descriptor says of its file */
	{ "memfd_create", SCN_MEMFD, SCN_TRAIT_NONE,
	  { TEXT("NAME"), MAYBE_FLAGS("flags", memfd_flags) },
	  scn_do_memfd_create, "a memfd, empty; flags are allow_sealing if not said" },
	{ "seal", 0, SCN_TRAIT_NONE,
	  { ANY_FD, { .name = "seals", .type = SCN_PARAM_FLAGS, .keyed = true, .words = seals } },
	  scn_do_seal, "forbid something for good (F_ADD_SEALS)" },
	{ "get_seals", 0, SCN_TRAIT_NONE, { ANY_FD, MAYBE_FLAGS("seals", seals) },
	  scn_do_get_seals, "ask for the seals, and compare" },
	{ "fcntl_getfl", 0, SCN_TRAIT_NONE, { ANY_FD, MAYBE_FLAGS("flags", status_flags) },
	  scn_do_fcntl_getfl, "ask for access mode and status flags, and compare" },
	{ "fcntl_getfd", 0, SCN_TRAIT_NONE, { ANY_FD, MAYBE_FLAGS("flags", fd_flags) },
	  scn_do_fcntl_getfd, "ask for the descriptor's flags, and compare" },
	{ "fchmod", 0, SCN_TRAIT_NONE,
	  { ANY_FD, { .name = "mode", .type = SCN_PARAM_WORD, .keyed = true, .words = modes } },
	  scn_do_fchmod, "set the permission bits" },
	{ "fstat", 0, SCN_TRAIT_NONE, { ANY_FD, MAYBE_KEY("size"), MAYBE_WORD("mode", modes) },
	  scn_do_fstat, "ask for size and permission bits, and compare" },
	{ "read_fd", 0, SCN_TRAIT_NONE,
	  { ANY_FD, MAYBE(.name = "TEXT", .type = SCN_PARAM_CONTENTS), MAYBE_KEY("length"),
	    MAYBE_KEY("offset") },
	  scn_do_read_fd, "read(2), or pread(2) at offset=, as much as TEXT has; compare" },
	{ "write_fd", 0, SCN_TRAIT_NONE, { ANY_FD, TEXT("TEXT"), MAYBE_KEY("offset") },
	  scn_do_write_fd, "write(2), or pwrite(2) at offset=" },

	/* virtual machines */
	{ "create_vm", SCN_VM, SCN_TRAIT_NONE, { MAYBE_WORD("type", vm_types) },
	  scn_do_create_vm, "a virtual machine" },
	{ "create_gmem", SCN_GMEM, SCN_TRAIT_NONE,
	  { VM, MAYBE_KEY("pages"), MAYBE_KEY("size"), MAYBE_FLAGS("flags", gmem_flags) },
	  scn_do_create_gmem, "a guest_memfd of a virtual machine" },
	{ "create_vcpu", SCN_VCPU, SCN_TRAIT_NONE, { VM, MAYBE_KEY("id") },
	  scn_do_create_vcpu, "a virtual CPU" },
	{ "set_memory_region", 0, SCN_TRAIT_NONE,
	  { VM, GMEM, MAYBE_KEY("slot"), KEY("gpa"), KEY("pages"), MAYBE_KEY("offset") },
	  scn_do_set_memory_region, "let the guest see memory at gpa=; offset= is a page" },
	{ "delete_memory_region", 0, SCN_TRAIT_NONE, { VM, KEY("slot") },
	  scn_do_delete_memory_region, "take a memory slot away" },
	{ "set_memory_attributes", 0, SCN_TRAIT_NONE,
	  { VM, WORD("ATTRIBUTE", attributes), KEY("gpa"), KEY("pages") },
	  scn_do_set_memory_attributes, "make guest memory private or shared" },
	{ "convert", 0, SCN_TRAIT_NONE,
	  { GMEM, WORD("ATTRIBUTE", attributes), KEY("page"), KEY("pages") },
	  scn_do_convert, "make pages private or shared, with machine conversions=gmem" },
	{ "vcpu_write", 0, SCN_TRAIT_NONE, { VCPU, NUMBER("GPA"), TEXT("TEXT") },
	  scn_do_vcpu_write, "the guest stores text" },
	{ "vcpu_read", 0, SCN_TRAIT_NONE,
	  { VCPU, NUMBER("GPA"), MAYBE(.name = "TEXT", .type = SCN_PARAM_CONTENTS) },
	  scn_do_vcpu_read, "the guest loads the rest of a page, and compares" },
	{ "bug_vm", 0, SCN_TRAIT_NONE,
	  { VM, MAYBE(.name = "HOW", .type = SCN_PARAM_WORD, .words = bugs) },
	  scn_do_bug_vm, "let KVM give up on a virtual machine (simulator only)" },
};

const struct scn_verb *scn_verb_at(unsigned int i)
{
	return i < G_N_ELEMENTS(verbs) ? &verbs[i] : NULL;
}

const struct scn_verb *scn_verb_find(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

const char *scn_process_named(const struct scn_statement *st)
{
	for (int i = 0; st->verb->params[i].type; i++)
		if (st->verb->params[i].type == SCN_PARAM_PROCESS)
			return st->value[i]->text;
	return NULL;
}

/* Letters to add, take away or change. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[40];
	size_t width = strlen(b);

	if (width >= G_N_ELEMENTS(row))
		return G_MAXUINT;
	for (size_t j = 0; j <= width; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 0; a[i]; i++) {
		unsigned int diagonal = row[0];

		row[0] = (unsigned int)i + 1;
		for (size_t j = 0; j < width; j++) {
			unsigned int change = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = MIN(MIN(row[j], diagonal) + 1, change);
		}
	}
	return row[width];
}

const struct scn_verb *scn_verb_nearest(const char *name)
{
	const struct scn_verb *best = NULL;
	unsigned int least = 3;

	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
		unsigned int d = distance(name, verbs[i].name);

		if (d < least) {
			least = d;
			best = &verbs[i];
		}
	}
	return best;
}

char *scn_kind_name(unsigned int kinds)
{
	static const char *const names[] = {
		"/dev/liveupdate", "a session", "/dev/kvm", "a VM", "a vCPU", "a guest_memfd",
		"a memfd", "another file",
	};
	GString *s;

	if ((kinds & SCN_ANY) == SCN_ANY)
		return g_strdup("a file");
	s = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *joint = kinds >> (i + 1) ? ", " : " or ";

		if (kinds & 1u << i)
			g_string_append_printf(s, "%s%s", s->len ? joint : "", names[i]);
	}
	return g_string_free(s, FALSE);
}

char *scn_verbs_help(void)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
		g_autofree char *usage = scn_verb_usage(&verbs[i]);

		g_string_append_printf(s, "  %s\n      %s\n", usage, verbs[i].help);
	}
	return g_string_free(s, FALSE);
}
