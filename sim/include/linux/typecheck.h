/* SPDX-License-Identifier: GPL-2.0 */
#ifndef TYPECHECK_H_INCLUDED
#define TYPECHECK_H_INCLUDED

/* Simulated: a warning at compile time when types differ. */

#define typecheck(type, x)			\
({	type __tc_a;				\
	typeof(x) __tc_b;			\
	(void)(&__tc_a == &__tc_b);		\
	1;					\
})
#define typecheck_fn(type, function)		\
({	typeof(type) __tc_fn = function;	\
	(void)__tc_fn;				\
})
#define typecheck_pointer(x)	\
({	typeof(x) __tc_p;	\
	(void)sizeof(*__tc_p);	\
	1;			\
})

#endif /* TYPECHECK_H_INCLUDED */
