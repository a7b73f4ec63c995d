// SPDX-License-Identifier: GPL-2.0
/* Counts of references: objects, modules, and what happens to a count that is misused. */

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <sim/test.h>

SIM_TEST(refcount__last_reference__is_told_once)
{
	refcount_t refs = REFCOUNT_INIT(1);

	refcount_inc(&refs);
	EXPECT(refcount_inc_not_zero(&refs));
	EXPECT_EQ(refcount_read(&refs), 3);
	EXPECT(!refcount_dec_and_test(&refs));
	EXPECT(!refcount_dec_and_test(&refs));
	EXPECT(!refcount_dec_not_one(&refs));
	EXPECT(refcount_dec_and_test(&refs));
	EXPECT(!refcount_inc_not_zero(&refs));
	EXPECT_EQ(refcount_read(&refs), 0);
}

SIM_TEST(refcount__incremented_from_0_saturates__warns)
{
	refcount_t refs = REFCOUNT_INIT(0);

	refcount_inc(&refs);
	EXPECT_EQ((int)refcount_read(&refs), REFCOUNT_SATURATED);
	EXPECT(!refcount_dec_and_test(&refs));
	EXPECT((int)refcount_read(&refs) < 0);
}

SIM_TEST(refcount__decremented_below_0_saturates__warns)
{
	refcount_t refs = REFCOUNT_INIT(0);

	EXPECT(!refcount_dec_and_test(&refs));
	EXPECT_EQ((int)refcount_read(&refs), REFCOUNT_SATURATED);
}

SIM_TEST(refcount__overflow_saturates__warns)
{
	refcount_t refs = REFCOUNT_INIT(REFCOUNT_MAX);

	refcount_inc(&refs);
	EXPECT_EQ((int)refcount_read(&refs), REFCOUNT_SATURATED);
}

SIM_TEST(refcount__plain_decrement_to_0__warns)
{
	refcount_t refs = REFCOUNT_INIT(1);

	refcount_dec(&refs);
	EXPECT_EQ((int)refcount_read(&refs), REFCOUNT_SATURATED);
}

SIM_TEST(refcount__last_reference_under_a_mutex__keeps_it_locked)
{
	static DEFINE_MUTEX(mutex);
	refcount_t refs = REFCOUNT_INIT(2);

	EXPECT(!refcount_dec_and_mutex_lock(&refs, &mutex));
	EXPECT(!mutex_is_locked(&mutex));
	EXPECT(refcount_dec_and_mutex_lock(&refs, &mutex));
	EXPECT(lockdep_is_held(&mutex));
	mutex_unlock(&mutex);
}

static int released;

static void release(struct kref *kref)
{
	released++;
}

SIM_TEST(kref__last_put__releases)
{
	static struct kref kref;

	kref_init(&kref);
	kref_get(&kref);
	EXPECT_EQ(kref_put(&kref, release), 0);
	EXPECT_EQ(released, 0);
	EXPECT_EQ(kref_put(&kref, release), 1);
	EXPECT_EQ(released, 1);
	EXPECT(!kref_get_unless_zero(&kref));
}

SIM_TEST(module__going__gives_no_new_references, "P-62")
{
	static struct module module = {
		.name = "test", .refcnt = ATOMIC_INIT(MODULE_REF_BASE),
	};

	EXPECT(try_module_get(&module));
	EXPECT_EQ(module_refcount(&module), 1);
	module.state = MODULE_STATE_GOING;
	EXPECT(!try_module_get(&module));
	__module_get(&module);
	EXPECT_EQ(module_refcount(&module), 2);
	module_put(&module);
	module_put(&module);
	EXPECT_EQ(module_refcount(&module), 0);
}

SIM_TEST(module__built_in__is_always_there)
{
	EXPECT(try_module_get(NULL));
	__module_get(NULL);
	module_put(NULL);
}

SIM_TEST(module__put_too_often__warns)
{
	static struct module module = { .name = "test" };

	module_put(&module);
}

SIM_TEST(atomic__operations__return_what_the_kernel_returns)
{
	atomic_t v = ATOMIC_INIT(5);
	atomic64_t w = ATOMIC64_INIT(-1);
	int old = 4;

	EXPECT_EQ(atomic_fetch_add(2, &v), 5);
	EXPECT_EQ(atomic_sub_return(3, &v), 4);
	EXPECT(atomic_try_cmpxchg(&v, &old, 9));
	EXPECT(!atomic_try_cmpxchg(&v, &old, 1));
	EXPECT_EQ(old, 9);
	EXPECT(!atomic_add_unless(&v, 1, 9));
	EXPECT_EQ(atomic_dec_if_positive(&v), 8);
	EXPECT_EQ(atomic_xchg(&v, 0), 8);
	EXPECT_EQ(atomic_dec_if_positive(&v), -1);
	EXPECT_EQ(atomic_read(&v), 0);
	EXPECT(atomic64_inc_and_test(&w));
	EXPECT_EQ(atomic64_fetch_or(6, &w), 0);
	EXPECT_EQ(atomic64_fetch_and(3, &w), 6);
	EXPECT_EQ(atomic64_read(&w), 2);
}
