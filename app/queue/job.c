/* A job of the queue: its row, and an object that tells when it changes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/queue/job.h"

static const char *const names[] = {
  [LIMN_JOB_QUEUED] = "queued",
  [LIMN_JOB_RUNNING] = "running",
  [LIMN_JOB_PAUSED] = "paused",
  [LIMN_JOB_DONE] = "done",
  [LIMN_JOB_FAILED] = "failed",
  [LIMN_JOB_CANCELLED] = "cancelled",
};

struct _LimnQueueJob
{
  GObject     parent;
  LimnJobRow *row;
  char       *stage; /* nullable */
  double      seconds_left;
  LimnArray  *preview; /* nullable */
};

G_DEFINE_FINAL_TYPE (LimnQueueJob, limn_queue_job, G_TYPE_OBJECT)

enum
{
  PROPERTY_ID = 1,
  PROPERTY_STATE,
  PROPERTY_STAGE,
  PROPERTY_STEP,
  PROPERTY_STEPS,
  PROPERTY_SECONDS_LEFT,
  PROPERTY_PROMPT,
  PROPERTY_ERROR,
  PROPERTY_RESULT,
  PROPERTY_MEMORY,
  PROPERTY_PREVIEW
};

const char *
limn_job_state_name (LimnJobState state)
{
  return names[state];
}

gboolean
limn_job_state_parse (const char   *name,
                      LimnJobState *state)
{
  for (gsize i = 0; name != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], name))
      {
        *state = (LimnJobState) i;
        return TRUE;
      }

  return FALSE;
}

gboolean
limn_job_state_is_over (LimnJobState state)
{
  return state >= LIMN_JOB_DONE;
}

void
limn_job_row_free (LimnJobRow *row)
{
  limn_request_clear (&row->request);
  g_free (row->error);
  g_free (row);
}

double
limn_job_row_seconds_left (const LimnJobRow *row)
{
  if (limn_job_state_is_over (row->state))
    return 0;
  if (row->step_seconds < 0 || row->steps < 1)
    return -1;

  return MAX (row->steps - row->step, 0) * row->step_seconds + MAX (row->rest_seconds, 0);
}

void
limn_job_row_write (const LimnJobRow *row,
                    LimnJsonWriter   *writer)
{
  double left = limn_job_row_seconds_left (row);

  limn_json_writer_open (writer, NULL, '{');
  limn_json_writer_integer (writer, "id", row->id);
  limn_json_writer_string (writer, "state", names[row->state]);
  limn_json_writer_integer (writer, "step", row->step);
  limn_json_writer_integer (writer, "steps", row->steps);
  if (left >= 0)
    limn_json_writer_real (writer, "seconds_left", left);
  else
    limn_json_writer_null (writer, "seconds_left");
  limn_json_writer_string (writer, "prompt", row->request.prompt);
  if (row->error != NULL)
    limn_json_writer_string (writer, "error", row->error);
  else
    limn_json_writer_null (writer, "error");
  limn_json_writer_integer (writer, "priority", row->priority);
  limn_json_writer_integer (writer, "batch", row->batch);
  limn_json_writer_integer (writer, "attempts", row->attempts);
  limn_json_writer_integer (writer, "kept_step", row->kept);
  limn_json_writer_integer (writer, "resumed_step", row->resumed);
  if (row->memory > 0)
    limn_json_writer_integer (writer, "memory", row->memory);
  if (row->result > 0)
    limn_json_writer_integer (writer, "picture", row->result);
  limn_json_writer_open (writer, "request", '{');
  limn_request_write (&row->request, writer);
  limn_json_writer_close (writer, '}');
  limn_json_writer_close (writer, '}');
}

static void
limn_queue_job_get_property (GObject    *object,
                             guint       id,
                             GValue     *value,
                             GParamSpec *spec)
{
  LimnQueueJob     *job = LIMN_QUEUE_JOB (object);
  const LimnJobRow *row = job->row;

  switch (id)
    {
    case PROPERTY_ID:
      g_value_set_int64 (value, row->id);
      break;
    case PROPERTY_STATE:
      g_value_set_int (value, row->state);
      break;
    case PROPERTY_STAGE:
      g_value_set_string (value, job->stage);
      break;
    case PROPERTY_STEP:
      g_value_set_int (value, row->step);
      break;
    case PROPERTY_STEPS:
      g_value_set_int (value, row->steps);
      break;
    case PROPERTY_SECONDS_LEFT:
      g_value_set_double (value, job->seconds_left);
      break;
    case PROPERTY_PROMPT:
      g_value_set_string (value, row->request.prompt);
      break;
    case PROPERTY_ERROR:
      g_value_set_string (value, row->error);
      break;
    case PROPERTY_RESULT:
      g_value_set_int64 (value, row->result);
      break;
    case PROPERTY_MEMORY:
      g_value_set_int64 (value, row->memory);
      break;
    case PROPERTY_PREVIEW:
      g_value_set_pointer (value, job->preview);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
limn_queue_job_finalize (GObject *object)
{
  LimnQueueJob *job = LIMN_QUEUE_JOB (object);

  g_clear_pointer (&job->row, limn_job_row_free);
  g_clear_pointer (&job->preview, limn_array_free);
  g_free (job->stage);
  G_OBJECT_CLASS (limn_queue_job_parent_class)->finalize (object);
}

static void
limn_queue_job_class_init (LimnQueueJobClass *class)
{
  GObjectClass *object = G_OBJECT_CLASS (class);
  GParamFlags   flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GParamSpec   *specs[] = {
      NULL,
      g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags),
      g_param_spec_int ("state", NULL, NULL, LIMN_JOB_QUEUED, LIMN_JOB_CANCELLED, LIMN_JOB_QUEUED, flags),
      g_param_spec_string ("stage", NULL, NULL, NULL, flags),
      g_param_spec_int ("step", NULL, NULL, 0, G_MAXINT, 0, flags),
      g_param_spec_int ("steps", NULL, NULL, 0, G_MAXINT, 0, flags),
      g_param_spec_double ("seconds-left", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, -1, flags),
      g_param_spec_string ("prompt", NULL, NULL, NULL, flags),
      g_param_spec_string ("error", NULL, NULL, NULL, flags),
      g_param_spec_int64 ("result", NULL, NULL, 0, G_MAXINT64, 0, flags),
      g_param_spec_int64 ("memory", NULL, NULL, 0, G_MAXINT64, 0, flags),
      g_param_spec_pointer ("preview", NULL, NULL, flags),
  };

  object->get_property = limn_queue_job_get_property;
  object->finalize = limn_queue_job_finalize;
  g_object_class_install_properties (object, G_N_ELEMENTS (specs), specs);
}

static void
limn_queue_job_init (LimnQueueJob *job)
{
}

LimnQueueJob *
limn_queue_job_new (LimnJobRow *row)
{
  LimnQueueJob *job = g_object_new (LIMN_TYPE_QUEUE_JOB, NULL);

  job->row = row;
  job->seconds_left = limn_job_row_seconds_left (row);
  return job;
}

const LimnJobRow *
limn_queue_job_row (LimnQueueJob *job)
{
  return job->row;
}

const LimnArray *
limn_queue_job_preview (LimnQueueJob *job)
{
  return job->preview;
}

/* What was told since the row was written stays: rows lag behind. */
void
limn_queue_job_take_row (LimnQueueJob *job,
                         LimnJobRow   *row)
{
  gboolean runs = row->state == LIMN_JOB_RUNNING && job->row->state == LIMN_JOB_RUNNING;

  if (runs)
    {
      row->step = MAX (row->step, job->row->step);
      row->steps = MAX (row->steps, job->row->steps);
    }
  g_clear_pointer (&job->row, limn_job_row_free);
  job->row = row;

  g_object_freeze_notify (G_OBJECT (job));
  if (!runs)
    {
      g_clear_pointer (&job->stage, g_free);
      g_clear_pointer (&job->preview, limn_array_free);
      job->seconds_left = limn_job_row_seconds_left (row);
    }
  for (int id = PROPERTY_STATE; id <= PROPERTY_PREVIEW; id++)
    {
      static const char *const told[] = { [PROPERTY_STATE] = "state", [PROPERTY_STAGE] = "stage", [PROPERTY_STEP] = "step", [PROPERTY_STEPS] = "steps", [PROPERTY_SECONDS_LEFT] = "seconds-left", [PROPERTY_PROMPT] = "prompt", [PROPERTY_ERROR] = "error", [PROPERTY_RESULT] = "result", [PROPERTY_MEMORY] = "memory", [PROPERTY_PREVIEW] = "preview" };

      g_object_notify (G_OBJECT (job), told[id]);
    }
  g_object_thaw_notify (G_OBJECT (job));
}

void
limn_queue_job_progress (LimnQueueJob    *job,
                         const char      *stage,
                         int              step,
                         int              steps,
                         double           seconds_left,
                         const LimnArray *preview)
{
  g_object_freeze_notify (G_OBJECT (job));
  if (g_strcmp0 (job->stage, stage) != 0)
    {
      g_free (job->stage);
      job->stage = g_strdup (stage);
      g_object_notify (G_OBJECT (job), "stage");
    }
  if (steps > 0)
    {
      job->row->step = step;
      job->row->steps = steps;
      g_object_notify (G_OBJECT (job), "step");
      g_object_notify (G_OBJECT (job), "steps");
    }
  if (seconds_left >= 0)
    {
      job->seconds_left = seconds_left;
      g_object_notify (G_OBJECT (job), "seconds-left");
    }
  if (preview != NULL)
    {
      g_clear_pointer (&job->preview, limn_array_free);
      job->preview = limn_array_copy (preview);
      g_object_notify (G_OBJECT (job), "preview");
    }
  g_object_thaw_notify (G_OBJECT (job));
}
