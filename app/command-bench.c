/* limn bench: how long the parts of a generation take on this machine.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"

#include <sys/resource.h>

#include "app/model-place.h"
#include "app/number.h"

#define DEFAULT_RUNS 3
#define MAX_RUNS 1000
#define BRANCHES 2 /* guidance runs the network with and without the prompt */

typedef struct
{
  char    *model, *size, *steps, *threads, *type;
  gboolean json;
  char   **words;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->model);
  g_free (options->size);
  g_free (options->steps);
  g_free (options->threads);
  g_free (options->type);
  g_strfreev (options->words);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What is measured, and what is made once to measure with. Seconds, bytes. */
typedef struct
{
  LimnModel    *model;
  int           width, height, runs;
  LimnArray    *tokens, *latent, *drawn;
  LimnText     *text;
  double        load, encode, step, decode, enlarge; /* the last is 0 where nothing is enlarged */
  LimnModelCost cost;
  guint64       memory;
} Bench;

static void
bench_clear (Bench *bench)
{
  g_clear_pointer (&bench->tokens, limn_array_free);
  g_clear_pointer (&bench->latent, limn_array_free);
  g_clear_pointer (&bench->drawn, limn_array_free);
  g_clear_pointer (&bench->text, limn_text_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Bench, bench_clear)

static double
seconds_since (gint64 start)
{
  return (g_get_monotonic_time () - start) / 1e6;
}

static gboolean
encode_once (Bench   *bench,
             GError **error)
{
  g_clear_pointer (&bench->text, limn_text_free);
  bench->text = limn_model_encode_tokens (bench->model, bench->tokens, 1, error);
  return bench->text != NULL;
}

static gboolean
step_once (Bench   *bench,
           GError **error)
{
  const LimnText *texts[BRANCHES] = { bench->text, bench->text };
  g_autoptr (LimnArray) out = limn_model_predict (bench->model, bench->latent, 0.5, texts, error);

  return out != NULL;
}

static gboolean
decode_once (Bench   *bench,
             GError **error)
{
  LimnArray one = *bench->latent;

  one.shape.n = 1;
  g_clear_pointer (&bench->drawn, limn_array_free);
  bench->drawn = limn_model_decode (bench->model, &one, error);
  return bench->drawn != NULL;
}

static gboolean
enlarge_once (Bench   *bench,
              GError **error)
{
  g_autoptr (LimnArray) out = limn_model_enlarge (bench->model, bench->drawn, error);

  return out != NULL;
}

/* The first run reads and packs the weights: what it takes longer than the best one counts as loading. */
static gboolean
measure (Bench *bench,
         gboolean (*once) (Bench *, GError **),
         double  *best,
         GError **error)
{
  double first = 0;

  *best = G_MAXDOUBLE;
  for (int i = 0; i <= bench->runs; i++)
    {
      gint64 start = g_get_monotonic_time ();
      double seconds;

      if (!once (bench, error))
        return FALSE;
      seconds = seconds_since (start);
      if (i == 0)
        first = seconds;
      else
        *best = MIN (*best, seconds);
    }

  bench->load += MAX (first - *best, 0);
  return TRUE;
}

/* Something like noise; its distribution does not change how long anything takes. */
static LimnArray *
make_latent (const LimnModelInfo *info,
             int                  width,
             int                  height)
{
  LimnArray *latent = limn_array_new ((LimnShape){ BRANCHES, limn_model_drawn_size (info, height) / info->latent_factor,
                                                   limn_model_drawn_size (info, width) / info->latent_factor,
                                                   info->latent_channels });
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (gsize i = 0; i < limn_shape_elements (latent->shape); i++)
    latent->data[i] = g_rand_double_range (random, -1.7, 1.7);

  return latent;
}

static gboolean
take_size (Bench         *bench,
           const Options *options,
           GError       **error)
{
  const LimnModelInfo *info = limn_model_info (bench->model);

  bench->width = info->width;
  bench->height = info->height;
  if (options->size != NULL && !limn_command_parse_size (options->size, &bench->width, &bench->height, error))
    return FALSE;
  if (bench->width % info->size_step == 0 && bench->height % info->size_step == 0 && MAX (bench->width, bench->height) <= info->max_size)
    return TRUE;

  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE,
               "--size %s: is nothing for this model: take multiples of %d up to %d",
               options->size, info->size_step, info->max_size);
  return FALSE;
}

static gboolean
run_bench (Bench   *bench,
           GError **error)
{
  struct rusage usage;

  bench->tokens = limn_model_tokenize (bench->model, "a red apple on a blue background", error);
  if (bench->tokens == NULL)
    return FALSE;

  bench->latent = make_latent (limn_model_info (bench->model), bench->width, bench->height);
  if (!measure (bench, encode_once, &bench->encode, error)
      || !measure (bench, step_once, &bench->step, error)
      || !measure (bench, decode_once, &bench->decode, error))
    return FALSE;
  if (bench->drawn->shape.w != bench->width && !measure (bench, enlarge_once, &bench->enlarge, error))
    return FALSE;

  getrusage (RUSAGE_SELF, &usage);
  bench->memory = (guint64) usage.ru_maxrss * 1024;
  return limn_model_cost (bench->model, bench->width, bench->height, &bench->cost, error);
}

static char *
format_json (const Bench *bench,
             const char  *device)
{
  const LimnModelInfo *info = limn_model_info (bench->model);
  g_autofree char     *name = limn_model_place_name (info->path);
  g_auto (LimnJsonWriter) writer = { 0 };

  limn_json_writer_init (&writer, TRUE);
  limn_json_writer_open (&writer, NULL, '{');
  limn_json_writer_string (&writer, "model", name);
  limn_json_writer_string (&writer, "family", info->family);
  limn_json_writer_string (&writer, "device", device);
  limn_json_writer_integer (&writer, "width", bench->width);
  limn_json_writer_integer (&writer, "height", bench->height);
  limn_json_writer_real (&writer, "load_seconds", bench->load);
  limn_json_writer_real (&writer, "encode_seconds", bench->encode);
  limn_json_writer_real (&writer, "step_seconds", bench->step);
  limn_json_writer_real (&writer, "decode_seconds", bench->decode);
  if (bench->enlarge > 0)
    limn_json_writer_real (&writer, "enlarge_seconds", bench->enlarge);
  limn_json_writer_real (&writer, "step_operations", bench->cost.step_operations);
  limn_json_writer_real (&writer, "decode_operations", bench->cost.decode_operations);
  limn_json_writer_real (&writer, "step_operations_per_second",
                         bench->cost.step_operations / bench->step);
  limn_json_writer_real (&writer, "decode_operations_per_second",
                         bench->cost.decode_operations / bench->decode);
  limn_json_writer_integer (&writer, "peak_memory", bench->memory);
  limn_json_writer_close (&writer, '}');
  return g_strdup (writer.text->str);
}

/* A line of its own; empty where the model draws what is asked for. */
static char *
describe_enlarging (const Bench *bench)
{
  if (bench->enlarge <= 0)
    return g_strdup ("");
  return g_strdup_printf ("enlarge %8.3f s  %7.1f GFLOP/s\n", bench->enlarge,
                          bench->cost.enlarge_operations / bench->enlarge / 1e9);
}

static char *
format_text (const Bench *bench,
             const char  *device)
{
  const LimnModelInfo *info = limn_model_info (bench->model);
  g_autofree char     *name = limn_model_place_name (info->path);
  g_autofree char     *memory = g_format_size (bench->memory);
  g_autofree char     *enlarge = describe_enlarging (bench);

  return g_strdup_printf ("%s (%s), %dx%d, on %s\n"
                          "load    %8.3f s\n"
                          "encode  %8.3f s\n"
                          "step    %8.3f s  %7.1f GFLOP/s (two branches)\n"
                          "decode  %8.3f s  %7.1f GFLOP/s\n"
                          "%s"
                          "memory  %s at most",
                          name,
                          info->family,
                          bench->width,
                          bench->height,
                          device,
                          bench->load,
                          bench->encode,
                          bench->step,
                          bench->cost.step_operations / bench->step / 1e9,
                          bench->decode,
                          bench->cost.decode_operations / bench->decode / 1e9,
                          enlarge,
                          memory);
}

/* "AMD EPYC …, 2 threads, bf16" */
static char *
device_label (LimnEngine *engine,
              const char *type)
{
  g_autoptr (GPtrArray) devices = limn_engine_devices (engine);

  for (guint i = 0; i < devices->len; i++)
    {
      const LimnDeviceInfo *device = devices->pdata[i];

      g_autofree char *threads = device->threads > 0 ? g_strdup_printf (", %d threads", device->threads) : g_strdup ("");

      if (device->used)
        return g_strdup_printf ("%s%s, %s", device->name, threads,
                                type && !g_str_equal (type, "auto") ? type : device->type);
    }

  return g_strdup ("unknown device");
}

static gboolean
bench_model (const Options     *options,
             LimnEngineOptions *engine_options,
             int                runs,
             GError           **error)
{
  gint64           start = g_get_monotonic_time ();
  g_autofree char *path = limn_model_place_find (options->model, error);
  g_autoptr (LimnEngine) engine = path ? limn_engine_new (engine_options, error) : NULL;
  g_autoptr (LimnModel) model = engine ? limn_model_open (engine, path, NULL, error) : NULL;
  g_auto (Bench) bench = { .model = model, .runs = runs };
  g_autofree char *device = NULL, *text = NULL;

  if (model == NULL)
    return FALSE;

  bench.load = seconds_since (start);
  if (!take_size (&bench, options, error) || !run_bench (&bench, error))
    return FALSE;

  device = device_label (engine, options->type);
  text = options->json ? format_json (&bench, device) : format_text (&bench, device);
  return limn_command_print (text, error);
}

static gboolean
parse_runs (const char *text,
            int        *runs,
            GError    **error)
{
  gint64 value = DEFAULT_RUNS;

  if (text != NULL && !limn_number_parse_integer (text, &value))
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_USAGE,
                   "--steps \"%s\": is not a whole number", text);
      return FALSE;
    }
  if (value < 1 || value > MAX_RUNS)
    {
      g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_RANGE,
                   "--steps %s: is out of range: take one from 1 to %d", text, MAX_RUNS);
      return FALSE;
    }

  *runs = value;
  return TRUE;
}

static gboolean
run (char   **arguments,
     GError **error)
{
  g_auto (Options) options = { 0 };
  LimnEngineOptions  engine_options = { 0 };
  int                runs;
  const GOptionEntry entries[] = {
    { "model", 'm', 0, G_OPTION_ARG_FILENAME, &options.model, "Folder or .safetensors file (default: the starter)", "MODEL" },
    { "size", 0, 0, G_OPTION_ARG_FILENAME, &options.size, "Width and height in pixels (default: the model's)", "WxH" },
    { "steps", 0, 0, G_OPTION_ARG_FILENAME, &options.steps, "Runs of which the best is taken (default: 3)", "N" },
    { "threads", 0, 0, G_OPTION_ARG_FILENAME, &options.threads, "Of the processor (default: one a core)", "N" },
    { "type", 0, 0, G_OPTION_ARG_FILENAME, &options.type, "Compute in auto, f32, bf16 (processor) or f16 (graphics card)", "TYPE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one object", NULL },
    G_OPTION_ENTRY_NULL
  };

  if (!limn_command_parse (
          &limn_command_bench, arguments, NULL,
          "Loading includes what the first run of each part takes longer than its best one.",
          entries, &options.words, error)
      || !limn_command_check_words (&limn_command_bench, options.words, 0, 0, "", error) || !limn_command_parse_threads (options.threads, &engine_options.threads, error) || !parse_runs (options.steps, &runs, error))
    return FALSE;

  engine_options.type = options.type;
  return bench_model (&options, &engine_options, runs, error);
}

const LimnCommand limn_command_bench = {
  .name = "bench",
  .summary = "Measure how long load, encode, a step and decode take",
  .computes = TRUE,
  .run = run,
};
