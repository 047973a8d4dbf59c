/* Fuzz target: what is told about a file of weights, with what it says of itself.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine/file-info.h"

static void
check_text (const char *text)
{
  if (text == NULL)
    return;
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strchr (text, 0x1b));
}

static void
check_info (const LimnFileInfo *info)
{
  const char *texts[] = { info->kind, info->title, info->author, info->description, info->licence, info->hint, info->resolution, info->hash };

  g_assert_nonnull (info->kind);
  g_assert_nonnull (info->types);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    check_text (texts[i]);
  for (int i = 0; info->trigger_words != NULL && info->trigger_words[i] != NULL; i++)
    check_text (info->trigger_words[i]);
  for (int i = 0; info->tags != NULL && info->tags[i] != NULL; i++)
    check_text (info->tags[i]);
}

static gboolean
run (const guint8 *data,
     gsize         size)
{
  g_autoptr (GBytes) bytes = fuzz_weights_bytes (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (LimnFileInfo) info = NULL;
  int              file = memfd_create ("limn-fuzz", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", file);

  g_assert_cmpint (write (file, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)), ==, (gssize) g_bytes_get_size (bytes));
  info = limn_file_info_read (path, &error);
  close (file);
  fuzz_check_error (info == NULL, &error);
  if (info != NULL)
    check_info (info);
  return info != NULL;
}

#define TENSOR(name, shape, from, to) "\"" name "\":{\"dtype\":\"F16\",\"shape\":" shape ",\"data_offsets\":[" #from "," #to "]}"

static const char lora[] = "{\"__metadata__\":{\"modelspec.title\":\"A\",\"modelspec.trigger_phrase\":\"b, c\",\"modelspec.architecture\":\"flux-1-dev/lora\","
                           "\"modelspec.hash_sha256\":\"0x0000000000000000000000000000000000000000000000000000000000000000\","
                           "\"ss_tag_frequency\":\"{\\\"d\\\": {\\\"e\\\": 3, \\\"f\\\": 2}}\"}," TENSOR ("lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight", "[1,2,1,1]", 0, 4) "," TENSOR ("lora_unet_down_blocks_0_attentions_0_proj_in.dora_scale", "[2,1]", 4, 8) "}\0abcdefgh";

static const char kin[] = "@\na.hada_w1_b 2 4\na.lokr_w1 2 2\na.lokr_w2_b 3 2\nunet.x.attn2.to_k.lora_A.weight 1 768\n";
static const char inversion[] = "@\nclip_g 2 1280\nclip_l 2 768\n";
static const char srvgg[] = "@\nbody.0.weight 5 3 3 3\nbody.0.bias 5\nbody.1.weight 5\nbody.2.weight 12 5 3 3\nbody.2.bias 12\n";
static const char rrdb[] = "@\nmodel.0.weight 2 3 3 3\nmodel.1.sub.0.RDB1.conv1.0.weight 2 2 3 3\nmodel.1.sub.1.weight 2 2 3 3\nmodel.3.weight 2 2 3 3\nmodel.5.weight 2 2 3 3\nmodel.7.weight 3 2 3 3\n";
static const char tiny[] = "@\ndecoder.layers.0.weight 6 16 3 3\ndecoder.layers.0.bias 6\ndecoder.layers.2.conv.0.weight 6 6 3 3\ndecoder.layers.2.conv.0.bias 6\n"
                           "decoder.layers.2.conv.2.weight 6 6 3 3\ndecoder.layers.2.conv.2.bias 6\ndecoder.layers.2.conv.4.weight 6 6 3 3\ndecoder.layers.2.conv.4.bias 6\n"
                           "decoder.layers.4.weight 6 6 3 3\ndecoder.layers.5.weight 3 6 3 3\ndecoder.layers.5.bias 3\n";
static const char flux[] = "@\nmodel.diffusion_model.double_blocks.0.img_attn.qkv.weight 6 2\nvae.decoder.conv_in.weight 1 16 1 1\n";
static const char autoencoder[] = "@\ndecoder.conv_in.weight 2 4 3 3\ndecoder.conv_out.weight 3 2 3 3\n";

static const FuzzSeed seeds[] = {
  { "lora", lora, sizeof lora - 1 },
  { "kin", kin, 0 },
  { "inversion", inversion, 0 },
  { "srvgg", srvgg, 0 },
  { "rrdb", rrdb, 0 },
  { "tiny", tiny, 0 },
  { "flux", flux, 0 },
  { "autoencoder", autoencoder, 0 },
  { NULL, NULL, 0 }
};

const FuzzTarget fuzz_target = { "info", seeds, run };
