/* oneDNN behind the CPU kernels: one engine, weights packed once, calls made ready.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/onednn.h"

struct _LimnDnnl
{
  dnnl_engine_t engine;
  dnnl_stream_t stream;
};

static const dnnl_data_type_t dnnl_types[LIMN_N_TYPES] = {
  [LIMN_F32] = dnnl_f32,
  [LIMN_F16] = dnnl_f16,
  [LIMN_BF16] = dnnl_bf16,
  [LIMN_I32] = dnnl_s32,
};

dnnl_data_type_t
limn_dnnl_type (LimnType type)
{
  return dnnl_types[type];
}

LimnDnnl *
limn_dnnl_new (void)
{
  LimnDnnl *dnnl = g_new0 (LimnDnnl, 1);

  dnnl_engine_create (&dnnl->engine, dnnl_cpu, 0);
  dnnl_stream_create (&dnnl->stream, dnnl->engine, dnnl_stream_default_flags);
  return dnnl;
}

void
limn_dnnl_free (LimnDnnl *dnnl)
{
  if (dnnl == NULL)
    return;
  dnnl_stream_destroy (dnnl->stream);
  dnnl_engine_destroy (dnnl->engine);
  g_free (dnnl);
}

dnnl_engine_t
limn_dnnl_engine (LimnDnnl *dnnl)
{
  return dnnl->engine;
}

dnnl_stream_t
limn_dnnl_stream (LimnDnnl *dnnl)
{
  return dnnl->stream;
}

gboolean
limn_dnnl_check (dnnl_status_t   status,
                 const LimnNode *node,
                 GError        **error)
{
  if (status == dnnl_success)
    return TRUE;
  if (status == dnnl_out_of_memory)
    g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_MEMORY,
                 "not enough memory to prepare %s; choose a smaller picture or model",
                 node->label);
  else
    g_set_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED,
                 "this processor cannot compute %s (%s) in %s; try LIMN_TYPE=f32", node->label,
                 node->op->name, limn_type_name (node->output->type));
  return FALSE;
}

/* --- packed weights ---------------------------------------------------------------------------------------------- */

static dnnl_status_t
reorder (LimnDnnl                 *dnnl,
         const dnnl_memory_desc_t *from,
         const void               *data,
         const dnnl_memory_desc_t *to,
         void                     *packed)
{
  dnnl_primitive_desc_t descriptor = NULL;
  dnnl_primitive_t      primitive = NULL;
  dnnl_memory_t         source = NULL, target = NULL;
  dnnl_status_t         status;

  status = dnnl_memory_create (&source, from, dnnl->engine, (void *) data);
  if (status == dnnl_success)
    status = dnnl_memory_create (&target, to, dnnl->engine, packed);
  if (status == dnnl_success)
    status = dnnl_reorder_primitive_desc_create (&descriptor, from, dnnl->engine, to,
                                                 dnnl->engine, NULL);
  if (status == dnnl_success)
    status = dnnl_primitive_create (&primitive, descriptor);
  if (status == dnnl_success)
    {
      dnnl_exec_arg_t args[] = { { DNNL_ARG_FROM, source }, { DNNL_ARG_TO, target } };

      status = dnnl_primitive_execute (primitive, dnnl->stream, G_N_ELEMENTS (args), args);
      dnnl_stream_wait (dnnl->stream);
    }
  dnnl_primitive_destroy (primitive);
  dnnl_primitive_desc_destroy (descriptor);
  dnnl_memory_destroy (source);
  dnnl_memory_destroy (target);
  return status;
}

/* @layouts: of the file, as floats; and the wanted one. bf16 is reordered straight from the file. */
static gboolean
fill_pack (const LimnCpuTask *task,
           const LimnWeight  *weight,
           void              *data,
           gconstpointer      user,
           GError           **error)
{
  const dnnl_memory_desc_t *layouts = user;
  dnnl_memory_desc_t        from = layouts[0];
  g_autofree float         *floats = NULL;
  LimnDnnl                 *dnnl = limn_cpu_dnnl (task->cpu);

  if (weight->patch == NULL && weight->type == LIMN_BF16 && (gsize) weight->data % sizeof (guint16) == 0)
    {
      from.data_type = dnnl_bf16;
      return limn_dnnl_check (reorder (dnnl, &from, weight->data, &layouts[1], data),
                              task->node, error);
    }
  floats = g_try_new (float, weight->n_elements);
  if (floats == NULL)
    return limn_dnnl_check (dnnl_out_of_memory, task->node, error);
  limn_weight_to_f32 (weight, floats);
  return limn_dnnl_check (reorder (dnnl, &from, floats, &layouts[1], data), task->node, error);
}

static LimnPack *
take_pack (LimnCpuTask              *task,
           const dnnl_memory_desc_t *plain,
           const dnnl_memory_desc_t *wanted,
           GError                  **error)
{
  const dnnl_memory_desc_t layouts[] = { *plain, *wanted };
  const LimnPackRequest    request = {
       .layout = wanted,
       .layout_size = sizeof *wanted,
       .size = dnnl_memory_desc_get_size (wanted),
       .fill = fill_pack,
       .user = layouts,
       .user_size = sizeof layouts,
  };

  return limn_pack_take (task, &request);
}

/* --- epilogues --------------------------------------------------------------------------------------------------- */

typedef struct
{
  dnnl_alg_kind_t algorithm;
  float           alpha;
} Eltwise;

static const Eltwise eltwise[LIMN_N_ACTIVATIONS] = {
  [LIMN_ACTIVATION_SILU] = { dnnl_eltwise_swish, 1.0f },
  [LIMN_ACTIVATION_GELU] = { dnnl_eltwise_gelu_erf, 0.0f },
  [LIMN_ACTIVATION_GELU_TANH] = { dnnl_eltwise_gelu_tanh, 0.0f },
  [LIMN_ACTIVATION_QUICK_GELU] = { dnnl_eltwise_swish, 1.702f },
  [LIMN_ACTIVATION_RELU] = { dnnl_eltwise_relu, 0.0f },
  [LIMN_ACTIVATION_TANH] = { dnnl_eltwise_tanh, 0.0f },
  [LIMN_ACTIVATION_LEAKY_RELU] = { dnnl_eltwise_relu, 0.2f },
};

void
limn_cpu_find_addends (const LimnNode *node,
                       int            *vector,
                       int            *whole)
{
  *vector = *whole = -1;
  for (int e = 0; e < node->n_epilogues; e++)
    {
      int input = node->epilogues[e].input;

      if (node->epilogues[e].kind != LIMN_EPILOGUE_ADD)
        continue;
      if (limn_shape_equal (node->inputs[input]->shape, node->output->shape))
        *whole = input;
      else
        *vector = input;
    }
}

void
limn_dnnl_epilogues (const LimnNode        *node,
                     dnnl_primitive_attr_t *attributes)
{
  dnnl_post_ops_t operations;
  int             vector, whole;

  limn_cpu_find_addends (node, &vector, &whole);
  dnnl_primitive_attr_create (attributes);
  dnnl_primitive_attr_set_scratchpad_mode (*attributes, dnnl_scratchpad_mode_user);
  dnnl_post_ops_create (&operations);
  for (int e = 0; e < node->n_epilogues; e++)
    {
      const LimnEpilogue *epilogue = &node->epilogues[e];

      if (epilogue->kind == LIMN_EPILOGUE_ACTIVATION)
        dnnl_post_ops_append_eltwise (operations, 1.0f, eltwise[epilogue->activation].algorithm,
                                      eltwise[epilogue->activation].alpha, 0.0f);
      else if (epilogue->input == whole)
        dnnl_post_ops_append_sum (operations, 1.0f);
    }
  dnnl_primitive_attr_set_post_ops (*attributes, operations);
  dnnl_post_ops_destroy (operations);
}

float *
limn_cpu_bias (const LimnNode *node,
               int             channels)
{
  float *bias = g_new0 (float, channels);

  if (node->weights[1] != NULL)
    limn_weight_to_f32 (node->weights[1], bias);
  return bias;
}

void
limn_cpu_add_vector (const LimnCpuTask *task,
                     const float       *bias,
                     int                vector,
                     float             *sum)
{
  int channels = task->node->output->shape.c;

  limn_type_to_f32 (task->node->inputs[vector]->type, task->inputs[vector], sum, channels);
  for (int c = 0; c < channels; c++)
    sum[c] += bias[c];
}

void
limn_cpu_preload (const LimnCpuTask *task,
                  int                whole)
{
  if (whole >= 0 && task->inputs[whole] != task->output)
    memcpy (task->output, task->inputs[whole], limn_tensor_size (task->node->output));
}

/* --- calls ------------------------------------------------------------------------------------------------------- */

static gboolean
make_memories (LimnDnnl             *dnnl,
               LimnCpuTask          *task,
               dnnl_primitive_desc_t descriptor,
               GError              **error)
{
  static const struct
  {
    dnnl_query_t what;
    int          index;
    gsize        member;
  } memories[] = {
    { dnnl_query_src_md, 0, G_STRUCT_OFFSET (LimnDnnlCall, source) },
    { dnnl_query_dst_md, 0, G_STRUCT_OFFSET (LimnDnnlCall, result) },
    { dnnl_query_weights_md, 0, G_STRUCT_OFFSET (LimnDnnlCall, weight) },
    { dnnl_query_weights_md, 1, G_STRUCT_OFFSET (LimnDnnlCall, bias_memory) },
    { dnnl_query_scratchpad_md, 0, G_STRUCT_OFFSET (LimnDnnlCall, scratch) },
  };
  LimnDnnlCall *call = task->state;

  for (guint i = 0; i < G_N_ELEMENTS (memories); i++)
    {
      const dnnl_memory_desc_t *layout = dnnl_primitive_desc_query_md (descriptor, memories[i].what, memories[i].index);
      dnnl_memory_t            *memory = G_STRUCT_MEMBER_P (call, memories[i].member);

      if (!limn_dnnl_check (dnnl_memory_create (memory, layout, dnnl->engine, DNNL_MEMORY_NONE),
                            task->node, error))
        return FALSE;
    }
  return TRUE;
}

static gsize
vector_size (const LimnNode *node)
{
  return ((gsize) node->output->shape.c * sizeof (float) + 63) / 64 * 64;
}

static gboolean
call_init (LimnCpuTask              *task,
           dnnl_primitive_desc_t     descriptor,
           const dnnl_memory_desc_t *plain,
           GError                  **error)
{
  LimnDnnl     *dnnl = limn_cpu_dnnl (task->cpu);
  LimnDnnlCall *call = task->state;

  call->bias = limn_cpu_bias (task->node, task->node->output->shape.c);
  limn_cpu_find_addends (task->node, &call->vector, &call->whole);
  task->scratch_size = vector_size (task->node) + dnnl_memory_desc_get_size (dnnl_primitive_desc_query_md (descriptor, dnnl_query_scratchpad_md, 0));
  call->pack = take_pack (
      task, plain, dnnl_primitive_desc_query_md (descriptor, dnnl_query_weights_md, 0), error);
  return call->pack != NULL && make_memories (dnnl, task, descriptor, error) && limn_dnnl_check (dnnl_primitive_create (&call->primitive, descriptor), task->node, error);
}

gboolean
limn_dnnl_call_new (LimnCpuTask              *task,
                    dnnl_primitive_desc_t     descriptor,
                    const dnnl_memory_desc_t *plain,
                    GError                  **error)
{
  gboolean made;

  task->state = g_new0 (LimnDnnlCall, 1);
  made = call_init (task, descriptor, plain, error);
  dnnl_primitive_desc_destroy (descriptor);
  return made;
}

gboolean
limn_dnnl_call_run (LimnCpuTask *task)
{
  LimnDnnl       *dnnl = limn_cpu_dnnl (task->cpu);
  LimnDnnlCall   *call = task->state;
  float          *bias = call->bias;
  dnnl_exec_arg_t args[] = {
    { DNNL_ARG_SRC, call->source },
    { DNNL_ARG_WEIGHTS, call->weight },
    { DNNL_ARG_BIAS, call->bias_memory },
    { DNNL_ARG_DST, call->result },
    { DNNL_ARG_SCRATCHPAD, call->scratch },
  };

  if (call->vector >= 0)
    {
      bias = task->scratch;
      limn_cpu_add_vector (task, call->bias, call->vector, bias);
    }
  limn_cpu_preload (task, call->whole);
  dnnl_memory_set_data_handle (call->source, (void *) task->inputs[0]);
  dnnl_memory_set_data_handle (call->weight, call->pack->data);
  dnnl_memory_set_data_handle (call->result, task->output);
  dnnl_memory_set_data_handle (call->bias_memory, bias);
  dnnl_memory_set_data_handle (call->scratch, (char *) task->scratch + vector_size (task->node));
  return dnnl_primitive_execute (call->primitive, dnnl->stream, G_N_ELEMENTS (args), args) == dnnl_success && dnnl_stream_wait (dnnl->stream) == dnnl_success;
}

void
limn_dnnl_call_clear (LimnCpuTask *task)
{
  LimnDnnlCall *call = task->state;

  if (call == NULL)
    return;
  dnnl_primitive_destroy (call->primitive);
  dnnl_memory_destroy (call->source);
  dnnl_memory_destroy (call->weight);
  dnnl_memory_destroy (call->result);
  dnnl_memory_destroy (call->bias_memory);
  dnnl_memory_destroy (call->scratch);
  limn_pack_release (task->cpu, call->pack);
  g_free (call->bias);
  g_free (call);
}
