/* Settings in pictures: what was written comes back, whatever the prompt; pictures of other programs are read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/metadata.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "app/parameters.h"

static const char *const prompts[] = {
  "a red apple on a blue background",
  "",
  "two\nlines",
  "\n\nleading and trailing\n\n",
  "commas, \"quotes\", colons: and \\ backslashes\\",
  "Steps: 20, Sampler: x, CFG scale: 7",
  "a\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 99, Size: 1x1",
  "b\nNegative prompt: not really",
  "an emoji 🍎 and 中文 and עברית",
  "café",
  "Ã©", /* in Latin-1 the bytes of an é in UTF-8 */
  "<rdf:li>&amp;]]></x:xmpmeta>",
  "tab\tand \x01 control\r\nline",
  "<lora:name:0.8> (x:1.3) [a|b] {red|green}",
};

static LimnRequest
make_request (const char *prompt,
              const char *negative)
{
  LimnRequest request;

  limn_request_init (&request);
  request.prompt = g_strdup (prompt);
  request.negative = g_strdup (negative);
  request.seed = G_MAXINT64;
  request.steps = 20;
  request.width = 64;
  request.height = 32;
  request.guidance = 4.5;
  request.sampler = g_strdup ("dpmpp_2m");
  request.schedule = g_strdup ("karras");
  request.model = g_strdup ("a, \"model\": 1");
  request.model_hash = g_strdup ("0123456789");
  request.strength = 0.6;
  return request;
}

/* Through a file, with only the text of @keyword if that is given. */
static LimnMetadata *
round_trip (const LimnRequest *request,
            const char        *keyword)
{
  g_autoptr (GPtrArray) texts = limn_metadata_texts (request);
  g_autoptr (LimnArray) pixels = limn_array_new ((LimnShape){ 1, 32, 64, 3 });
  g_autoptr (LimnPicture) picture = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("limn-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.png", NULL);

  for (guint i = texts->len; i-- > 0;)
    if (keyword != NULL && !g_str_equal (((LimnPictureText *) texts->pdata[i])->keyword, keyword))
      g_ptr_array_remove_index (texts, i);

  g_assert_true (limn_picture_file_write (path, pixels, texts, FALSE, &error));
  g_assert_no_error (error);
  picture = limn_picture_file_read (path, LIMN_PICTURE_TEXTS, &error);
  g_assert_no_error (error);
  g_unlink (path);
  g_rmdir (folder);
  return limn_metadata_read (picture);
}

static void
assert_settings (const LimnRequest *a,
                 const LimnRequest *b)
{
  g_assert_cmpint (a->seed, ==, b->seed);
  g_assert_cmpint (a->steps, ==, b->steps);
  g_assert_cmpint (a->width, ==, b->width);
  g_assert_cmpint (a->height, ==, b->height);
  g_assert_cmpfloat (a->guidance, ==, b->guidance);
  g_assert_cmpfloat (a->strength, ==, b->strength);
  g_assert_cmpstr (a->sampler, ==, b->sampler);
  g_assert_cmpstr (a->schedule, ==, b->schedule);
  g_assert_cmpstr (a->model, ==, b->model);
  g_assert_cmpstr (a->model_hash, ==, b->model_hash);
}

static void
test_own (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (prompts); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (prompts); j++)
      {
        g_auto (LimnRequest) request = make_request (prompts[i], prompts[j]);
        g_autoptr (LimnMetadata) metadata = round_trip (&request, NULL);

        g_assert_cmpstr (metadata->dialect, ==, "limn");
        g_assert_cmpstr (metadata->request.prompt, ==, prompts[i]);
        g_assert_cmpstr (metadata->request.negative, ==, prompts[j]);
        assert_settings (&metadata->request, &request);
      }
}

/* What AUTOMATIC1111's form can carry at all: no spaces at line ends, no line that begins like the negative prompt. */
static gboolean
fits_parameters (const char *prompt)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (prompt));

  return g_str_equal (trimmed, prompt) && strstr (prompt, "Negative prompt:") == NULL && strchr (prompt, '\r') == NULL;
}

static void
test_parameters_alone (void)
{
  int tried = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (prompts); i++)
    {
      g_auto (LimnRequest) request = make_request (prompts[i], "not this");
      g_autoptr (LimnMetadata) metadata = round_trip (&request, "parameters");

      g_assert_cmpstr (metadata->dialect, ==, "limn");
      assert_settings (&metadata->request, &request);
      if (!fits_parameters (prompts[i]))
        continue;
      g_assert_cmpstr (metadata->request.prompt, ==, prompts[i]);
      g_assert_cmpstr (metadata->request.negative, ==, "not this");
      tried++;
    }

  g_assert_cmpint (tried, >=, 9);
}

static void
collect (GMarkupParseContext *context,
         const char          *text,
         gsize                size,
         gpointer             data,
         GError             **error)
{
  GHashTable *found = data;

  g_hash_table_insert (found, g_strdup (g_markup_parse_context_get_element (context)),
                       g_strndup (text, size));
}

/* Well-formed for another parser, with the prompt in it. */
static void
test_xmp (void)
{
  const GMarkupParser parser = { .text = collect };

  for (gsize i = 0; i < G_N_ELEMENTS (prompts); i++)
    {
      g_auto (LimnRequest) request = make_request (prompts[i], NULL);
      g_autoptr (GPtrArray) texts = limn_metadata_texts (&request);
      g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, found, NULL);
      g_autoptr (GError) error = NULL;
      const char *xmp = limn_picture_texts_find (texts, "XML:com.adobe.xmp");

      g_assert_true (g_markup_parse_context_parse (context, xmp, -1, &error) && g_markup_parse_context_end_parse (context, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (
          g_hash_table_lookup (found, "Iptc4xmpExt:DigitalSourceType"), ==,
          "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia");
      if (*prompts[i] != '\0' && strchr (prompts[i], '\x01') == NULL)
        g_assert_cmpstr (g_hash_table_lookup (found, "Iptc4xmpExt:AIPromptInformation"), ==,
                         prompts[i]);
    }
}

static void
test_repainted_is_composite (void)
{
  g_auto (LimnRequest) request = make_request ("x", NULL);
  g_autoptr (GPtrArray) texts = NULL;

  request.mask = g_strdup ("mask.png");
  texts = limn_metadata_texts (&request);
  g_assert_nonnull (strstr (limn_picture_texts_find (texts, "XML:com.adobe.xmp"),
                            "/compositeWithTrainedAlgorithmicMedia<"));
}

static LimnMetadata *
read_shared (const char *name)
{
  const char      *shared = g_getenv ("LIMN_SHARED");
  g_autofree char *path = g_build_filename (shared ? shared : LIMN_SHARED_DIR, "pictures", name, NULL);
  g_autoptr (LimnPicture) picture = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;

  picture = limn_picture_file_read (path, LIMN_PICTURE_TEXTS, &error);
  g_assert_no_error (error);
  return limn_metadata_read (picture);
}

static const struct
{
  const char *name, *dialect, *prompt, *sampler, *schedule, *model;
  gint64      seed, steps, width, height;
  double      guidance, distilled;
} pictures[] = {
  { "sdcpp-sd15.png", "sdcpp", "a lovely cat", "euler_a", NULL, "v1-5-pruned-emaonly-ggml-model-f16.bin", 42, 4, 512, 512, 7, -1 },
  { "sdcpp-flux-lora.png", "sdcpp", "a lovely cat holding a sign says 'flux.cpp'<lora:realism_lora_comfy_converted:1>", "euler", NULL, NULL, 42, 20, 512, 512, 1, 3.5 },
  { "sdcpp-negative-zh.png", "sdcpp", "a lovely cat", "euler", NULL, "Wan2.2-T2V-A14B-LowNoise-Q8_0.gguf", 42, 10, 832, 480, 3.5, 3.5 },
  { "sdcpp-z-image.png", "sdcpp", NULL, "euler", "normal", "z_image_turbo-Q8_0.gguf", 42, 20, 512, 1024, 1, 3.5 },
  { "flux2c.png", "flux2c", NULL, NULL, NULL, "FLUX.2-klein-4B", 100, -1, 256, 256, -1, -1 },
  { "sdcpp-flux-schnell.png", "sdcpp", "a lovely cat holding a sign says 'flux.cpp'", "euler", NULL, NULL, 42, 4, 512, 512, 1, 3.5 },
  { "swarmui-sd15.jpg", "swarmui", NULL, NULL, NULL, "OfficialStableDiffusion/v1-5-pruned-emaonly-fp16", 1, 20, 512, 512, 4.5, -1 },
  { "swarmui-sdxl.jpg", "swarmui", NULL, NULL, NULL, "OfficialStableDiffusion/sd_xl_base_1.0", 1, 20, 1024, 1024, 4.5, -1 },
};

static void
test_other_programs (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++)
    {
      g_autoptr (LimnMetadata) metadata = read_shared (pictures[i].name);

      if (metadata == NULL)
        {
          g_test_skip ("pictures of other programs are not here ($LIMN_SHARED/pictures)");
          return;
        }

      g_assert_cmpstr (metadata->dialect, ==, pictures[i].dialect);
      if (pictures[i].prompt != NULL)
        g_assert_cmpstr (metadata->request.prompt, ==, pictures[i].prompt);
      g_assert_cmpstr (metadata->request.sampler, ==, pictures[i].sampler);
      g_assert_cmpstr (metadata->request.schedule, ==, pictures[i].schedule);
      g_assert_cmpstr (metadata->request.model, ==, pictures[i].model);
      g_assert_cmpint (metadata->request.seed, ==, pictures[i].seed);
      g_assert_cmpint (metadata->request.steps, ==, pictures[i].steps);
      g_assert_cmpint (metadata->request.width, ==, pictures[i].width);
      g_assert_cmpint (metadata->request.height, ==, pictures[i].height);
      g_assert_cmpfloat (metadata->request.guidance, ==, pictures[i].guidance);
      g_assert_cmpfloat (metadata->distilled_guidance, ==, pictures[i].distilled);
    }
}

static void
test_utf8_in_text_chunk (void)
{
  g_autoptr (LimnMetadata) metadata = read_shared ("sdcpp-negative-zh.png");

  if (metadata == NULL)
    {
      g_test_skip ("pictures of other programs are not here ($LIMN_SHARED/pictures)");
      return;
    }
  g_assert_true (g_str_has_prefix (metadata->request.negative, "色调艳丽"));
}

static void
test_loras (void)
{
  g_auto (LimnRequest) request = make_request ("a <lora:one:0.8> b <lora:two> <lora:unclosed", NULL);
  g_autoptr (LimnMetadata) metadata = round_trip (&request, NULL);
  const LimnLora *one = metadata->loras->pdata[0], *two = metadata->loras->pdata[1];

  g_assert_cmpuint (metadata->loras->len, ==, 2);
  g_assert_cmpstr (one->name, ==, "one");
  g_assert_cmpfloat (one->weight, ==, 0.8);
  g_assert_cmpstr (two->name, ==, "two");
  g_assert_cmpfloat (two->weight, ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metadata/own", test_own);
  g_test_add_func ("/metadata/parameters-alone", test_parameters_alone);
  g_test_add_func ("/metadata/xmp", test_xmp);
  g_test_add_func ("/metadata/repainted-is-composite", test_repainted_is_composite);
  g_test_add_func ("/metadata/other-programs", test_other_programs);
  g_test_add_func ("/metadata/utf8-in-text-chunk", test_utf8_in_text_chunk);
  g_test_add_func ("/metadata/loras", test_loras);
  return g_test_run ();
}
