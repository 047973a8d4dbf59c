/* Name maps and model folders.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/weights/folder.h"
#include "engine/weights/name-map.h"

#include <glib/gstdio.h>
#include <math.h>

/* (transfer full) (nullable): where the reference numbers lie; the test is skipped if they do not. */
static char *
golden (const char *name)
{
  const char      *shared = g_getenv ("LIMN_SHARED"), *data = g_getenv ("LIMN_TEST_DATA");
  g_autofree char *path = NULL;

  if (shared != NULL)
    path = g_build_filename (shared, "goldens", name, NULL);
  else if (data != NULL)
    path = g_build_filename (data, "..", "..", "shared", "goldens", name, NULL);
  if (path != NULL && g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  g_test_skip ("reference models are not there; set LIMN_SHARED");
  return NULL;
}

typedef struct
{
  const char *name;
  LimnType    type;
  int         n_dims;
  gint64      dims[4];
} Sketch;

/* (transfer full): tensors of those shapes; the bytes of all of them count 0, 1, 2, … */
static LimnWeights *
make_weights (const Sketch *sketches,
              gsize         n)
{
  static const char *const types[LIMN_N_TYPES] = { "F32", "F16", "BF16",
                                                   "F8_E4M3", "F8_E5M2", "I32" };
  g_autoptr (GString) file = g_string_new ("{");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize        at = 0;
  guint64      length;
  LimnWeights *weights;

  for (gsize i = 0; i < n; i++)
    {
      gsize size = limn_type_size (sketches[i].type);

      g_string_append_printf (file, "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[", i > 0 ? "," : "",
                              sketches[i].name, types[sketches[i].type]);
      for (int d = 0; d < sketches[i].n_dims; size *= (gsize) sketches[i].dims[d++])
        g_string_append_printf (file, "%s%d", d > 0 ? "," : "", (int) sketches[i].dims[d]);
      g_string_append_printf (file, "],\"data_offsets\":[%zu,%zu]}", at, at + size);
      at += size;
    }
  g_string_append_c (file, '}');
  length = GUINT64_TO_LE (file->len);
  g_string_prepend_len (file, (const char *) &length, sizeof length);
  for (gsize i = 0; i < at; i++)
    g_string_append_c (file, (char) i);
  bytes = g_bytes_new (file->str, file->len);
  weights = limn_weights_new_from_bytes (bytes, &error);
  g_assert_no_error (error);
  return weights;
}

static LimnWeights *
rename_all (const LimnWeights *weights,
            const LimnNameMap *map,
            const char        *part)
{
  g_autoptr (GError) error = NULL;
  LimnWeights *renamed = limn_weights_renamed (weights, map, part, &error);

  g_assert_no_error (error);
  return renamed;
}

static void
assert_names (const LimnWeights *weights,
              const char *const *names)
{
  gsize n = g_strv_length ((char **) names);

  for (gsize i = 0; i < MIN (n, limn_weights_count (weights)); i++)
    g_assert_cmpstr (limn_weights_get (weights, i)->name, ==, names[i]);
  g_assert_cmpuint (limn_weights_count (weights), ==, n);
}

static void
assert_same_tensor (const LimnWeight *got,
                    const LimnWeight *want)
{
  g_assert_cmpstr (got->name, ==, want->name);
  g_assert_cmpint (got->type, ==, want->type);
  g_assert_cmpint (got->n_dims, ==, want->n_dims);
  for (int d = 0; d < want->n_dims; d++)
    g_assert_cmpint (got->dims[d], ==, want->dims[d]);
  g_assert_cmpuint (got->n_elements, ==, want->n_elements);
  g_assert_cmpmem (got->data, got->size, want->data, want->size);
}

/* The reference files: the same network in both layouts */

static void
assert_same_part (const char *part,
                  gsize       n_tensors)
{
  g_autofree char *file = golden ("sd15/single.safetensors"), *path = golden ("sd15/model");
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnModelFolder) single = NULL;
  g_autoptr (LimnModelFolder) folder = NULL;
  g_autoptr (LimnWeights) got = NULL;
  g_autoptr (LimnWeights) want = NULL;

  if (file == NULL || path == NULL)
    return;
  single = limn_model_folder_open (file, &error);
  g_assert_no_error (error);
  folder = limn_model_folder_open (path, &error);
  g_assert_no_error (error);
  got = limn_model_folder_weights (single, part, &error);
  g_assert_no_error (error);
  want = limn_model_folder_weights (folder, part, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (limn_weights_count (want), ==, n_tensors);
  g_assert_cmpuint (limn_weights_count (got), ==, n_tensors);
  for (gsize i = 0; i < n_tensors; i++)
    assert_same_tensor (limn_weights_get (got, i), limn_weights_get (want, i));
}

static void
test_sd15_unet (void)
{
  assert_same_part ("unet", 682);
}

static void
test_sd15_vae (void)
{
  assert_same_part ("vae", 240);
}

static void
test_sd15_text (void)
{
  assert_same_part ("text_encoder", 52);
}

static void
test_inpaint9 (void)
{
  g_autofree char *file = golden ("sd15/inpaint9.safetensors"), *path = golden ("sd15/model");
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnModelFolder) single = NULL;
  g_autoptr (LimnModelFolder) folder = NULL;
  g_autoptr (LimnWeights) got = NULL;
  g_autoptr (LimnWeights) want = NULL;

  if (file == NULL || path == NULL)
    return;
  single = limn_model_folder_open (file, &error);
  folder = limn_model_folder_open (path, &error);
  g_assert_no_error (error);
  g_assert_false (limn_model_folder_has (single, "vae"));
  got = limn_model_folder_weights (single, "unet", &error);
  want = limn_model_folder_weights (folder, "unet", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (limn_weights_count (got), ==, limn_weights_count (want));
  for (gsize i = 0; i < limn_weights_count (got); i++)
    g_assert_cmpstr (limn_weights_get (got, i)->name, ==, limn_weights_get (want, i)->name);
  g_assert_cmpint (limn_weights_find (got, "conv_in.weight")->dims[1], ==, 9);
  g_assert_cmpint (limn_weights_find (got, "conv_in.weight")->type, ==, LIMN_F8_E4M3);
}

/* U-Nets of other forms */

#define TENSOR(tensor_name)                                                                    \
  {                                                                                            \
    .name = "model.diffusion_model." tensor_name, .type = LIMN_F16, .n_dims = 1, .dims = { 2 } \
  }

/* Two levels of one layer, attention only in the first: the upsampler stands where the attention would. */
static void
test_unet_of_other_form (void)
{
  static const Sketch sketches[] = {
    TENSOR ("input_blocks.0.0.weight"),
    TENSOR ("input_blocks.1.0.in_layers.0.weight"),
    TENSOR ("input_blocks.1.1.proj_in.weight"),
    TENSOR ("input_blocks.2.0.op.weight"),
    TENSOR ("input_blocks.3.0.in_layers.0.weight"),
    TENSOR ("middle_block.1.norm.weight"),
    TENSOR ("output_blocks.0.0.in_layers.0.weight"),
    TENSOR ("output_blocks.1.0.skip_connection.weight"),
    TENSOR ("output_blocks.1.1.conv.weight"),
    TENSOR ("output_blocks.2.0.emb_layers.1.bias"),
    TENSOR ("output_blocks.3.1.transformer_blocks.9.attn2.to_q.weight"),
    TENSOR ("output_blocks.3.2.conv.weight"),
    TENSOR ("output_blocks.99999999999.0.emb_layers.1.bias"),
    TENSOR ("output_blocks.03.0.emb_layers.1.bias"),
    TENSOR ("output_blocks.3.0.nothing_known.bias"),
    TENSOR ("input_blocks.0.0.in_layers.0.weight.more"),
    { .name = "model_ema.decay", .type = LIMN_F32 },
  };
  static const char *const names[] = {
    "conv_in.in_layers.0.weight.more",
    "conv_in.weight",
    "down_blocks.0.attentions.0.proj_in.weight",
    "down_blocks.0.downsamplers.0.conv.weight",
    "down_blocks.0.resnets.0.norm1.weight",
    "down_blocks.1.resnets.0.norm1.weight",
    "mid_block.attentions.0.norm.weight",
    "up_blocks.0.resnets.0.norm1.weight",
    "up_blocks.0.resnets.1.conv_shortcut.weight",
    "up_blocks.0.upsamplers.0.conv.weight",
    "up_blocks.1.attentions.1.transformer_blocks.9.attn2.to_q.weight",
    "up_blocks.1.resnets.0.time_emb_proj.bias",
    "up_blocks.1.upsamplers.0.conv.weight",
    NULL,
  };
  g_autoptr (LimnWeights) weights = make_weights (sketches, G_N_ELEMENTS (sketches));
  g_autoptr (LimnWeights) renamed = rename_all (weights, &limn_names_sd1, "unet");

  assert_names (renamed, names);
}

/* An autoencoder alone, without the prefix; level 0 of three is computed last. */
static void
test_vae_alone (void)
{
  static const Sketch sketches[] = {
    { "decoder.mid.attn_1.q.weight", LIMN_F16, 4, { 2, 3, 1, 1 } },
    { "decoder.mid.block_1.norm1.weight", LIMN_F16, 1, { 2 } },
    { "decoder.up.0.block.0.norm1.weight", LIMN_F16, 1, { 2 } },
    { "decoder.up.1.block.0.norm1.weight", LIMN_F16, 1, { 2 } },
    { "decoder.up.2.block.0.norm1.weight", LIMN_F16, 1, { 2 } },
    { "decoder.up.2.upsample.conv.weight", LIMN_F16, 1, { 2 } },
    { "decoder.up.7.upsample.conv.weight", LIMN_F16, 1, { 2 } },
    { "encoder.down.1.block.0.nin_shortcut.weight", LIMN_F16, 4, { 2, 3, 1, 1 } },
    { "loss.logvar", LIMN_F32, 0, { 0 } },
  };
  static const char *const names[] = {
    "decoder.mid_block.attentions.0.to_q.weight",
    "decoder.mid_block.resnets.0.norm1.weight",
    "decoder.up_blocks.0.resnets.0.norm1.weight",
    "decoder.up_blocks.0.upsamplers.0.conv.weight",
    "decoder.up_blocks.1.resnets.0.norm1.weight",
    "decoder.up_blocks.2.resnets.0.norm1.weight",
    "encoder.down_blocks.1.resnets.0.conv_shortcut.weight",
    NULL,
  };
  g_autoptr (LimnWeights) weights = make_weights (sketches, G_N_ELEMENTS (sketches));
  g_autoptr (LimnWeights) renamed = rename_all (weights, &limn_names_sd1, "vae");

  assert_names (renamed, names);
  g_assert_cmpint (limn_weights_find (renamed, names[0])->n_dims, ==, 2);
  g_assert_cmpint (limn_weights_find (renamed, names[6])->n_dims, ==, 4);
}

static void
test_text_without_nesting (void)
{
  static const Sketch sketches[] = {
    { "cond_stage_model.transformer.embeddings.token_embedding.weight", LIMN_F16, 2, { 2, 2 } },
    { "cond_stage_model.transformer.encoder.layers.0.mlp.fc1.bias", LIMN_F16, 1, { 2 } },
  };
  static const char *const names[] = {
    "text_model.embeddings.token_embedding.weight",
    "text_model.encoder.layers.0.mlp.fc1.bias",
    NULL,
  };
  g_autoptr (LimnWeights) weights = make_weights (sketches, G_N_ELEMENTS (sketches));
  g_autoptr (LimnWeights) renamed = rename_all (weights, &limn_names_sd1, "text_encoder");

  assert_names (renamed, names);
}

/* OpenCLIP: one matrix of three, a projection the other way round; the view stays whole when its origin goes. */
static void
test_open_clip (void)
{
  static const Sketch sketches[] = {
    { "cond_stage_model.model.text_projection", LIMN_F16, 2, { 2, 3 } },
    { "cond_stage_model.model.token_embedding.weight", LIMN_F16, 2, { 1, 2 } },
    { "cond_stage_model.model.transformer.resblocks.11.attn.in_proj_weight", LIMN_F16, 2, { 6, 2 } },
  };
  static const char *const names[] = {
    "text_model.embeddings.token_embedding.weight",
    "text_model.encoder.layers.11.self_attn.k_proj.weight",
    "text_model.encoder.layers.11.self_attn.q_proj.weight",
    "text_model.encoder.layers.11.self_attn.v_proj.weight",
    "text_projection.weight",
    NULL,
  };
  static const guint8 transposed[] = { 0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11 };
  g_autoptr (LimnWeights) weights = make_weights (sketches, G_N_ELEMENTS (sketches));
  g_autoptr (LimnWeights) renamed = rename_all (weights, &limn_names_sd1, "text_encoder");
  const LimnWeight *key;

  g_clear_pointer (&weights, limn_weights_unref);
  assert_names (renamed, names);
  g_assert_cmpmem (limn_weights_get (renamed, 4)->data, limn_weights_get (renamed, 4)->size,
                   transposed, sizeof transposed);
  g_assert_cmpint (limn_weights_get (renamed, 4)->dims[0], ==, 3);
  key = limn_weights_get (renamed, 1);
  g_assert_cmpint (key->dims[0], ==, 2);
  g_assert_cmpuint (key->n_elements, ==, 4);
  g_assert_cmpuint (key->size, ==, 8);
  g_assert_cmpuint (key->data[0], ==, 12 + 4 + 8);
}

static void
test_sd21 (void)
{
  g_autofree char *file = golden ("sd21/single.safetensors");
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnModelFolder) single = NULL;
  g_autoptr (LimnWeights) text = NULL;
  g_autoptr (LimnWeights) unet = NULL;
  g_autoptr (LimnWeights) all = NULL;
  const LimnWeight *query;

  if (file == NULL)
    return;
  single = limn_model_folder_open (file, &error);
  g_assert_no_error (error);
  text = limn_model_folder_weights (single, "text_encoder", &error);
  g_assert_no_error (error);
  unet = limn_model_folder_weights (single, "unet", &error);
  g_assert_no_error (error);
  all = limn_weights_subset (limn_model_folder_single (single), "model.diffusion_model");
  g_assert_cmpuint (limn_weights_count (all), >, 600);
  g_assert_cmpuint (limn_weights_count (unet), ==, limn_weights_count (all));
  query = limn_weights_require (text, "text_model.encoder.layers.0.self_attn.q_proj.weight",
                                &error);
  g_assert_no_error (error);
  g_assert_cmpint (query->dims[0], ==, query->dims[1]);
}

static void
test_bands_must_divide (void)
{
  static const Sketch sketches[] = {
    { "cond_stage_model.model.token_embedding.weight", LIMN_F16, 2, { 1, 2 } },
    { "cond_stage_model.model.transformer.resblocks.0.attn.in_proj_weight", LIMN_F16, 2, { 7, 2 } },
  };
  g_autoptr (LimnWeights) weights = make_weights (sketches, G_N_ELEMENTS (sketches));
  g_autoptr (GError) error = NULL;

  g_assert_null (limn_weights_renamed (weights, &limn_names_sd1, "text_encoder", &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE);
}

static void
test_other_layout (void)
{
  static const Sketch sketches[] = { { "double_blocks.0.weight", LIMN_F16, 2, { 1, 2 } } };
  g_autoptr (LimnWeights) weights = make_weights (sketches, G_N_ELEMENTS (sketches));
  g_autoptr (GError) error = NULL;

  g_assert_false (limn_name_map_has (&limn_names_sd1, weights, "unet"));
  g_assert_null (limn_weights_renamed (weights, &limn_names_sd1, "unet", &error));
  g_assert_error (error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_UNSUPPORTED);
}

static void
test_old_diffusers_vae (void)
{
  static const Sketch sketches[] = {
    { "decoder.conv_in.weight", LIMN_F16, 1, { 2 } },
    { "decoder.mid_block.attentions.0.group_norm.weight", LIMN_F16, 1, { 2 } },
    { "decoder.mid_block.attentions.0.proj_attn.weight", LIMN_F16, 2, { 2, 2 } },
    { "decoder.mid_block.attentions.0.query.weight", LIMN_F16, 2, { 2, 2 } },
  };
  static const char *const names[] = {
    "decoder.conv_in.weight",
    "decoder.mid_block.attentions.0.group_norm.weight",
    "decoder.mid_block.attentions.0.to_out.0.weight",
    "decoder.mid_block.attentions.0.to_q.weight",
    NULL,
  };
  g_autoptr (LimnWeights) weights = make_weights (sketches, G_N_ELEMENTS (sketches));
  g_autoptr (LimnWeights) renamed = rename_all (weights, &limn_names_diffusers, "vae");

  assert_names (renamed, names);
}

/* Folders */

static void
test_folder (void)
{
  g_autofree char *path = golden ("sd15/model"), *tokenizer = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnModelFolder) folder = NULL;
  g_autoptr (LimnWeights) again = NULL;
  g_autoptr (LimnWeights) vae = NULL;
  int         n = 0, widths[8];
  const char *class_name = NULL;

  if (path == NULL)
    return;
  folder = limn_model_folder_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (limn_model_folder_class (folder), ==, "StableDiffusionPipeline");
  g_assert_null (limn_model_folder_single (folder));
  g_assert_true (limn_config_int_array (limn_model_folder_config (folder, "unet", &error),
                                        "block_out_channels", 1, 9999, widths, 8, &n, &error));
  g_assert_cmpint (n, ==, 4);
  g_assert_cmpint (widths[3], ==, 32);
  g_assert_true (limn_config_string (limn_model_folder_config (folder, "scheduler", &error),
                                     "_class_name", NULL, &class_name, &error));
  g_assert_cmpstr (class_name, ==, "PNDMScheduler");
  g_assert_nonnull (limn_model_folder_config (folder, "tokenizer", &error));
  vae = limn_model_folder_weights (folder, "vae", &error);
  again = limn_model_folder_weights (folder, "vae", &error);
  g_assert_true (vae == again);
  tokenizer = limn_model_folder_file (folder, "tokenizer", "special_tokens_map.json");
  g_assert_nonnull (tokenizer);
  g_assert_null (limn_model_folder_file (folder, "tokenizer", "../model_index.json"));
  g_assert_null (limn_model_folder_file (folder, "..", "case.json"));
}

static void
assert_folder_fails (LimnModelFolder *folder,
                     const char      *part)
{
  g_autoptr (GError) weights_error = NULL;
  g_autoptr (GError) config_error = NULL;

  g_assert_null (limn_model_folder_weights (folder, part, &weights_error));
  g_assert_error (weights_error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE);
  g_assert_null (limn_model_folder_config (folder, part, &config_error));
  g_assert_error (config_error, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE);
}

static void
test_folder_of_nothing (void)
{
  g_autofree char *path = g_dir_make_tmp ("limn-folder-XXXXXX", NULL);
  g_autofree char *index = g_build_filename (path, "model_index.json", NULL);
  g_autoptr (GError) none = NULL;
  g_autoptr (GError) damaged = NULL;
  g_autoptr (LimnModelFolder) folder = NULL;

  g_assert_null (limn_model_folder_open (path, &none));
  g_assert_error (none, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE);
  g_assert_true (g_file_set_contents (index, "[[[[", -1, NULL));
  g_assert_null (limn_model_folder_open (path, &damaged));
  g_assert_error (damaged, LIMN_ENGINE_ERROR, LIMN_ENGINE_ERROR_FILE);
  g_assert_true (g_file_set_contents (index, "{\"_class_name\": 7}", -1, NULL));
  folder = limn_model_folder_open (path, NULL);
  g_assert_nonnull (folder);
  g_assert_null (limn_model_folder_class (folder));
  assert_folder_fails (folder, "unet");
  assert_folder_fails (folder, "..");
  assert_folder_fails (folder, "");
  g_assert_cmpint (g_unlink (index), ==, 0);
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/name-map/sd15-unet", test_sd15_unet);
  g_test_add_func ("/name-map/sd15-vae", test_sd15_vae);
  g_test_add_func ("/name-map/sd15-text", test_sd15_text);
  g_test_add_func ("/name-map/inpaint9", test_inpaint9);
  g_test_add_func ("/name-map/unet-of-other-form", test_unet_of_other_form);
  g_test_add_func ("/name-map/vae-alone", test_vae_alone);
  g_test_add_func ("/name-map/text-without-nesting", test_text_without_nesting);
  g_test_add_func ("/name-map/open-clip", test_open_clip);
  g_test_add_func ("/name-map/sd21", test_sd21);
  g_test_add_func ("/name-map/bands-must-divide", test_bands_must_divide);
  g_test_add_func ("/name-map/other-layout", test_other_layout);
  g_test_add_func ("/name-map/old-diffusers-vae", test_old_diffusers_vae);
  g_test_add_func ("/name-map/folder", test_folder);
  g_test_add_func ("/name-map/folder-of-nothing", test_folder_of_nothing);
  return g_test_run ();
}
