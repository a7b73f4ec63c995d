// SPDX-License-Identifier: GPL-2.0
/*
 * An image built against another version of the host interface.
 */

#include <host/host.h>

static const struct host_image image = { .abi = HOST_ABI_VERSION + 1 };

__attribute__((visibility("default")))
const struct host_image *luosim_image_init(const struct host_ops *ops);
__attribute__((visibility("default")))
const struct host_image *luosim_image_init(const struct host_ops *ops)
{
	return &image;
}
