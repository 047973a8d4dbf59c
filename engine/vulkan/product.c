/* Products: linear layers and convolutions as one shader's work over rows and panels of columns.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/vulkan/product.h"

#include "engine/core/arena.h"

/* As shaders/common/product.glsl and product-direct.glsl have them. */
#define PANEL 16
#define TILE_ROWS 8
#define GROUP 16

/* Sides of the squares of shaders/common/product-tiled.glsl, and how many of the larger ones keep a graphics card busy. */
#define SQUARE 64
#define SMALL_SQUARE 32
#define MANY_SQUARES 128

/* How a shader shares the work: so many rows and panels a workgroup, or tiles of rows and a panel an invocation. */
typedef enum
{
  DIRECT,
  SQUARES,
  SMALL_SQUARES
} Way;

typedef struct
{
  const char        *shader;
  Way                way;
  LimnVulkanGeometry geometry;
  gboolean           plain; /* a row of the result sees the same row of the input */
  LimnVulkanPack    *weight, *bias;
  gsize              channels; /* of the input */
  gsize              depth;    /* rows of a panel: taps × channels in fours */
  gsize              panels;
} Product;

typedef struct
{
  guint32 rows, columns, first_panel, panels, channels, taps;
  guint32 first, x_at, first_line, added_at, vector_at, result_at;
  guint32 in_height, in_width, height, width;
  guint32 kernel_width, stride, pad_top, pad_left;
} Push;

G_STATIC_ASSERT (sizeof (Push) <= LIMN_VULKAN_MAX_PUSH);

/* Part of the result: rows, and panels of columns. */
typedef struct
{
  gsize first, rows, first_panel, panels;
} Part;

/* --- weights ----------------------------------------------------------------------------------------------------- */

/* Rows of the packed weight that lie in @panel: from [out, in, taps] to [panel][tap][channel, in fours][16]. */
static void
fill_panel (const LimnVulkanPacking *packing,
            const LimnWeight        *weight,
            gsize                    panel,
            gsize                    first,
            gsize                    n,
            float                   *to)
{
  gsize             out = (gsize) weight->dims[0], channels = (gsize) weight->dims[1], taps = weight->n_elements / out / channels;
  gsize             padded = (channels + 3) / 4 * 4, columns = MIN (out - panel * PANEL, PANEL), size = channels * taps;
  g_autofree float *rows = g_new (float, columns *size);

  limn_weight_range_to_f32 (weight, panel * PANEL * size, columns * size, rows);
  for (gsize i = 0; i < n; i++)
    {
      gsize tap = (first + i) / padded, channel = (first + i) % padded;

      for (gsize c = 0; c < columns && channel < channels; c++)
        to[i * PANEL + c] = rows[c * size + channel * taps + tap];
    }
}

static void
fill_weight (const LimnVulkanPacking *packing,
             const LimnWeight        *weight,
             gsize                    first,
             gsize                    n,
             float                   *to)
{
  gsize panels = ((gsize) weight->dims[0] + PANEL - 1) / PANEL, depth = packing->rows / panels;
  gsize end = first + n, begin = first / depth, last = (end - 1) / depth;

#pragma omp parallel for
  for (gsize panel = begin; panel <= last; panel++)
    {
      gsize from = MAX (panel * depth, first), until = MIN ((panel + 1) * depth, end);

      fill_panel (packing, weight, panel, from - panel * depth, until - from, to + (from - first) * PANEL);
    }
}

static void
fill_bias (const LimnVulkanPacking *packing,
           const LimnWeight        *weight,
           gsize                    first,
           gsize                    n,
           float                   *to)
{
  if (weight != NULL)
    limn_weight_to_f32 (weight, to);
}

static const char *const ways[] = { [DIRECT] = "-direct", [SQUARES] = "", [SMALL_SQUARES] = "-small" };

static Way
choose_way (const LimnVulkanTask *task)
{
  LimnShape shape = task->node->output->shape;
  double    squares = (double) limn_shape_rows (shape) / SQUARE * shape.c / SQUARE;

  if (limn_vulkan_limits (task->vulkan)->software)
    return DIRECT;
  return squares >= MANY_SQUARES ? SQUARES : SMALL_SQUARES;
}

gboolean
limn_vulkan_product_prepare (LimnVulkanTask           *task,
                             const char               *shader,
                             const LimnVulkanGeometry *geometry,
                             GError                  **error)
{
  const LimnNode  *node = task->node;
  Product         *product = g_new0 (Product, 1);
  gsize            columns = (gsize) node->output->shape.c;
  Way              way = choose_way (task);
  g_autofree char *name = g_strconcat (shader, ways[way], NULL);

  task->state = product;
  product->way = way;
  product->shader = limn_vulkan_shader (name, node);
  product->geometry = *geometry;
  product->plain = geometry->taps == 1 && geometry->stride == 1 && limn_shape_rows (node->inputs[0]->shape) == limn_shape_rows (node->output->shape);
  product->channels = (gsize) node->inputs[0]->shape.c;
  product->depth = (gsize) geometry->taps * ((product->channels + 3) / 4 * 4);
  product->panels = (columns + PANEL - 1) / PANEL;
  {
    const LimnVulkanPacking weight = { "panels", node->output->type, product->panels * product->depth, PANEL, fill_weight };
    const LimnVulkanPacking bias = { "bias", LIMN_F32, 1, product->panels * PANEL, fill_bias };

    product->weight = limn_vulkan_pack (task->vulkan, node->weights[0], &weight, error);
    if (product->weight != NULL)
      product->bias = limn_vulkan_pack (task->vulkan, node->weights[1], &bias, error);
  }
  if (product->bias != NULL)
    return TRUE;
  limn_vulkan_product_clear (task);
  return FALSE;
}

void
limn_vulkan_product_clear (LimnVulkanTask *task)
{
  Product *product = task->state;

  if (product == NULL)
    return;
  limn_vulkan_pack_release (task->vulkan, product->weight);
  limn_vulkan_pack_release (task->vulkan, product->bias);
  g_free (product);
  task->state = NULL;
}

/* --- the input's part -------------------------------------------------------------------------------------------- */

/* Lines (sample · height + row of pixels) of the input that @n rows of the result from @first on see. */
static void
find_lines (const LimnVulkanTask *task,
            gsize                 first,
            gsize                 n,
            gsize                *begin,
            gsize                *end)
{
  const LimnVulkanGeometry *geometry = &((const Product *) task->state)->geometry;
  LimnShape                 in = task->node->inputs[0]->shape, out = task->node->output->shape;
  gint64                    top = (gint64) (first / (gsize) out.w), bottom = (gint64) ((first + n - 1) / (gsize) out.w);
  gint64                    low = MAX (top % out.h * geometry->stride - geometry->pad_top, 0);
  gint64                    high = MIN (bottom % out.h * geometry->stride - geometry->pad_top + geometry->taps / geometry->kernel_width, in.h);

  /* A row may see nothing but padding. */
  low = MIN (low, in.h - 1);
  high = MAX (high, 1);
  *begin = (gsize) (top / out.h * in.h + low);
  *end = (gsize) MAX (bottom / out.h * in.h + high, (gint64) *begin + 1);
}

/* Bytes of the input that @n rows of the result see. */
static gsize
input_bytes (const LimnVulkanTask *task,
             gsize                 first,
             gsize                 n)
{
  const Product *product = task->state;
  LimnShape      in = task->node->inputs[0]->shape;
  gsize          element = limn_type_size (task->node->inputs[0]->type), begin, end;

  if (product->plain)
    return n * product->channels * element;
  find_lines (task, first, n, &begin, &end);
  return (end - begin) * (gsize) in.w * (gsize) in.c * element;
}

/* Workgroups for so many rows and panels. */
static gsize
count_groups (const Product *product,
              gsize          rows,
              gsize          panels)
{
  gsize side = product->way == SQUARES ? SQUARE : SMALL_SQUARE;

  if (product->way == DIRECT)
    return ((rows + TILE_ROWS - 1) / TILE_ROWS * panels + GROUP - 1) / GROUP;
  return (rows + side - 1) / side * ((panels * PANEL + side - 1) / side);
}

/* Rows for which there are not more workgroups than that. */
static gsize
most_rows (const Product *product,
           gsize          groups)
{
  gsize rows = groups;

  while (rows > 1 && count_groups (product, rows, product->panels) > groups)
    rows /= 2;
  return rows;
}

static gsize
rows_at_once (const LimnVulkanTask *task)
{
  const Product          *product = task->state;
  const LimnVulkanLimits *limits = limn_vulkan_limits (task->vulkan);
  LimnShape               out = task->node->output->shape;
  gsize                   n = limn_shape_rows (out), groups = most_rows (product, limits->groups[0]);
  gsize                   rows = limn_vulkan_rows_at_once (task->vulkan, (gsize) out.c * limn_type_size (task->node->output->type), 2.0 * (double) product->depth * out.c, 0);

  rows = MIN (MIN (rows, n), MAX (groups, 1));
  while (rows > 1)
    {
      gsize most = 0;

      for (gsize first = 0; first < n; first += rows)
        most = MAX (most, input_bytes (task, first, MIN (rows, n - first)));
      if (most + LIMN_ARENA_ALIGN <= limits->binding)
        break;
      rows = (rows + 1) / 2;
    }
  return rows;
}

/* --- dispatches -------------------------------------------------------------------------------------------------- */

static void
bind_input (const LimnVulkanTask *task,
            const Part           *part,
            Push                 *push,
            LimnVulkanDispatch   *dispatch)
{
  const Product *product = task->state;
  LimnShape      in = task->node->inputs[0]->shape;
  gsize          element = limn_type_size (task->node->inputs[0]->type), begin, end, line = (gsize) in.w * (gsize) in.c * element;
  VkDeviceSize   skip;
  LimnVulkanSpan span;

  if (product->plain)
    span = limn_vulkan_cut (task->vulkan, task->inputs[0], part->first * product->channels * element, part->rows * product->channels * element, &skip);
  else
    {
      find_lines (task, part->first, part->rows, &begin, &end);
      span = limn_vulkan_cut (task->vulkan, task->inputs[0], begin * line, (end - begin) * line, &skip);
      push->first_line = (guint32) begin;
    }
  push->x_at = (guint32) (skip / element);
  dispatch->bindings[0] = (LimnVulkanBinding){ .span = span, .access = LIMN_VULKAN_READ };
}

/* The panels, the bias, and what is added. */
static void
bind_weights (const LimnVulkanTask *task,
              const Part           *part,
              LimnVulkanDispatch   *dispatch)
{
  const Product *product = task->state;
  gsize          panel = product->depth * PANEL * limn_type_size (task->node->output->type);
  VkDeviceSize   skip;

  dispatch->bindings[1] = (LimnVulkanBinding){ .span = limn_vulkan_cut (task->vulkan, product->weight->span, part->first_panel * panel, part->panels * panel, &skip), .access = LIMN_VULKAN_READ };
  g_assert (skip == 0); /* panels_at_once() */
  dispatch->bindings[2] = (LimnVulkanBinding){ .span = product->bias->span, .access = LIMN_VULKAN_READ };
}

static void
bind_epilogues (const LimnVulkanTask *task,
                const Part           *part,
                Push                 *push,
                LimnVulkanDispatch   *dispatch)
{
  const LimnNode *node = task->node;
  gsize           element = limn_type_size (node->output->type), row = (gsize) node->output->shape.c * element;
  VkDeviceSize    skip;
  int             step = 1;

  dispatch->bindings[3] = dispatch->bindings[4] = dispatch->bindings[1];
  for (int i = 0; i < node->n_epilogues; i++)
    {
      const LimnEpilogue *epilogue = &node->epilogues[i];

      if (epilogue->kind == LIMN_EPILOGUE_ACTIVATION)
        dispatch->constants[step++] = 2 + (guint32) epilogue->activation;
      else if (limn_shape_equal (node->inputs[epilogue->input]->shape, node->output->shape))
        {
          dispatch->constants[step++] = 1;
          dispatch->bindings[4] = (LimnVulkanBinding){ .span = limn_vulkan_cut (task->vulkan, task->inputs[epilogue->input], part->first * row, part->rows * row, &skip), .access = LIMN_VULKAN_READ };
          push->added_at = (guint32) (skip / element);
        }
      else
        {
          dispatch->constants[0] = TRUE;
          dispatch->bindings[3] = (LimnVulkanBinding){ .span = limn_vulkan_cut (task->vulkan, task->inputs[epilogue->input], 0, row, &skip), .access = LIMN_VULKAN_READ };
          push->vector_at = (guint32) (skip / element);
        }
    }
}

/* The input, the weight and the whole tensor that is added, once more. */
static void
bind_texels (const LimnVulkanTask *task,
             LimnVulkanDispatch   *dispatch)
{
  static const int of[] = { 0, 1, 4 };
  LimnTexels       texels = task->node->output->type == LIMN_F32 ? LIMN_TEXELS_F32 : LIMN_TEXELS_F16;

  for (guint i = 0; i < G_N_ELEMENTS (of); i++)
    dispatch->bindings[dispatch->n_bindings++] = (LimnVulkanBinding){ dispatch->bindings[of[i]].span, LIMN_VULKAN_READ, texels };
}

static gboolean
record_part (const LimnVulkanTask *task,
             LimnVulkanRecorder   *recorder,
             const Part           *part,
             GError              **error)
{
  const Product            *product = task->state;
  const LimnVulkanGeometry *geometry = &product->geometry;
  LimnShape                 in = task->node->inputs[0]->shape, out = task->node->output->shape;
  gsize                     element = limn_type_size (task->node->output->type), row = (gsize) out.c * element;
  VkDeviceSize              skip;
  Push                      push = {
                         .rows = (guint32) part->rows,
                         .columns = (guint32) out.c,
                         .first_panel = (guint32) part->first_panel,
                         .panels = (guint32) part->panels,
                         .channels = (guint32) product->channels,
                         .taps = (guint32) geometry->taps,
                         .first = (guint32) part->first,
                         .in_height = (guint32) in.h,
                         .in_width = (guint32) in.w,
                         .height = (guint32) out.h,
                         .width = (guint32) out.w,
                         .kernel_width = (guint32) geometry->kernel_width,
                         .stride = (guint32) geometry->stride,
                         .pad_top = (guint32) geometry->pad_top,
                         .pad_left = (guint32) geometry->pad_left,
  };
  LimnVulkanDispatch dispatch = {
    .shader = product->shader,
    .n_constants = 6,
    .n_bindings = 6,
    .push = &push,
    .push_size = sizeof push,
    .groups = { (guint32) count_groups (product, part->rows, part->panels), 1, 1 },
    .operations = 2.0 * (double) part->rows * (double) part->panels * PANEL * (double) product->depth,
  };

  bind_input (task, part, &push, &dispatch);
  bind_weights (task, part, &dispatch);
  bind_epilogues (task, part, &push, &dispatch);
  dispatch.bindings[5] = (LimnVulkanBinding){ .span = limn_vulkan_cut (task->vulkan, task->output, part->first * row, part->rows * row, &skip), .access = LIMN_VULKAN_WRITE };
  push.result_at = (guint32) (skip / element);
  if (product->way == DIRECT)
    bind_texels (task, &dispatch);
  dispatch.constants[5] = out.c % 4 == 0;
  dispatch.constants[4] = product->channels % 4 == 0;
  return limn_vulkan_recorder_dispatch (recorder, &dispatch, error);
}

/* Panels that a binding reaches; so many that the next ones begin where a binding may. */
static gsize
panels_at_once (const LimnVulkanTask *task)
{
  const LimnVulkanLimits *limits = limn_vulkan_limits (task->vulkan);
  const Product          *product = task->state;
  gsize                   panel = product->depth * PANEL * limn_type_size (task->node->output->type), panels = limits->binding / panel, step = 1;

  if (panels >= product->panels)
    return product->panels;
  while (step * panel % limits->alignment != 0)
    step *= 2;
  return MAX (panels / step, 1) * step;
}

gboolean
limn_vulkan_product_record (const LimnVulkanTask *task,
                            LimnVulkanRecorder   *recorder,
                            GError              **error)
{
  const Product *product = task->state;
  gsize          n = limn_shape_rows (task->node->output->shape), rows = rows_at_once (task);
  gsize          panels = panels_at_once (task);

  for (gsize p = 0; p < product->panels; p += panels)
    for (gsize first = 0; first < n; first += rows)
      {
        const Part part = { first, MIN (rows, n - first), p, MIN (panels, product->panels - p) };

        if (!record_part (task, recorder, &part, error))
          return FALSE;
      }
  return TRUE;
}
