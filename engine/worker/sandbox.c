/* What a worker may do from its start on: files, by Landlock.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/worker/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than the headers that this has to build with; see landlock(7). */
#define ACCESS_REFER (1ULL << 13)
#define ACCESS_TRUNCATE (1ULL << 14)
#define ACCESS_IOCTL_DEV (1ULL << 15)
#define SCOPE_ALL ((1ULL << 0) | (1ULL << 1)) /* abstract sockets, signals */
#define NET_ALL ((1ULL << 0) | (1ULL << 1))   /* bind, connect of TCP */

#define READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_EXECUTE)
#define FILE_ONLY (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_TRUNCATE | ACCESS_IOCTL_DEV)
#define WRITE_V1 (((1ULL << 13) - 1) & ~(guint64) READ)

/* The kernel's struct landlock_ruleset_attr of the newest version. */
typedef struct
{
  guint64 files, net, scoped;
} Ruleset;

typedef struct
{
  int      descriptor, version;
  guint64  handled;
  gboolean failed;
} Landlock;

/* What libraries and graphics drivers read. */
static const char *const system_places[] = {
  "/usr",
  "/lib",
  "/lib32",
  "/lib64",
  "/opt",
  "/etc",
  "/nix",
  "/gnu",
  "/run/opengl-driver",
  "/run/host",
  "/app",
  "/sys",
  "/proc/self",
  "/proc/cpuinfo",
  "/proc/meminfo",
  "/proc/stat",
  "/proc/sys",
  "/proc/driver",
  "/proc/devices",
  "/proc/modules",
};

static const char *const devices[] = {
  "/dev/null",
  "/dev/zero",
  "/dev/full",
  "/dev/random",
  "/dev/urandom",
  "/dev/dri",
  "/dev/kfd",
  "/dev/udmabuf",
  "/dev/dxg",
  "/dev/nvidia0",
  "/dev/nvidia1",
  "/dev/nvidia2",
  "/dev/nvidia3",
  "/dev/nvidia4",
  "/dev/nvidia5",
  "/dev/nvidia6",
  "/dev/nvidia7",
  "/dev/nvidiactl",
  "/dev/nvidia-modeset",
  "/dev/nvidia-uvm",
  "/dev/nvidia-uvm-tools",
  "/dev/nvidia-caps",
};

/* In the user's cache folder: shaders that drivers compiled. */
static const char *const caches[] = { "limn", "mesa_shader_cache", "mesa_shader_cache_db", "nvidia", "radv_builtin_shaders" };

static guint64
rights_of (int version)
{
  guint64 rights = READ | WRITE_V1;

  if (version >= 2)
    rights |= ACCESS_REFER;
  if (version >= 3)
    rights |= ACCESS_TRUNCATE;
  if (version >= 5)
    rights |= ACCESS_IOCTL_DEV;
  return rights;
}

static gboolean
landlock_open (Landlock *landlock,
               gboolean  reading)
{
  Ruleset ruleset = { 0 };
  gsize   size = sizeof ruleset.files;

  landlock->version = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (landlock->version < 1)
    return FALSE;

  landlock->handled = ruleset.files = reading ? rights_of (landlock->version) : rights_of (landlock->version) & ~(guint64) READ;
  if (landlock->version >= 4)
    {
      ruleset.net = NET_ALL;
      size = G_STRUCT_OFFSET (Ruleset, scoped);
    }
  if (landlock->version >= 6)
    {
      ruleset.scoped = SCOPE_ALL;
      size = sizeof ruleset;
    }
  landlock->descriptor = syscall (SYS_landlock_create_ruleset, &ruleset, size, 0);
  return landlock->descriptor >= 0;
}

/* What is not there needs no rule. */
static void
landlock_allow (Landlock   *landlock,
                const char *path,
                guint64     rights)
{
  struct landlock_path_beneath_attr rule = { .allowed_access = rights & landlock->handled };
  struct stat                       status;

  rule.parent_fd = open (path, O_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0)
    return;
  if (fstat (rule.parent_fd, &status) == 0 && !S_ISDIR (status.st_mode))
    rule.allowed_access &= FILE_ONLY;
  if (rule.allowed_access != 0 && syscall (SYS_landlock_add_rule, landlock->descriptor, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
    landlock->failed = TRUE;
  close (rule.parent_fd);
}

static void
allow_caches (Landlock *landlock)
{
  g_autofree char *own = g_build_filename (g_get_user_cache_dir (), "limn", NULL);
  g_autofree char *nvidia = g_build_filename (g_get_home_dir (), ".nv", NULL);

  g_mkdir_with_parents (own, 0700);
  landlock_allow (landlock, nvidia, READ | rights_of (landlock->version));
  for (gsize i = 0; i < G_N_ELEMENTS (caches); i++)
    {
      g_autofree char *path = g_build_filename (g_get_user_cache_dir (), caches[i], NULL);

      landlock_allow (landlock, path, rights_of (landlock->version));
    }
}

static gboolean
restrict_files (const char *const *read)
{
  Landlock landlock = { 0 };
  gboolean done;

  if (!landlock_open (&landlock, read != NULL))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (system_places); i++)
    landlock_allow (&landlock, system_places[i], READ);
  for (gsize i = 0; i < G_N_ELEMENTS (devices); i++)
    landlock_allow (&landlock, devices[i], READ | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_IOCTL_DEV);
  for (int i = 0; read != NULL && read[i] != NULL; i++)
    landlock_allow (&landlock, read[i], READ);
  allow_caches (&landlock);

  done = !landlock.failed && syscall (SYS_landlock_restrict_self, landlock.descriptor, 0) == 0;
  close (landlock.descriptor);
  return done;
}

char **
limn_sandbox_enter (const char *const *read)
{
  g_autoptr (GStrvBuilder) in_force = g_strv_builder_new ();

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return g_strv_builder_end (in_force);

  g_strv_builder_add (in_force, "no-new-privileges");
  if (restrict_files (read))
    g_strv_builder_add (in_force, read != NULL ? "files" : "writing");
  if (limn_sandbox_deny_calls ())
    g_strv_builder_add (in_force, "network");
  return g_strv_builder_end (in_force);
}
