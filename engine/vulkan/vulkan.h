/* The Vulkan backend: what its kernels are given, and how they record their dispatches.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "engine/core/graph.h"

#include <vulkan/vulkan.h>

G_BEGIN_DECLS

#define LIMN_VULKAN_MAX_BINDINGS 10
#define LIMN_VULKAN_MAX_CONSTANTS 16
#define LIMN_VULKAN_MAX_PUSH 128 /* bytes; every driver has as many */

typedef struct _LimnVulkan         LimnVulkan;
typedef struct _LimnVulkanRecorder LimnVulkanRecorder;

/**
 * LimnVulkanSpan:
 * @buffer: of the device
 * @offset: bytes from its start, a multiple of %LIMN_ARENA_ALIGN
 * @size: bytes
 *
 * Where a tensor or a packed weight lies.
 */
typedef struct
{
  VkBuffer     buffer;
  VkDeviceSize offset, size;
} LimnVulkanSpan;

/**
 * LimnVulkanTask:
 * @node: what to compute
 * @vulkan: the backend
 * @inputs, @output, @scratch: set before record()
 * @scratch_size: bytes wanted during the run of this node alone; set by prepare()
 * @state: the kernel's own, made by prepare(), freed by clear()
 *
 * A node made ready, as LimnCpuTask is for the CPU.
 */
typedef struct
{
  const LimnNode *node;
  LimnVulkan     *vulkan;
  LimnVulkanSpan  inputs[LIMN_MAX_INPUTS];
  LimnVulkanSpan  output;
  LimnVulkanSpan  scratch;
  gsize           scratch_size;
  gpointer        state;
} LimnVulkanTask;

/**
 * LimnVulkanKernel:
 * @prepare: (nullable): packs weights, chooses; no places of activations are known yet
 * @record: records the node's dispatches; called once, what it recorded is run many times
 * @clear: (nullable): frees @state
 * @in_place: the output may be the memory of the first input (same size)
 */
typedef struct _LimnVulkanKernel
{
  gboolean (*prepare) (LimnVulkanTask *task,
                       GError        **error);
  gboolean (*record) (const LimnVulkanTask *task,
                      LimnVulkanRecorder   *recorder,
                      GError              **error);
  void (*clear) (LimnVulkanTask *task);
  gboolean in_place;
} LimnVulkanKernel;

extern const LimnVulkanKernel limn_vulkan_activation;
extern const LimnVulkanKernel limn_vulkan_add;
extern const LimnVulkanKernel limn_vulkan_affine;
extern const LimnVulkanKernel limn_vulkan_attention;
extern const LimnVulkanKernel limn_vulkan_cast;
extern const LimnVulkanKernel limn_vulkan_concat;
extern const LimnVulkanKernel limn_vulkan_constant;
extern const LimnVulkanKernel limn_vulkan_conv;
extern const LimnVulkanKernel limn_vulkan_embedding;
extern const LimnVulkanKernel limn_vulkan_geglu;
extern const LimnVulkanKernel limn_vulkan_group_norm;
extern const LimnVulkanKernel limn_vulkan_layer_norm;
extern const LimnVulkanKernel limn_vulkan_linear;
extern const LimnVulkanKernel limn_vulkan_modulate;
extern const LimnVulkanKernel limn_vulkan_multiply;
extern const LimnVulkanKernel limn_vulkan_patchify;
extern const LimnVulkanKernel limn_vulkan_prelu;
extern const LimnVulkanKernel limn_vulkan_resize;
extern const LimnVulkanKernel limn_vulkan_rms_norm;
extern const LimnVulkanKernel limn_vulkan_slice;
extern const LimnVulkanKernel limn_vulkan_timestep;
extern const LimnVulkanKernel limn_vulkan_token_mean;
extern const LimnVulkanKernel limn_vulkan_unpatchify;

/**
 * LimnVulkanLimits:
 * @binding: the largest range of a storage buffer, bytes
 * @alignment: of a binding's offset, bytes; at most %LIMN_ARENA_ALIGN
 * @groups: the largest number of workgroups in each direction
 * @group_size: the most invocations in one
 * @shared: bytes of shared memory of a workgroup
 * @subgroup: invocations of a subgroup; 0 where its arithmetic is not there in compute
 * @software: a rasteriser on the processor, not a graphics card
 *
 * What kernels have to know about the device.
 */
typedef struct
{
  VkDeviceSize binding;
  guint32      alignment;
  guint32      groups[3];
  guint32      group_size;
  guint32      shared;
  guint32      subgroup;
  gboolean     software;
} LimnVulkanLimits;

const LimnVulkanLimits *limn_vulkan_limits (const LimnVulkan *vulkan);

typedef enum
{
  LIMN_NO_TEXELS,
  LIMN_TEXELS_F32,
  LIMN_TEXELS_F16
} LimnTexels;

typedef enum
{
  LIMN_VULKAN_READ = 1 << 0,
  LIMN_VULKAN_WRITE = 1 << 1
} LimnVulkanAccess;

/**
 * LimnVulkanBinding:
 * @texels: if not %LIMN_NO_TEXELS, the shader reads it as a samplerBuffer, four elements of that type a texel, instead of as a
 *   storage buffer. Software rasterisers gather texels many times as fast as they read buffers
 */
typedef struct
{
  LimnVulkanSpan   span;
  LimnVulkanAccess access;
  LimnTexels       texels;
} LimnVulkanBinding;

/**
 * LimnVulkanDispatch:
 * @shader: a file of shaders/ without ".comp", and "-TYPE" where it is built for several types: "add-f16"
 * @constants: values of specialisation constants 0, 1, …
 * @bindings: storage buffers of set 0, bindings 0, 1, …; a place that the shader does not read in this dispatch repeats another one
 * @push: push constants, kept by the call
 * @groups: workgroups
 * @operations: arithmetic operations, to cut command buffers by; may be 0 for what only moves memory
 *
 * Bindings start at multiples of the device's alignment: see limn_vulkan_cut().
 */
typedef struct
{
  const char       *shader;
  guint32           constants[LIMN_VULKAN_MAX_CONSTANTS];
  int               n_constants;
  LimnVulkanBinding bindings[LIMN_VULKAN_MAX_BINDINGS];
  int               n_bindings;
  const void       *push;
  gsize             push_size;
  guint32           groups[3];
  double            operations;
} LimnVulkanDispatch;

/**
 * limn_vulkan_recorder_dispatch:
 *
 * Records one dispatch, with a barrier before it where it needs what an earlier one writes (or overwrites what one reads).
 *
 * Returns: %FALSE with an error if the driver refuses the shader or the memory for it
 */
gboolean limn_vulkan_recorder_dispatch (LimnVulkanRecorder       *recorder,
                                        const LimnVulkanDispatch *dispatch,
                                        GError                  **error);

/**
 * limn_vulkan_cut:
 * @first, @n: bytes of @span
 * @skip: (out): bytes between the start of what is returned and @first
 *
 * Returns: the part of @span that holds these bytes, beginning at a multiple of the device's alignment
 */
LimnVulkanSpan limn_vulkan_cut (const LimnVulkan *vulkan,
                                LimnVulkanSpan    span,
                                VkDeviceSize      first,
                                VkDeviceSize      n,
                                VkDeviceSize     *skip);

/**
 * limn_vulkan_rows_at_once:
 * @row_bytes: of the largest row among the bindings that are cut by rows
 * @row_operations: arithmetic operations a row
 * @rows_per_group: rows a workgroup along direction 1 computes; 0: workgroups do not follow rows
 *
 * Returns: the most rows that one dispatch may have, so that no binding exceeds what the device takes, no dispatch its number of
 *   workgroups, and none lasts so long that a desktop's watchdog ends it; a multiple of @rows_per_group
 */
gsize limn_vulkan_rows_at_once (const LimnVulkan *vulkan,
                                VkDeviceSize      row_bytes,
                                double            row_operations,
                                gsize             rows_per_group);

/**
 * LimnVulkanPack:
 * @span: the weight in the device's memory, as packed
 *
 * Weights that several plans want in the same layout are in memory once.
 */
typedef struct
{
  LimnVulkanSpan span;
} LimnVulkanPack;

typedef struct _LimnVulkanPacking LimnVulkanPacking;

/**
 * LimnVulkanPacking:
 * @layout: name of the layout, which with the numbers below tells it from every other of the same weight
 * @type: %LIMN_F32 or %LIMN_F16
 * @rows: of the packed matrix
 * @columns: elements of a row, padding included
 * @fill: (nullable): writes @n rows from @first on as floats, @n × @columns, to @to, which holds zeros; without a weight, what the
 *   layout alone says
 *
 * A weight's layout in device memory: rows × columns elements of @type, without gaps.
 */
struct _LimnVulkanPacking
{
  const char *layout;
  LimnType    type;
  gsize       rows, columns;
  void (*fill) (const LimnVulkanPacking *packing,
                const LimnWeight        *weight,
                gsize                    first,
                gsize                    n,
                float                   *to);
};

/**
 * limn_vulkan_pack:
 * @weight: (nullable): what is packed
 *
 * Returns: (transfer full): to be given back with limn_vulkan_pack_release(); %NULL with %LIMN_ENGINE_ERROR_MEMORY
 */
LimnVulkanPack *limn_vulkan_pack (LimnVulkan              *vulkan,
                                  const LimnWeight        *weight,
                                  const LimnVulkanPacking *packing,
                                  GError                 **error);
void            limn_vulkan_pack_release (LimnVulkan     *vulkan,
                                          LimnVulkanPack *pack);

/* A weight as it is, @columns elements a row, in @type. */
LimnVulkanPack *limn_vulkan_pack_plain (LimnVulkan       *vulkan,
                                        const LimnWeight *weight,
                                        LimnType          type,
                                        gsize             columns,
                                        GError          **error);

/* "add-f32" or "add-f16", interned: the shader @name for activations of the type of @node's output. */
const char *limn_vulkan_shader (const char     *name,
                                const LimnNode *node);

G_END_DECLS
