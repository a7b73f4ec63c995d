/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SIM_INIT_INIT_H
#define _SIM_INIT_INIT_H

/* Simulated: what booting and the table of entry points need of the other parts. */

#include <host/host.h>

/* The kernel that is modelled. */
#define SIM_UTS_RELEASE	"7.3.4-luosim"

int sim_boot_kernel(const struct host_boot *boot);
void sim_census(void (*item)(void *ctx, const char *name, host_u64 value, enum host_census rule),
		void *ctx);

/* Called at boot, in this order. */
void mm_early_init(void);
void kmem_cache_init(void);
void radix_tree_init(void);
void vmalloc_init(void);
void pagecache_init(void);
void vfs_caches_init(void);

/* Entry points of other parts. */
long sim_syscall(long nr, const host_u64 args[6]);
int sim_user_access(unsigned long addr, void *buf, host_size len, int write);
int sim_vcpu_access(int fd, host_u64 gpa, void *buf, host_size len, int write,
		    enum host_vcpu_exit *exit);
int sim_memory_failure(host_u64 pfn);
int sim_kernel_page(host_u64 pfn);
int sim_file_page(host_u64 pfn);
int kvm_gmem_private_page(void *inode, host_u64 index);
void luo_sim_files(int incoming, void (*item)(void *ctx, const struct host_file *file), void *ctx);
void luo_sim_retrieved(const char *session, host_u64 token,
		       void (*item)(void *ctx, const struct host_file *file), void *ctx);

/* Counters of the other parts. */
typedef void sim_census_item(void *ctx, const char *name, host_u64 value, enum host_census rule);
void mm_census(sim_census_item *item, void *ctx);
void vfs_census(sim_census_item *item, void *ctx);
void kho_census(sim_census_item *item, void *ctx);
void luo_census(sim_census_item *item, void *ctx);
void kvm_census(sim_census_item *item, void *ctx);

long luo_incoming_pins(void);

void sim_state(unsigned int detail, void (*item)(void *ctx, const struct host_state *line),
	       void *ctx);

#endif /* _SIM_INIT_INIT_H */
