/* Packed weights in device memory, shared by all plans that want them alike.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/vulkan/device.h"

/* (transfer full): where a device keeps its packs */
GHashTable *limn_vulkan_packs_new (void);
