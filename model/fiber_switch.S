/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Switching stacks on x86-64. Only what a called function must preserve is saved: the
 * compiler has saved the rest around the call. The floating point control words are
 * left alone, nothing here changes them.
 */

	.text

/* void fiber_switch_stack(void **save, void *load) */
	.globl	fiber_switch_stack
	.hidden	fiber_switch_stack
	.type	fiber_switch_stack, @function
fiber_switch_stack:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
	.size	fiber_switch_stack, . - fiber_switch_stack

/* First instruction of a new fiber: the fiber is in %rbx, %rbp is 0 and ends the frames. */
	.globl	fiber_start
	.hidden	fiber_start
	.type	fiber_start, @function
fiber_start:
	.cfi_startproc
	.cfi_undefined rip
	movq	%rbx, %rdi
	call	fiber_main
	ud2
	.cfi_endproc
	.size	fiber_start, . - fiber_start

	.section .note.GNU-stack, "", @progbits
