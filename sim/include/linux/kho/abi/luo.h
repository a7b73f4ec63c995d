/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_KHO_ABI_LUO_H
#define _LINUX_KHO_ABI_LUO_H

/*
 * Simulated: what Linux 7.3's Live Update Orchestrator hands over, bit for bit. The
 * subnode "LUO" of the root leads to &struct luo_ser, which leads to everything else:
 * blocks of sessions, each with blocks of files, and the page of FLBs.
 */

#include <linux/align.h>
#include <linux/build_bug.h>
#include <linux/kho/abi/block.h>
#include <linux/stddef.h>
#include <uapi/linux/liveupdate.h>

#define LUO_KHO_ENTRY_NAME	"LUO"
#define LUO_ABI_COMPATIBLE	"luo-v5"
#define LUO_ABI_COMPAT_LEN	ALIGN(sizeof(LUO_ABI_COMPATIBLE), 8)

/**
 * struct luo_ser - the root.
 * @compatible:     LUO_ABI_COMPATIBLE
 * @liveupdate_num: number of live updates since the last cold boot
 * @sessions_pa:    first block of &struct luo_session_ser, 0 without sessions
 * @flbs_pa:        the &struct luo_flb_header_ser
 */
struct luo_ser {
	char compatible[LUO_ABI_COMPAT_LEN];
	u64 liveupdate_num;
	u64 sessions_pa;
	u64 flbs_pa;
} __packed;

#define LIVEUPDATE_HNDL_COMPAT_LENGTH	48

/**
 * struct luo_file_ser - a file.
 * @compatible: its handler
 * @data:       what the handler's preserve() or freeze() returned
 * @token:      the user's name for it
 */
struct luo_file_ser {
	char compatible[LIVEUPDATE_HNDL_COMPAT_LENGTH];
	u64 data;
	u64 token;
} __packed;

/**
 * struct luo_file_set_ser - the files of a session.
 * @files: first block of &struct luo_file_ser, 0 without files
 * @count: number of files
 */
struct luo_file_set_ser {
	u64 files;
	u64 count;
} __packed;

/** struct luo_session_ser - a session. */
struct luo_session_ser {
	char name[LIVEUPDATE_SESSION_NAME_LENGTH];
	struct luo_file_set_ser file_set_ser;
} __packed;

#define LIVEUPDATE_FLB_COMPAT_LENGTH	48

/**
 * struct luo_flb_header_ser - head of the FLBs' memory; entries follow.
 * @pgcnt: pages of that memory
 * @count: number of entries
 */
struct luo_flb_header_ser {
	u64 pgcnt;
	u64 count;
} __packed;

/**
 * struct luo_flb_ser - a file-lifecycle-bound object.
 * @name:  its compatible string
 * @data:  what its preserve() returned
 * @count: number of preserved files that depend on it
 */
struct luo_flb_ser {
	char name[LIVEUPDATE_FLB_COMPAT_LENGTH];
	u64 data;
	u64 count;
} __packed;

/* Compatible strings of the FLBs that tests hang on every handler. */
#define LIVEUPDATE_TEST_FLB_COMPATIBLE(i)	"liveupdate-test-flb-v" #i

static_assert(sizeof(struct luo_ser) == 32);
static_assert(offsetof(struct luo_ser, liveupdate_num) == 8);
static_assert(offsetof(struct luo_ser, sessions_pa) == 16);
static_assert(offsetof(struct luo_ser, flbs_pa) == 24);
static_assert(sizeof(struct luo_file_ser) == 64);
static_assert(offsetof(struct luo_file_ser, data) == 48);
static_assert(offsetof(struct luo_file_ser, token) == 56);
static_assert(sizeof(struct luo_file_set_ser) == 16);
static_assert(sizeof(struct luo_session_ser) == 80);
static_assert(offsetof(struct luo_session_ser, file_set_ser) == 64);
static_assert(sizeof(struct luo_flb_header_ser) == 16);
static_assert(sizeof(struct luo_flb_ser) == 64);
static_assert(offsetof(struct luo_flb_ser, data) == 48);
static_assert(offsetof(struct luo_flb_ser, count) == 56);

#endif /* _LINUX_KHO_ABI_LUO_H */
