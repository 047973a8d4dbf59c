/* Fuzz target: adapters (LoRA and its kin): names of all programs, their settings, and the weights with them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/adapters/adapter.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define ATTENTION "down_blocks.1.attentions.0.transformer_blocks.0.attn1."

/* A U-Net of two layers a level, and a text encoder, as fuzz_weights_bytes() takes them. */
static const char unet[] = "@\nconv_in.weight 4 4 3 3\nconv_in.bias 4\ndown_blocks.0.resnets.0.conv1.weight 4 4 3 3\n"
                           "down_blocks.0.resnets.1.conv1.weight 4 4 3 3\n" ATTENTION "to_q.weight 6 4\n" ATTENTION "to_out.0.weight 6 4\n" ATTENTION
                           "to_out.0.bias 6\nup_blocks.1.resnets.2.time_emb_proj.weight 6 4\n";
static const char text[] = "@\ntext_model.encoder.layers.0.self_attn.q_proj.weight 6 4\ntext_model.encoder.layers.0.mlp.fc1.weight 6 4\n";

static LimnAdapterTarget *
make_target (const char *part,
             const char *lines)
{
  g_autoptr (GBytes) bytes = fuzz_weights_bytes ((const guint8 *) lines, strlen (lines));
  LimnWeights *weights = limn_weights_new_from_bytes (bytes, NULL);

  g_assert_nonnull (weights);
  return limn_adapter_target_new (part, weights);
}

static GPtrArray *
make_targets (void)
{
  GPtrArray *targets = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_adapter_target_free);

  g_ptr_array_add (targets, make_target ("unet", unet));
  g_ptr_array_add (targets, make_target ("text_encoder", text));
  g_ptr_array_add (targets, make_target ("text_encoder_2", text));
  return targets;
}

static gboolean
apply (const LimnAdapterFile *file)
{
  g_autoptr (GPtrArray) targets = make_targets ();
  g_autoptr (GError) error = NULL;
  LimnAdapterReport report = { 0 };
  gboolean          done = limn_adapter_apply (file, targets, 0.7, -1, &report, &error);

  fuzz_check_error (!done, &error);

  for (guint i = 0; done && i < targets->len; i++)
    {
      const LimnAdapterTarget *target = targets->pdata[i];
      g_autoptr (LimnWeights) patched = limn_weights_patched (target->weights, target->patches);

      fuzz_use_weights (patched);
    }
  return done;
}

static gboolean
run (const guint8 *data,
     gsize         size)
{
  char            *folder = fuzz_unpack (data, size);
  g_autofree char *path = g_build_filename (folder, "adapter.safetensors", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnAdapterFile) file = limn_adapter_file_open (path, &error);
  gboolean done = FALSE;

  fuzz_check_error (file == NULL, &error);

  if (file != NULL)
    {
      const char *origin = limn_adapter_origin (file);

      g_assert_true (origin == NULL || g_utf8_validate (origin, -1, NULL));
      done = apply (file);
    }
  fuzz_remove (folder);
  return done;
}

#define FILE "=== adapter.safetensors\n"
#define KOHYA "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q"

static const char kohya[] = FILE "@\n" KOHYA ".lora_up.weight 6 2\n" KOHYA ".lora_down.weight 2 4\n" KOHYA ".alpha\n";
static const char loha[] = FILE "@\n" KOHYA ".hada_w1_a 6 2\n" KOHYA ".hada_w1_b 2 4\n" KOHYA ".hada_w2_a 6 2\n" KOHYA ".hada_w2_b 2 4\n" KOHYA ".alpha\n";
static const char lokr[] = FILE "@\n" KOHYA ".lokr_w1 3 2\n" KOHYA ".lokr_w2 2 2\n";
static const char dora[] = FILE "@\n" KOHYA ".lora_up.weight 6 2\n" KOHYA ".lora_down.weight 2 4\n" KOHYA ".dora_scale 6 1\n";
static const char locon[] = FILE "@\nlora_unet_conv_in.lora_up.weight 4 2 1 1\nlora_unet_conv_in.lora_mid.weight 2 2 3 3\nlora_unet_conv_in.lora_down.weight 2 4 1 1\n";
static const char diff[] = FILE "@\nlora_unet_conv_in.diff 4 4 3 3\nlora_unet_conv_in.diff_b 4\n";
static const char words[] = FILE "@\nlora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_up.weight 6 2\n"
                                 "lora_te_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight 2 4\n";
static const char peft[] = FILE "@\nunet." ATTENTION "to_q.lora_A.weight 2 4\nunet." ATTENTION "to_q.lora_B.weight 6 2\n"
                                "=== adapter_config.json\n{\"peft_type\": \"LORA\", \"r\": 2, \"lora_alpha\": 4, \"rank_pattern\": {\"to_q\": 2}, \"use_rslora\": true}\n";

#define SEED(name)               \
  {                              \
#name, name, sizeof name - 1 \
  }

static const FuzzSeed seeds[] = {
  SEED (kohya),
  SEED (loha),
  SEED (lokr),
  SEED (dora),
  SEED (locon),
  SEED (diff),
  SEED (words),
  SEED (peft),
  { NULL, NULL, 0 },
};

const FuzzTarget fuzz_target = { "lora", seeds, run };
