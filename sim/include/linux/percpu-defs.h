/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_PERCPU_DEFS_H
#define _LINUX_PERCPU_DEFS_H

/* Simulated: per-processor variables, of the one processor; see linux/cpumask.h. */

#define DECLARE_PER_CPU(type, name)	extern typeof(type) name
#define DEFINE_PER_CPU(type, name)	typeof(type) name
#define per_cpu(var, cpu)		(*((void)(cpu), &(var)))
#define per_cpu_ptr(ptr, cpu)		((void)(cpu), (ptr))
#define this_cpu_ptr(ptr)		(ptr)
#define this_cpu_read(var)		READ_ONCE(var)
#define this_cpu_write(var, val)	WRITE_ONCE(var, val)
#define __this_cpu_read(var)		(var)
#define __this_cpu_write(var, val)	((var) = (val))
#define this_cpu_inc(var)		((var)++)
#define this_cpu_dec(var)		((var)--)
#define this_cpu_add(var, val)		((var) += (val))
#define get_cpu_var(var)		(var)
#define put_cpu_var(var)		do { } while (0)

#endif /* _LINUX_PERCPU_DEFS_H */
