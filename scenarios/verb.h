/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SCENARIOS_VERB_H
#define _SCENARIOS_VERB_H

#include "scn.h"

struct scn_thread;

/** enum scn_param_type - what a parameter takes. */
enum scn_param_type {
	SCN_PARAM_NONE,		/* end of the list */
	SCN_PARAM_FD,		/* a name, or a bare number */
	SCN_PARAM_NUMBER,
	SCN_PARAM_PLACE,	/* PAGE or PAGE+OFFSET */
	SCN_PARAM_STRING,
	SCN_PARAM_WORD,		/* one of a set of words, or a bare number */
	SCN_PARAM_FLAGS,	/* several of them, with commas */
	SCN_PARAM_CONTENTS,	/* a string, or the word "zero" */
	SCN_PARAM_PROCESS,	/* the name of a process */
	SCN_PARAM_FIELD,	/* the name of a field that can be tampered with */
	SCN_PARAM_DATA,		/* a number or a string: what a field is set to */
	SCN_PARAM_ITEMS		/* all the rest of the line: bytes for a raw call */
};

/** enum scn_image - what image= of "reboot" loads; left out, it is a kernel. */
enum scn_image {
	SCN_IMAGE_NONE,		/* nothing: what was loaded before is used */
	SCN_IMAGE_KERNEL,	/* the next kernel, which is told what was handed over */
	SCN_IMAGE_WITHOUT_KHO,	/* the next kernel, loaded so that it isn't told */
	SCN_IMAGE_RETURNS	/* one that comes back: this kernel goes on */
};

/** struct scn_word - a word and the number that it stands for. */
struct scn_word {
	const char *word;
	uint64_t number;
};

/**
 * struct scn_param - a parameter of a verb.
 * @name:     the key for a keyed one; what help calls a positional one
 * @type:     what it takes
 * @optional: may be left out
 * @keyed:    given as NAME=VALUE
 * @kinds:    of SCN_PARAM_FD: what the name may stand for, a mask of enum scn_kind
 * @words:    of SCN_PARAM_WORD and _FLAGS, up to one without a word
 */
struct scn_param {
	const char *name;
	enum scn_param_type type;
	bool optional;
	bool keyed;
	unsigned int kinds;
	const struct scn_word *words;
};

/** enum scn_verb_trait - what the checker has to know about a verb. */
enum scn_verb_trait {
	SCN_TRAIT_NONE,
	SCN_TRAIT_REBOOT,	/* on success all names end */
	SCN_TRAIT_PRESERVE,	/* its token stands for its second parameter from now on */
	SCN_TRAIT_RETRIEVE,	/* binds what that token stands for */
	SCN_TRAIT_DUP,		/* binds what its first parameter is */
	SCN_TRAIT_OPEN,		/* binds what its path says */
	SCN_TRAIT_SEND,		/* its first parameter is under way to a process */
	SCN_TRAIT_RECEIVE,	/* binds what that process has sent */
	SCN_TRAIT_KILL,		/* on success that process has ended */
	SCN_TRAIT_EXIT,		/* its own process ends */
	SCN_TRAIT_START		/* that process has begun again */
};

/**
 * struct scn_verb - an entry of the table of verbs, the only place that knows one.
 * @name:   the word
 * @binds:  kind that "NAME =" stands for afterwards, 0 if it binds nothing
 * @trait:  see there
 * @params: up to the first SCN_PARAM_NONE
 * @run:    does it, on the thread's fiber: owns nothing over a call into the kernel
 * @help:   one line
 */
struct scn_verb {
	const char *name;
	unsigned int binds;
	enum scn_verb_trait trait;
	struct scn_param params[SCN_PARAMS_MAX + 1];
	void (*run)(struct scn_thread *thread);
	const char *help;
};

/** scn_verb_find() - by name; NULL if there is none. */
const struct scn_verb *scn_verb_find(const char *name);
/** scn_word_number() - the number of @v, which may be one of the words of @param. */
uint64_t scn_word_number(const struct scn_param *param, const struct scn_value *v);
/** scn_image() - what that statement, a reboot, loads. */
enum scn_image scn_image(const struct scn_statement *statement);
/** scn_verb_at() - the @i-th of the table; NULL past the end. */
const struct scn_verb *scn_verb_at(unsigned int i);
/** scn_verb_nearest() - the one whose name looks most like @name; NULL if none does. */
const struct scn_verb *scn_verb_nearest(const char *name);

/** scn_process_named() - the process that @st names; NULL if it names none. */
const char *scn_process_named(const struct scn_statement *st);

/** scn_verb_usage() - how it is written: "preserve SESSION FD token=NUMBER". g_free() it. */
char *scn_verb_usage(const struct scn_verb *verb);

/** scn_kind_name() - "a VM" for SCN_VM; "a VM or a session" for a mask. g_free() it. */
char *scn_kind_name(unsigned int kinds);

/* What @run calls; the implementations are in verbs_*.c. */

void scn_do_open_liveupdate(struct scn_thread *t);
void scn_do_create_session(struct scn_thread *t);
void scn_do_retrieve_session(struct scn_thread *t);
void scn_do_preserve(struct scn_thread *t);
void scn_do_retrieve(struct scn_thread *t);
void scn_do_finish(struct scn_thread *t);
void scn_do_get_name(struct scn_thread *t);
void scn_do_reboot(struct scn_thread *t);

void scn_do_tamper(struct scn_thread *t);
void scn_do_log(struct scn_thread *t);

void scn_do_open(struct scn_thread *t);
void scn_do_close(struct scn_thread *t);
void scn_do_dup(struct scn_thread *t);
void scn_do_pipe(struct scn_thread *t);
void scn_do_eventfd(struct scn_thread *t);
void scn_do_lseek(struct scn_thread *t);
void scn_do_truncate(struct scn_thread *t);
void scn_do_fallocate(struct scn_thread *t);
void scn_do_punch_hole(struct scn_thread *t);
void scn_do_ioctl(struct scn_thread *t);

void scn_do_send(struct scn_thread *t);
void scn_do_receive(struct scn_thread *t);
void scn_do_kill(struct scn_thread *t);
void scn_do_exit(struct scn_thread *t);
void scn_do_start(struct scn_thread *t);
void scn_do_load_module(struct scn_thread *t);
void scn_do_delete_module(struct scn_thread *t);

void scn_do_mmap(struct scn_thread *t);
void scn_do_munmap(struct scn_thread *t);
void scn_do_write(struct scn_thread *t);
void scn_do_read(struct scn_thread *t);
void scn_do_touch(struct scn_thread *t);
void scn_do_fill(struct scn_thread *t);
void scn_do_verify(struct scn_thread *t);
void scn_do_madvise(struct scn_thread *t);
void scn_do_poison(struct scn_thread *t);

void scn_do_memfd_create(struct scn_thread *t);
void scn_do_seal(struct scn_thread *t);
void scn_do_get_seals(struct scn_thread *t);
void scn_do_fcntl_getfl(struct scn_thread *t);
void scn_do_fcntl_getfd(struct scn_thread *t);
void scn_do_fchmod(struct scn_thread *t);
void scn_do_fstat(struct scn_thread *t);
void scn_do_read_fd(struct scn_thread *t);
void scn_do_write_fd(struct scn_thread *t);

void scn_do_create_vm(struct scn_thread *t);
void scn_do_create_gmem(struct scn_thread *t);
void scn_do_create_vcpu(struct scn_thread *t);
void scn_do_set_memory_region(struct scn_thread *t);
void scn_do_delete_memory_region(struct scn_thread *t);
void scn_do_set_memory_attributes(struct scn_thread *t);
void scn_do_convert(struct scn_thread *t);
void scn_do_vcpu_write(struct scn_thread *t);
void scn_do_vcpu_read(struct scn_thread *t);
void scn_do_bug_vm(struct scn_thread *t);

#endif /* _SCENARIOS_VERB_H */
