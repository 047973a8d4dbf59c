/* How fast this processor multiplies bf16 beside f32: two small products, timed in turns.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/cpu/onednn.h"

enum
{
  SOURCE,
  WEIGHT,
  RESULT,
  MEMORIES
};

typedef struct
{
  dnnl_primitive_t primitive;
  dnnl_exec_arg_t  args[MEMORIES];
} Product;

static gboolean
allocate (LimnDnnl                 *dnnl,
          const dnnl_memory_desc_t *layout,
          dnnl_memory_t            *memory)
{
  void *data = NULL;

  if (dnnl_memory_create (memory, layout, limn_dnnl_engine (dnnl), DNNL_MEMORY_ALLOCATE) != dnnl_success)
    return FALSE;
  dnnl_memory_get_data_handle (*memory, &data);
  memset (data, 0, dnnl_memory_desc_get_size (layout));
  return TRUE;
}

/* 96 × 512 by 512 × 512: some 50 million operations, in cache. */
static gboolean
product_init (Product         *product,
              LimnDnnl        *dnnl,
              dnnl_data_type_t type)
{
  dnnl_dims_t           x = { 96, 512 }, w = { 512, 512 };
  dnnl_memory_desc_t    source, weight;
  dnnl_matmul_desc_t    operation;
  dnnl_primitive_desc_t descriptor = NULL;
  gboolean              made;

  *product = (Product){ .args = { { DNNL_ARG_SRC, NULL }, { DNNL_ARG_WEIGHTS, NULL }, { DNNL_ARG_DST, NULL } } };
  dnnl_memory_desc_init_by_tag (&source, 2, x, type, dnnl_ab);
  dnnl_memory_desc_init_by_tag (&weight, 2, w, type, dnnl_format_tag_any);
  dnnl_matmul_desc_init (&operation, &source, &weight, NULL, &source);
  if (dnnl_primitive_desc_create (&descriptor, &operation, NULL, limn_dnnl_engine (dnnl), NULL) != dnnl_success)
    return FALSE;
  made = dnnl_primitive_create (&product->primitive, descriptor) == dnnl_success && allocate (dnnl, &source, &product->args[SOURCE].memory) && allocate (dnnl, dnnl_primitive_desc_query_md (descriptor, dnnl_query_weights_md, 0), &product->args[WEIGHT].memory) && allocate (dnnl, &source, &product->args[RESULT].memory);
  dnnl_primitive_desc_destroy (descriptor);
  return made;
}

static void
product_clear (Product *product)
{
  dnnl_primitive_destroy (product->primitive);
  for (int i = 0; i < MEMORIES; i++)
    dnnl_memory_destroy (product->args[i].memory);
}

static double
product_time (const Product *product,
              LimnDnnl      *dnnl)
{
  gint64 start = g_get_monotonic_time ();

  dnnl_primitive_execute (product->primitive, limn_dnnl_stream (dnnl), MEMORIES, product->args);
  dnnl_stream_wait (limn_dnnl_stream (dnnl));
  return (double) MAX (g_get_monotonic_time () - start, 1);
}

double
limn_dnnl_measure_bf16 (LimnDnnl *dnnl)
{
  Product  f32, bf16;
  double   best_f32 = G_MAXDOUBLE, best_bf16 = G_MAXDOUBLE;
  gboolean both = product_init (&f32, dnnl, dnnl_f32);

  both = product_init (&bf16, dnnl, dnnl_bf16) && both;
  for (int turn = 0; both && turn < 8; turn++)
    {
      best_f32 = MIN (best_f32, product_time (&f32, dnnl));
      best_bf16 = MIN (best_bf16, product_time (&bf16, dnnl));
    }
  product_clear (&f32);
  product_clear (&bf16);
  return both ? best_f32 / best_bf16 : 0;
}
