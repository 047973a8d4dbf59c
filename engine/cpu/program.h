/* Programs of the CPU backend: tasks, one after the other, over one piece of memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/backend.h"

extern const LimnBackendClass limn_cpu_class;
