/* Programs of the Vulkan backend: tasks recorded once, submitted for each run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/backend.h"

extern const LimnBackendClass limn_vulkan_class;
