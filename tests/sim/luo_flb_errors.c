// SPDX-License-Identifier: GPL-2.0
/* File-lifecycle-bound objects: who may register what, several of them, and what fails. */

#include <linux/init.h>
#include <linux/module.h>

#include "../../sim/liveupdate/luo_internal.h"
#include "luo_handler.h"

/* What is called, as a letter and the number of the FLB; what fails next. */
static char fe_log[256];
static char fe_fail_call;
static int fe_fail_nr = -1;
static struct module fe_module = {
	.state = MODULE_STATE_LIVE, .name = "flb", .refcnt = ATOMIC_INIT(MODULE_REF_BASE),
};

/* FLBs are statics of a module; here they are made as they are needed. */
static struct liveupdate_flb *fe_flbs;

static void fe_expect_log(const char *log)
{
	EXPECT(!strcmp(fe_log, log));
	fe_log[0] = '\0';
}

static int fe_call(char call, const struct liveupdate_flb *flb)
{
	size_t len = strlen(fe_log);
	int nr = (int)(flb - fe_flbs);
	bool fails = call == fe_fail_call && nr == fe_fail_nr;

	snprintf(fe_log + len, sizeof(fe_log) - len, "%s%c%d", len ? " " : "",
		 fails ? '!' : call, nr);
	return fails ? -EIO : 0;
}

static int fe_preserve(struct liveupdate_flb_op_args *args)
{
	args->obj = args->flb;
	args->data = 1000 + (args->flb - fe_flbs);
	return fe_call('p', args->flb);
}

static void fe_unpreserve(struct liveupdate_flb_op_args *args)
{
	EXPECT(args->obj == args->flb);
	fe_call('u', args->flb);
}

static int fe_retrieve(struct liveupdate_flb_op_args *args)
{
	EXPECT_EQ(args->data, 1000 + (args->flb - fe_flbs));
	args->obj = args->flb;
	return fe_call('r', args->flb);
}

static void fe_finish(struct liveupdate_flb_op_args *args)
{
	EXPECT(args->obj == args->flb);
	fe_call('F', args->flb);
}

static const struct liveupdate_flb_ops fe_ops = {
	.preserve = fe_preserve,
	.unpreserve = fe_unpreserve,
	.retrieve = fe_retrieve,
	.finish = fe_finish,
	.owner = &fe_module,
};

/* @n FLBs with names of their own, registered with no handler. */
static void fe_make(unsigned int n)
{
	fe_flbs = kcalloc(n, sizeof(*fe_flbs), GFP_KERNEL);
	EXPECT(fe_flbs);
	for (unsigned int i = 0; i < n; i++) {
		fe_flbs[i].ops = &fe_ops;
		snprintf((char *)fe_flbs[i].compatible, sizeof(fe_flbs[i].compatible),
			 "flb-%u", i);
	}
}

static void fe_register(unsigned int n)
{
	th_register();
	fe_make(n);
	for (unsigned int i = 0; i < n; i++)
		EXPECT_EQ(liveupdate_register_flb(&th_handler, &fe_flbs[i]), 0);
}

static void fe_done(void)
{
	liveupdate_unregister_file_handler(&th_handler);
	kfree(fe_flbs);
	EXPECT_EQ(module_refcount(&fe_module), 0);
}

/* A session with a file, created or, in the second kernel, retrieved. */
static int fe_session(void)
{
	int luo = lt_open_luo();
	int session = lt_session_op(luo, is_kho_boot() ? LIVEUPDATE_IOCTL_RETRIEVE_SESSION :
				    LIVEUPDATE_IOCTL_CREATE_SESSION, "s");

	EXPECT(session >= 0);
	if (!is_kho_boot())
		EXPECT_EQ(lt_preserve(session, th_open(1), 1), 0);
	return session;
}

SIM_TEST(flb__handler_was_never_registered__warns, "P-63")
{
	fe_make(1);
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &fe_flbs[0]), -EINVAL);
	liveupdate_unregister_flb(&th_handler, &fe_flbs[0]);
	kfree(fe_flbs);
}

SIM_TEST(flb__handler_was_unregistered__warns, "P-63")
{
	th_register();
	liveupdate_unregister_file_handler(&th_handler);
	fe_make(1);
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &fe_flbs[0]), -EINVAL);
	kfree(fe_flbs);
}

SIM_TEST(flb__callback_missing__warns, "P-63")
{
	static const struct liveupdate_flb_ops half = { .preserve = fe_preserve };

	th_register();
	fe_make(1);
	fe_flbs[0].ops = &half;
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &fe_flbs[0]), -EINVAL);
	fe_done();
}

SIM_TEST(flb__more_than_a_page_holds__is_enospc, "P-63")
{
	EXPECT_EQ(LUO_FLB_MAX, 63);
	th_register();
	fe_make(LUO_FLB_MAX + 1);
	for (int i = 0; i < LUO_FLB_MAX; i++)
		EXPECT_EQ(liveupdate_register_flb(&th_handler, &fe_flbs[i]), 0);
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &fe_flbs[LUO_FLB_MAX]), -ENOSPC);
	liveupdate_unregister_flb(&th_handler, &fe_flbs[7]);
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &fe_flbs[LUO_FLB_MAX]), 0);
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &fe_flbs[7]), -ENOSPC);
	fe_done();
}

/* As if it stood on the command line. */
static void param(const char *name, const char *value)
{
	extern struct obs_kernel_param __start_early_params[] __weak;
	extern struct obs_kernel_param __stop_early_params[] __weak;
	char copy[8];

	strscpy(copy, value);
	for (struct obs_kernel_param *p = __start_early_params; p < __stop_early_params; p++)
		if (!strcmp(p->str, name))
			EXPECT_EQ(p->setup_func(copy), 0);
}

SIM_TEST(flb__live_update_is_off__is_eopnotsupp, "P-61")
{
	void *obj;

	fe_register(1);
	param("liveupdate", "off");
	EXPECT(!liveupdate_enabled());
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &fe_flbs[0]), -EOPNOTSUPP);
	EXPECT_EQ(liveupdate_flb_get_incoming(&fe_flbs[0], &obj), -EOPNOTSUPP);
	EXPECT_EQ(liveupdate_flb_get_outgoing(&fe_flbs[0], &obj), -EOPNOTSUPP);
	liveupdate_unregister_flb(&th_handler, &fe_flbs[0]);
	param("liveupdate", "on");
	EXPECT_EQ(liveupdate_register_flb(&th_handler, &fe_flbs[0]), -EEXIST);
	fe_done();
}

static const struct file_operations other_fops = { .owner = THIS_MODULE };

static bool other_can_preserve(struct liveupdate_file_handler *handler, struct file *file)
{
	return file->f_op == &other_fops;
}

SIM_TEST(flb__of_two_handlers__is_one_object, "P-59")
{
	struct liveupdate_file_ops ops = th_ops;
	struct liveupdate_file_handler other = { .ops = &ops, .compatible = "other-v1" };
	int luo = lt_open_luo(), a = lt_create_session(luo, "a"), b = lt_create_session(luo, "b");
	int fd = get_unused_fd_flags(0);

	fe_register(2);
	ops.can_preserve = other_can_preserve;
	EXPECT_EQ(liveupdate_register_file_handler(&other), 0);
	EXPECT_EQ(liveupdate_register_flb(&other, &fe_flbs[1]), 0);
	EXPECT_EQ(liveupdate_register_flb(&other, &fe_flbs[1]), -EEXIST);
	fd_install(fd, anon_inode_getfile("[other]", &other_fops, (void *)5, O_RDWR));
	EXPECT_EQ(lt_preserve(a, fd, 1), 0);
	fe_expect_log("p1");
	EXPECT_EQ(lt_preserve(b, th_open(1), 1), 0);
	fe_expect_log("p0");
	EXPECT_EQ(module_refcount(&fe_module), 2);
	EXPECT_EQ(lt_close(b), 0);
	fe_expect_log("u0");
	EXPECT_EQ(lt_close(a), 0);
	fe_expect_log("u1");
	liveupdate_unregister_file_handler(&other);
	fe_done();
}

SIM_TEST(flb__third_of_four_fails__those_before_are_undone_newest_first, "P-59")
{
	int luo = lt_open_luo(), s = lt_create_session(luo, "s"), fd;
	long keys = lt_keys();

	fe_register(4);
	fd = th_open(1);
	fe_fail_call = 'p';
	fe_fail_nr = 2;
	EXPECT_EQ(lt_preserve(s, fd, 1), -EIO);
	fe_expect_log("p0 p1 !2 u1 u0");
	th_expect_log("");
	EXPECT_EQ(module_refcount(&fe_module), 0);
	EXPECT_EQ(lt_keys(), keys);
	EXPECT_EQ(lt_count("luo preserved files"), 0);
	fe_fail_call = 0;
	EXPECT_EQ(lt_preserve(s, fd, 1), 0);
	fe_expect_log("p0 p1 p2 p3");
	EXPECT_EQ(lt_close(s), 0);
	fe_expect_log("u3 u2 u1 u0");
	fe_done();
}

SIM_TEST(flb__file_fails_after_its_flbs__only_new_ones_are_undone, "P-59", "P-17")
{
	int luo = lt_open_luo(), s = lt_create_session(luo, "s");

	fe_register(2);
	EXPECT_EQ(lt_preserve(s, th_open(1), 1), 0);
	fe_expect_log("p0 p1");
	th_fail_call = 'p';
	th_fail_id = 2;
	th_fail_error = -EPERM;
	EXPECT_EQ(lt_preserve(s, th_open(2), 2), -EPERM);
	fe_expect_log("");
	EXPECT_EQ(lt_close(s), 0);
	fe_expect_log("u1 u0");
	fe_done();
}

SIM_TEST(flb__module_is_going__is_enodev_and_not_pinned, "P-62")
{
	int luo = lt_open_luo(), s = lt_create_session(luo, "s"), fd;

	fe_register(1);
	fd = th_open(1);
	fe_module.state = MODULE_STATE_GOING;
	EXPECT_EQ(lt_preserve(s, fd, 1), -ENODEV);
	fe_expect_log("");
	fe_module.state = MODULE_STATE_LIVE;
	EXPECT_EQ(lt_preserve(s, fd, 1), 0);
	EXPECT_EQ(module_refcount(&fe_module), 1);
	EXPECT_EQ(lt_close(s), 0);
	fe_done();
}

SIM_TEST(flb__incoming_and_module_is_going__can_be_had_later, "P-62")
{
	void *obj;
	int s;

	fe_register(1);
	s = fe_session();
	if (!is_kho_boot())
		lt_kexec();
	fe_module.state = MODULE_STATE_GOING;
	EXPECT_EQ(liveupdate_flb_get_incoming(&fe_flbs[0], &obj), -ENODEV);
	fe_module.state = MODULE_STATE_LIVE;
	EXPECT_EQ(liveupdate_flb_get_incoming(&fe_flbs[0], &obj), 0);
	EXPECT_EQ(module_refcount(&fe_module), 1);
	liveupdate_flb_put_incoming(&fe_flbs[0]);
	EXPECT_EQ(module_refcount(&fe_module), 1);
	EXPECT_EQ(lt_close(s), 0);
	fe_expect_log("r0 F0");
	fe_done();
}

SIM_TEST(flb__retrieve_fails__same_error_for_ever_and_no_finish, "P-59")
{
	void *obj;
	int s;

	fe_register(2);
	s = fe_session();
	if (!is_kho_boot())
		lt_kexec();
	fe_fail_call = 'r';
	fe_fail_nr = 0;
	EXPECT_EQ(liveupdate_flb_get_incoming(&fe_flbs[0], &obj), -EIO);
	EXPECT_EQ(module_refcount(&fe_module), 0);
	fe_fail_call = 0;
	EXPECT_EQ(liveupdate_flb_get_incoming(&fe_flbs[0], &obj), -EIO);
	fe_expect_log("!0");
	EXPECT_EQ(lt_close(s), 0);
	fe_expect_log("r1 F1");
	EXPECT_EQ(liveupdate_flb_get_incoming(&fe_flbs[0], &obj), -ENODATA);
	fe_done();
}

SIM_TEST(flb__finish_is_the_first_to_retrieve_and_fails__file_is_finished, "P-59")
{
	int s;

	fe_register(1);
	s = fe_session();
	if (!is_kho_boot())
		lt_kexec();
	fe_fail_call = 'r';
	fe_fail_nr = 0;
	EXPECT_EQ(lt_close(s), 0);
	fe_expect_log("!0");
	th_expect_log("F101");
	fe_done();
}

SIM_TEST(flb__not_preserved_by_the_old_kernel__is_enoent, "P-61")
{
	void *obj;
	int s;

	fe_register(is_kho_boot() ? 3 : 2);
	s = fe_session();
	if (!is_kho_boot())
		lt_kexec();
	EXPECT_EQ(liveupdate_flb_get_incoming(&fe_flbs[2], &obj), -ENOENT);
	EXPECT_EQ(lt_close(s), 0);
	EXPECT_EQ(liveupdate_flb_get_incoming(&fe_flbs[2], &obj), -ENOENT);
	EXPECT_EQ(liveupdate_flb_get_incoming(&fe_flbs[1], &obj), -ENODATA);
	fe_done();
}

SIM_TEST(flb__page_is_full__each_arrives, "P-63")
{
	void *obj;
	int s;

	fe_register(LUO_FLB_MAX);
	s = fe_session();
	if (!is_kho_boot())
		lt_kexec();
	for (int i = 0; i < LUO_FLB_MAX; i++) {
		EXPECT_EQ(liveupdate_flb_get_incoming(&fe_flbs[i], &obj), 0);
		EXPECT(obj == &fe_flbs[i]);
		liveupdate_flb_put_incoming(&fe_flbs[i]);
	}
	EXPECT_EQ(module_refcount(&fe_module), LUO_FLB_MAX);
	EXPECT_EQ(lt_close(s), 0);
	fe_done();
}

SIM_TEST(flb__held_by_a_user_at_the_jump__finished_with_the_last_file, "P-59", "P-60")
{
	void *obj;
	int s;

	fe_register(1);
	s = fe_session();
	if (!is_kho_boot()) {
		EXPECT_EQ(liveupdate_flb_get_outgoing(&fe_flbs[0], &obj), 0);
		lt_kexec();
	}
	EXPECT_EQ(lt_close(s), 0);
	fe_expect_log("r0 F0");
	fe_done();
}

SIM_TEST(flb__held_by_a_user_and_no_file_at_the_jump__is_not_handed_over, "P-59")
{
	void *obj;
	int s;

	fe_register(1);
	if (!is_kho_boot()) {
		s = fe_session();
		EXPECT_EQ(liveupdate_flb_get_outgoing(&fe_flbs[0], &obj), 0);
		EXPECT_EQ(lt_close(s), 0);
		lt_kexec();
	}
	EXPECT_EQ(liveupdate_flb_get_incoming(&fe_flbs[0], &obj), -ENOENT);
	fe_done();
}
