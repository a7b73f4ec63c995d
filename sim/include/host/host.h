/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HOST_HOST_H
#define _HOST_HOST_H

/**
 * DOC: The seam between the simulated kernel and the machine
 *
 * A kernel image is a shared object. The machine (model/) loads it, hands it
 * one table of host functions and gets one table of entry points back; nothing
 * else crosses. Neither side calls the other by name, so that two images, or
 * two copies of one image, can be two kernels in one process.
 *
 * Both sides include this file, the image without any libc header, so it
 * defines everything from the compiler's own types.
 */

#define HOST_ABI_VERSION	4

/** The one symbol an image exports, of type &host_image_init_fn. */
#define HOST_IMAGE_INIT		luosim_image_init

typedef __UINT64_TYPE__ host_u64;
typedef __SIZE_TYPE__ host_size;

#define HOST_PAGE_SHIFT		12
#define HOST_PAGE_SIZE		(1UL << HOST_PAGE_SHIFT)

/** enum host_choice - what a choice decides; part of every recorded trace. */
enum host_choice {
	HOST_CHOICE_SCHEDULE,	/* which runnable task goes on */
	HOST_CHOICE_FAULT,	/* does a call that may fail, fail */
	HOST_CHOICE_GRACE,	/* does a grace period end here */
	HOST_CHOICE_SIGNAL,	/* is a signal pending */
	HOST_CHOICE_KINDS
};

/** enum host_op - what a task is about to do to a shared object. */
enum host_op {
	HOST_OP_READ,		/* READ_ONCE, a load from a shared structure */
	HOST_OP_WRITE,		/* WRITE_ONCE */
	HOST_OP_RMW,		/* atomic, refcount, bit operation */
	HOST_OP_ACQUIRE,	/* exclusive lock */
	HOST_OP_ACQUIRE_SHARED,	/* lock taken as a reader */
	HOST_OP_TRY,		/* trylock, exclusive */
	HOST_OP_TRY_SHARED,
	HOST_OP_RELEASE,
	HOST_OP_RELEASE_SHARED,
	HOST_OP_RCU_LOCK,
	HOST_OP_RCU_UNLOCK,
	HOST_OP_RCU_SYNC,
	HOST_OP_WAKE,		/* wake who sleeps on the object */
	HOST_OP_WAIT,		/* a wake-up from here on counts for its next sleep there */
	HOST_OP_LOCKED,		/* acquire exclusively, do something, release: one step */
	HOST_OP_DOWNGRADE,	/* held exclusively, from now on shared */
	HOST_OP_HALT,		/* by the machine: no thread does anything after it */
	HOST_OP_KINDS
};

/** enum host_stop - why a kernel can't go on. */
enum host_stop {
	HOST_STOP_BUG,		/* BUG(): the kernel's own assertion */
	HOST_STOP_PANIC,	/* panic() */
	HOST_STOP_CHECK,	/* a check of the simulator, e.g. unlock by a stranger */
	HOST_STOP_TEST,		/* an expectation of a SIM_TEST failed */
	HOST_STOP_LIMIT		/* a limit of the simulator was reached */
};

/** enum host_mem - what the owner of a piece of memory lets others do to it. */
enum host_mem {
	HOST_MEM_NOACCESS,	/* free, or a red zone */
	HOST_MEM_UNDEFINED,	/* allocated, not yet written */
	HOST_MEM_DEFINED	/* allocated and initialised */
};

/**
 * enum host_event_type - what happened, for checkers that watch.
 *
 * The comment names the members of &struct host_event that are set. An event
 * is sent after the fact, by the task that did it.
 */
enum host_event_type {
	HOST_EVENT_PAGE_ALLOC,		/* pfn, order */
	HOST_EVENT_PAGE_FREE,		/* pfn, order */
	HOST_EVENT_PAGE_RELEASE,	/* pfn, order: last reference gone, before the free */
	HOST_EVENT_PAGE_WITHHELD,	/* pfn, order: preserved memory kept from the allocator */
	HOST_EVENT_KHO_PRESERVE,	/* pfn, order */
	HOST_EVENT_KHO_UNPRESERVE,	/* pfn, order */
	HOST_EVENT_KHO_RESTORE,		/* pfn, order: restored by the new kernel */
	HOST_EVENT_KHO_RESTORE_BAD,	/* pfn: nothing to restore there */
	HOST_EVENT_FILE_PRESERVED,	/* name = session, value = token */
	HOST_EVENT_FILE_UNPRESERVED,	/* name = session, value = token */
	HOST_EVENT_FILE_RETRIEVED,	/* name = session, value = token */
	HOST_EVENT_FILE_FINISHED,	/* name = session, value = token */
	HOST_EVENT_WARN,		/* file, line, name = condition or text */
	HOST_EVENT_LOCK_HELD,		/* name = lock: still held on return to user space */
	HOST_EVENT_CONVERTED,		/* value = address of an inode with pages that became
					 * private or shared */
	HOST_EVENT_FOLIO_SPLIT,		/* pfn, order: before; value = order after */
	HOST_EVENT_FOLIO_MIGRATED,	/* pfn, order; value = pfn of the folio it is now */
	HOST_EVENT_KHO_SCRATCH,		/* pfn, value = pages: where the next kernel boots */
	HOST_EVENT_KHO_PRESERVE_BAD,	/* pfn, order: refused, it lies in such an area */
	HOST_EVENT_LOCK_ORDER,		/* name = lock held, other = lock about to be taken */
	HOST_EVENT_USER_ACCESS,		/* name = lock held while the kernel goes there */
	HOST_EVENT_FILE_PRESERVING,	/* name = session, value = token: preserve() is called */
	HOST_EVENT_FILE_REFUSED,	/* name = session, value = token: and failed */
	HOST_EVENT_FILE_FROZEN,		/* name = session, value = token */
	HOST_EVENT_FILE_UNFROZEN,	/* name = session, value = token */
	HOST_EVENT_SERIALIZING,		/* LUO begins to write down what is preserved */
	HOST_EVENT_SERIALIZED,		/* value = 0, or the errno of who refused */
	HOST_EVENT_LOCK_AGAIN,		/* name = lock that its reader wants again */
	HOST_EVENT_TYPES
};

/**
 * struct host_event - one event.
 * @type:  what happened
 * @pfn:   page frame number
 * @order: log2 of the number of pages
 * @value: see the type
 * @name:  see the type; valid during the call only
 * @other: likewise
 * @file:  source file, or NULL when only @ip is known
 * @line:  source line
 * @ip:    address in the image that caused it
 * @frame: frame pointer there, from which callers can be found
 */
struct host_event {
	enum host_event_type type;
	host_u64 pfn;
	unsigned int order;
	host_u64 value;
	const char *name;
	const char *other;
	const char *file;
	int line;
	const void *ip;
	const void *frame;
};

/**
 * enum host_access_kind - what a record of the log of accesses tells.
 *
 * After the accesses: what orders those of one task before those of another. What is said
 * of an object with HOST_SYNC_*ACQUIRE* is told once it has happened: a lock is taken, a
 * value was read.
 */
enum host_access_kind {
	HOST_ACCESS_READ,
	HOST_ACCESS_WRITE,
	HOST_ACCESS_NEW,		/* memory is given out: what was there before is over */
	HOST_ACCESS_FREE,		/* memory is given back */
	HOST_SYNC_ACQUIRE,		/* after all releases, shared ones too */
	HOST_SYNC_ACQUIRE_SHARED,	/* after all releases that are not shared */
	HOST_SYNC_RELEASE,
	HOST_SYNC_RELEASE_SHARED,
	HOST_SYNC_LOAD,			/* a marked load that orders nothing by itself */
	HOST_SYNC_LOAD_ACQUIRE,
	HOST_SYNC_STORE,		/* a marked store that orders nothing by itself */
	HOST_SYNC_STORE_RELEASE,
	HOST_SYNC_RMW,			/* atomic, without order */
	HOST_SYNC_RMW_ACQUIRE,
	HOST_SYNC_RMW_RELEASE,
	HOST_SYNC_RMW_FULL,
	HOST_SYNC_FENCE_READ,		/* smp_rmb() */
	HOST_SYNC_FENCE_WRITE,		/* smp_wmb() */
	HOST_SYNC_FENCE,		/* smp_mb() */
	HOST_SYNC_CALLBACK,		/* what follows runs on this task, but is not its own */
	HOST_SYNC_CALLBACK_END
};

#define HOST_ACCESS_CALLERS	12u

/**
 * struct host_access - one record of the log.
 * @address: of the access, or of the object
 * @size:    bytes, of an access
 * @kind:    an enum host_access_kind
 * @marked:  READ_ONCE(), WRITE_ONCE(), an atomic: meant to be shared
 * @own:     it is done by a builtin of the compiler, which nobody but the simulator uses: after
 *           a scheduling point, or where no order matters
 * @callers_nr: number of @callers
 * @callers: where in the image it was done, innermost call first: offsets of return addresses
 *           from &host_log.text
 */
struct host_access {
	host_u64 address;
	unsigned int size;
	unsigned char kind;
	unsigned char marked;
	unsigned char own;
	unsigned char callers_nr;
	unsigned int callers[HOST_ACCESS_CALLERS];
};

/* A bit for each word of a page. */
#define HOST_LOG_FILTER		(HOST_PAGE_SIZE / 8 / 64)

/* How memory is about to be accessed: of host_ops.touch. */
#define HOST_TOUCH_WRITE	(1U << 0)	/* or given back */
#define HOST_TOUCH_MARKED	(1U << 1)	/* READ_ONCE() and its like */
#define HOST_TOUCH_PART		(1U << 2)	/* can be done in parts, one by one */

#define HOST_LOG_MAX		256u
#define HOST_LOG_SEEN		256u

/**
 * struct host_log - what the task that runs has done to memory, since the host last looked.
 * @on:      the host listens
 * @exempt:  ... but not now: counts who does not want it to
 * @nr:      number of @records
 * @round:   what @seen holds of another round is out of date
 * @stack:   the task's own stack, which is nobody else's business
 * @stack_size: bytes of it
 * @text:    the image's code
 * @text_size: bytes of it
 * @points:  words of a page, in some of which lies what host_ops.touch has to be asked about
 * @seen:    accesses of this round, by address: what was told need not be told again. @kinds
 *           is a set of bits, one for each way to access
 * @records: in order. When there is no more room, host_ops.log takes them
 */
struct host_log {
	int on;
	int exempt;
	unsigned int nr;
	unsigned int round;
	host_u64 stack;
	host_u64 stack_size;
	host_u64 text;
	host_u64 text_size;
	host_u64 points[HOST_LOG_FILTER];
	struct {
		host_u64 address;
		unsigned int round;
		unsigned short size;
		unsigned char kinds;
	} seen[HOST_LOG_SEEN];
	struct host_access records[HOST_LOG_MAX];
};

/** HOST_UNDO_SIZE_SHIFT - where the number of bytes is in the last word of a note. */
#define HOST_UNDO_SIZE_SHIFT	48
/** HOST_UNDO_NOTE_MAX - bytes that one note holds, at most. */
#define HOST_UNDO_NOTE_MAX	0x8000UL

/**
 * struct host_undo - what was in memory before the kernel wrote to it.
 * @direct: the direct map: here physical memory begins
 * @size:   what lies from there up to the end of the vmalloc range is looked after; 0: nothing
 * @statics, @statics_size: likewise the statics of the image
 * @user, @user_size: likewise the memory of programs
 * @memory: bytes of physical memory
 * @vmalloc: the vmalloc range: its first @memory bytes are physical memory as well
 * @at:     top of a stack of notes. Each is what some words were, and above that a word: their
 *          address, and the number of bytes from bit HOST_UNDO_SIZE_SHIFT on
 * @limit:  the stack ends here
 */
struct host_undo {
	host_u64 direct;
	host_u64 size;
	host_u64 statics;
	host_u64 statics_size;
	host_u64 user;
	host_u64 user_size;
	host_u64 memory;
	host_u64 vmalloc;
	char *at;
	char *limit;
};

/**
 * struct host_ops - what the machine does for a kernel.
 * @choose:    one of 0..@n-1; 0 is the ordinary outcome (go on, succeed). @n >= 1
 * @point:     the current task is about to do @op to @object: other tasks may run
 *             before this returns
 * @block:     put the current task to sleep until @object is woken; @what names the
 *             object for a deadlock report. Test again afterwards. See below
 * @wake:      make every task that sleeps on @object runnable. See below
 * @event:     tell the checkers
 * @console:   what printk() printed; @level 0 (emergency) to 7 (debug)
 * @stop:      this kernel can't go on; does not return
 * @kexec:     jump into the next kernel; does not return
 * @signal:    @task has to end, if it sleeps the kernel wakes it: if it was never started
 *             or has no thread, call @task_exit for it instead of anything else
 * @exit:      the current task is gone, by @task_exit; does not return
 * @mem_state: tell ASan or Valgrind about memory; NULL when neither watches
 * @vmap:      map physical pages @phys.. at @vaddr in the vmalloc range; 0 or -errno
 * @vunmap:    undo @vmap
 * @zero:      make whole pages of physical memory zero; costs little for pages that
 *             nobody has used
 * @log:       take what is in &host_boot.log, which is full
 * @undo:      note what is in words at @addr, @size bytes, where &host_boot.undo has no room
 *             for them or @addr is mapped by @vmap
 * @touch:     memory is about to be accessed, as the HOST_TOUCH_* in @how say: other tasks may
 *             run before this returns. Return: how much of it is accessed next; all of it, unless
 *             it can be done in parts. @frame: of the function that was called for it
 * @spawn:     where tasks run together: call @fn(@arg) as @task, beside them, some time from now
 *             on; it is part of the phase, which ends after it. Before anything that others can see
 *             it may sleep on @object, as if it had come there by a step on it. @name is what
 *             for. 0: they don't, nothing was done; with @task NULL that is all that it tells
 *
 * All are called on the stack of a task, @event, @console, @mem_state and @vmap
 * during boot as well.
 *
 * What a task does from one @point to the next is a step on the object of the first. For
 * whoever tries orders, steps of different tasks on different objects commute, and so do
 * those on one object that only look at it or only add to it: READ, ACQUIRE_SHARED,
 * TRY_SHARED, RELEASE_SHARED, RCU_LOCK, RCU_UNLOCK, WAIT. So sleeping and waking have to be
 * seen as dependent:
 *
 * - @wake is called in a step on @object that is neither READ nor RCU_LOCK nor WAIT;
 * - @block is called in a step on @object of a kind that doesn't commute, or by a reader
 *   that comes to a lock; then what is tested before is tested in that step. Or the task's
 *   last WAIT was on @object: a wake-up since then is not lost, @block then returns as
 *   soon as the task is chosen. To go on after @block is such a step on @object as well,
 *   and counts as WAIT.
 *
 * The machine checks that while there are several tasks.
 */
struct host_ops {
	unsigned int abi;
	unsigned int (*choose)(enum host_choice kind, unsigned int n);
	void (*point)(enum host_op op, const volatile void *object);
	void (*block)(const volatile void *object, const char *what);
	void (*wake)(const volatile void *object);
	void (*event)(const struct host_event *event);
	void (*console)(int level, const char *text, host_size len);
	void (*stop)(enum host_stop why, const char *file, int line, const char *text)
		__attribute__((noreturn));
	void (*kexec)(host_u64 fdt_phys, host_u64 fdt_len, host_u64 scratch_phys,
		      host_u64 scratch_len) __attribute__((noreturn));
	void (*mem_state)(void *addr, host_size len, enum host_mem state);
	int (*vmap)(unsigned long vaddr, host_u64 phys, host_size len);
	void (*vunmap)(unsigned long vaddr, host_size len);
	void (*signal)(void *task);
	void (*exit)(void) __attribute__((noreturn));
	void (*zero)(host_u64 phys, host_size len);
	void (*log)(void);
	void (*undo)(host_u64 addr, host_size size);
	host_size (*touch)(const volatile void *address, host_size size, unsigned int how,
			   const void *frame);
	int (*spawn)(void *task, void (*fn)(void *arg), void *arg, const volatile void *object,
		     const char *name);
};

/**
 * struct host_boot - what a kernel finds when it starts.
 * @direct_map:   where physical address 0 is mapped; another place at every boot
 * @memory:       bytes of physical memory; a multiple of 4 MiB for each node
 * @nodes:        number of NUMA nodes, each with an equal, contiguous share
 * @vmalloc_base: first address of the vmalloc range. Its first @memory bytes map
 *                physical memory a second time, the rest is for host_ops.vmap
 * @vmalloc_size: bytes of that range
 * @user_base:    memory through which system call arguments pass; the only
 *                address range that is user memory without an mmap()
 * @user_size:    bytes of that memory
 * @kho_fdt:      physical address of the KHO tree, 0 for a cold boot
 * @kho_fdt_len:  its length
 * @kho_scratch:  physical address of the array of scratch areas
 * @kho_scratch_len: its length in bytes
 * @cmdline:      kernel command line, e.g. "liveupdate=on"
 * @concurrent:   points to non-zero while more than one task could run, so that
 *                host_ops.point has something to decide
 * @log:          where an image with hooks tells of accesses to memory; NULL: nowhere
 * @undo:         where an image with &host_image.stores notes what it overwrites
 */
struct host_boot {
	void *direct_map;
	host_u64 memory;
	unsigned int nodes;
	unsigned long vmalloc_base;
	host_u64 vmalloc_size;
	unsigned long user_base;
	host_u64 user_size;
	host_u64 kho_fdt;
	host_u64 kho_fdt_len;
	host_u64 kho_scratch;
	host_u64 kho_scratch_len;
	const char *cmdline;
	const int *concurrent;
	struct host_log *log;
	struct host_undo *undo;
};

/**
 * struct host_page - one page of a preserved file.
 * @index: page offset in the file
 * @pfn:   where it is
 */
struct host_page {
	host_u64 index;
	host_u64 pfn;
};

/**
 * struct host_file - a file that LUO holds, as seen by the checkers.
 * @session:    name of the session
 * @token:      token in that session
 * @compatible: the handler
 * @has_pages:  the file has a page cache: @size and the pages mean something
 * @size:       i_size, bytes
 * @position:   f_pos, bytes
 * @seals:      F_SEAL_*, negative for a file that can't have any: its position means
 *              nothing then
 * @visit:      calls @page for each page that is present and in use, in ascending
 *              order of index
 */
struct host_file {
	const char *session;
	host_u64 token;
	const char *compatible;
	int has_pages;
	host_u64 size;
	host_u64 position;
	int seals;
	void (*visit)(const struct host_file *file,
		      void (*page)(void *ctx, const struct host_page *page), void *ctx);
	void *inode;
};

/** enum host_census - how a counter of the census is judged after the last close. */
enum host_census {
	HOST_CENSUS_EQUAL,	/* equal to what it was right after boot */
	HOST_CENSUS_ZERO,	/* zero */
	HOST_CENSUS_INFO	/* not judged */
};

/** enum host_state_kind - how the value of a line of the state is to be read. */
enum host_state_kind {
	HOST_STATE_NUMBER,
	HOST_STATE_ERROR,	/* 0 or a positive number, or -errno */
	HOST_STATE_HASH		/* of more than fits into a line: equal or not */
};

/**
 * struct host_state - one line of the description of a kernel's state.
 * @key:   what it is about, in words that are the same in each run and that no other
 *         line has; valid during the call only
 * @value: what there is to say about it. No virtual address gets in here, nor does
 *         what only the allocators know
 * @kind:  how to read @value
 */
struct host_state {
	const char *key;
	host_u64 value;
	enum host_state_kind kind;
};

/* What host_image.state looks at in addition. */
#define HOST_STATE_CONTENTS	(1u << 0)	/* the bytes in the pages of files */

/** enum host_vcpu_exit - how an access by a virtual CPU ended. */
enum host_vcpu_exit {
	HOST_VCPU_DONE,
	HOST_VCPU_MEMORY_FAULT,	/* KVM_EXIT_MEMORY_FAULT */
	HOST_VCPU_MMIO		/* no memory slot there */
};

/** struct host_test - one SIM_TEST, a function that runs in a booted kernel. */
struct host_test {
	const char *name;
	void (*run)(void);
};

/**
 * struct host_image - the entry points of a kernel.
 * @release:       utsname release
 * @statics_start: the image's resettable statics, page aligned. Restored by the
 *                 machine to what they were after loading, before each boot
 * @statics_end:   their end, page aligned
 * @current_task:  where the machine stores the task whose fiber runs
 * @boot:          starts the kernel, on a fiber of its own with no current task.
 *                 0 or a negative errno; a panic is reported by host_ops.stop
 * @process_create: a new process without descriptors; NULL if out of memory
 * @process_exit:  ends a process: its mappings and descriptors go. Called by one of
 *                 its tasks, after which only task_exit() is allowed
 * @task_create:   a new task of @process; NULL if out of memory
 * @task_exit:     ends a task; the last one of a process frees the process
 * @process_pid:   the number of a process
 * @process_connect: a pair of connected sockets, an end in each of two processes, as
 *                 if they had inherited them. 0 and the descriptors, or -errno
 * @syscall:       number (x86-64 numbering) and arguments; result or -errno
 * @user_access:   a load or store at user address @addr. 0, or a signal number
 * @vcpu_access:   a load or store by virtual CPU @fd at guest address @gpa. 0 or
 *                 -errno; @exit says how the run ended
 * @memory_failure: a hardware error in the page at @pfn. 0 or -errno
 * @census:        calls @item for each counter, always in the same order
 * @files:         calls @item for each file in each session: outgoing sessions if
 *                 @incoming is 0, else those files of incoming sessions that have
 *                 been retrieved
 * @retrieved:     calls @item for the file @token of the incoming session of that name,
 *                 if it has been retrieved
 * @kernel_page:   non-zero if @pfn holds kernel data, zero if it belongs to a file's
 *                 page cache, whose contents are the user's own business
 * @private_page:  of host_file.inode: 1 if page @index of the file is private to guests,
 *                 0 if it is shared, -1 if its files know no such thing; may be NULL
 * @state:         calls @item for each line of a description of all that means something
 *                 in this kernel; @detail is a set of HOST_STATE_*. The same state gives
 *                 the same lines in the same order
 * @tests:         SIM_TESTs in this image
 * @tests_nr:      their number
 * @file_page:     non-zero if @pfn holds what is in a file; may be NULL
 * @hooks:         non-zero: accesses to memory are told to &host_boot.log
 * @stores:        non-zero: what is overwritten in memory is noted in &host_boot.undo
 *
 * All but @boot, @census, @files, @retrieved, @kernel_page, @private_page, @state and
 * @file_page are
 * called on a task's fiber.
 */
struct host_image {
	unsigned int abi;
	const char *release;
	void *statics_start;
	void *statics_end;
	void **current_task;
	int (*boot)(const struct host_boot *boot);
	void *(*process_create)(const char *name);
	void (*process_exit)(void);
	void *(*task_create)(void *process, const char *name);
	void (*task_exit)(void *task);
	long (*syscall)(long nr, const host_u64 args[6]);
	int (*user_access)(unsigned long addr, void *buf, host_size len, int write);
	int (*vcpu_access)(int fd, host_u64 gpa, void *buf, host_size len, int write,
			   enum host_vcpu_exit *exit);
	int (*memory_failure)(host_u64 pfn);
	void (*census)(void (*item)(void *ctx, const char *name, host_u64 value,
				    enum host_census rule), void *ctx);
	void (*files)(int incoming, void (*item)(void *ctx, const struct host_file *file),
		      void *ctx);
	void (*retrieved)(const char *session, host_u64 token,
			  void (*item)(void *ctx, const struct host_file *file), void *ctx);
	int (*kernel_page)(host_u64 pfn);
	int (*private_page)(void *inode, host_u64 index);
	void (*state)(unsigned int detail,
		      void (*item)(void *ctx, const struct host_state *line), void *ctx);
	const struct host_test *tests;
	unsigned int tests_nr;
	int (*process_pid)(void *process);
	int (*process_connect)(void *a, void *b, int fd[2]);
	int (*file_page)(host_u64 pfn);
	int hooks;
	int stores;
};

typedef const struct host_image *host_image_init_fn(const struct host_ops *ops);

#endif /* _HOST_HOST_H */
