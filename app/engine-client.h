/* The engine as the app sees it: limn-engine in a process of its own, started when it is needed and watched over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "app/request.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/**
 * LimnEngineState:
 * @LIMN_ENGINE_STATE_IDLE: no worker runs; the next call starts one
 * @LIMN_ENGINE_STATE_STARTING: one is being started, or waits for its next start after it ended by itself
 * @LIMN_ENGINE_STATE_READY: it runs and has nothing to do
 * @LIMN_ENGINE_STATE_RUNNING: it makes a picture
 * @LIMN_ENGINE_STATE_FAILED: it could not be started or ended by itself too often; the next call tries again
 */
typedef enum
{
  LIMN_ENGINE_STATE_IDLE,
  LIMN_ENGINE_STATE_STARTING,
  LIMN_ENGINE_STATE_READY,
  LIMN_ENGINE_STATE_RUNNING,
  LIMN_ENGINE_STATE_FAILED
} LimnEngineState;

/**
 * LimnEngineClientOptions:
 * @engine: device, type, threads and memory, as for limn_engine_new(); what is %NULL or 0 is left to the worker's environment
 * @command: (array zero-terminated=1) (nullable): a command that speaks over its standard input and output, as
 *   {"ssh", "host", "limn-engine", "--stdio"}; %NULL: the limn-engine of this installation, or as $LIMN_ENGINE says (docs/worker.md)
 * @idle_ms: after so long without a call the worker is ended and gives all memory back; 0: 5 minutes; negative: never
 * @patience_ms: a worker that answers nothing for so long is killed; 0: 30 seconds
 * @folders: (array zero-terminated=1) (nullable): where models are kept. The worker reads these and what jobs name, and nothing else of the user's; for a
 *   job with files elsewhere it is started anew
 * @backoff_ms: first wait before a worker that ended by itself is started again, doubled each time; 0: 250
 *
 * All are copied.
 */
typedef struct
{
  LimnEngineOptions  engine;
  const char *const *command, *const *folders;
  int idle_ms, patience_ms, backoff_ms;
} LimnEngineClientOptions;

#define LIMN_TYPE_ENGINE_CLIENT (limn_engine_client_get_type ())

/**
 * LimnEngineClient:
 *
 * Is used from one thread; calls are answered in the main context that was that thread's default when the client was made. Jobs are done one after the
 * other in the order of the calls. Properties: "state" (#LimnEngineState as int, read, notify).
 */
G_DECLARE_FINAL_TYPE (LimnEngineClient,
                      limn_engine_client,
                      LIMN,
                      ENGINE_CLIENT,
                      GObject)

/**
 * limn_engine_client_new:
 * @options: (nullable)
 *
 * Starts nothing yet. Dropping the last reference ends the worker.
 */
LimnEngineClient *limn_engine_client_new (const LimnEngineClientOptions *options);

LimnEngineState limn_engine_client_get_state (LimnEngineClient *client);

/* Returns: (transfer none) (nullable): one line on why it is in the state FAILED, or what happened last; for the user */
const char *limn_engine_client_get_reason (LimnEngineClient *client);

/* Returns: of the worker, 0 if none runs or it is no process of its own */
GPid limn_engine_client_get_pid (LimnEngineClient *client);

/* From the next job on: the device is changed without a restart. */
void limn_engine_client_set_engine (LimnEngineClient        *client,
                                    const LimnEngineOptions *engine);

/* Ends the worker if it has nothing to do; the next call starts it again. */
void limn_engine_client_unload (LimnEngineClient *client);

/**
 * LimnEngineProgress:
 * @stage: "load", "encode", "sample", "decode"; "paused" while it is; "restart" when the worker ended by itself and the job is begun again
 * @step, @steps: 0 of 0 before sampling
 * @seconds_left: negative while unknown
 * @preview: (nullable): [1, h, w, 3], 0…1
 * @saved: (nullable): what limn_engine_client_generate_async() takes as `resume`; it is of step @step. Comes after @keep_ms, and when the job is paused
 *
 * All is the client's; take references to keep something.
 */
typedef struct
{
  const char      *stage;
  int              step, steps;
  double           seconds_left;
  const LimnArray *preview;
  GBytes          *saved;
} LimnEngineProgress;

typedef void (*LimnEngineProgressFunc) (const LimnEngineProgress *progress,
                                        gpointer                  data);

/**
 * LimnEngineJob:
 * @request: what to make; unknown fields take the model's defaults, a negative seed is drawn. model, loras and all other files in it are opened
 *   by the worker, by path (names are looked up as limn_model_place_find() does)
 * @picture, @mask: (nullable): [1, H, W, 3] and [1, H, W, 1], 0…1, in place of the files that the request names; either are brought to the size here
 * @hints: (array length=n_hints) (nullable): of the request's ControlNets, in their order, one each, [1, H, W, 3]
 * @resume: (nullable): go on from there; the request, model and device have to be the same
 * @keep_ms: between two states that @progress is given; 0: none
 * @preview_ms: between two previews; 0: none
 * @dump: keep intermediate tensors, as limn_generate() does
 * @progress: (nullable): is called in the client's main context
 *
 * All is copied or referenced before the call returns, but for arrays: these have to stay until the job is finished.
 */
typedef struct
{
  const LimnRequest      *request;
  const LimnArray        *picture, *mask;
  const LimnArray *const *hints;
  guint                   n_hints;
  GBytes                 *resume;
  guint                   keep_ms, preview_ms;
  gboolean                dump;
  LimnEngineProgressFunc  progress;
  gpointer                progress_data;
} LimnEngineJob;

/**
 * LimnEngineResult:
 * @image: [1, H, W, 3], 0…1
 * @made: the request with all defaults filled in and its prompt's choices made, names in place of paths: what is written into the picture; the
 *   model's hash is left to the caller (limn_model_place_hash())
 * @notes: (array zero-terminated=1): sentences about what was done otherwise than usual, and why
 * @dump: (nullable): name → LimnArray
 * @device: (nullable): what it was made on: the id
 * @seconds: the whole job in the worker, without waiting; the others are means or sums as in #LimnResult
 */
typedef struct
{
  LimnArray  *image;
  LimnRequest made;
  char      **notes;
  GHashTable *dump;
  char       *device;
  double      seconds, load_seconds, encode_seconds, step_seconds, decode_seconds;
} LimnEngineResult;

void limn_engine_result_free (LimnEngineResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnEngineResult, limn_engine_result_free)

/**
 * limn_engine_client_generate_async:
 * @cancellable: (nullable): stops the job between two steps
 *
 * If the worker ends, or memory does not suffice, the job is tried once more on a smaller plan: on the processor if it ran on a graphics card, else with half
 * the memory; it goes on from the last state that was kept if the device stays the same. After that it fails.
 */
void limn_engine_client_generate_async (LimnEngineClient    *client,
                                        const LimnEngineJob *job,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             data);

/**
 * limn_engine_client_generate_finish:
 *
 * Returns: (transfer full): the picture, or %NULL: the engine's error (LIMN_ENGINE_ERROR, among them %LIMN_ENGINE_ERROR_CANCELLED for jobs that were
 *   cancelled, %LIMN_ENGINE_ERROR_MEMORY), a file's (LIMN_APP_ERROR), or %LIMN_APP_ERROR_WORKER: there is no worker, or it ended twice; the message says why
 */
LimnEngineResult *limn_engine_client_generate_finish (LimnEngineClient *client,
                                                      GAsyncResult     *result,
                                                      GError          **error);

/* The job that runs stops between two steps, and goes on. Jobs behind it wait. Progress "paused" tells when it has stopped. */
void limn_engine_client_pause (LimnEngineClient *client);
void limn_engine_client_resume (LimnEngineClient *client);

/* Answers with (element-type LimnDeviceInfo), as limn_engine_devices(). */
void       limn_engine_client_devices_async (LimnEngineClient   *client,
                                             GCancellable       *cancellable,
                                             GAsyncReadyCallback callback,
                                             gpointer            data);
GPtrArray *limn_engine_client_devices_finish (LimnEngineClient *client,
                                              GAsyncResult     *result,
                                              GError          **error);

/**
 * LimnEngineEstimate:
 * @memory: bytes
 * @step_seconds: measured on an earlier picture of this size in this worker, or scaled from one of another size; 0 while unknown
 * @seconds: for the whole picture; 0 while unknown
 */
typedef struct
{
  guint64 memory;
  double  step_operations, decode_operations, enlarge_operations;
  double  step_seconds, seconds;
  int     width, height, steps;
} LimnEngineEstimate;

/* What a request will take. Opens its model, after the jobs that were asked for before. */
void     limn_engine_client_estimate_async (LimnEngineClient   *client,
                                            const LimnRequest  *request,
                                            GCancellable       *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer            data);
gboolean limn_engine_client_estimate_finish (LimnEngineClient   *client,
                                             GAsyncResult       *result,
                                             LimnEngineEstimate *estimate,
                                             GError            **error);

G_END_DECLS
