/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _CRYPTO_SHA2_H
#define _CRYPTO_SHA2_H

/* Stub: nothing is hashed here; the size is part of a declaration. */

#define SHA256_DIGEST_SIZE	32

#endif /* _CRYPTO_SHA2_H */
