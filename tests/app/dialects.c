/* Settings as other programs store them: synthetic texts in their true form, and the traps seen in real files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/metadata.h"

#include <string.h>

/* What is expected: -1 and NULL are unknown. */
typedef struct
{
  const char *name;
  const char *texts[9]; /* keyword, text, … */
  const char *dialect, *prompt, *negative, *sampler, *schedule, *model, *model_hash, *loras;
  gint64      seed, steps, width, height, clip_skip;
  double      guidance, distilled, strength;
} Case;

static LimnMetadata *
read_texts (const char *const *texts)
{
  LimnPicture picture = { .width = 640, .height = 480 };
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) limn_picture_text_free);

  for (gsize i = 0; texts[i] != NULL; i += 2)
    g_ptr_array_add (list, limn_picture_text_new (texts[i], texts[i + 1], FALSE));
  picture.texts = list;
  return limn_metadata_read (&picture);
}

/* "name 0.5, other 1" */
static char *
join_loras (const GPtrArray *loras)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < loras->len; i++)
    {
      const LimnLora *lora = loras->pdata[i];

      g_string_append_printf (text, "%s%s %g", i > 0 ? ", " : "", lora->name, lora->weight);
    }
  return g_string_free (text, text->len == 0);
}

static void
check_case (gconstpointer data)
{
  const Case *expected = data;
  g_autoptr (LimnMetadata) metadata = read_texts (expected->texts);
  const LimnRequest *request = &metadata->request;
  g_autofree char   *loras = join_loras (metadata->loras);

  g_assert_cmpstr (metadata->dialect, ==, expected->dialect);
  g_assert_cmpstr (request->prompt, ==, expected->prompt);
  g_assert_cmpstr (request->negative, ==, expected->negative);
  g_assert_cmpstr (request->sampler, ==, expected->sampler);
  g_assert_cmpstr (request->schedule, ==, expected->schedule);
  g_assert_cmpstr (request->model, ==, expected->model);
  g_assert_cmpstr (request->model_hash, ==, expected->model_hash);
  g_assert_cmpstr (loras, ==, expected->loras);
  g_assert_cmpint (request->seed, ==, expected->seed);
  g_assert_cmpint (request->steps, ==, expected->steps);
  g_assert_cmpint (request->width, ==, expected->width);
  g_assert_cmpint (request->height, ==, expected->height);
  g_assert_cmpint (request->clip_skip, ==, expected->clip_skip);
  g_assert_cmpfloat (request->guidance, ==, expected->guidance);
  g_assert_cmpfloat (metadata->distilled_guidance, ==, expected->distilled);
  g_assert_cmpfloat (request->strength, ==, expected->strength);
  g_assert_nonnull (metadata->raw);
}

/* ComfyUI's first example, with a LoRA, a skipped layer, and NaN as Python writes it. */
#define COMFY_PROMPT                                                                                                                        \
  "{\"3\": {\"inputs\": {\"seed\": 156680208700286, \"steps\": 20, \"cfg\": 8.0, \"sampler_name\": \"dpmpp_2m_sde_gpu\", "                  \
  "\"scheduler\": \"karras\", \"denoise\": 1.0, \"model\": [\"10\", 0], \"positive\": [\"6\", 0], \"negative\": [\"7\", 0], "               \
  "\"latent_image\": [\"5\", 0]}, \"class_type\": \"KSampler\", \"_meta\": {\"title\": \"KSampler\"}}, "                                    \
  "\"4\": {\"inputs\": {\"ckpt_name\": \"v1-5-pruned-emaonly.safetensors\"}, \"class_type\": \"CheckpointLoaderSimple\"}, "                 \
  "\"5\": {\"inputs\": {\"width\": 512, \"height\": 768, \"batch_size\": 1}, \"class_type\": \"EmptyLatentImage\"}, "                       \
  "\"6\": {\"inputs\": {\"text\": \"glass bottle,\\nSteps: 3, \\\"NaN\\\"\", \"clip\": [\"11\", 0]}, \"class_type\": \"CLIPTextEncode\"}, " \
  "\"7\": {\"inputs\": {\"text\": \"text, watermark\", \"clip\": [\"11\", 0]}, \"class_type\": \"CLIPTextEncode\"}, "                       \
  "\"8\": {\"inputs\": {\"samples\": [\"3\", 0], \"vae\": [\"4\", 2]}, \"class_type\": \"VAEDecode\"}, "                                    \
  "\"9\": {\"inputs\": {\"filename_prefix\": \"ComfyUI\", \"images\": [\"8\", 0]}, \"class_type\": \"SaveImage\", "                         \
  "\"is_changed\": [NaN]}, "                                                                                                                \
  "\"10\": {\"inputs\": {\"lora_name\": \"ink.safetensors\", \"strength_model\": 0.75, \"strength_clip\": 1.0, \"model\": [\"4\", 0], "     \
  "\"clip\": [\"4\", 1]}, \"class_type\": \"LoraLoader\"}, "                                                                                \
  "\"11\": {\"inputs\": {\"stop_at_clip_layer\": -2, \"clip\": [\"10\", 1]}, \"class_type\": \"CLIPSetLastLayer\"}}"

/* The example for FLUX: a node for each thing. */
#define COMFY_FLUX                                                                                                                    \
  "{\"6\": {\"inputs\": {\"text\": [\"40\", 0], \"clip\": [\"11\", 0]}, \"class_type\": \"CLIPTextEncode\"}, "                        \
  "\"10\": {\"inputs\": {\"vae_name\": \"ae.safetensors\"}, \"class_type\": \"VAELoader\"}, "                                         \
  "\"12\": {\"inputs\": {\"unet_name\": \"flux1-dev.safetensors\", \"weight_dtype\": \"default\"}, \"class_type\": \"UNETLoader\"}, " \
  "\"13\": {\"inputs\": {\"noise\": [\"25\", 0], \"guider\": [\"22\", 0], \"sampler\": [\"16\", 0], \"sigmas\": [\"17\", 0], "        \
  "\"latent_image\": [\"27\", 0]}, \"class_type\": \"SamplerCustomAdvanced\"}, "                                                      \
  "\"16\": {\"inputs\": {\"sampler_name\": \"euler\"}, \"class_type\": \"KSamplerSelect\"}, "                                         \
  "\"17\": {\"inputs\": {\"scheduler\": \"simple\", \"steps\": 20, \"denoise\": 1.0, \"model\": [\"30\", 0]}, "                       \
  "\"class_type\": \"BasicScheduler\"}, "                                                                                             \
  "\"22\": {\"inputs\": {\"model\": [\"30\", 0], \"conditioning\": [\"26\", 0]}, \"class_type\": \"BasicGuider\"}, "                  \
  "\"25\": {\"inputs\": {\"noise_seed\": [\"41\", 0]}, \"class_type\": \"RandomNoise\"}, "                                            \
  "\"26\": {\"inputs\": {\"guidance\": 3.5, \"conditioning\": [\"6\", 0]}, \"class_type\": \"FluxGuidance\"}, "                       \
  "\"27\": {\"inputs\": {\"width\": 1024, \"height\": 576, \"batch_size\": 1}, \"class_type\": \"EmptySD3LatentImage\"}, "            \
  "\"30\": {\"inputs\": {\"max_shift\": 1.15, \"base_shift\": 0.5, \"width\": 1024, \"height\": 576, \"model\": [\"12\", 0]}, "       \
  "\"class_type\": \"ModelSamplingFlux\"}, "                                                                                          \
  "\"40\": {\"inputs\": {\"value\": \"an anime girl\"}, \"class_type\": \"PrimitiveStringMultiline\"}, "                              \
  "\"41\": {\"inputs\": {\"value\": 219670278747233}, \"class_type\": \"PrimitiveInt\"}}"

/* Two samplers: what was made first counts, whatever their numbers. */
#define COMFY_TWO                                                                                                                     \
  "{\"1\": {\"inputs\": {\"seed\": 2, \"steps\": 8, \"cfg\": 5, \"sampler_name\": \"euler\", \"scheduler\": \"normal\", "             \
  "\"denoise\": 0.4, \"model\": [\"4\", 0], \"positive\": [\"6\", 0], \"negative\": [\"7\", 0], \"latent_image\": [\"9\", 0]}, "      \
  "\"class_type\": \"KSampler\"}, "                                                                                                   \
  "\"3\": {\"inputs\": {\"seed\": 1, \"steps\": 30, \"cfg\": 6.5, \"sampler_name\": \"euler_ancestral\", \"scheduler\": \"normal\", " \
  "\"denoise\": 1, \"model\": [\"4\", 0], \"positive\": [\"6\", 0], \"negative\": [\"7\", 0], \"latent_image\": [\"5\", 0]}, "        \
  "\"class_type\": \"KSampler\"}, "                                                                                                   \
  "\"4\": {\"inputs\": {\"ckpt_name\": \"sub\\\\model.safetensors\"}, \"class_type\": \"CheckpointLoaderSimple\"}, "                  \
  "\"5\": {\"inputs\": {\"width\": 640, \"height\": 640}, \"class_type\": \"EmptyLatentImage\"}, "                                    \
  "\"6\": {\"inputs\": {\"positive\": [\"20\", 0], \"negative\": [\"7\", 0]}, \"class_type\": \"ControlNetApplyAdvanced\"}, "         \
  "\"7\": {\"inputs\": {\"conditioning\": [\"20\", 0]}, \"class_type\": \"ConditioningZeroOut\"}, "                                   \
  "\"9\": {\"inputs\": {\"samples\": [\"3\", 0], \"width\": 1280, \"height\": 1280}, \"class_type\": \"LatentUpscale\"}, "            \
  "\"20\": {\"inputs\": {\"text\": \"a bridge\"}, \"class_type\": \"CLIPTextEncode\"}}"

/* As the editor stores it: values by place, links in a list. */
#define COMFY_WORKFLOW                                                                                                                  \
  "{\"last_node_id\": 9, \"nodes\": ["                                                                                                  \
  "{\"id\": 7, \"type\": \"CLIPTextEncode\", \"mode\": 0, \"inputs\": [{\"name\": \"clip\", \"type\": \"CLIP\", \"link\": 5}], "        \
  "\"outputs\": [{\"name\": \"CONDITIONING\", \"links\": [6]}], \"widgets_values\": [\"bad\"]}, "                                       \
  "{\"id\": 6, \"type\": \"CLIPTextEncode\", \"mode\": 0, \"inputs\": [{\"name\": \"clip\", \"type\": \"CLIP\", \"link\": 3}], "        \
  "\"widgets_values\": [\"good\"]}, "                                                                                                   \
  "{\"id\": 5, \"type\": \"EmptyLatentImage\", \"mode\": 0, \"inputs\": [], \"widgets_values\": [320, 448, 1]}, "                       \
  "{\"id\": 3, \"type\": \"KSampler\", \"mode\": 0, \"inputs\": [{\"name\": \"model\", \"link\": 1}, {\"name\": \"positive\", "         \
  "\"link\": 4}, {\"name\": \"negative\", \"link\": 6}, {\"name\": \"latent_image\", \"link\": 2}], "                                   \
  "\"widgets_values\": [77, \"randomize\", 12, 7, \"heun\", \"exponential\", 1]}, "                                                     \
  "{\"id\": 4, \"type\": \"CheckpointLoaderSimple\", \"mode\": 0, \"widgets_values\": [\"a.safetensors\"]}], "                          \
  "\"links\": [[1, 4, 0, 3, 0, \"MODEL\"], [2, 5, 0, 3, 3, \"LATENT\"], [3, 4, 1, 6, 0, \"CLIP\"], [4, 6, 0, 3, 1, \"CONDITIONING\"], " \
  "[5, 4, 1, 7, 0, \"CLIP\"], [6, 7, 0, 3, 2, \"CONDITIONING\"]], \"version\": 0.4}"

static const Case cases[] = {
  { "a1111/old-sampler-name", { "parameters", "a cat\nNegative prompt: blurry\nSteps: 20, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 965400086, Size: 512x512, "
                                              "Model hash: d8691b4d16, Model: deliberate_v2, Denoising strength: 0.55, Clip skip: 2, ENSD: 31337, Hires upscale: 2" },
    "a1111",
    "a cat",
    "blurry",
    "dpmpp_2m",
    "karras",
    "deliberate_v2",
    "d8691b4d16",
    NULL,
    965400086,
    20,
    512,
    512,
    2,
    7,
    -1,
    0.55 },
  { "a1111/schedule-type-automatic", { "parameters", "a\nSteps: 20, Sampler: euler_a karras, Schedule type: Automatic, CFG scale: 7, Seed: 1, Size: 512x512, Version: v1.10.1" }, "a1111", "a", NULL, "euler_a", "karras", NULL, NULL, NULL, 1, 20, 512, 512, -1, 7, -1, -1 },
  { "a1111/prompt-with-steps", { "parameters", "Steps: 99, Sampler: none\nthen more\nNegative prompt: Steps: 7\nSteps: 30, Sampler: Euler, Schedule type: Karras, "
                                               "CFG scale: 5.5, Seed: 3, Size: 640x960, Lora hashes: \"ink: 0123, oil: 4567\", Version: 1" },
    "a1111",
    "Steps: 99, Sampler: none\nthen more",
    "Steps: 7",
    "euler",
    "karras",
    NULL,
    NULL,
    NULL,
    3,
    30,
    640,
    960,
    -1,
    5.5,
    -1,
    -1 },
  { "a1111/two-settings-are-a-prompt", { "parameters", "a sign: 3, a clock: 4" }, "a1111", "a sign: 3, a clock: 4", NULL, NULL, NULL, NULL, NULL, NULL, -1, -1, 640, 480, -1, -1, -1, -1 },
  { "a1111/forge-flux", { "parameters", "a lighthouse <lora:fine:0.6>\nSteps: 20, Sampler: Euler, Schedule type: Simple, CFG scale: 1, Distilled CFG Scale: 3.5, Seed: 12, "
                                        "Size: 896x1152, Model hash: bea01d51bd, Model: flux1-dev-bnb-nf4-v2, Version: f2.0.1v1.10.1-previous-665, Module 1: ae" },
    "a1111",
    "a lighthouse <lora:fine:0.6>",
    NULL,
    "euler",
    "simple",
    "flux1-dev-bnb-nf4-v2",
    "bea01d51bd",
    "fine 0.6",
    12,
    20,
    896,
    1152,
    -1,
    1,
    3.5,
    -1 },
  { "a1111/infinity", { "parameters", "a\nSteps: 20, CFG scale: inf, Eta: nan, Seed: 5, Size: 512x512, Sampler: DDIM" }, "a1111", "a", NULL, "ddim", NULL, NULL, NULL, NULL, 5, 20, 512, 512, -1, -1, -1, -1 },
  { "sdcpp/empty-model", { "parameters", "a\nSteps: 8, CFG scale: 1.000000, Guidance: 3.500000, Eta: inf, Seed: 42, Size: 512x1024, Model: , RNG: cuda, Sampler: euler discrete, "
                                         "TE: t.safetensors, Diffusion model: z.gguf, VAE: ae.sft, Version: stable-diffusion.cpp master-1" },
    "sdcpp",
    "a",
    NULL,
    "euler",
    "normal",
    "z.gguf",
    NULL,
    NULL,
    42,
    8,
    512,
    1024,
    -1,
    1,
    3.5,
    -1 },
  { "sdcpp/json-suffix", { "parameters", "a\nSteps: 8, CFG scale: 2, Seed: 4, Size: 64x64, Sampler: heun, Version: stable-diffusion.cpp, SDCPP: {\"prompt\": \"a, b: c\", \"Seed: \": 9}" }, "sdcpp", "a", NULL, "heun", NULL, NULL, NULL, NULL, 4, 8, 64, 64, -1, 2, -1, -1 },
  { "comfyui/prompt", { "prompt", COMFY_PROMPT, "workflow", "{\"nodes\": [], \"links\": []}" }, "comfyui", "glass bottle,\nSteps: 3, \"NaN\"", "text, watermark", "dpmpp_2m_sde", "karras", "v1-5-pruned-emaonly.safetensors", NULL, "ink.safetensors 0.75", 156680208700286, 20, 512, 768, 2, 8, -1, -1 },
  { "comfyui/flux", { "prompt", COMFY_FLUX }, "comfyui", "an anime girl", NULL, "euler", "simple", "flux1-dev.safetensors", NULL, NULL, 219670278747233, 20, 1024, 576, -1, 1, 3.5, -1 },
  { "comfyui/two-samplers", { "prompt", COMFY_TWO }, "comfyui", "a bridge", NULL, "euler_a", "normal", "sub\\model.safetensors", NULL, NULL, 1, 30, 640, 640, -1, 6.5, -1, -1 },
  { "comfyui/workflow", { "workflow", COMFY_WORKFLOW }, "comfyui", "good", "bad", "heun", "exponential", "a.safetensors", NULL, NULL, 77, 12, 320, 448, -1, 7, -1, -1 },
  { "swarmui", { "parameters", "{\n  \"sui_image_params\": {\n    \"prompt\": \"a fox\",\n    \"negativeprompt\": \"dog\",\n    \"model\": \"Flux/flux1-dev-fp8\",\n    \"seed\": 2042464333,\n"
                               "    \"steps\": 25,\n    \"cfgscale\": 1.0,\n    \"width\": 512,\n    \"height\": 768,\n    \"sampler\": \"dpmpp_2m\",\n    \"scheduler\": \"karras\",\n"
                               "    \"fluxguidancescale\": 2.5,\n    \"clipstopatlayer\": -2,\n    \"initimagecreativity\": 0.4,\n"
                               "    \"loras\": [\"ink\", \"oil\"],\n    \"loraweights\": [\"0.8\", \"1\"],\n    \"swarm_version\": \"0.9.3.1\"\n  },\n"
                               "  \"sui_models\": [{\"name\": \"flux1.safetensors\", \"param\": \"model\", \"hash\": \"0xd7a9\"}]\n}" },
    "swarmui",
    "a fox",
    "dog",
    "dpmpp_2m",
    "karras",
    "Flux/flux1-dev-fp8",
    NULL,
    "ink 0.8, oil 1",
    2042464333,
    25,
    512,
    768,
    2,
    1,
    2.5,
    0.4 },
  { "fooocus/own-scheme", { "parameters", "{\"adm_guidance\": \"(1.5, 0.8, 0.3)\", \"base_model\": \"juggernautXL_v8Rundiffusion\", \"base_model_hash\": \"aeb7e9e689\", \"clip_skip\": 2, "
                                          "\"full_negative_prompt\": [\"ugly\", \"blurry\"], \"full_prompt\": [\"cinematic still a tower\"], \"guidance_scale\": 4, "
                                          "\"loras\": [[\"sd_xl_offset_example-lora_1.0\", 0.1, \"4852686128\"]], \"metadata_scheme\": \"fooocus\", \"negative_prompt\": \"ugly\", "
                                          "\"performance\": \"Speed\", \"prompt\": \"a tower\", \"refiner_model\": \"None\", \"resolution\": \"(1152, 896)\", "
                                          "\"sampler\": \"dpmpp_2m_sde_gpu\", \"scheduler\": \"karras\", \"seed\": \"7219340876531432\", \"sharpness\": 2, \"steps\": 30, "
                                          "\"styles\": \"['Fooocus V2']\", \"version\": \"Fooocus v2.5.5\"}",
                            "fooocus_scheme", "fooocus" },
    "fooocus",
    "a tower",
    "ugly",
    "dpmpp_2m_sde",
    "karras",
    "juggernautXL_v8Rundiffusion",
    "aeb7e9e689",
    "sd_xl_offset_example-lora_1.0 0.1",
    7219340876531432,
    30,
    1152,
    896,
    2,
    4,
    -1,
    -1 },
  { "fooocus/a1111-scheme", { "parameters", "cinematic still a tower, dramatic\nNegative prompt: anime, ugly\nSteps: 30, Sampler: DPM++ 2M SDE Karras, Seed: 55, Size: 1152x896, CFG scale: 4, "
                                            "Sharpness: 2, ADM Guidance: \"(1.5, 0.8, 0.3)\", Model: juggernautXL, Model hash: aeb7e9e689, Performance: Speed, Scheduler: karras, "
                                            "VAE: Default (model), Raw prompt: \"a tower,\\nof glass\", Raw negative prompt: ugly, Lora hashes: \"offset: 4852686128, ink: 12\", "
                                            "Lora weights: \"offset: 0.1, ink: 0.5\", Version: Fooocus v2.5.5",
                              "fooocus_scheme", "a1111" },
    "fooocus",
    "a tower,\nof glass",
    "ugly",
    "dpmpp_2m_sde",
    "karras",
    "juggernautXL",
    "aeb7e9e689",
    "offset 0.1, ink 0.5",
    55,
    30,
    1152,
    896,
    -1,
    4,
    -1,
    -1 },
  { "invokeai/3", { "invokeai_metadata", "{\"app_version\": \"3.3.0post3\", \"generation_mode\": \"img2img\", \"positive_prompt\": \"landscape\", \"negative_prompt\": \"low quality\", "
                                         "\"width\": 768, \"height\": 432, \"seed\": 356120443, \"rand_device\": \"cpu\", \"cfg_scale\": 7.5, \"steps\": 50, \"scheduler\": \"dpmpp_2m_sde_k\", "
                                         "\"clip_skip\": 1, \"model\": {\"model_name\": \"amixx_3Prunedfp16\", \"base_model\": \"sd-1\", \"model_type\": \"main\"}, \"controlnets\": [], "
                                         "\"loras\": [{\"lora\": {\"model_name\": \"ink\", \"base_model\": \"sd-1\"}, \"weight\": 0.6}], \"strength\": 0.7}" },
    "invokeai",
    "landscape",
    "low quality",
    "dpmpp_2m_sde",
    "karras",
    "amixx_3Prunedfp16",
    NULL,
    "ink 0.6",
    356120443,
    50,
    768,
    432,
    2,
    7.5,
    -1,
    0.7 },
  { "invokeai/5", { "invokeai_metadata", "{\"generation_mode\": \"flux_txt2img\", \"positive_prompt\": \"a boat\", \"width\": 1024, \"height\": 1024, \"seed\": 1, \"steps\": 30, "
                                         "\"scheduler\": \"euler\", \"guidance\": 4, \"model\": {\"key\": \"k\", \"hash\": \"blake3:ab\", \"name\": \"FLUX Dev\", \"base\": \"flux\", \"type\": \"main\"}, "
                                         "\"loras\": [{\"model\": {\"key\": \"l\", \"name\": \"oil\"}, \"weight\": 1}], \"app_version\": \"5.4.2\"}" },
    "invokeai",
    "a boat",
    NULL,
    "euler",
    NULL,
    "FLUX Dev",
    NULL,
    "oil 1",
    1,
    30,
    1024,
    1024,
    -1,
    -1,
    4,
    -1 },
  { "invokeai/2", { "sd-metadata", "{\"model\": \"stable diffusion\", \"model_weights\": \"stable-diffusion-1.5\", \"app_version\": \"2.3.0\", \"image\": {\"prompt\": [{\"prompt\": \"a mill\", "
                                   "\"weight\": 1}], \"steps\": 50, \"cfg_scale\": 7.5, \"height\": 512, \"width\": 512, \"seed\": 9, \"type\": \"txt2img\", \"sampler\": \"k_euler_a\"}}" },
    "invokeai",
    "a mill",
    NULL,
    "euler_a",
    NULL,
    "stable-diffusion-1.5",
    NULL,
    NULL,
    9,
    50,
    512,
    512,
    -1,
    7.5,
    -1,
    -1 },
  { "drawthings", { "XML:com.adobe.xmp", "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\" x:xmptk=\"XMP Core 6.0.0\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
                                         "<rdf:Description rdf:about=\"\" xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">"
                                         "<xmp:CreatorTool>Draw Things</xmp:CreatorTool><exif:UserComment>\n <rdf:Alt>\n  <rdf:li xml:lang=\"x-default\">{&quot;c&quot;:&quot;a fox &amp; a hen&quot;,"
                                         "&quot;uc&quot;:&quot;blurry&quot;,&quot;steps&quot;:28,&quot;sampler&quot;:&quot;Euler A Trailing&quot;,&quot;scale&quot;:7.5,&quot;seed&quot;:424242,"
                                         "&quot;size&quot;:&quot;1536x1024&quot;,&quot;model&quot;:&quot;flux_2_klein_q8p.ckpt&quot;,&quot;strength&quot;:0.85,&quot;seed_mode&quot;:&quot;Scale Alike&quot;,"
                                         "&quot;shift&quot;:4.5,&quot;lora&quot;:[{&quot;model&quot;:&quot;film_grain.ckpt&quot;,&quot;weight&quot;:0.4,&quot;mode&quot;:&quot;all&quot;}],"
                                         "&quot;v2&quot;:{&quot;guidanceEmbed&quot;:4.5,&quot;clipSkip&quot;:2}}</rdf:li>\n </rdf:Alt>\n</exif:UserComment>"
                                         "</rdf:Description></rdf:RDF></x:xmpmeta>" },
    "drawthings",
    "a fox & a hen",
    "blurry",
    "euler_a",
    "sgm_uniform",
    "flux_2_klein_q8p.ckpt",
    NULL,
    "film_grain.ckpt 0.4",
    424242,
    28,
    1536,
    1024,
    2,
    7.5,
    4.5,
    0.85 },
  { "flux2c", { "flux:seed", "100", "flux:model", "FLUX.2-klein-4B", "Software", "flux (https://github.com/antirez/flux-c)" }, "flux2c", NULL, NULL, NULL, NULL, "FLUX.2-klein-4B", NULL, NULL, 100, -1, 640, 480, -1, -1, -1, -1 },
  { "novelai", { "Description", "old words", "Software", "NovelAI", "Source", "NovelAI Diffusion V4.5 4BDE2A90", "Comment", "{\"prompt\": \"{granblue fantasy}, 1girl\", \"steps\": 28, \"height\": 1216, \"width\": 832, \"scale\": 5.0, \"uncond_scale\": 1.0, \"cfg_rescale\": 0.0, \"seed\": 3816166865, "
                                                                                                                            "\"n_samples\": 1, \"noise_schedule\": \"karras\", \"sampler\": \"k_euler_ancestral\", \"sm\": false, \"uc\": \"nsfw, lowres\", \"request_type\": \"PromptGenerateRequest\"}" },
    "novelai",
    "{granblue fantasy}, 1girl",
    "nsfw, lowres",
    "euler_a",
    "karras",
    "NovelAI Diffusion V4.5 4BDE2A90",
    NULL,
    NULL,
    3816166865,
    28,
    832,
    1216,
    -1,
    5,
    -1,
    -1 },
};

/* Nobody's settings, and bytes that mean harm. */
static void
test_nothing (void)
{
  g_autofree char *deep = g_strnfill (2000000, '[');
  g_autofree char *object = g_strconcat ("{\"sui_image_params\": ", deep, NULL);
  const char      *texts[][3] = { { "Comment", "Created with GIMP" },
                                  { "prompt", "a cat" },
                                  { "prompt", "{\"1\": {\"class_type\": 3}}" },
                                  { "workflow", "{\"nodes\": 3, \"links\": {}}" },
                                  { "invokeai_metadata", "{" },
                                  { "Comment", deep } };
  const char      *hostile[][3] = { { "parameters", object },
                                    { "prompt", "{\"1\": {\"class_type\": \"KSampler\", \"inputs\": {\"seed\": [\"1\", 0], \"positive\": [\"1\", 0], \"latent_image\": [\"1\", 0],"
                                                     " \"model\": [\"1\", 0], \"steps\": {}, \"cfg\": [\"1\", 9], \"negative\": [[], 1], \"denoise\": [1]}}}" },
                                    { "limn", deep } };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (LimnMetadata) metadata = read_texts (texts[i]);

      g_assert_null (metadata->dialect);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (hostile); i++)
    limn_metadata_free (read_texts (hostile[i]));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/dialects/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], check_case);
    }
  g_test_add_func ("/dialects/nothing", test_nothing);
  return g_test_run ();
}
