/* Published layouts of networks, known by the names of a few tensors: what a file is, also where nothing here can run it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/file-info-private.h"

#include <string.h>

#include "engine/models/family.h"
#include "engine/upscaler-private.h"

/* Files with several parts, and programs that save one, put these before all names. */
static const char *const prefixes[] = { "", "model.diffusion_model.", "diffusion_model.", "first_stage_model.", "vae.", "transformer.", "unet.", "text_encoders.", "module.", "params_ema.", "params." };

#define MAX_PROBES 3

/* All probes are there after one of the prefixes. */
typedef struct
{
  const char *kind, *part, *family, *label;
  const char *probes[MAX_PROBES];
} Layout;

#define TRANSFORMER "model", "transformer"
#define LANGUAGE "text-encoder", "text_encoder"

/* What is in others as a part comes after them. */
static const Layout layouts[] = {
  { "controlnet", "controlnet", "flux", "FLUX.1", { "controlnet_x_embedder.weight", "controlnet_blocks.0.weight" } },
  { "controlnet", "controlnet", "sd3", "Stable Diffusion 3", { "controlnet_blocks.0.weight" } },
  { TRANSFORMER, "flux2", "FLUX.2", { "double_stream_modulation_img.lin.weight" } },
  { TRANSFORMER, "flux2", "FLUX.2", { "double_stream_modulation_img.linear.weight" } },
  { TRANSFORMER, "chroma", "Chroma", { "distilled_guidance_layer.in_proj.weight" } },
  { TRANSFORMER, "flux", "FLUX.1", { "double_blocks.0.img_attn.qkv.weight" } },
  { TRANSFORMER, "flux", "FLUX.1", { "single_transformer_blocks.0.proj_mlp.weight", "transformer_blocks.0.attn.add_q_proj.weight" } },
  { TRANSFORMER, "qwen-image", "Qwen-Image", { "transformer_blocks.0.attn.add_q_proj.weight", "txt_norm.weight", "img_in.weight" } },
  { TRANSFORMER, "sd3", "Stable Diffusion 3", { "joint_blocks.0.x_block.attn.qkv.weight" } },
  { TRANSFORMER, "sd3", "Stable Diffusion 3", { "transformer_blocks.0.attn.add_q_proj.weight", "pos_embed.proj.weight" } },
  { TRANSFORMER, "z-image", "Z-Image", { "cap_embedder.0.weight", "x_pad_token" } },
  { TRANSFORMER, "lumina2", "Lumina 2", { "cap_embedder.0.weight", "noise_refiner.0.attention.qkv.weight" } },
  { TRANSFORMER, "auraflow", "AuraFlow", { "joint_transformer_blocks.0.attn.to_q.weight" } },
  { TRANSFORMER, "sana", "Sana", { "caption_norm.weight", "caption_projection.linear_1.weight" } },
  { TRANSFORMER, "pixart", "PixArt", { "adaln_single.linear.weight", "pos_embed.proj.weight" } },
  { TRANSFORMER, "pixart", "PixArt", { "t_block.1.weight", "y_embedder.y_proj.fc1.weight" } },
  { TRANSFORMER, "wan", "Wan (video)", { "blocks.0.self_attn.q.weight", "head.modulation" } },
  { "model", "unet", "deepfloyd-if", "DeepFloyd IF", { "encoder_hid_proj.weight", "add_embedding.norm1.weight" } },
  { "controlnet", "controlnet", NULL, "a ControlNet of an unknown family", { "controlnet_cond_embedding.conv_in.weight" } },
  { "controlnet", "controlnet", NULL, "a ControlNet of an unknown family", { "zero_convs.0.0.weight" } },
  { "image-prompt", "ip_adapter", NULL, "IP-Adapter", { "ip_adapter.1.to_k_ip.weight" } },
  { "model", "unet", NULL, "a U-Net of an unknown family", { "conv_in.weight", "down_blocks.0.resnets.0.conv1.weight", "conv_norm_out.weight" } },
  { "model", "unet", NULL, "a U-Net of an unknown family", { "input_blocks.0.0.weight", "time_embed.0.weight" } },
  { "autoencoder", "vae", "flux2", "FLUX.2", { "decoder.conv_in.weight", "bn.running_mean" } },
  { "autoencoder", "vae", NULL, NULL, { "decoder.conv_in.weight", "decoder.conv_out.weight" } },
  { "text-encoder", "text_encoder_2", NULL, "CLIP with a projection", { "text_model.embeddings.token_embedding.weight", "text_projection.weight" } },
  { "text-encoder", "text_encoder", NULL, "CLIP", { "text_model.embeddings.token_embedding.weight" } },
  { "text-encoder", "text_encoder", NULL, "OpenCLIP", { "transformer.resblocks.0.attn.in_proj_weight" } },
  { "image-encoder", "image_encoder", NULL, "CLIP's picture encoder", { "vision_model.embeddings.class_embedding" } },
  { "image-encoder", "image_encoder", NULL, "CLIP's picture encoder", { "visual.class_embedding" } },
  { LANGUAGE, "t5", "T5", { "encoder.block.0.layer.0.SelfAttention.q.weight" } },
  { LANGUAGE, "t5", "T5", { "enc.blk.0.attn_q.weight" } },
  { LANGUAGE, "qwen3", "Qwen 3", { "model.layers.0.self_attn.q_norm.weight", "model.embed_tokens.weight" } },
  { LANGUAGE, "qwen3", "Qwen 3", { "blk.0.attn_q_norm.weight", "token_embd.weight" } },
  { LANGUAGE, NULL, "a language model", { "model.layers.0.self_attn.q_proj.weight", "model.embed_tokens.weight" } },
  { LANGUAGE, NULL, "a language model", { "blk.0.attn_q.weight", "token_embd.weight" } },
  { "upscaler", "upscaler", NULL, "SwinIR, HAT or DAT", { "conv_first.weight", "layers.0.residual_group.blocks.0.norm1.weight" } },
};

/* By what the text is wide that the family takes. */
static const struct
{
  gint64      width;
  const char *family, *label;
} inversions[] = {
  { 768, "sd15", "Stable Diffusion 1.5" },
  { 1024, "sd2", "Stable Diffusion 2" },
  { 1280, "sdxl", "Stable Diffusion XL" },
};

static gboolean
fits (const Layout      *layout,
      const LimnWeights *weights,
      const char        *prefix)
{
  for (int i = 0; i < MAX_PROBES && layout->probes[i] != NULL; i++)
    {
      g_autofree char *name = g_strconcat (prefix, layout->probes[i], NULL);

      if (limn_weights_find (weights, name) == NULL)
        return FALSE;
    }
  return TRUE;
}

/* Autoencoders of 4 channels are those of Stable Diffusion before its third version; those with 16 differ in their scale alone. */
static void
read_autoencoder (const LimnWeights *weights,
                  const char        *prefix,
                  LimnFileInfo      *info)
{
  g_autofree char *name = g_strconcat (prefix, "decoder.conv_in.weight", NULL);

  info->latent_channels = limn_weights_dim (weights, name, 1);
  info->supported = info->family == NULL && info->latent_channels == 4;
  if (info->label == NULL && info->latent_channels == 4)
    info->label = "Stable Diffusion 1, 2 or XL";
  else if (info->label == NULL && info->latent_channels == 16)
    info->label = "FLUX.1, Z-Image or Stable Diffusion 3";
}

static gboolean
find_layout (const LimnWeights *weights,
             const char        *prefix,
             LimnFileInfo      *info,
             const char       **part)
{
  for (guint i = 0; i < G_N_ELEMENTS (layouts); i++)
    {
      if (!fits (&layouts[i], weights, prefix))
        continue;
      info->kind = layouts[i].kind;
      info->family = layouts[i].family;
      info->label = layouts[i].label;
      info->supported = strcmp (info->kind, "text-encoder") == 0 && info->family == NULL && strstr (info->label, "CLIP") != NULL;
      *part = layouts[i].part;
      if (strcmp (info->kind, "autoencoder") == 0)
        read_autoencoder (weights, prefix, info);
      return TRUE;
    }
  return FALSE;
}

/* One or two small tables of vectors and nothing else: "emb_params", XL's "clip_l" and "clip_g", or the word itself. */
static gboolean
find_inversion (const LimnWeights *weights,
                LimnFileInfo      *info)
{
  const LimnWeight *first = limn_weights_count (weights) > 0 ? limn_weights_get (weights, 0) : NULL;
  gsize             count = limn_weights_count (weights);
  gboolean          pair = count == 2 && limn_weights_find (weights, "clip_g") != NULL && limn_weights_find (weights, "clip_l") != NULL;
  gboolean          named = limn_weights_find (weights, "emb_params") != NULL;

  if (!pair && !named && count != 1)
    return FALSE;
  if (first->n_dims < 1 || first->n_dims > 2 || first->dims[first->n_dims - 1] == 0 || first->n_elements / first->dims[first->n_dims - 1] > 256)
    return FALSE;
  info->vectors = (int) (first->n_elements / first->dims[first->n_dims - 1]);
  for (guint i = 0; i < G_N_ELEMENTS (inversions); i++)
    if (first->dims[first->n_dims - 1] == inversions[i].width)
      {
        info->family = inversions[i].family;
        info->label = inversions[i].label;
      }
  if (!named && !pair && info->family == NULL)
    return FALSE;
  info->kind = "textual-inversion";
  info->supported = TRUE;
  return TRUE;
}

gboolean
limn_file_network_find (const LimnWeights *weights,
                        LimnFileInfo      *info)
{
  LimnUpscalerInfo upscaler;
  LimnTinyVaeInfo  vae;

  if (limn_upscaler_recognise (weights, &upscaler))
    {
      info->kind = "upscaler";
      info->family = upscaler.kind;
      info->label = strcmp (upscaler.kind, "rrdb") == 0 ? "ESRGAN (RRDBNet)" : "Real-ESRGAN (SRVGGNetCompact)";
      info->scale = upscaler.scale;
      return TRUE;
    }
  if (!limn_tiny_vae_recognise (weights, &vae))
    return FALSE;
  info->kind = "tiny-autoencoder";
  info->label = "TAESD";
  info->latent_channels = vae.latent_channels;
  info->latent_factor = vae.latent_factor;
  info->encodes = vae.encodes;
  info->decodes = vae.decodes;
  return TRUE;
}

gboolean
limn_file_kind_find (const LimnWeights *weights,
                     LimnFileInfo      *info,
                     const char       **part)
{
  *part = "network";
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (find_layout (weights, prefixes[i], info, part))
      return TRUE;
  if (!find_inversion (weights, info))
    return FALSE;
  *part = "embedding";
  return TRUE;
}
