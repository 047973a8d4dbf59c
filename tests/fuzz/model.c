/* Fuzz target: whole models, folders and single files: which family they are, their settings, and a graph of each part.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model-private.h"
#include "tests/fuzz/fuzz.h"

/* Small sides, of which one is odd. */
#define HEIGHT 8
#define WIDTH 9

static void
record_part (LimnModel *model,
             LimnPart   part)
{
  const char *name = model->family->part_names[part];
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnGraph) graph = limn_graph_new (LIMN_F32);
  g_autoptr (LimnWeights) weights = NULL;
  LimnScope    scope;
  LimnPartCall call = { &scope, model->settings, 2, HEIGHT, WIDTH, 1, FALSE };

  if (name == NULL || model->family->build[part] == NULL || !limn_model_folder_has (model->folder, name))
    return;
  weights = limn_model_folder_weights (model->folder, name, &error);
  fuzz_check_error (weights == NULL, &error);
  if (weights == NULL)
    return;
  scope = limn_scope_root (graph, weights);
  model->family->build[part](&call);
  fuzz_check_error (!limn_graph_check (graph, &error), &error);
}

static gboolean
open_model (const char *path)
{
  static const LimnEngineOptions options = { .threads = 1, .type = "f32", .device = "cpu" };
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnEngine) engine = limn_engine_new (&options, NULL);
  g_autoptr (LimnModel) model = limn_model_open (engine, path, NULL, &error);

  fuzz_check_error (model == NULL, &error);
  if (model == NULL)
    return FALSE;
  for (int part = 0; part < LIMN_N_PARTS; part++)
    record_part (model, (LimnPart) part);
  return TRUE;
}

static gboolean
run (const guint8 *data,
     gsize         size)
{
  char            *folder = fuzz_unpack (data, size);
  g_autofree char *file = g_build_filename (folder, "model.safetensors", NULL);
  gboolean         opened = open_model (g_file_test (file, G_FILE_TEST_EXISTS) ? file : folder);

  fuzz_remove (folder);
  return opened;
}

#define RESNET(name, in, out) \
  name ".in_layers.0.weight " #in "\n" name ".in_layers.2.weight " #out " " #in " 3 3\n" name ".emb_layers.1.weight " #out " 8\n" name ".out_layers.0.weight " #out "\n" name ".out_layers.3.weight " #out " " #out " 3 3\n"
#define BLOCK(name) \
  name ".transformer_blocks.0.norm1.weight 4\n" name ".transformer_blocks.0.attn1.to_q.weight 4 4\n" name ".transformer_blocks.0.attn2.to_k.weight 4 6\n" name ".transformer_blocks.0.ff.net.0.proj.weight 32 4\n"
#define AUTOENCODER(name) \
  name "decoder.conv_in.weight 4 4 3 3\n" name "decoder.mid.block_1.norm1.weight 4\n" name "decoder.up.0.block.0.norm1.weight 4\n" name "decoder.up.0.block.0.conv1.weight 4 4 3 3\n" name "decoder.up.0.block.1.conv1.weight 4 4 3 3\n" name "encoder.conv_in.weight 4 3 3 3\n" name "post_quant_conv.weight 4 4 1 1\n"

static const char sd15_file[] = "=== model.safetensors\n@\n"
                                "model.diffusion_model.input_blocks.0.0.weight 4 4 3 3\n"
                                "model.diffusion_model.input_blocks.0.0.bias 4\n"
                                "model.diffusion_model.time_embed.0.weight 8 4\n"
                                "model.diffusion_model.time_embed.2.weight 8 8\n" RESNET ("model.diffusion_model.input_blocks.1.0", 4, 4) "model.diffusion_model.input_blocks.1.1.norm.weight 4\n"
                                                                                                                                          "model.diffusion_model.input_blocks.1.1.proj_in.weight 4 4 1 1\n" BLOCK ("model.diffusion_model.input_blocks.1.1")
                                                                                                                                              RESNET ("model.diffusion_model.middle_block.0", 4, 4)
                                                                                                                                                  RESNET ("model.diffusion_model.output_blocks.0.0", 8, 4)
                                                                                                                                                      RESNET ("model.diffusion_model.output_blocks.1.0", 8, 4) "model.diffusion_model.out.0.weight 4\n"
                                                                                                                                                                                                               "model.diffusion_model.out.2.weight 4 4 3 3\n" AUTOENCODER ("first_stage_model.") "cond_stage_model.transformer.text_model.embeddings.token_embedding.weight 9 6\n"
                                                                                                                                                                                                                                                                                                 "cond_stage_model.transformer.text_model.embeddings.position_embedding.weight 7 6\n"
                                                                                                                                                                                                                                                                                                 "cond_stage_model.transformer.text_model.encoder.layers.0.layer_norm1.weight 6\n"
                                                                                                                                                                                                                                                                                                 "cond_stage_model.transformer.text_model.encoder.layers.0.mlp.fc1.weight 24 6\n";

static const char sd15_folder[] = "=== model_index.json\n{\"_class_name\": \"StableDiffusionPipeline\"}\n"
                                  "=== scheduler/scheduler_config.json\n{\"prediction_type\": \"v_prediction\", \"beta_start\": 0.00085}\n"
                                  "=== vae/config.json\n{\"scaling_factor\": 0.18215, \"norm_num_groups\": 2}\n"
                                  "=== unet/config.json\n{\"attention_head_dim\": 2, \"norm_num_groups\": 2}\n"
                                  "=== unet/diffusion_pytorch_model.safetensors\n@\n"
                                  "conv_in.weight 4 4 3 3\n"
                                  "conv_in.bias 4\n"
                                  "conv_out.weight 4 4 3 3\n"
                                  "time_embedding.linear_1.weight 8 4\n"
                                  "down_blocks.0.attentions.0.norm.weight 4\n"
                                  "down_blocks.0.attentions.0.proj_in.weight 4 4\n"
                                  "down_blocks.0.attentions.0.transformer_blocks.0.norm1.weight 4\n"
                                  "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight 4 6\n"
                                  "down_blocks.0.resnets.0.conv1.weight 4 4 3 3\n"
                                  "mid_block.attentions.0.norm.weight 4\n"
                                  "up_blocks.0.attentions.0.norm.weight 4\n"
                                  "=== vae/diffusion_pytorch_model.safetensors\n@\n"
                                  "decoder.conv_in.weight 4 4 3 3\n"
                                  "decoder.up_blocks.0.resnets.0.conv1.weight 4 4 3 3\n"
                                  "decoder.up_blocks.0.resnets.1.conv1.weight 4 4 3 3\n"
                                  "decoder.mid_block.attentions.0.to_q.weight 4 4\n"
                                  "encoder.conv_in.weight 4 3 3 3\n";

static const char starter[] = "=== transformer/config.json\n{\"hidden_size\": 4, \"num_layers\": 1, \"num_attention_heads\": 2, \"patch_size\": 2, \"in_channels\": 4, \"sample_size\": 8}\n"
                              "=== text_encoder/config.json\n{\"hidden_size\": 4, \"num_hidden_layers\": 1, \"num_attention_heads\": 2, \"vocab_size\": 9, \"max_length\": 4}\n"
                              "=== vae/config.json\n{\"latents_mean\": [0, 1, 2, 3], \"latents_std\": [1, 1, 1, 2], \"downscale\": 1}\n"
                              "=== scheduler/scheduler_config.json\n{\"steps\": 2, \"guidance\": 3.5}\n"
                              "=== transformer/diffusion_pytorch_model.safetensors\n@\nada.1.weight 24 4\nblocks.0.table 6 4\nblocks.0.attn2.norm_q.weight 2\n"
                              "=== vae/diffusion_pytorch_model.safetensors\n@\ndecoder.0.weight 4 4 3 3\n"
                              "=== text_encoder/model.safetensors\n@\nembed.weight 9 4\n";

static const char control[] = "=== config.json\n{\"_class_name\": \"ControlNetModel\", \"attention_head_dim\": 2, \"norm_num_groups\": 2, \"conditioning_embedding_out_channels\": [4, 4, 4, 4]}\n"
                              "=== diffusion_pytorch_model.safetensors\n@\n"
                              "conv_in.weight 4 4 3 3\n"
                              "controlnet_down_blocks.0.weight 4 4 1 1\n"
                              "controlnet_cond_embedding.conv_in.weight 4 3 3 3\n"
                              "controlnet_cond_embedding.conv_out.weight 4 4 3 3\n"
                              "controlnet_mid_block.weight 4 4 1 1\n"
                              "down_blocks.0.attentions.0.norm.weight 4\n"
                              "down_blocks.0.attentions.0.proj_in.weight 4 4\n"
                              "down_blocks.0.attentions.0.transformer_blocks.0.norm1.weight 4\n"
                              "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight 4 6\n"
                              "down_blocks.0.resnets.0.conv1.weight 4 4 3 3\n"
                              "mid_block.attentions.0.norm.weight 4\n";

static const FuzzSeed seeds[] = {
  { "sd15-file", sd15_file, 0 },
  { "sd15-folder", sd15_folder, 0 },
  { "starter", starter, 0 },
  { "control", control, 0 },
  { NULL, NULL, 0 }
};

const FuzzTarget fuzz_target = { "model", seeds, run };
