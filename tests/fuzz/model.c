/* Fuzz target: whole models, folders and single files: which family they are, their settings, and what each part computes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model-private.h"
#include "tests/fuzz/fuzz.h"

/* Small sides, of which one is odd. */
#define HEIGHT 8
#define WIDTH 9

/* What is larger would only be slow. */
#define MAX_OPERATIONS 2e7
#define MAX_BYTES (64 << 20)

static const char *const inputs[] = { "tokens", "lengths", "latent", "time", "text", "pooled", "conditions", "picture" };

/* @graph: (transfer full) */
static void
compute (LimnModel *model,
         LimnGraph *graph)
{
  LimnPlanCost cost = limn_graph_measure (graph, model->backend);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnPlan) plan = NULL;

  if (cost.operations > MAX_OPERATIONS || cost.arena + cost.weights > MAX_BYTES)
    {
      limn_graph_free (graph);
      return;
    }
  plan = limn_plan_new (graph, model->backend, &error);
  fuzz_check_error (plan == NULL, &error);
  for (guint i = 0; plan != NULL && i < G_N_ELEMENTS (inputs); i++)
    {
      LimnShape         shape = limn_plan_input_shape (plan, inputs[i]);
      g_autofree float *values = g_new (float, limn_shape_elements (shape) + 1);

      for (gsize k = 0; k < limn_shape_elements (shape); k++)
        values[k] = (float) (k % 7);
      if (limn_shape_elements (shape) > 0)
        limn_plan_write (plan, inputs[i], values);
    }
  if (plan != NULL)
    fuzz_check_error (!limn_plan_run (plan, &error), &error);
}

static void
record_part (LimnModel *model,
             LimnPart   part)
{
  const char *name = model->family->part_names[part];
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnGraph) graph = limn_graph_new (LIMN_F32);
  g_autoptr (LimnWeights) weights = NULL;
  LimnScope    scope;
  LimnPartCall call = { .scope = &scope, .settings = model->settings, .n = 2, .height = HEIGHT, .width = WIDTH, .clip_skip = 1 };

  if (name == NULL || model->family->build[part] == NULL || !limn_model_folder_has (model->folder, name))
    return;
  weights = limn_model_folder_weights (model->folder, name, &error);
  fuzz_check_error (weights == NULL, &error);
  if (weights == NULL)
    return;
  scope = limn_scope_root (graph, weights);
  model->family->build[part](&call);
  fuzz_check_error (!limn_graph_check (graph, &error), &error);
  if (error == NULL)
    compute (model, g_steal_pointer (&graph));
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

#define PAIR(name, out, in) name ".weight " out " " in "\n" name ".bias " out "\n"
#define CONV(name, out, in) PAIR (name, out, in " 3 3")
#define NORM(name, n) name ".weight " n "\n" name ".bias " n "\n"
#define WHOLE_RESNET(in) NORM ("norm1", in) CONV ("conv1", "4", in) PAIR ("time_emb_proj", "4", "8") NORM ("norm2", "4") CONV ("conv2", "4", "4")
#define ATTENTION(name, text) name ".to_q.weight 4 4\n" name ".to_k.weight 4 " text "\n" name ".to_v.weight 4 " text "\n" PAIR (name ".to_out.0", "4", "4")
#define WHOLE_TRANSFORMER        \
  NORM ("norm", "4")             \
  PAIR ("proj_in", "4", "4 1 1") \
  PAIR ("proj_out", "4", "4 1 1")
#define WHOLE_BLOCK                \
  NORM ("norm1", "4")              \
  NORM ("norm2", "4")              \
  NORM ("norm3", "4")              \
  ATTENTION ("attn1", "4")         \
  ATTENTION ("attn2", "6")         \
  PAIR ("ff.net.0.proj", "8", "4") \
  PAIR ("ff.net.2", "4", "4")
#define ATTENTIVE(name) ">" name ".\n" WHOLE_TRANSFORMER ">" name ".transformer_blocks.0.\n" WHOLE_BLOCK

#define VAE_RESNET NORM ("norm1", "4") CONV ("conv1", "4", "4") NORM ("norm2", "4") CONV ("conv2", "4", "4")
#define VAE_ATTENTION NORM ("group_norm", "4") PAIR ("to_q", "4", "4") PAIR ("to_k", "4", "4") PAIR ("to_v", "4", "4") PAIR ("to_out.0", "4", "4")

/* All of it, so that every part can be computed. */
static const char whole[] = "=== model_index.json\n{\"_class_name\": \"StableDiffusionPipeline\"}\n"
                            "=== vae/config.json\n{\"norm_num_groups\": 2}\n"
                            "=== unet/config.json\n{\"attention_head_dim\": 2, \"norm_num_groups\": 2}\n"
                            "=== text_encoder/config.json\n{\"num_attention_heads\": 2}\n"
                            "=== unet/diffusion_pytorch_model.safetensors\n@\n" CONV ("conv_in", "4", "4") CONV ("conv_out", "4", "4") NORM ("conv_norm_out", "4")
                                PAIR ("time_embedding.linear_1", "8", "4") PAIR ("time_embedding.linear_2", "8", "8") ">down_blocks.0.resnets.0.\n" WHOLE_RESNET ("4") ATTENTIVE ("down_blocks.0.attentions.0") ">mid_block.resnets.0.\n" WHOLE_RESNET ("4") ATTENTIVE ("mid_block.attentions.0") ">mid_block.resnets.1.\n" WHOLE_RESNET ("4") ">up_blocks.0.resnets.0.\n" WHOLE_RESNET ("8") PAIR ("conv_shortcut", "4", "8 1 1") ATTENTIVE ("up_blocks.0.attentions.0") ">up_blocks.0.resnets.1.\n" WHOLE_RESNET ("8") PAIR ("conv_shortcut", "4", "8 1 1") ATTENTIVE ("up_blocks.0.attentions.1") "=== vae/diffusion_pytorch_model.safetensors\n@\n" PAIR ("quant_conv", "8", "8 1 1") PAIR ("post_quant_conv", "4", "4 1 1") ">encoder.\n" CONV ("conv_in", "4", "3") NORM ("conv_norm_out", "4") CONV ("conv_out", "8", "4") ">decoder.\n" CONV ("conv_in", "4", "4") NORM ("conv_norm_out", "4") CONV ("conv_out", "3", "4") ">encoder.mid_block.resnets.0.\n" VAE_RESNET ">encoder.mid_block.resnets.1.\n" VAE_RESNET ">encoder.mid_block.attentions.0.\n" VAE_ATTENTION
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   ">decoder.mid_block.resnets.0.\n" VAE_RESNET ">decoder.mid_block.resnets.1.\n" VAE_RESNET ">decoder.mid_block.attentions.0.\n" VAE_ATTENTION
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   ">encoder.down_blocks.0.resnets.0.\n" VAE_RESNET
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   ">decoder.up_blocks.0.resnets.0.\n" VAE_RESNET ">decoder.up_blocks.0.resnets.1.\n" VAE_RESNET
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   "=== text_encoder/model.safetensors\n@\n>text_model.\n"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   "embeddings.token_embedding.weight 9 6\nembeddings.position_embedding.weight 7 6\n" NORM ("final_layer_norm", "6") ">text_model.encoder.layers.0.\n" NORM ("layer_norm1", "6") NORM ("layer_norm2", "6") PAIR ("mlp.fc1", "8", "6") PAIR ("mlp.fc2", "6", "8") ">text_model.encoder.layers.0.self_attn.\n" PAIR ("q_proj", "6", "6") PAIR ("k_proj", "6", "6") PAIR ("v_proj", "6", "6") PAIR ("out_proj", "6", "6");

/* Weights in two files, by an index. */
static const char shards[] = "=== unet/diffusion_pytorch_model.safetensors.index.json\n"
                             "{\"metadata\": {\"total_size\": 99}, \"weight_map\": {\"conv_in.weight\": \"a.safetensors\", \"conv_out.weight\": \"a.safetensors\", "
                             "\"down_blocks.0.attentions.0.proj_in.weight\": \"b.safetensors\", \"down_blocks.0.resnets.0.conv1.weight\": \"b.safetensors\", "
                             "\"down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight\": \"b.safetensors\"}}\n"
                             "=== unet/config.json\n{}\n"
                             "=== unet/a.safetensors\n@\nconv_in.weight 4 4 3 3\nconv_out.weight 4 4 3 3\n"
                             "=== unet/b.safetensors\n@\n>down_blocks.0.\nattentions.0.proj_in.weight 4 4\nresnets.0.conv1.weight 4 4 3 3\n"
                             "attentions.0.transformer_blocks.0.attn2.to_k.weight 4 6\n";

static const FuzzSeed seeds[] = {
  { "shards", shards, 0 },
  { "whole", whole, 0 },
  { "sd15-file", sd15_file, 0 },
  { "sd15-folder", sd15_folder, 0 },
  { "starter", starter, 0 },
  { "control", control, 0 },
  { NULL, NULL, 0 }
};

const FuzzTarget fuzz_target = { "model", seeds, run };
