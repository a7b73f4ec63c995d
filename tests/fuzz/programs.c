// SPDX-License-Identifier: GPL-2.0
/*
 * What programs do before and after a handover that lies. Another kind of file joins in
 * by a function that makes one in program_prepare(), and one that uses it in use_file().
 */

#include <errno.h>
#include <string.h>

#include <model/machine.h>
#include <scenarios/uapi.h>

#include "experiment.h"

#define PAGE		4096u
#define GMEM_PAGES	4u

/* Tokens that are tried in each session; those that were used come first. */
static const uint64_t tokens[] = { 0, 1, 2, 3, ~0ull };
static const char *const sessions[] = { "a", "b", "c", "" };

#define TOKEN_MEMFD	0
#define TOKEN_VM	1
#define TOKEN_GMEM	2
#define TOKEN_HOLES	3

static long sys(struct experiment *e, long nr, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3,
		uint64_t a4)
{
	return machine_syscall(e->machine, nr, a0, a1, a2, a3, a4, 0);
}

static long request(struct experiment *e, int fd, uint32_t nr, const void *arg, size_t size)
{
	void *user = machine_user(e->machine);

	memcpy(user, arg, size);
	return sys(e, HOST_NR_IOCTL, fd, nr, (uint64_t)user, 0, 0);
}

static long open_path(struct experiment *e, const char *path)
{
	char *user = machine_user(e->machine);

	strcpy(user, path);
	return sys(e, HOST_NR_OPEN, (uint64_t)user, HOST_O_RDWR, 0, 0, 0);
}

static int expect_fd(struct experiment *e, const char *what, long ret)
{
	if (ret < 0)
		experiment_found(e, "%s failed with %ld", what, ret);
	return (int)ret;
}

static long session(struct experiment *e, uint32_t nr, const char *name)
{
	struct liveupdate_ioctl_create_session arg = { .size = sizeof(arg) };
	const struct liveupdate_ioctl_create_session *reply = machine_user(e->machine);
	long ret;

	memcpy(arg.name, name, strlen(name));
	ret = request(e, e->luo, nr, &arg, sizeof(arg));
	return ret < 0 ? ret : reply->fd;
}

static long preserve(struct experiment *e, int s, int fd, uint64_t token)
{
	struct liveupdate_session_preserve_fd arg = {
		.size = sizeof(arg), .fd = fd, .token = token,
	};

	return request(e, s, LIVEUPDATE_SESSION_PRESERVE_FD, &arg, sizeof(arg));
}

static long retrieve(struct experiment *e, int s, uint64_t token)
{
	struct liveupdate_session_preserve_fd arg = { .size = sizeof(arg), .token = token };
	const struct liveupdate_session_preserve_fd *reply = machine_user(e->machine);
	long ret = request(e, s, LIVEUPDATE_SESSION_RETRIEVE_FD, &arg, sizeof(arg));

	return ret < 0 ? ret : reply->fd;
}

static long finish(struct experiment *e, int s)
{
	struct liveupdate_session_finish arg = { .size = sizeof(arg) };

	return request(e, s, LIVEUPDATE_SESSION_FINISH, &arg, sizeof(arg));
}

static int create_vm(struct experiment *e)
{
	int kvm = expect_fd(e, "open /dev/kvm", open_path(e, "/dev/kvm"));
	int vm = expect_fd(e, "create VM", sys(e, HOST_NR_IOCTL, kvm, KVM_CREATE_VM, 0, 0, 0));

	sys(e, HOST_NR_CLOSE, kvm, 0, 0, 0, 0);
	return vm;
}

static long create_gmem(struct experiment *e, int vm)
{
	struct kvm_create_guest_memfd arg = {
		.size = GMEM_PAGES * PAGE,
		.flags = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED,
	};

	return request(e, vm, KVM_CREATE_GUEST_MEMFD, &arg, sizeof(arg));
}

/* Loads or stores a word of each page; a signal is as good an answer as another. */
static bool access_pages(struct experiment *e, int fd, unsigned int step, bool write)
{
	long at = sys(e, HOST_NR_MMAP, 0, GMEM_PAGES * PAGE, HOST_PROT_READ | HOST_PROT_WRITE,
		      HOST_MAP_SHARED, fd);
	bool same = at > 0;

	for (unsigned int i = 0; i < GMEM_PAGES && at > 0; i += step) {
		uint32_t word = i + 1;

		if (machine_image(e->machine)->user_access(at + i * PAGE, &word, sizeof(word),
							   write) || word != i + 1)
			same = false;
	}
	if (at > 0)
		sys(e, HOST_NR_MUNMAP, at, GMEM_PAGES * PAGE, 0, 0, 0);
	return same;
}

static int make_gmem(struct experiment *e, int vm, unsigned int step)
{
	int gmem = expect_fd(e, "create guest_memfd", create_gmem(e, vm));

	if (!access_pages(e, gmem, step, true))
		experiment_found(e, "guest_memfd can't be written");
	return gmem;
}

/* A memfd with a hole in it, a position and a seal. */
static int make_memfd(struct experiment *e)
{
	char *user = machine_user(e->machine);
	int fd;

	strcpy(user, "fuzz");
	fd = expect_fd(e, "create memfd", sys(e, HOST_NR_MEMFD_CREATE, (uint64_t)user,
					      HOST_MFD_ALLOW_SEALING, 0, 0, 0));
	sys(e, HOST_NR_FTRUNCATE, fd, GMEM_PAGES * PAGE, 0, 0, 0);
	access_pages(e, fd, 2, true);
	sys(e, HOST_NR_LSEEK, fd, PAGE, 0, 0, 0);
	sys(e, HOST_NR_FCNTL, fd, HOST_F_ADD_SEALS, HOST_F_SEAL_SHRINK, 0, 0);
	return fd;
}

static void must(struct experiment *e, const char *what, long ret)
{
	if (ret)
		experiment_found(e, "%s failed with %ld", what, ret);
}

void program_prepare(void *arg)
{
	struct experiment *e = arg;

	e->luo = expect_fd(e, "open", open_path(e, "/dev/liveupdate"));
	for (unsigned int i = 0; i < 2; i++) {
		int vm = create_vm(e);
		int s = expect_fd(e, "create session",
				  session(e, LIVEUPDATE_IOCTL_CREATE_SESSION, sessions[i]));

		must(e, "preserve", preserve(e, s, vm, TOKEN_VM));
		must(e, "preserve", preserve(e, s, make_memfd(e), TOKEN_MEMFD));
		must(e, "preserve", preserve(e, s, make_gmem(e, vm, 1), TOKEN_GMEM));
		must(e, "preserve", preserve(e, s, make_gmem(e, vm, GMEM_PAGES), TOKEN_HOLES));
	}
	expect_fd(e, "create session", session(e, LIVEUPDATE_IOCTL_CREATE_SESSION, sessions[2]));
}

/* Whatever it is: to those who may not use it so, it says so. */
static void use_file(struct experiment *e, int fd)
{
	access_pages(e, fd, 1, false);
	access_pages(e, fd, 2, true);
	sys(e, HOST_NR_FALLOCATE, fd, HOST_FALLOC_KEEP_SIZE, PAGE, PAGE, 0);
	sys(e, HOST_NR_FALLOCATE, fd, HOST_FALLOC_KEEP_SIZE | HOST_FALLOC_PUNCH_HOLE, 0, PAGE, 0);
	create_gmem(e, fd);
	sys(e, HOST_NR_FTRUNCATE, fd, 2 * PAGE, 0, 0, 0);
	sys(e, HOST_NR_WRITE, fd, (uint64_t)machine_user(e->machine), PAGE, 0, 0);
	sys(e, HOST_NR_FCNTL, fd, HOST_F_GET_SEALS, 0, 0, 0);
	if (e->retrieved_nr < G_N_ELEMENTS(e->retrieved))
		e->retrieved[e->retrieved_nr++] = fd;
}

/* Backwards: what others depend on is then retrieved on their behalf. */
static void explore_session(struct experiment *e, int s)
{
	for (unsigned int i = G_N_ELEMENTS(tokens); i-- > 0; ) {
		long first = retrieve(e, s, tokens[i]);
		long second = retrieve(e, s, tokens[i]);

		if (first < 0 ? second != first : second < 0)
			experiment_found(e, "retrieved twice: %ld, then %ld", first, second);
		if (second >= 0)
			sys(e, HOST_NR_CLOSE, second, 0, 0, 0, 0);
		if (first >= 0)
			use_file(e, (int)first);
	}
	finish(e, s);
	sys(e, HOST_NR_CLOSE, s, 0, 0, 0, 0);
}

static bool open_luo(struct experiment *e)
{
	long first = open_path(e, "/dev/liveupdate");
	long second = open_path(e, "/dev/liveupdate");

	if (second != (first < 0 ? first : -EBUSY))
		experiment_found(e, "opened twice: %ld, then %ld", first, second);
	e->luo = (int)first;
	e->refused = first < 0;
	return first >= 0;
}

void program_explore(void *arg)
{
	struct experiment *e = arg;

	if (!open_luo(e))
		return;
	for (unsigned int i = 0; i < G_N_ELEMENTS(sessions); i++) {
		long s = session(e, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, sessions[i]);

		if (s >= 0)
			explore_session(e, (int)s);
	}
	sys(e, HOST_NR_CLOSE, e->luo, 0, 0, 0, 0);
}

void program_preserve_again(void *arg)
{
	struct experiment *e = arg;
	int vm = create_vm(e), gmem = make_gmem(e, vm, 1);
	int s;

	if (e->refused)
		return;
	e->luo = expect_fd(e, "open again", open_path(e, "/dev/liveupdate"));
	s = expect_fd(e, "create session", session(e, LIVEUPDATE_IOCTL_CREATE_SESSION, "new"));
	must(e, "preserve", preserve(e, s, vm, TOKEN_VM));
	must(e, "preserve", preserve(e, s, gmem, TOKEN_GMEM));
}

void program_reboot(void *arg)
{
	struct experiment *e = arg;
	void *user = machine_user(e->machine);
	long ret;

	must(e, "kexec_file_load", sys(e, HOST_NR_KEXEC_FILE_LOAD, -1ull, -1ull, 1, (uint64_t)user,
				       SCN_KEXEC_FILE_NO_INITRAMFS));
	ret = sys(e, HOST_NR_REBOOT, HOST_REBOOT_MAGIC1, HOST_REBOOT_MAGIC2,
		  HOST_REBOOT_CMD_KEXEC, 0, 0);
	experiment_found(e, "reboot failed with %ld", ret);
}

void program_compare(void *arg)
{
	struct experiment *e = arg;
	int s, gmem;

	e->luo = expect_fd(e, "open in the last kernel", open_path(e, "/dev/liveupdate"));
	if (e->refused || e->luo < 0)
		return;
	s = expect_fd(e, "retrieve session", session(e, LIVEUPDATE_IOCTL_RETRIEVE_SESSION, "new"));
	expect_fd(e, "retrieve VM", retrieve(e, s, TOKEN_VM));
	gmem = expect_fd(e, "retrieve guest_memfd", retrieve(e, s, TOKEN_GMEM));
	if (!access_pages(e, gmem, 1, false))
		experiment_found(e, "memory differs");
	must(e, "finish", finish(e, s));
}
