/* Adapters: names of all programs, what is damaged or another model's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/adapters/adapter.h"

#include <glib/gstdio.h>
#include <math.h>

#include "tests/engine/tensors-test.h"
#include "tests/engine/weights-test.h"

#define Q "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q"
#define OUT "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_out.0"

/* Of a U-Net with two layers a level, and of two text encoders. */
static const TestTensor unet[] = {
  { "conv_in.weight", 4, { 4, 4, 3, 3 } },
  { "conv_in.bias", 1, { 4 } },
  { "down_blocks.0.resnets.0.conv1.weight", 4, { 4, 4, 3, 3 } },
  { "down_blocks.0.resnets.1.conv1.weight", 4, { 4, 4, 3, 3 } },
  { "down_blocks.0.downsamplers.0.conv.weight", 4, { 4, 4, 3, 3 } },
  { Q ".weight", 2, { 6, 4 } },
  { OUT ".weight", 2, { 6, 4 } },
  { OUT ".bias", 1, { 6 } },
  { "down_blocks.1.resnets.0.norm1.weight", 1, { 4 } },
  { "down_blocks.1.resnets.0.norm1.bias", 1, { 4 } },
  { "up_blocks.1.resnets.2.time_emb_proj.weight", 2, { 6, 4 } },
};
static const TestTensor text[] = {
  { "text_model.encoder.layers.0.self_attn.q_proj.weight", 2, { 6, 4 } },
  { "text_model.encoder.layers.0.self_attn.out_proj.weight", 2, { 6, 4 } },
};

typedef struct
{
  GPtrArray *targets; /* U-Net, first and second text encoder */
} Model;

static void
model_init (Model *model)
{
  model->targets = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_adapter_target_free);
  g_ptr_array_add (model->targets, limn_adapter_target_new ("unet", tensors_test_weights (unet, G_N_ELEMENTS (unet))));
  g_ptr_array_add (model->targets, limn_adapter_target_new ("text_encoder", tensors_test_weights (text, G_N_ELEMENTS (text))));
  g_ptr_array_add (model->targets, limn_adapter_target_new ("text_encoder_2", tensors_test_weights (text, G_N_ELEMENTS (text))));
}

static void
model_clear (Model *model)
{
  g_ptr_array_unref (model->targets);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Model, model_clear)

/* (transfer full): an adapter of @file, read from a folder as all are */
static LimnAdapterFile *
open_bytes (GBytes  *file,
            GError **error)
{
  g_autofree char *folder = weights_test_folder (), *path = NULL;
  gsize            size = 0;
  const void      *data = g_bytes_get_data (file, &size);
  LimnAdapterFile *adapter;

  path = weights_test_write (folder, "adapter.safetensors", data, (gssize) size);
  adapter = limn_adapter_file_open (path, error);
  weights_test_remove (folder);
  return adapter;
}

static LimnAdapterFile *
open_tensors (const TestTensor *tensors,
              gsize             n,
              GError          **error)
{
  g_autoptr (GBytes) file = tensors_test_file (tensors, n);

  return open_bytes (file, error);
}

/* --- names ------------------------------------------------------------------------------------------------------- */

static const struct
{
  const char *name, *weight;
  int         target;
} names[] = {
  { "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q", Q, 0 },
  { "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q", Q, 0 },
  { "lora_unet_input_blocks_3_0_op", "down_blocks.0.downsamplers.0.conv", 0 },
  { "lora_unet_input_blocks_0_0", "conv_in", 0 },
  { "lora_unet_output_blocks_5_0_emb_layers_1", "up_blocks.1.resnets.2.time_emb_proj", 0 },
  { "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_out_0", OUT, 0 },
  { "unet." Q, Q, 0 },
  { "unet." OUT, OUT, 0 },
  { "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_q", Q, 0 },
  { "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_out", OUT, 0 },
  { "down_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_out", OUT, 0 },
  { "base_model.model." Q, Q, 0 },
  { "lycoris_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q", Q, 0 },
  { "diffusion_model.input_blocks.4.1.transformer_blocks.0.attn1.to_q", Q, 0 },
  { "lora_te_text_model_encoder_layers_0_self_attn_q_proj", "text_model.encoder.layers.0.self_attn.q_proj", 1 },
  { "lora_te1_text_model_encoder_layers_0_self_attn_q_proj", "text_model.encoder.layers.0.self_attn.q_proj", 1 },
  { "lora_te2_text_model_encoder_layers_0_self_attn_q_proj", "text_model.encoder.layers.0.self_attn.q_proj", 2 },
  { "text_encoder.text_model.encoder.layers.0.self_attn.q_proj", "text_model.encoder.layers.0.self_attn.q_proj", 1 },
  { "text_encoder_2.text_model.encoder.layers.0.self_attn.out_proj", "text_model.encoder.layers.0.self_attn.out_proj", 2 },
  { "text_encoder.text_model.encoder.layers.0.self_attn.to_q", "text_model.encoder.layers.0.self_attn.q_proj", 1 },
  { "text_encoder.text_model.encoder.layers.0.self_attn.to_out", "text_model.encoder.layers.0.self_attn.out_proj", 1 },
  { "text_encoder.encoder.layers.0.self_attn.q_proj", "text_model.encoder.layers.0.self_attn.q_proj", 1 },
  { "lora_unet_text_model_encoder_layers_0_self_attn_q_proj", NULL, 0 },
  { "lora_te_down_blocks_0_resnets_0_conv1", NULL, 0 },
  { "lora_unet_input_blocks_99999999999999999999_1_proj_in", NULL, 0 },
  { "lora_unet_input_blocks_", NULL, 0 },
  { "lora_unet_", NULL, 0 },
  { "", NULL, 0 },
};

static void
test_name (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (Model) model = { 0 };
  LimnAdapterTarget *target = NULL;
  const LimnWeight  *weight;
  g_autofree char   *want = names[i].weight != NULL ? g_strconcat (names[i].weight, ".weight", NULL) : NULL;

  model_init (&model);
  weight = limn_adapter_find (model.targets, names[i].name, "weight", &target);
  g_assert_cmpstr (weight != NULL ? weight->name : NULL, ==, want);
  if (weight != NULL)
    g_assert_true (target == model.targets->pdata[names[i].target]);
}

/* --- formats ----------------------------------------------------------------------------------------------------- */

#define KOHYA "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q"

static const TestTensor kohya[] = { { KOHYA ".lora_up.weight", 2, { 6, 2 } }, { KOHYA ".lora_down.weight", 2, { 2, 4 } }, { KOHYA ".alpha", 0, { 0 } } };
static const TestTensor diffusers[] = { { "unet." Q ".lora.up.weight", 2, { 6, 2 } }, { "unet." Q ".lora.down.weight", 2, { 2, 4 } } };
static const TestTensor processors[] = { { "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora.up.weight", 2, { 6, 2 } },
                                         { "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora.down.weight", 2, { 2, 4 } } };
static const TestTensor peft[] = { { "unet." Q ".lora_B.weight", 2, { 6, 2 } }, { "unet." Q ".lora_A.weight", 2, { 2, 4 } } };
static const TestTensor linear_layer[] = { { "unet." Q ".lora_linear_layer.up.weight", 2, { 6, 2 } },
                                           { "unet." Q ".lora_linear_layer.down.weight", 2, { 2, 4 } } };
static const TestTensor loha[] = { { KOHYA ".hada_w1_a", 2, { 6, 2 } }, { KOHYA ".hada_w1_b", 2, { 2, 4 } }, { KOHYA ".hada_w2_a", 2, { 6, 2 } }, { KOHYA ".hada_w2_b", 2, { 2, 4 } }, { KOHYA ".alpha", 1, { 1 } } };
static const TestTensor lokr[] = { { KOHYA ".lokr_w1", 2, { 2, 2 } }, { KOHYA ".lokr_w2_a", 2, { 3, 2 } }, { KOHYA ".lokr_w2_b", 2, { 2, 2 } }, { KOHYA ".alpha", 0, { 0 } } };
/* Nothing is factored: alpha means nothing. */
static const TestTensor lokr_whole[] = { { KOHYA ".lokr_w1", 2, { 2, 2 } }, { KOHYA ".lokr_w2", 2, { 3, 2 } }, { KOHYA ".alpha", 0, { 0 } } };
static const TestTensor full[] = { { "diffusion_model.input_blocks.4.1.transformer_blocks.0.attn1.to_q.diff", 2, { 6, 4 } } };

typedef double (*Formula) (const LimnWeights *weights,
                           const TestTensor  *tensors,
                           gsize              row,
                           gsize              column);

static double
at (const LimnWeights *weights,
    const TestTensor  *tensor,
    gsize              index)
{
  float value;

  limn_weight_range_to_f32 (limn_weights_find (weights, tensor->name), index, 1, &value);
  return value;
}

static double
low_rank (const LimnWeights *w, const TestTensor *t, gsize row, gsize column)
{
  return at (w, &t[0], 2 * row) * at (w, &t[1], column) + at (w, &t[0], 2 * row + 1) * at (w, &t[1], 4 + column);
}

static double
scaled_low_rank (const LimnWeights *w, const TestTensor *t, gsize row, gsize column)
{
  return at (w, &t[2], 0) / 2 * low_rank (w, t, row, column);
}

static double
hadamard (const LimnWeights *w, const TestTensor *t, gsize row, gsize column)
{
  return at (w, &t[4], 0) / 2 * low_rank (w, t, row, column) * low_rank (w, t + 2, row, column);
}

static double
kronecker (const LimnWeights *w, const TestTensor *t, gsize row, gsize column)
{
  double inner = at (w, &t[1], row % 3 * 2) * at (w, &t[2], column % 2) + at (w, &t[1], row % 3 * 2 + 1) * at (w, &t[2], 2 + column % 2);

  return at (w, &t[3], 0) / 2 * at (w, &t[0], row / 3 * 2 + column / 2) * inner;
}

static double
kronecker_whole (const LimnWeights *w, const TestTensor *t, gsize row, gsize column)
{
  return at (w, &t[0], row / 3 * 2 + column / 2) * at (w, &t[1], row % 3 * 2 + column % 2);
}

static double
difference (const LimnWeights *w, const TestTensor *t, gsize row, gsize column)
{
  return at (w, &t[0], row * 4 + column);
}

#define FORMAT(tensors, formula)                      \
  {                                                   \
#tensors, tensors, G_N_ELEMENTS(tensors), formula \
  }

static const struct
{
  const char       *name;
  const TestTensor *tensors;
  gsize             n;
  Formula           formula;
} formats[] = {
  FORMAT (kohya, scaled_low_rank),
  FORMAT (diffusers, low_rank),
  FORMAT (processors, low_rank),
  FORMAT (peft, low_rank),
  FORMAT (linear_layer, low_rank),
  FORMAT (loha, hadamard),
  FORMAT (lokr, kronecker),
  FORMAT (lokr_whole, kronecker_whole),
  FORMAT (full, difference),
};

/* (transfer full): the numbers of a weight of a target as patched */
static float *
patched (const Model *model,
         int          target,
         const char  *name)
{
  LimnAdapterTarget *unet_target = model->targets->pdata[target];
  g_autoptr (LimnWeights) view = limn_weights_patched (unet_target->weights, unet_target->patches);

  return tensors_test_floats (view, name);
}

static void
test_format (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (Model) model = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnAdapterFile) file = open_tensors (formats[i].tensors, formats[i].n, &error);
  g_autofree float *before = NULL, *after = NULL;
  LimnAdapterReport report;

  g_assert_no_error (error);
  model_init (&model);
  before = patched (&model, 0, Q ".weight");
  g_assert_true (limn_adapter_apply (file, model.targets, -0.6, 1, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (report.used, ==, 1);
  g_assert_cmpuint (report.unused, ==, 0);
  after = patched (&model, 0, Q ".weight");
  for (gsize k = 0; k < 24; k++)
    g_assert_cmpfloat_with_epsilon (after[k], before[k] - 0.6 * formats[i].formula (file->weights, formats[i].tensors, k / 4, k % 4), 1e-6);
}

/* A weight each for the generator and the text, and two files on one weight. */
static void
test_weights (void)
{
  static const TestTensor tensors[] = {
    { "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q.diff", 2, { 6, 4 } },
    { "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_out_0.diff_b", 1, { 6 } },
    { "lora_te1_text_model_encoder_layers_0_self_attn_q_proj.diff", 2, { 6, 4 } },
  };
  g_auto (Model) model = { 0 };
  g_autoptr (LimnAdapterFile) file = open_tensors (tensors, G_N_ELEMENTS (tensors), NULL);
  g_autofree float *q = NULL, *bias = NULL, *t = NULL, *q0 = NULL, *bias0 = NULL, *t0 = NULL;
  LimnAdapterReport report;

  model_init (&model);
  q0 = patched (&model, 0, Q ".weight");
  bias0 = patched (&model, 0, OUT ".bias");
  t0 = patched (&model, 1, text[0].name);
  g_assert_true (limn_adapter_apply (file, model.targets, 0.5, 2, &report, NULL));
  g_assert_cmpuint (report.used, ==, 3);
  g_assert_true (limn_adapter_apply (file, model.targets, 0.25, 0, &report, NULL));
  q = patched (&model, 0, Q ".weight");
  bias = patched (&model, 0, OUT ".bias");
  t = patched (&model, 1, text[0].name);
  g_assert_cmpfloat_with_epsilon (q[5], q0[5] + 0.75 * at (file->weights, &tensors[0], 5), 1e-6);
  g_assert_cmpfloat_with_epsilon (bias[5], bias0[5] + 0.75 * at (file->weights, &tensors[1], 5), 1e-6);
  g_assert_cmpfloat_with_epsilon (t[5], t0[5] + 2 * at (file->weights, &tensors[2], 5), 1e-6);
}

/* LyCORIS' magnitude goes part of the way; PEFT's is of a part of the product. */
static void
test_magnitudes (void)
{
  static const TestTensor lycoris[] = { { KOHYA ".lora_up.weight", 2, { 6, 2 } }, { KOHYA ".lora_down.weight", 2, { 2, 4 } }, { KOHYA ".dora_scale", 2, { 6, 1 } } };
  static const TestTensor of_peft[] = { { "unet." Q ".lora_B.weight", 2, { 6, 2 } }, { "unet." Q ".lora_A.weight", 2, { 2, 4 } }, { "unet." Q ".lora_magnitude_vector", 1, { 6 } } };
  const TestTensor *const both[] = { lycoris, of_peft };

  for (int which = 0; which < 2; which++)
    {
      g_auto (Model) model = { 0 };
      g_autoptr (LimnAdapterFile) file = open_tensors (both[which], 3, NULL);
      g_autofree float *before = NULL, *after = NULL;
      double            norm = 0, inner = which == 0 ? 1 : 0.8, part = which == 0 ? 0.8 : 1, first = 0;
      LimnAdapterReport report;

      model_init (&model);
      before = patched (&model, 0, Q ".weight");
      g_assert_true (limn_adapter_apply (file, model.targets, 0.8, 1, &report, NULL));
      after = patched (&model, 0, Q ".weight");
      for (gsize c = 0; c < 4; c++)
        {
          double changed = before[4 + c] + inner * low_rank (file->weights, both[which], 1, c);

          norm += changed * changed;
          first = c == 0 ? changed : first;
        }
      g_assert_cmpfloat_with_epsilon (after[4], before[4] + part * (at (file->weights, &both[which][2], 1) * first / sqrt (norm) - before[4]), 1e-6);
    }
}

/* --- settings of PEFT -------------------------------------------------------------------------------------------- */

static double
scale_with (const char *json,
            const char *layer_name)
{
  g_autoptr (LimnAdapterFile) file = open_tensors (peft, G_N_ELEMENTS (peft), NULL);
  LimnAdapterLayer layer = { .name = (char *) layer_name, .peft = TRUE };
  g_autoptr (GError) error = NULL;
  double scale = 0;

  file->config = limn_config_parse (json, strlen (json), "test", &error);
  g_assert_no_error (error);
  g_assert_true (limn_adapter_scale (file, &layer, 4, &scale, NULL));
  return scale;
}

static void
test_settings (void)
{
  g_assert_cmpfloat (scale_with ("{\"unet.lora_alpha\": 8}", "unet.a.to_q"), ==, 2);
  g_assert_cmpfloat (scale_with ("{\"unet.lora_alpha\": 8, \"unet.use_rslora\": true}", "unet.a.to_q"), ==, 4);
  g_assert_cmpfloat (scale_with ("{\"unet.lora_alpha\": 8, \"unet.alpha_pattern\": {\"a.to_q\": 2}}", "unet.a.to_q"), ==, 0.5);
  g_assert_cmpfloat (scale_with ("{\"unet.lora_alpha\": 8, \"unet.alpha_pattern\": {\"o_q\": 2}}", "unet.a.to_q"), ==, 2);
  g_assert_cmpfloat (scale_with ("{\"lora_alpha\": 2}", "base_model.model.a.to_q"), ==, 0.5);
  g_assert_cmpfloat (scale_with ("{\"text_encoder.lora_alpha\": 8}", "unet.a.to_q"), ==, 1);
  g_assert_cmpfloat (scale_with ("{\"unet.lora_alpha\": \"many\", \"unet.use_rslora\": [], \"unet.alpha_pattern\": 3}", "unet.a.to_q"), ==, 1);
}

/* --- what is damaged --------------------------------------------------------------------------------------------- */

static const TestTensor no_up[] = { { KOHYA ".lora_down.weight", 2, { 2, 4 } } };
static const TestTensor no_down[] = { { "unet.nobody.lora_B.weight", 2, { 6, 2 } } };
static const TestTensor no_half_of_loha[] = { { KOHYA ".hada_w1_a", 2, { 6, 2 } }, { KOHYA ".hada_w1_b", 2, { 2, 4 } }, { KOHYA ".hada_w2_a", 2, { 6, 2 } } };
static const TestTensor no_half_of_lokr[] = { { KOHYA ".lokr_w2", 2, { 3, 2 } } };
static const TestTensor only_core[] = { { KOHYA ".lora_mid.weight", 4, { 2, 2, 3, 3 } } };
static const TestTensor no_rank[] = { { KOHYA ".lora_up.weight", 2, { 6, 0 } }, { KOHYA ".lora_down.weight", 2, { 0, 4 } } };
static const TestTensor other_rank[] = { { KOHYA ".lora_up.weight", 2, { 6, 2 } }, { KOHYA ".lora_down.weight", 2, { 3, 4 } } };
static const TestTensor numbers[] = { { KOHYA ".lora_up.weight", 0, { 0 } }, { KOHYA ".lora_down.weight", 0, { 0 } } };
static const TestTensor alphas[] = { { KOHYA ".lora_up.weight", 2, { 6, 2 } }, { KOHYA ".lora_down.weight", 2, { 2, 4 } }, { KOHYA ".alpha", 1, { 2 } } };
static const TestTensor other_size[] = { { KOHYA ".lora_up.weight", 2, { 8, 2 } }, { KOHYA ".lora_down.weight", 2, { 2, 4 } } };
static const TestTensor wide_text[] = { { "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_up.weight", 2, { 8, 2 } },
                                        { "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.lora_down.weight", 2, { 2, 2048 } } };
static const TestTensor flux[] = { { "lora_unet_double_blocks_0_img_attn_qkv.lora_up.weight", 2, { 8, 2 } },
                                   { "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight", 2, { 2, 8 } } };
static const TestTensor magnitude_size[] = { { KOHYA ".lora_up.weight", 2, { 6, 2 } }, { KOHYA ".lora_down.weight", 2, { 2, 4 } }, { KOHYA ".dora_scale", 2, { 5, 1 } } };

#define FAULT(tensors, code, says)                        \
  {                                                       \
#tensors, tensors, G_N_ELEMENTS(tensors), code, says, \
  }

static const struct
{
  const char       *name;
  const TestTensor *tensors;
  gsize             n;
  int               code;
  const char       *says;
} faults[] = {
  FAULT (no_up, LIMN_ENGINE_ERROR_FILE, "half of"),
  FAULT (no_down, LIMN_ENGINE_ERROR_FILE, "half of"),
  FAULT (no_half_of_loha, LIMN_ENGINE_ERROR_FILE, "half of"),
  FAULT (no_half_of_lokr, LIMN_ENGINE_ERROR_FILE, "half of"),
  FAULT (only_core, LIMN_ENGINE_ERROR_FILE, "half of"),
  FAULT (no_rank, LIMN_ENGINE_ERROR_FILE, "empty"),
  FAULT (other_rank, LIMN_ENGINE_ERROR_FILE, "rank"),
  FAULT (numbers, LIMN_ENGINE_ERROR_UNSUPPORTED, "6 × 4"),
  FAULT (alphas, LIMN_ENGINE_ERROR_FILE, "alpha"),
  FAULT (other_size, LIMN_ENGINE_ERROR_UNSUPPORTED, "8 × 4"),
  FAULT (wide_text, LIMN_ENGINE_ERROR_UNSUPPORTED, "Stable Diffusion XL"),
  FAULT (flux, LIMN_ENGINE_ERROR_UNSUPPORTED, "FLUX"),
  FAULT (magnitude_size, LIMN_ENGINE_ERROR_FILE, "dora_scale"),
};

static void
test_fault (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_auto (Model) model = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnAdapterFile) file = open_tensors (faults[i].tensors, faults[i].n, &error);
  LimnAdapterReport report;

  g_assert_no_error (error);
  model_init (&model);
  for (int weight = 0; weight < 2; weight++)
    {
      g_clear_error (&error);
      g_assert_false (limn_adapter_apply (file, model.targets, weight, weight, &report, &error));
      weights_test_one_line (error, faults[i].code);
      g_assert_nonnull (strstr (error->message, faults[i].says));
    }
}

static void
test_alpha_is_no_number (void)
{
  static const float values[] = { NAN, INFINITY, -INFINITY, 1e30f };
  g_autoptr (GBytes) plain = tensors_test_file (kohya, G_N_ELEMENTS (kohya));

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_auto (Model) model = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = tensors_test_with (plain, KOHYA ".alpha", &values[i], 1);
      g_autoptr (LimnAdapterFile) file = open_bytes (bytes, NULL);
      LimnAdapterReport report;

      model_init (&model);
      g_assert_false (limn_adapter_apply (file, model.targets, 1, 1, &report, &error));
      weights_test_one_line (error, LIMN_ENGINE_ERROR_FILE);
    }
}

static void
test_no_adapter (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnAdapterFile) file = open_tensors (unet, G_N_ELEMENTS (unet), &error);

  g_assert_null (file);
  weights_test_one_line (error, LIMN_ENGINE_ERROR_UNSUPPORTED);
}

/* What fits nothing is counted; a first convolution of other width, too. */
static void
test_unused (void)
{
  static const TestTensor tensors[] = {
    { KOHYA ".lora_up.weight", 2, { 6, 2 } },
    { KOHYA ".lora_down.weight", 2, { 2, 4 } },
    { "lora_unet_conv_in.lora_up.weight", 4, { 4, 2, 1, 1 } },
    { "lora_unet_conv_in.lora_down.weight", 4, { 2, 9, 3, 3 } },
    { "lora_unet_nobody.lora_up.weight", 2, { 6, 2 } },
    { "lora_unet_nobody.lora_down.weight", 2, { 2, 4 } },
    { "lora_unet_nobody.diff_b", 1, { 4 } },
    { "note", 1, { 4 } },
    { "lora_unet_conv_in.oft_blocks", 1, { 4 } },
  };
  g_auto (Model) model = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnAdapterFile) file = open_tensors (tensors, G_N_ELEMENTS (tensors), &error);
  LimnAdapterReport report;

  g_assert_no_error (error);
  model_init (&model);
  g_assert_true (limn_adapter_apply (file, model.targets, 1, 1, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (report.used, ==, 1);
  g_assert_cmpuint (report.unused, ==, 5);
  g_assert_cmpstr (report.first_unused, ==, "lora_unet_conv_in.oft_blocks");
}

static void
add_tests (const char   *group,
           gsize         i,
           const char   *name,
           GTestDataFunc run)
{
  g_autofree char *path = g_strdup_printf ("/lora/%s/%zu-%s", group, i, name);

  g_test_add_data_func (path, GSIZE_TO_POINTER (i), run);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    add_tests ("name", i, names[i].name, test_name);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    add_tests ("format", i, formats[i].name, test_format);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    add_tests ("fault", i, faults[i].name, test_fault);
  g_test_add_func ("/lora/weights", test_weights);
  g_test_add_func ("/lora/magnitudes", test_magnitudes);
  g_test_add_func ("/lora/settings", test_settings);
  g_test_add_func ("/lora/alpha-is-no-number", test_alpha_is_no_number);
  g_test_add_func ("/lora/no-adapter", test_no_adapter);
  g_test_add_func ("/lora/unused", test_unused);
  return g_test_run ();
}
