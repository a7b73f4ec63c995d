// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and executing the next kernel, and reboot(2). Semantics of kernel/kexec_core.c,
 * kernel/kexec_file.c and kernel/reboot.c of Linux 7.3; see <linux/kexec.h> for what is
 * left out. Which image comes next is the machine's business.
 */

#include <asm/page.h>
#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/kexec.h>
#include <linux/kexec_handover.h>
#include <linux/liveupdate.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/reboot.h>
#include <sim/sim.h>

#include "../liveupdate/kexec_handover_internal.h"

struct kimage *kexec_image;

static struct kimage kexec_image_storage;
static atomic_t kexec_lock = ATOMIC_INIT(0);
static DEFINE_MUTEX(system_transition_mutex);

static bool kexec_trylock(void)
{
	return atomic_cmpxchg_acquire(&kexec_lock, 0, 1) == 0;
}

static void kexec_unlock(void)
{
	atomic_set_release(&kexec_lock, 0);
}

/**
 * kexec_file_load() - load the next kernel, or with KEXEC_FILE_UNLOAD drop it.
 * @kernel_fd: not looked at: the machine knows the next image
 * @flags:     KEXEC_FILE_*
 *
 * The image says where the handover will be found, so what is loaded before a subtree is
 * added sees that subtree as well: it's the place that counts.
 * Return: 0, -EINVAL unknown flags or a crash kernel, -EBUSY while a kexec is under way.
 */
long kexec_file_load(int kernel_fd, unsigned long flags)
{
	long err = 0;

	if (flags & ~KEXEC_FILE_FLAGS)
		return -EINVAL;
	if (!kexec_trylock())
		return -EBUSY;

	if (flags & KEXEC_FILE_ON_CRASH) {
		err = -EINVAL;
	} else if (flags & KEXEC_FILE_UNLOAD) {
		kexec_image = NULL;
	} else {
		kexec_image_storage = (struct kimage){};
		err = kho_fill_kimage(&kexec_image_storage);
		if (!err)
			kexec_image = &kexec_image_storage;
	}

	kexec_unlock();
	return err;
}

/* The tree has a page; with KHO off there is none, and no scratch areas. */
static void jump(const struct kimage *image)
{
	const struct kexec_segment *scratch = image->kho.scratch;

	sim_host->kexec(image->kho.fdt, image->kho.fdt ? PAGE_SIZE : 0,
			scratch ? scratch->mem : 0, scratch ? scratch->memsz : 0);
}

/**
 * kexec_load() - load the next kernel piece by piece.
 * @nr_segments: number of pieces, which are not looked at; 0 drops the image
 * @flags:       KEXEC_*, and the architecture in the upper half
 *
 * The older of the two ways: an image loaded so is told nothing of KHO, and with
 * KEXEC_PRESERVE_CONTEXT it comes back instead of taking over.
 * Return: 0, -EINVAL unknown flags, too many pieces or a crash kernel, -EBUSY while a kexec
 * is under way.
 */
long kexec_load(unsigned long nr_segments, unsigned long flags)
{
	if (flags & ~(unsigned long)KEXEC_ARCH_MASK & ~KEXEC_FLAGS)
		return -EINVAL;
	if (nr_segments > KEXEC_SEGMENT_MAX || (flags & KEXEC_ON_CRASH))
		return -EINVAL;
	if (!kexec_trylock())
		return -EBUSY;

	kexec_image = NULL;
	if (nr_segments) {
		kexec_image_storage = (struct kimage){
			.preserve_context = !!(flags & KEXEC_PRESERVE_CONTEXT),
		};
		kexec_image = &kexec_image_storage;
	}
	kexec_unlock();
	return 0;
}

/*
 * An image that comes back uses memory of its own and leaves this kernel's alone, so that
 * to this kernel nothing has happened. Stopping tasks and devices meanwhile isn't modelled.
 */
static void jump_there_and_back(void)
{
	pr_notice("The other kernel has come back\n");
}

/**
 * kernel_kexec() - jump into the loaded kernel.
 *
 * Return: 0 if that has come back; else only on failure: -EBUSY while another task loads or
 * executes, -EINVAL without an image, or what liveupdate_reboot() said, with everything as
 * it was before.
 */
int kernel_kexec(void)
{
	struct kimage *image;
	int err;

	if (!kexec_trylock())
		return -EBUSY;

	image = kexec_image;
	if (!image) {
		err = -EINVAL;
		goto out_unlock;
	}

	/* An image that comes back here takes nothing over. */
	if (image->preserve_context) {
		jump_there_and_back();
		err = 0;
		goto out_unlock;
	}
	err = liveupdate_reboot();
	if (err)
		goto out_unlock;

	pr_notice("Starting new kernel\n");
	jump(image);

out_unlock:
	kexec_unlock();
	return err;
}

static bool reboot_magic_ok(int magic1, int magic2)
{
	if ((unsigned int)magic1 != LINUX_REBOOT_MAGIC1)
		return false;
	return magic2 == LINUX_REBOOT_MAGIC2 || magic2 == LINUX_REBOOT_MAGIC2A ||
	       magic2 == LINUX_REBOOT_MAGIC2B || magic2 == LINUX_REBOOT_MAGIC2C;
}

/**
 * sim_reboot() - reboot(2), for a program that may.
 *
 * LINUX_REBOOT_CMD_KEXEC is modelled, and the settings of Ctrl-Alt-Del, which do nothing
 * here. Switching the machine off or resetting it is the machine's business, not a
 * program's.
 * Return: -EINVAL bad magic or command, or that of kernel_kexec().
 */
long sim_reboot(int magic1, int magic2, unsigned int cmd)
{
	long ret = 0;

	if (!reboot_magic_ok(magic1, magic2))
		return -EINVAL;

	mutex_lock(&system_transition_mutex);
	switch (cmd) {
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		break;
	case LINUX_REBOOT_CMD_KEXEC:
		ret = kernel_kexec();
		break;
	case LINUX_REBOOT_CMD_RESTART:
	case LINUX_REBOOT_CMD_HALT:
	case LINUX_REBOOT_CMD_POWER_OFF:
		sim_check(false, "reboot(2) other than into a kexec image is not modelled");
		break;
	default:
		ret = -EINVAL;
	}
	mutex_unlock(&system_transition_mutex);
	return ret;
}
