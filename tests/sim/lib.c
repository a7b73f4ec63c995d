// SPDX-License-Identifier: GPL-2.0
/* The library: formatting, numbers, strings, bitmaps, lists, sorting, arithmetic. */

#include <linux/bitmap.h>
#include <linux/bsearch.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <sim/test.h>

#define EXPECT_TEXT(text, format...)					\
	do {								\
		char __buf[128];					\
		int __len = snprintf(__buf, sizeof(__buf), format);	\
		EXPECT(!strcmp(__buf, text));				\
		EXPECT_EQ(__len, sizeof(text) - 1);			\
	} while (0)

SIM_TEST(snprintf__integers__are_formatted_as_c_says)
{
	EXPECT_TEXT("0 -1 4294967295", "%d %d %u", 0, -1, -1);
	EXPECT_TEXT("-2147483648 2147483647", "%d %i", INT_MIN, INT_MAX);
	EXPECT_TEXT("-9223372036854775808", "%lld", LLONG_MIN);
	EXPECT_TEXT("18446744073709551615", "%llu", ULLONG_MAX);
	EXPECT_TEXT("ff FF 0xff 0377 0", "%x %X %#x %#o %#x", 255, 255, 255, 255, 0);
	EXPECT_TEXT("   42|42   |00042|+42| 42", "%5d|%-5d|%05d|%+d|% d", 42, 42, 42, 42, 42);
	EXPECT_TEXT("  042|-0042|    7", "%5.3d|%05d|%*d", 42, -42, 5, 7);
	EXPECT_TEXT("7    |", "%*d|", -5, 7);
	EXPECT_TEXT("0x00ab 12 -1", "%#06x %zu %hhd", 0xab, (size_t)12, 255);
}

SIM_TEST(snprintf__text__is_padded_and_cut)
{
	char *volatile nothing[1] = { };

	EXPECT_TEXT("abc|  abc|abc  |ab", "%s|%5s|%-5s|%.2s", "abc", "abc", "abc", "abc");
	EXPECT_TEXT("x 100%", "%c 100%%", 'x');
	EXPECT_TEXT("(null)", "%s", *nothing);
}

SIM_TEST(snprintf__pointers__show_names_and_never_addresses)
{
	phys_addr_t phys = 0x1234;
	char buf[64];

	EXPECT_TEXT("-ENOMEM -512", "%pe %d", ERR_PTR(-ENOMEM), -512);
	EXPECT_TEXT("-4000", "%pe", ERR_PTR(-4000));
	EXPECT_TEXT("0x0000000000001234", "%pa", &phys);
	EXPECT_TEXT("(____ptrval____) (____ptrval____)", "%p %px", buf, buf);
	snprintf(buf, sizeof(buf), "%ps", snprintf);
	EXPECT(strstarts(buf, "kernel+0x"));
}

static void format_through(char *buf, size_t size, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	snprintf(buf, size, "<%pV>", &vaf);
	va_end(args);
}

SIM_TEST(snprintf__format_in_a_format__is_expanded)
{
	char buf[32];

	format_through(buf, sizeof(buf), "%d-%s", 7, "x");
	EXPECT(!strcmp(buf, "<7-x>"));
	format_through(buf, 5, "%d-%s", 7, "x");
	EXPECT(!strcmp(buf, "<7-x"));
}

SIM_TEST(snprintf__buffer_too_small__is_cut_and_ended)
{
	const char *volatile text = "abcdef";
	char buf[4] = "zzz";

	EXPECT_EQ(snprintf(buf, sizeof(buf), "%s", text), 6);
	EXPECT(!strcmp(buf, "abc"));
	EXPECT_EQ(scnprintf(buf, sizeof(buf), "%s", text), 3);
	EXPECT_EQ(snprintf(NULL, 0, "%d", 12345), 5);
	EXPECT_EQ(scnprintf(buf, 0, "x"), 0);
}

SIM_TEST(snprintf__pointer_format_not_modelled__is_checked)
{
	char buf[32];

	snprintf(buf, sizeof(buf), "%pUb", buf);
}

SIM_TEST(kstrto__numbers__are_taken_whole_or_refused)
{
	unsigned long long u;
	unsigned int small;
	long long s;
	bool yes;
	u8 byte;

	EXPECT_EQ(kstrtoull("42\n", 0, &u), 0);
	EXPECT_EQ(u, 42);
	EXPECT_EQ(kstrtoull("0x2a", 0, &u), 0);
	EXPECT_EQ(u, 42);
	EXPECT_EQ(kstrtoull("052", 0, &u), 0);
	EXPECT_EQ(u, 42);
	EXPECT_EQ(kstrtoull("", 0, &u), -EINVAL);
	EXPECT_EQ(kstrtoull("4 2", 0, &u), -EINVAL);
	EXPECT_EQ(kstrtoull("18446744073709551616", 10, &u), -ERANGE);
	EXPECT_EQ(kstrtouint("4294967296", 10, &small), -ERANGE);
	EXPECT_EQ(kstrtou8("256", 10, &byte), -ERANGE);
	EXPECT_EQ(kstrtoll("-9223372036854775808", 10, &s), 0);
	EXPECT_EQ(s, LLONG_MIN);
	EXPECT_EQ(kstrtoll("-9223372036854775809", 10, &s), -ERANGE);
	EXPECT_EQ(kstrtobool("on", &yes), 0);
	EXPECT(yes);
	EXPECT_EQ(kstrtobool("maybe", &yes), -EINVAL);
	EXPECT_EQ(memparse("16M", NULL), 16 << 20);
}

SIM_TEST(strscpy__too_long__is_cut_with_e2big)
{
	char buf[4];

	EXPECT_EQ(strscpy(buf, "abc"), 3);
	EXPECT_EQ(strscpy(buf, "abcd"), -E2BIG);
	EXPECT(!strcmp(buf, "abc"));
	EXPECT_EQ(strscpy(buf, "x", 0), -E2BIG);
	memset(buf, 'z', sizeof(buf));
	EXPECT_EQ(strscpy_pad(buf, "a"), 1);
	EXPECT(!memchr_inv(buf + 1, 0, 3));
}

SIM_TEST(string__helpers__find_and_cut)
{
	char text[] = "  two words \n";

	EXPECT(!strcmp(strim(text), "two words"));
	EXPECT(strstarts("prefix.rest", "prefix"));
	EXPECT(!strstarts("pre", "prefix"));
	EXPECT(sysfs_streq("on\n", "on"));
	EXPECT(!sysfs_streq("one", "on"));
	EXPECT(memchr_inv("aaab", 'a', 4) != NULL);
	EXPECT(!memchr_inv("aaa", 'a', 3));
	EXPECT(!strcmp(strchrnul("a=b", '='), "=b"));
	EXPECT(!strcmp(kbasename("/a/b/c"), "c"));
}

SIM_TEST(bitmap__searches__find_each_bit_and_the_end)
{
	DECLARE_BITMAP(map, 130) = { };
	unsigned long bit;
	unsigned int n = 0;

	EXPECT_EQ(find_first_bit(map, 130), 130);
	EXPECT_EQ(find_first_zero_bit(map, 130), 0);
	EXPECT_EQ(find_last_bit(map, 130), 130);
	__set_bit(0, map);
	__set_bit(64, map);
	__set_bit(129, map);
	for_each_set_bit(bit, map, 130)
		n++;
	EXPECT_EQ(n, 3);
	EXPECT_EQ(find_next_bit(map, 130, 65), 129);
	EXPECT_EQ(find_next_bit(map, 129, 65), 129);
	EXPECT_EQ(find_last_bit(map, 129), 64);
	EXPECT_EQ(bitmap_weight(map, 130), 3);
	EXPECT_EQ(bitmap_weight(map, 129), 2);
	bitmap_fill(map, 130);
	EXPECT(bitmap_full(map, 130));
	EXPECT_EQ(find_next_zero_bit(map, 130, 0), 130);
	bitmap_clear(map, 10, 60);
	EXPECT_EQ(find_first_zero_bit(map, 130), 10);
	EXPECT_EQ(find_next_bit(map, 130, 10), 70);
}

SIM_TEST(bit_operations__atomic__tell_the_old_value)
{
	unsigned long word = 0;

	EXPECT(!test_and_set_bit(5, &word));
	EXPECT(test_and_set_bit(5, &word));
	EXPECT(test_bit(5, &word));
	EXPECT(test_and_clear_bit(5, &word));
	EXPECT_EQ(word, 0);
	change_bit(1, &word);
	assign_bit(2, &word, true);
	assign_bit(1, &word, false);
	EXPECT_EQ(word, 4);
}

struct item {
	int number;
	struct list_head entry;
};

SIM_TEST(list__moved_and_spliced__keeps_the_order)
{
	struct item items[5];
	struct item *pos, *next;
	LIST_HEAD(head);
	LIST_HEAD(other);
	int expect = 0;

	for (int i = 0; i < 5; i++) {
		items[i].number = i;
		list_add_tail(&items[i].entry, i < 3 ? &other : &head);
	}
	list_splice_init(&other, &head);
	EXPECT(list_empty(&other));
	list_for_each_entry(pos, &head, entry)
		EXPECT_EQ(pos->number, expect++);
	list_move_tail(&items[0].entry, &head);
	EXPECT(list_is_last(&items[0].entry, &head));
	EXPECT_EQ(list_first_entry(&head, struct item, entry)->number, 1);
	list_for_each_entry_safe(pos, next, &head, entry)
		list_del_init(&pos->entry);
	EXPECT(list_empty(&head));
	EXPECT(!list_first_entry_or_null(&head, struct item, entry));
}

SIM_TEST(list__entry_deleted_twice__warns)
{
	struct item item;
	LIST_HEAD(head);

	list_add(&item.entry, &head);
	list_del(&item.entry);
	list_del(&item.entry);
	EXPECT(list_empty(&head));
}

SIM_TEST(list__entry_added_twice__warns)
{
	struct item item;
	LIST_HEAD(head);

	list_add(&item.entry, &head);
	list_add(&item.entry, &head);
	EXPECT(list_is_singular(&head));
}

static int compare_ints(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

SIM_TEST(sort__any_order__ends_sorted_and_can_be_searched)
{
	int numbers[50], key = 33, missing = 50;

	for (int i = 0; i < 50; i++)
		numbers[i] = i * 37 % 50;
	sort(numbers, 50, sizeof(int), compare_ints, NULL);
	for (int i = 0; i < 50; i++)
		EXPECT_EQ(numbers[i], i);
	EXPECT(bsearch(&key, numbers, 50, sizeof(int), compare_ints) == &numbers[33]);
	EXPECT(!bsearch(&missing, numbers, 50, sizeof(int), compare_ints));
}

SIM_TEST(overflow__sums_and_sizes__are_noticed_and_saturate)
{
	u64 sum;
	u32 shifted;
	int sibling;

	EXPECT(check_add_overflow(U64_MAX, 1, &sum));
	EXPECT(!check_add_overflow(U64_MAX, 0, &sum));
	EXPECT(check_sub_overflow(0, INT_MIN, &sibling));
	EXPECT(check_shl_overflow(0x80000000U, 1, &shifted));
	EXPECT(!check_shl_overflow(1U, 31, &shifted));
	EXPECT(size_mul(SIZE_MAX / 2, 3) == SIZE_MAX);
	EXPECT(size_add(SIZE_MAX, 1) == SIZE_MAX);
	EXPECT_EQ(size_mul(6, 7), 42);
}

SIM_TEST(arithmetic__macros__round_and_order)
{
	EXPECT_EQ(ALIGN(4097, 4096), 8192);
	EXPECT_EQ(ALIGN_DOWN(4097, 4096), 4096);
	EXPECT_EQ(round_up(10, 8), 16);
	EXPECT_EQ(round_down(10, 8), 8);
	EXPECT_EQ(DIV_ROUND_UP(10, 3), 4);
	EXPECT_EQ(ilog2(1UL << 40), 40);
	EXPECT_EQ(order_base_2(5), 3);
	EXPECT_EQ(roundup_pow_of_two(5), 8);
	EXPECT_EQ(fls64(0), 0);
	EXPECT_EQ(fls64(1ULL << 63), 64);
	EXPECT_EQ(GENMASK(5, 2), 0x3c);
	EXPECT_EQ(clamp(50, 1, 9), 9);
	EXPECT(IS_ENABLED(CONFIG_LIVEUPDATE));
	EXPECT(!IS_ENABLED(CONFIG_NO_SUCH_OPTION));
	EXPECT(in_range(5, 3, 3) && !in_range(6, 3, 3));
}

SIM_TEST(unaligned__values__are_read_and_written_by_byte_order)
{
	u8 bytes[9] = { };

	put_unaligned_be64(0x0102030405060708ULL, bytes + 1);
	EXPECT_EQ(bytes[1], 1);
	EXPECT_EQ(get_unaligned_be32(bytes + 1), 0x01020304);
	EXPECT_EQ(get_unaligned((u16 *)(bytes + 1)), 0x0201);
}

SIM_TEST(llist__emptied__gives_the_newest_first)
{
	struct llist_node a, b;
	LLIST_HEAD(head);

	EXPECT(llist_add(&a, &head));
	EXPECT(!llist_add(&b, &head));
	EXPECT(llist_del_all(&head) == &b && b.next == &a);
	EXPECT(llist_empty(&head));
	EXPECT(llist_reverse_order(&b) == &a && a.next == &b);
}
