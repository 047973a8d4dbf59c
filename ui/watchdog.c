/* How smooth the window is: frames that came late, work that held them up; for those who work on Limn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/watchdog.h"

#include <string.h>

#define STALL_US 5000
#define SCROLL_US (30 * G_USEC_PER_SEC)
/* Points a frame: two rows of pictures a second. */
#define SCROLL_STEP 12.0
#define FIRST_FRAMES 30

typedef struct
{
  GSource source;
  gint64  woke, painting, paint_begin; /* of this turn of the main loop */
  gint64  worst_stall, worst_frame, last_frame, key, begun;
  GArray *keys; /* of gint64: from each key to the frame that shows it */
  guint   stalls, frames, late;
} Watchdog;

/* Before the main loop waits: what it did since it woke up, without drawing. */
static gboolean
prepare (GSource *source,
         int     *timeout)
{
  Watchdog *self = (Watchdog *) source;
  gint64    busy = self->woke > 0 ? g_get_monotonic_time () - self->woke - self->painting : 0;

  *timeout = -1;
  if (busy > STALL_US)
    {
      self->stalls++;
      self->worst_stall = MAX (self->worst_stall, busy);
    }
  self->woke = self->painting = 0;
  return FALSE;
}

static gboolean
check (GSource *source)
{
  ((Watchdog *) source)->woke = g_get_monotonic_time ();
  return FALSE;
}

static gboolean
dispatch (GSource    *source,
          GSourceFunc func,
          gpointer    data)
{
  return G_SOURCE_CONTINUE;
}

static void
on_before_paint (GdkFrameClock *clock,
                 Watchdog      *self)
{
  self->paint_begin = g_get_monotonic_time ();
}

static void
on_after_paint (GdkFrameClock *clock,
                Watchdog      *self)
{
  gint64 now = g_get_monotonic_time ();

  self->painting += now - self->paint_begin;
  if (self->key > 0)
    {
      gint64 took = now - self->key;

      g_array_append_val (self->keys, took);
    }
  self->key = 0;
}

static gboolean
on_key (GtkEventControllerKey *controller,
        guint                  value,
        guint                  code,
        GdkModifierType        modifiers,
        Watchdog              *self)
{
  self->key = g_get_monotonic_time ();
  return FALSE;
}

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       data)
{
  Watchdog *self = data;
  gint64    time = gdk_frame_clock_get_frame_time (clock), interval = 0;

  gdk_frame_clock_get_refresh_info (clock, time, &interval, NULL);
  if (self->last_frame > 0 && ++self->frames > FIRST_FRAMES)
    {
      gint64 took = time - self->last_frame;

      self->late += took * 2 > interval * 3;
      self->worst_frame = MAX (self->worst_frame, took);
    }
  self->last_frame = time;
  return G_SOURCE_CONTINUE;
}

static gboolean
on_scroll (GtkWidget     *widget,
           GdkFrameClock *clock,
           gpointer       data)
{
  Watchdog      *self = data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));

  if (self->begun == 0)
    self->begun = g_get_monotonic_time ();
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + SCROLL_STEP);
  if (g_get_monotonic_time () - self->begun < SCROLL_US)
    return G_SOURCE_CONTINUE;
  gtk_window_close (GTK_WINDOW (gtk_widget_get_root (widget)));
  return G_SOURCE_REMOVE;
}

static gint64
peak_memory (void)
{
  g_autofree char *status = NULL;
  const char      *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL) || (line = strstr (status, "VmHWM:")) == NULL)
    return -1;
  return g_ascii_strtoll (line + strlen ("VmHWM:"), NULL, 10) / 1024;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

static double
key_milliseconds (Watchdog *self,
                  double    share)
{
  return self->keys->len > 0 ? g_array_index (self->keys, gint64, (guint) (share * (self->keys->len - 1))) / 1e3 : 0;
}

static void
report (Watchdog *self)
{
  g_array_sort (self->keys, compare);
  g_printerr ("limn: %u frames, %u late, worst %.1f ms; %u turns over 5 ms, worst %.1f ms; key to frame %.1f ms, 95 %% within %.1f ms, at worst %.1f ms; %" G_GINT64_FORMAT " MB at most\n", self->frames,
              self->late, self->worst_frame / 1e3, self->stalls, self->worst_stall / 1e3, key_milliseconds (self, 0.5), key_milliseconds (self, 0.95), key_milliseconds (self, 1), peak_memory ());
}

static void
on_realize (GtkWidget *window,
            Watchdog  *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  g_signal_connect (clock, "before-paint", G_CALLBACK (on_before_paint), self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (on_after_paint), self);
}

static void
on_unrealize (GtkWidget *window,
              Watchdog  *self)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (window), self);
  report (self);
  g_array_unref (self->keys);
  g_source_destroy ((GSource *) self);
  g_source_unref ((GSource *) self);
}

void
limn_watchdog_watch (GtkWidget         *window,
                     GtkScrolledWindow *scrolled)
{
  static GSourceFuncs functions = { .prepare = prepare, .check = check, .dispatch = dispatch };
  const char         *debug = g_getenv ("LIMN_DEBUG");
  g_auto (GStrv) topics = g_strsplit (debug != NULL ? debug : "", ",", -1);
  gboolean            scroll = g_strv_contains ((const char *const *) topics, "scroll");
  GtkEventController *keys;
  Watchdog           *self;

  if (!scroll && !g_strv_contains ((const char *const *) topics, "frames"))
    return;
  self = (Watchdog *) g_source_new (&functions, sizeof *self);
  self->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_source_set_priority ((GSource *) self, G_PRIORITY_HIGH);
  g_source_attach ((GSource *) self, NULL);
  keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), self);
  gtk_widget_add_controller (window, keys);
  g_signal_connect (window, "realize", G_CALLBACK (on_realize), self);
  g_signal_connect (window, "unrealize", G_CALLBACK (on_unrealize), self);
  if (!scroll)
    return;
  gtk_widget_add_tick_callback (GTK_WIDGET (scrolled), on_scroll, self, NULL);
  gtk_widget_add_tick_callback (window, on_tick, self, NULL);
}
