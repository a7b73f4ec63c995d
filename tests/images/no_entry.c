// SPDX-License-Identifier: GPL-2.0
/*
 * A shared object that is no kernel image.
 */

__attribute__((visibility("default"))) int something_else;
