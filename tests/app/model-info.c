/* What is told about models and the files that go with them: kinds, families, words, folders of loose files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/model-facts.h"

#include <json-glib/json-glib.h>
#include <string.h>
#include <time.h>

#include <glib/gstdio.h>

#include "tests/engine/weights-test.h"

/* Seconds of the processors for a folder of N_FILES; it takes a fifth of that. */
#define GENEROUS 5.0
#define N_FILES 500

typedef struct
{
  char *folder;
} Place;

static void
set_up (Place        *place,
        gconstpointer data)
{
  place->folder = weights_test_folder ();
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (g_unlink (inner) != 0)
        remove_all (inner);
    }
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static void
tear_down (Place        *place,
           gconstpointer data)
{
  remove_all (place->folder);
  g_free (place->folder);
}

/* (transfer full): @tensors are "NAME DIM DIM…", one after the other with commas between; @metadata: (nullable): the members of an object */
static char *
add_file (const Place *place,
          const char  *name,
          const char  *tensors,
          const char  *metadata)
{
  g_auto (GStrv) list = g_strsplit (tensors, ",", -1);
  g_autoptr (GString) header = g_string_new ("{");
  gsize at = 0;

  if (metadata != NULL)
    g_string_append_printf (header, "\"__metadata__\":{%s},", metadata);
  for (int i = 0; list[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (list[i], " ", 2);
      g_autofree char *dims = g_strdelimit (g_strdup (words[1]), " ", ',');
      g_auto (GStrv) numbers = g_strsplit (dims, ",", -1);
      gsize elements = 1;

      for (int k = 0; numbers[k] != NULL; k++)
        elements *= (gsize) g_ascii_strtoull (numbers[k], NULL, 10);
      g_string_append_printf (header, "%s\"%s\":{\"dtype\":\"F16\",\"shape\":[%s],\"data_offsets\":[%zu,%zu]}",
                              i > 0 ? "," : "", words[0], dims, at, at + 2 * elements);
      at += 2 * elements;
    }
  g_string_append_c (header, '}');
  return weights_test_write_tensors (place->folder, name, header->str, at);
}

static LimnFileInfo *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  LimnFileInfo *info = limn_file_info_read (path, &error);

  g_assert_no_error (error);
  return info;
}

#define UNET "conv_in.weight 2 4 3 3,conv_norm_out.weight 2,down_blocks.0.resnets.0.conv1.weight 2 2 3 3,down_blocks.0.attentions.0.proj_in.weight "

static const struct
{
  const char *tensors, *kind, *family;
  gboolean    supported;
} kinds[] = {
  { UNET "2 2 1 1", "model", "sd15", TRUE },
  { UNET "2 2", "model", "sd2", TRUE },
  { UNET "2 2,add_embedding.linear_1.weight 2 2", "model", "sdxl", TRUE },
  { "conv_in.weight 2 4 3 3,down_blocks.0.attentions.0.proj_in.weight 2 2,controlnet_cond_embedding.conv_in.weight 2 3 3 3", "controlnet", "sd2", TRUE },
  { "double_blocks.0.img_attn.qkv.weight 6 2", "model", "flux", FALSE },
  { "model.diffusion_model.double_blocks.0.img_attn.qkv.weight 6 2,vae.decoder.conv_in.weight 1 1 1 1", "model", "flux", FALSE },
  { "model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight 6 2", "model", "sd3", FALSE },
  { "transformer_blocks.0.attn.add_q_proj.weight 2 2,pos_embed.proj.weight 2 2", "model", "sd3", FALSE },
  { "transformer_blocks.0.attn.add_q_proj.weight 2 2,pos_embed.proj.weight 2 2,controlnet_blocks.0.weight 2 2", "controlnet", "sd3", FALSE },
  { "cap_embedder.0.weight 2,x_pad_token 1 2", "model", "z-image", FALSE },
  { "encoder.block.0.layer.0.SelfAttention.q.weight 2 2", "text-encoder", "t5", FALSE },
  { "text_model.embeddings.token_embedding.weight 9 2", "text-encoder", NULL, TRUE },
  { "decoder.conv_in.weight 2 4 3 3,decoder.conv_out.weight 3 2 3 3", "autoencoder", NULL, TRUE },
  { "decoder.conv_in.weight 2 16 3 3,decoder.conv_out.weight 3 2 3 3", "autoencoder", NULL, FALSE },
  { "body.0.weight 5 3 3 3,body.0.bias 5,body.1.weight 5,body.2.weight 12 5 3 3,body.2.bias 12", "upscaler", "srvgg", TRUE },
  { "emb_params 3 8", "textual-inversion", NULL, TRUE },
  { "<a-word> 768", "textual-inversion", "sd15", TRUE },
  { "clip_g 2 1280,clip_l 2 768", "textual-inversion", "sdxl", TRUE },
  { "emb_params 9000 8", "unknown", NULL, FALSE },
  { "a 3 8", "unknown", NULL, FALSE },
  { "lora_unet_down_blocks_0_attentions_0_proj_in.lora_down.weight 4 2 1 1", "lora", "sd15", TRUE },
  { "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight 4 1024", "lora", "sd2", TRUE },
  { "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.lora_A.weight 4 2048", "lora", "sdxl", TRUE },
  { "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight 4 2", "lora", "flux", FALSE },
  { "lora_unet_down_blocks_0_attentions_0_proj_in.hada_w1_b 4 2", "lora", "sd15", TRUE },
  { "unet.mid_block.attentions.0.transformer_blocks.1.attn1.to_q.lora_A.weight 4 2", "lora", "sdxl", TRUE },
  { "transformer.transformer_blocks.1.attn.to_q.lora_A.weight 4 2", "lora", NULL, FALSE },
  { "transformer.single_transformer_blocks.1.attn.to_q.lora_A.weight 4 2,transformer.transformer_blocks.1.attn.to_q.lora_A.weight 4 2", "lora", "flux", FALSE },
  { "some_layer.lokr_w1 4 2", "lora", NULL, FALSE },
};

static void
test_kinds (Place        *place,
            gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = add_file (place, "misleading-lora-vae-flux.safetensors", kinds[i].tensors, NULL);
      g_autoptr (LimnFileInfo) info = read_file (path);

      g_test_message ("%s", kinds[i].tensors);
      g_assert_cmpstr (info->kind, ==, kinds[i].kind);
      g_assert_cmpstr (info->family, ==, kinds[i].family);
      g_assert_cmpint (info->supported, ==, kinds[i].supported);
      g_assert_cmpuint (info->parts->len, >=, 1);
      g_assert_cmpuint (info->parameters, >, 0);
      g_assert_cmpstr (info->types[0], ==, "f16");
    }
}

static void
test_parts (Place        *place,
            gconstpointer data)
{
  g_autofree char *path = add_file (place, "a.safetensors", "model.diffusion_model.double_blocks.0.img_attn.qkv.weight 6 2,vae.decoder.conv_in.weight 1 4 1 1", NULL);
  g_autoptr (LimnFileInfo) info = read_file (path);

  g_assert_cmpuint (info->parts->len, ==, 2);
  g_assert_cmpstr (g_array_index (info->parts, LimnPartInfo, 0).name, ==, "transformer");
  g_assert_cmpuint (g_array_index (info->parts, LimnPartInfo, 0).parameters, ==, 12);
  g_assert_cmpstr (g_array_index (info->parts, LimnPartInfo, 1).name, ==, "vae");
  g_assert_cmpuint (info->parameters, ==, 16);
}

static const struct
{
  const char *tensors, *algorithm;
  int         rank;
} loras[] = {
  { "x.lora_down.weight 4 2,y.lora_down.weight 4 2,z.lora_down.weight 9 2,z.lora_up.weight 77 9", "lora", 4 },
  { "x.lora_down.weight 4 2 3 3", "locon", 4 },
  { "x.lora_down.weight 4 2,x.dora_scale 8 1", "dora", 4 },
  { "x.hada_w1_a 8 2,x.hada_w1_b 2 8,x.hada_w2_a 8 2,x.hada_w2_b 2 8", "loha", 2 },
  { "x.lokr_w1 8 8,x.lokr_w2_a 8 2,x.lokr_w2_b 2 8", "lokr", 2 },
  { "x.lora_A.weight 6 2,x.lora_B.weight 2 6", "lora", 6 },
};

static void
test_loras (Place        *place,
            gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (loras); i++)
    {
      g_autofree char *path = add_file (place, "a.safetensors", loras[i].tensors, "\"ss_base_model_version\":\"sdxl_base_v1-0\"");
      g_autoptr (LimnFileInfo) info = read_file (path);

      g_assert_cmpstr (info->algorithm, ==, loras[i].algorithm);
      g_assert_cmpint (info->rank, ==, loras[i].rank);
      g_assert_cmpstr (info->family, ==, "sdxl");
    }
}

static void
test_words (Place        *place,
            gconstpointer data)
{
  g_autofree char *path = add_file (place, "a.safetensors", "x.lora_down.weight 4 2",
                                    "\"modelspec.title\":\"A title\",\"modelspec.license\":\"CC0-1.0\",\"modelspec.author\":\"Somebody\","
                                    "\"modelspec.trigger_phrase\":\"ohwx, in a style ,\",\"modelspec.resolution\":\"512x512\",\"modelspec.usage_hint\":\"0.8\","
                                    "\"modelspec.hash_sha256\":\"0xAA00000000000000000000000000000000000000000000000000000000000000\","
                                    "\"ss_tag_frequency\":\"{\\\"1_a\\\": {\\\"tree\\\": 3, \\\"sky\\\": 9}, \\\"1_b\\\": {\\\"tree\\\": 7}}\"");
  g_autoptr (LimnFileInfo) info = read_file (path);
  g_autofree char *text = limn_model_facts_describe (info, NULL, FALSE);

  g_assert_cmpstr (info->title, ==, "A title");
  g_assert_cmpstr (info->licence, ==, "CC0-1.0");
  g_assert_cmpstr (info->author, ==, "Somebody");
  g_assert_cmpstr (info->resolution, ==, "512x512");
  g_assert_cmpstr (info->hint, ==, "0.8");
  g_assert_true (g_str_has_prefix (info->hash, "aa00"));
  g_assert_cmpuint (g_strv_length (info->trigger_words), ==, 2);
  g_assert_cmpstr (info->trigger_words[1], ==, "in a style");
  g_assert_cmpstr (info->tags[0], ==, "tree");
  g_assert_cmpstr (info->tags[1], ==, "sky");
  g_assert_nonnull (strstr (text, "ohwx, in a style"));
}

/* Without a phrase, what nearly every picture was tagged with. */
static void
test_tags (Place        *place,
           gconstpointer data)
{
  g_autofree char *path = add_file (place, "a.safetensors", "x.lora_down.weight 4 2",
                                    "\"ss_tag_frequency\":\"{\\\"a\\\": {\\\"tree\\\": 20, \\\"sky\\\": 17, \\\"word\\\": 19}}\"");
  g_autoptr (LimnFileInfo) info = read_file (path);

  g_assert_cmpuint (g_strv_length (info->trigger_words), ==, 2);
  g_assert_cmpstr (info->trigger_words[0], ==, "tree");
  g_assert_cmpstr (info->trigger_words[1], ==, "word");
  g_assert_cmpuint (g_strv_length (info->tags), ==, 3);
}

static const char *const lies[] = {
  "\"ss_tag_frequency\":\"{\\\"a\\\": 3}\"",
  "\"ss_tag_frequency\":\"{\\\"a\\\": {\\\"b\\\": -3, \\\"c\\\": [1, {}]}\"",
  "\"ss_tag_frequency\":\"{}\"",
  "\"ss_tag_frequency\":\"\\u0007\"",
  "\"modelspec.hash_sha256\":\"0x12\",\"sshs_model_hash\":\"not a hash\"",
  "\"modelspec.trigger_phrase\":\" , ,\"",
  "\"modelspec.title\":\"\\u001b[2J\\u0007\",\"modelspec.license\":\"\"",
};

static void
test_lies (Place        *place,
           gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *path = add_file (place, "a.safetensors", "x.lora_down.weight 4 2", lies[i]);
      g_autoptr (LimnFileInfo) info = read_file (path);
      g_autofree char *text = limn_model_facts_describe (info, NULL, FALSE), *json = limn_model_facts_describe (info, NULL, TRUE);
      g_autoptr (JsonNode) node = json_from_string (json, NULL);

      g_assert_null (info->hash);
      g_assert_null (info->tags);
      g_assert_true (info->trigger_words == NULL || info->trigger_words[0] == NULL);
      g_assert_null (info->licence);
      g_assert_null (strchr (text, 0x1b));
      g_assert_null (strchr (text, 0x07));
      g_assert_nonnull (node);
    }
}

/* Sums that would overflow stay the largest. */
static void
test_counts (Place        *place,
             gconstpointer data)
{
  g_autofree char *path = add_file (place, "a.safetensors", "x.lora_down.weight 4 2",
                                    "\"ss_tag_frequency\":\"{\\\"a\\\": {\\\"b\\\": 9223372036854775807, \\\"c\\\": 1}, "
                                    "\\\"d\\\": {\\\"b\\\": 9223372036854775807}, \\\"e\\\": {\\\"b\\\": 9223372036854775807}}\"");
  g_autoptr (LimnFileInfo) info = read_file (path);

  g_assert_cmpstr (info->tags[0], ==, "b");
}

static void
add_pickles (const Place *place)
{
  g_autofree char *old = weights_test_write (place->folder, "old.ckpt", "PK\3\4 and what a pickle holds", -1);
  g_autofree char *other = weights_test_write (place->folder, "no-pickle.bin", "something else altogether", -1);
  g_autofree char *hidden = weights_test_write (place->folder, "pretends.safetensors", "\x80\2}q\1.0123456789", -1);
}

/* A folder of a model in it counts as one; other folders are gone through. */
static void
add_folders (const Place *place)
{
  g_autofree char *inner = g_build_filename (place->folder, "loras", NULL), *model = g_build_filename (place->folder, "model", NULL);
  g_autofree char *unet = g_build_filename (model, "unet", NULL);
  Place            lora_place = { inner }, unet_place = { unet };
  g_autofree char *lora = NULL, *weights = NULL, *index = NULL;

  g_mkdir (inner, 0700);
  g_mkdir_with_parents (unet, 0700);
  lora = add_file (&lora_place, "deep.safetensors", "x.lora_down.weight 4 2", NULL);
  weights = add_file (&unet_place, "diffusion_pytorch_model.safetensors", UNET "2 2 1 1", NULL);
  index = weights_test_write (model, "model_index.json", "{\"_class_name\": \"StableDiffusionPipeline\", \"license\": \"openrail\"}", -1);
}

static const LimnFileInfo *
find_info (GPtrArray  *infos,
           const char *ending)
{
  for (guint i = 0; i < infos->len; i++)
    if (g_str_has_suffix (((LimnFileInfo *) infos->pdata[i])->path, ending))
      return infos->pdata[i];
  return NULL;
}

static void
test_folder (Place        *place,
             gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = NULL;
  g_autofree char *text = NULL, *json = NULL;
  g_autoptr (JsonNode) node = NULL;

  add_pickles (place);
  add_folders (place);
  infos = limn_file_info_list (place->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (infos->len, ==, 4);
  g_assert_cmpstr (find_info (infos, "deep.safetensors")->kind, ==, "lora");
  g_assert_cmpstr (find_info (infos, "/model")->family, ==, "sd15");
  g_assert_cmpstr (find_info (infos, "/model")->licence, ==, "openrail");
  for (int i = 0; i < 2; i++)
    {
      const LimnFileInfo *pickle = find_info (infos, i == 0 ? "old.ckpt" : "pretends.safetensors");

      g_assert_cmpstr (pickle->kind, ==, "pickle");
      g_assert_false (pickle->supported);
      g_assert_nonnull (strstr (pickle->problem, "save_file"));
    }

  text = limn_model_facts_list (infos, place->folder, FALSE);
  json = limn_model_facts_list (infos, place->folder, TRUE);
  node = json_from_string (json, NULL);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 4);
  g_assert_nonnull (strstr (text, "loras/deep.safetensors"));
}

/* The card that comes with a folder: only what stands between its first two lines of dashes counts. */
static void
test_card (Place        *place,
           gconstpointer data)
{
  static const char *const cards[] = { "---\ntags:\n- a\nlicense: mit\n---\nlicense: none\n", "---\ntags: a\n---\nlicense: mit\n", "license: mit\n", "---\n" };
  g_autofree char         *weights = add_file (place, "model.safetensors", "text_model.embeddings.token_embedding.weight 9 2", NULL);
  g_autofree char         *config = weights_test_write (place->folder, "config.json", "{}", -1);

  g_assert_true (limn_file_info_is_model_folder (place->folder));
  for (gsize i = 0; i < G_N_ELEMENTS (cards); i++)
    {
      g_autofree char *card = weights_test_write (place->folder, "README.md", cards[i], -1);
      g_autoptr (LimnFileInfo) info = read_file (place->folder);

      g_assert_cmpstr (info->kind, ==, "text-encoder");
      g_assert_cmpstr (info->licence, ==, i == 0 ? "mit" : NULL);
    }
}

static void
test_empty_folder (Place        *place,
                   gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (limn_file_info_list (place->folder, &error));
  weights_test_one_line (error, LIMN_ENGINE_ERROR_FILE);
}

/* A LoRA of 700 tensors, with the notes of a real one. */
static char *
lora_of_many (void)
{
  GString *tensors = g_string_new ("x.lora_down.weight 4 2");

  for (int i = 0; i < 700; i++)
    g_string_append_printf (tensors, ",lora_unet_down_blocks_1_attentions_%d_transformer_blocks_0_attn1_to_q.lora_down.weight 4 2", i);
  return g_string_free (tensors, FALSE);
}

static void
test_many (Place        *place,
           gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = NULL;
  g_autofree char *tensors = lora_of_many ();
  double           seconds;
  clock_t          start;

  for (int i = 0; i < N_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d.safetensors", i);
      g_autofree char *path = add_file (place, name, i % 5 == 0 ? UNET "2 2 1 1" : tensors, "\"modelspec.title\":\"A title\"");
    }
  start = clock ();
  infos = limn_file_info_list (place->folder, &error);
  seconds = (double) (clock () - start) / CLOCKS_PER_SEC;
  g_assert_no_error (error);
  g_test_message ("%d files in %.3f s", N_FILES, seconds);
  g_assert_cmpuint (infos->len, ==, N_FILES);
  for (guint i = 0; i < infos->len; i++)
    g_assert_cmpstr (((LimnFileInfo *) infos->pdata[i])->title, ==, "A title");
  g_assert_cmpfloat (seconds, <=, GENEROUS);
}

static const struct
{
  const char *path, *kind, *family;
  gboolean    supported;
} goldens[] = {
  { "sd15/model", "model", "sd15", TRUE },
  { "sd15/single.safetensors", "model", "sd15", TRUE },
  { "sd15/inpaint9.safetensors", "model", "sd15", TRUE },
  { "sd21/single.safetensors", "model", "sd2", TRUE },
  { "sdxl/single.safetensors", "model", "sdxl", TRUE },
  { "gguf/sd15_unet.gguf", "model", "sd15", TRUE },
  { "controlnet/model", "controlnet", "sd15", TRUE },
  { "controlnet/original.safetensors", "controlnet", "sd15", TRUE },
  { "lora/kohya.safetensors", "lora", "sd15", TRUE },
  { "lora/locon.safetensors", "lora", "sd15", TRUE },
  { "lora/loha.safetensors", "lora", "sd15", TRUE },
  { "lora/peft.safetensors", "lora", "sd15", TRUE },
  { "embedding/embedding.safetensors", "textual-inversion", NULL, TRUE },
  { "taesd/model", "tiny-autoencoder", NULL, TRUE },
  { "taesd/taesd_decoder.safetensors", "tiny-autoencoder", NULL, TRUE },
  { "taesd/taesd_encoder.safetensors", "tiny-autoencoder", NULL, TRUE },
  { "upscalers/rrdb_x2.safetensors", "upscaler", "rrdb", TRUE },
  { "upscalers/rrdb_x4_old_names.safetensors", "upscaler", "rrdb", TRUE },
  { "upscalers/srvgg_x4.safetensors", "upscaler", "srvgg", TRUE },
  { "flux/model", "model", "flux", FALSE },
  { "flux/flux1.safetensors", "model", "flux", FALSE },
  { "flux/ae.safetensors", "autoencoder", NULL, FALSE },
  { "flux/model/text_encoder_2", "text-encoder", "t5", FALSE },
  { "flux2-klein/model", "model", "flux2", FALSE },
  { "flux2-klein/flux2.safetensors", "model", "flux2", FALSE },
  { "flux2-klein/model/vae", "autoencoder", "flux2", FALSE },
  { "sd3/model", "model", "sd3", FALSE },
  { "pixart/model", "model", "pixart", FALSE },
  { "if/stage1", "model", "deepfloyd-if", FALSE },
  { "if/stage2", "model", "deepfloyd-if", FALSE },
  { "qwen3", "text-encoder", "qwen3", FALSE },
  { "z-image/z_image.safetensors", "model", "z-image", FALSE },
};

/* (transfer full) (nullable): where the published layouts are */
static char *
find_goldens (void)
{
  const char      *shared = g_getenv ("LIMN_SHARED");
  g_autofree char *folder = g_build_filename (shared != NULL ? shared : LIMN_SHARED_DIR, "goldens", NULL);

  if (g_file_test (folder, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&folder);
  g_test_skip ("the goldens are not there");
  return NULL;
}

static void
test_goldens (void)
{
  g_autofree char *folder = find_goldens ();

  for (gsize i = 0; folder != NULL && i < G_N_ELEMENTS (goldens); i++)
    {
      g_autofree char *path = g_build_filename (folder, goldens[i].path, NULL);
      g_autoptr (LimnFileInfo) info = read_file (path);

      g_test_message ("%s", goldens[i].path);
      g_assert_cmpstr (info->kind, ==, goldens[i].kind);
      g_assert_cmpstr (info->family, ==, goldens[i].family);
      g_assert_cmpint (info->supported, ==, goldens[i].supported);
      g_assert_cmpuint (info->bytes, >, 0);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/model-info/kinds", Place, NULL, set_up, test_kinds, tear_down);
  g_test_add ("/model-info/parts", Place, NULL, set_up, test_parts, tear_down);
  g_test_add ("/model-info/loras", Place, NULL, set_up, test_loras, tear_down);
  g_test_add ("/model-info/words", Place, NULL, set_up, test_words, tear_down);
  g_test_add ("/model-info/tags", Place, NULL, set_up, test_tags, tear_down);
  g_test_add ("/model-info/lies", Place, NULL, set_up, test_lies, tear_down);
  g_test_add ("/model-info/counts", Place, NULL, set_up, test_counts, tear_down);
  g_test_add ("/model-info/folder", Place, NULL, set_up, test_folder, tear_down);
  g_test_add ("/model-info/card", Place, NULL, set_up, test_card, tear_down);
  g_test_add ("/model-info/empty-folder", Place, NULL, set_up, test_empty_folder, tear_down);
  g_test_add ("/model-info/many", Place, NULL, set_up, test_many, tear_down);
  g_test_add_func ("/model-info/goldens", test_goldens);
  return g_test_run ();
}
