/* Operations that compute each element of a row by itself: operands placed, work cut by rows, one shader.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/vulkan/vulkan.h"

G_BEGIN_DECLS

#define LIMN_VULKAN_MAX_OPERANDS 3
#define LIMN_VULKAN_ROW_ARGUMENTS 4

/**
 * LimnVulkanOperand:
 * @span: all of it
 * @shape: [n, h, w, c]; if that of the result but for c, rows lie beside each other, else it is broadcast
 * @element: bytes of an element
 * @whole: all of it is bound, whatever its shape; the shader finds its way from the strides
 *
 * What shaders/common/rows.glsl calls an operand.
 */
typedef struct
{
  LimnVulkanSpan span;
  LimnShape      shape;
  gsize          element;
  gboolean       whole;
} LimnVulkanOperand;

/**
 * LimnVulkanRows:
 * @shader: with its type
 * @operands: in the order of bindings; the result's binding follows them
 * @arguments: as the shader has them; floats by their bits
 * @activations: 0, or 1 + what follows, in order
 * @source_line: (nullable): the line (sample · height + row of pixels) of the first input at which line @line of the result begins
 *   to read, and @source_lines how many it reads; the input's strides are then its first line, height, width
 */
typedef struct
{
  const char       *shader;
  LimnVulkanOperand operands[LIMN_VULKAN_MAX_OPERANDS];
  int               n_operands;
  guint32           arguments[LIMN_VULKAN_ROW_ARGUMENTS];
  guint32           activations[LIMN_MAX_EPILOGUES];
  gsize (*source_line) (const LimnNode *node,
                        gsize           line);
  gsize source_lines;
} LimnVulkanRows;

/* The operands of @task's first @n inputs, and the shader @name for their type. */
LimnVulkanRows limn_vulkan_rows_of (const LimnVulkanTask *task,
                                    const char           *name,
                                    int                   n);

/* Records @rows into the task's output. */
gboolean limn_vulkan_rows_record (const LimnVulkanTask *task,
                                  const LimnVulkanRows *rows,
                                  LimnVulkanRecorder   *recorder,
                                  GError              **error);

static inline guint32
limn_vulkan_float_bits (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

G_END_DECLS
