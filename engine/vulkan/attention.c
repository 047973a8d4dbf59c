/* Attention: scores of a block of queries, their sums, and the values they weigh, block after block.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/ops/ops.h"
#include "engine/core/arena.h"
#include "engine/vulkan/vulkan.h"

/* As shaders/common/attention.glsl and the three shaders have them. */
#define GROUP 16
#define QUERIES 4
#define KEYS 16
#define CHANNELS 16

/* Bytes of scores held at once. */
#define MAX_SCORES ((gsize) 32 << 20)

typedef struct
{
  guint32 first_head, heads, first_query, block;
  guint32 keys, padded_keys, channels, size;
  guint32 q_at, k_at, v_at, out_at, lengths_at;
  guint32 causal, has_lengths;
  float   scale;
} Push;

G_STATIC_ASSERT (sizeof (Push) <= LIMN_VULKAN_MAX_PUSH);

/* How many heads and queries a block has. */
typedef struct
{
  gsize heads, queries;
} Block;

typedef struct
{
  LimnVulkanSpan q, k, v, lengths, out;
  LimnVulkanSpan scores, sums;
} Places;

static gsize
queries_of (const LimnNode *node)
{
  return limn_shape_positions (node->inputs[0]->shape);
}

static gsize
keys_of (const LimnNode *node)
{
  return limn_shape_positions (node->inputs[1]->shape);
}

/* What a row of scores has; those behind the last key are masked. */
static gsize
padded_keys (const LimnNode *node)
{
  return (keys_of (node) + KEYS - 1) / KEYS * KEYS;
}

/* All heads if they fit, else one of them, and of its queries as many as fit. */
static Block
find_block (const LimnVulkanTask *task)
{
  const LimnAttentionArgs *args = limn_node_args (task->node);
  gsize                    queries = queries_of (task->node), row = padded_keys (task->node) * sizeof (float);
  gsize                    rows = MIN (MAX_SCORES, limn_vulkan_limits (task->vulkan)->binding) / row;

  rows = MAX (rows / QUERIES, 1) * QUERIES;
  if (rows >= queries)
    return (Block){ MIN ((gsize) args->heads, rows / queries), queries };
  return (Block){ 1, rows };
}

static gboolean
attention_prepare (LimnVulkanTask *task,
                   GError        **error)
{
  Block block = find_block (task);
  gsize rows = block.heads * block.queries;

  task->scratch_size = (rows * padded_keys (task->node) * sizeof (float) + LIMN_ARENA_ALIGN) + rows * 2 * sizeof (float);
  return TRUE;
}

/* What of the tensors belongs to a sample, and where its elements begin. */
static LimnVulkanSpan
sample_of (const LimnVulkanTask *task,
           LimnVulkanSpan        span,
           const LimnTensor     *tensor,
           int                   sample,
           guint32              *at)
{
  gsize          element = limn_type_size (tensor->type), size = limn_tensor_size (tensor) / (gsize) tensor->shape.n;
  VkDeviceSize   skip;
  LimnVulkanSpan cut = limn_vulkan_cut (task->vulkan, span, (gsize) sample * size, size, &skip);

  *at = (guint32) (skip / element);
  return cut;
}

static LimnVulkanBinding
texels (const LimnVulkanTask *task,
        LimnVulkanSpan        span)
{
  return (LimnVulkanBinding){ span, LIMN_VULKAN_READ, task->node->output->type == LIMN_F32 ? LIMN_TEXELS_F32 : LIMN_TEXELS_F16 };
}

static LimnVulkanBinding
score_texels (const Places *places)
{
  return (LimnVulkanBinding){ places->scores, LIMN_VULKAN_READ, LIMN_TEXELS_F32 };
}

static gboolean
record_scores (const LimnVulkanTask *task,
               LimnVulkanRecorder   *recorder,
               const Places         *places,
               const Push           *push,
               GError              **error)
{
  guint32            tiles = push->padded_keys / KEYS * ((push->block + QUERIES - 1) / QUERIES) * push->heads;
  LimnVulkanDispatch dispatch = {
    .shader = limn_vulkan_shader ("attention-scores", task->node),
    .constants = { push->size % 4 == 0 && push->channels % 4 == 0 && (push->q_at | push->k_at) % 4 == 0 },
    .n_constants = 1,
    .bindings = { { .span = places->q, .access = LIMN_VULKAN_READ }, { .span = places->k, .access = LIMN_VULKAN_READ }, { .span = places->lengths, .access = LIMN_VULKAN_READ }, { .span = places->scores, .access = LIMN_VULKAN_WRITE }, texels (task, places->q), texels (task, places->k) },
    .n_bindings = 6,
    .push = push,
    .push_size = sizeof *push,
    .groups = { (tiles + GROUP - 1) / GROUP, 1, 1 },
    .operations = 2.0 * push->heads * push->block * push->keys * push->size,
  };

  return limn_vulkan_recorder_dispatch (recorder, &dispatch, error);
}

static gboolean
record_sums (const LimnVulkanTask *task,
             LimnVulkanRecorder   *recorder,
             const Places         *places,
             const Push           *push,
             GError              **error)
{
  LimnVulkanDispatch dispatch = {
    .shader = "attention-sums-f32",
    .n_constants = 1,
    .bindings = { { .span = places->sums, .access = LIMN_VULKAN_WRITE }, score_texels (places) },
    .n_bindings = 2,
    .push = push,
    .push_size = sizeof *push,
    .groups = { (push->heads * push->block + GROUP - 1) / GROUP, 1, 1 },
  };

  return limn_vulkan_recorder_dispatch (recorder, &dispatch, error);
}

static gboolean
record_values (const LimnVulkanTask *task,
               LimnVulkanRecorder   *recorder,
               const Places         *places,
               const Push           *push,
               GError              **error)
{
  guint32            tiles = (push->size + CHANNELS - 1) / CHANNELS * ((push->block + QUERIES - 1) / QUERIES) * push->heads;
  LimnVulkanDispatch dispatch = {
    .shader = limn_vulkan_shader ("attention-values", task->node),
    .constants = { push->size % 4 == 0 && push->channels % 4 == 0 && push->v_at % 4 == 0 },
    .n_constants = 1,
    .bindings = { { .span = places->sums, .access = LIMN_VULKAN_READ }, { .span = places->v, .access = LIMN_VULKAN_READ }, { .span = places->out, .access = LIMN_VULKAN_WRITE }, score_texels (places), texels (task, places->v) },
    .n_bindings = 5,
    .push = push,
    .push_size = sizeof *push,
    .groups = { (tiles + GROUP - 1) / GROUP, 1, 1 },
    .operations = 2.0 * push->heads * push->block * push->keys * push->size,
  };

  return limn_vulkan_recorder_dispatch (recorder, &dispatch, error);
}

static void
find_places (const LimnVulkanTask *task,
             int                   sample,
             Places               *places,
             Push                 *push)
{
  const LimnNode *node = task->node;
  Block           block = find_block (task);
  gsize           scores = block.heads * block.queries * padded_keys (node) * sizeof (float);
  VkDeviceSize    skip;

  places->q = sample_of (task, task->inputs[0], node->inputs[0], sample, &push->q_at);
  places->k = sample_of (task, task->inputs[1], node->inputs[1], sample, &push->k_at);
  places->v = sample_of (task, task->inputs[2], node->inputs[2], sample, &push->v_at);
  places->out = sample_of (task, task->output, node->output, sample, &push->out_at);
  places->lengths = node->n_inputs > 3 ? sample_of (task, task->inputs[3], node->inputs[3], sample, &push->lengths_at) : places->q;
  places->scores = limn_vulkan_cut (task->vulkan, task->scratch, 0, scores, &skip);
  places->sums = limn_vulkan_cut (task->vulkan, task->scratch, (scores + LIMN_ARENA_ALIGN - 1) / LIMN_ARENA_ALIGN * LIMN_ARENA_ALIGN,
                                  block.heads * block.queries * 2 * sizeof (float), &skip);
}

static gboolean
record_sample (const LimnVulkanTask *task,
               LimnVulkanRecorder   *recorder,
               int                   sample,
               GError              **error)
{
  const LimnAttentionArgs *args = limn_node_args (task->node);
  LimnShape                shape = task->node->inputs[0]->shape;
  Block                    block = find_block (task);
  gsize                    queries = queries_of (task->node);
  Places                   places;
  Push                     push = {
                        .keys = (guint32) keys_of (task->node),
                        .padded_keys = (guint32) padded_keys (task->node),
                        .channels = (guint32) shape.c,
                        .size = (guint32) (shape.c / args->heads),
                        .causal = (guint32) args->causal,
                        .has_lengths = task->node->n_inputs > 3,
                        .scale = args->scale,
  };

  find_places (task, sample, &places, &push);
  for (gsize head = 0; head < (gsize) args->heads; head += block.heads)
    for (gsize query = 0; query < queries; query += block.queries)
      {
        push.first_head = (guint32) head;
        push.heads = (guint32) MIN (block.heads, (gsize) args->heads - head);
        push.first_query = (guint32) query;
        push.block = (guint32) MIN (block.queries, queries - query);
        if (!record_scores (task, recorder, &places, &push, error)
            || !record_sums (task, recorder, &places, &push, error)
            || !record_values (task, recorder, &places, &push, error))
          return FALSE;
      }
  return TRUE;
}

static gboolean
attention_record (const LimnVulkanTask *task,
                  LimnVulkanRecorder   *recorder,
                  GError              **error)
{
  for (int sample = 0; sample < task->node->inputs[0]->shape.n; sample++)
    if (!record_sample (task, recorder, sample, error))
      return FALSE;
  return TRUE;
}

const LimnVulkanKernel limn_vulkan_attention = { .prepare = attention_prepare, .record = attention_record };
