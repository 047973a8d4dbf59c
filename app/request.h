/* A request: everything that decides what a picture looks like, as a value.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "app/error.h"
#include "app/json-writer.h"

G_BEGIN_DECLS

/**
 * LimnLora:
 * @name: a name, or a path
 * @weight: for the generator; 1 where nothing is said
 * @text_weight: for the text encoders; the same where nothing else is said
 */
typedef struct
{
  char  *name;
  double weight, text_weight;
} LimnLora;

/* (transfer full): a list that frees its members */
GPtrArray *limn_lora_list_new (void);
void       limn_lora_list_add (GPtrArray  *list,
                               const char *name,
                               double      weight);

/* Returns: (transfer full) (nullable): the same, of its own; %NULL of %NULL */
GPtrArray *limn_lora_list_copy (const GPtrArray *list);

/* Writes "loras", an array of objects, if there are any. */
void limn_lora_list_write (const GPtrArray *list,
                           LimnJsonWriter  *writer);

/**
 * LimnRequestControl:
 * @kind: "canny" and "line" are made from the picture; any other word says what the picture is: "depth", "pose", …
 * @model: of the ControlNet: a name or a path; %NULL: the one whose name has @kind in it
 * @picture: name of a picture
 * @weight: how much it steers; @begin, @end: share of the steps from which and up to which it does
 */
typedef struct
{
  char  *kind, *model, *picture;
  double weight, begin, end;
} LimnRequestControl;

/* (transfer full): a list that frees its members, and the same of its own (%NULL of %NULL) */
GPtrArray *limn_control_list_new (void);
GPtrArray *limn_control_list_copy (const GPtrArray *list);

/**
 * LimnRequestPart:
 * @name: "vae", "tiny_vae", "text_encoder", "text_encoder_2", "unet"
 * @file: a name or a path
 */
typedef struct
{
  char *name, *file;
} LimnRequestPart;

GPtrArray *limn_part_list_new (void);
GPtrArray *limn_part_list_copy (const GPtrArray *list);

/* Writes "controls" or "parts", an array of objects, if there are any. */
void limn_control_list_write (const GPtrArray *list,
                              LimnJsonWriter  *writer);
void limn_part_list_write (const GPtrArray *list,
                           LimnJsonWriter  *writer);

/* Reads what these write. Returns: (transfer full) (nullable): %NULL if it is nothing of the kind */
GPtrArray *limn_control_list_read (JsonNode *node);
GPtrArray *limn_part_list_read (JsonNode *node);

/**
 * LimnRequest:
 * @prompt: UTF-8; %NULL if unknown
 * @model: a name, or a path
 * @model_hash: first 10 hexadecimal digits of the SHA-256 of its main file
 * @picture: name of the picture it starts from, @mask: of the mask
 * @type: what it was computed in, if that was asked for
 * @loras: (element-type LimnLora) (nullable): in the order they are added
 * @seed, @steps, @width, @height, @clip_skip: negative while unknown
 * @embeddings: (element-type utf8) (nullable): files of new words of the prompts
 * @styles: (element-type utf8) (nullable): named styles whose words are in the prompts already
 * @controls: (element-type LimnRequestControl) (nullable), @parts: (element-type LimnRequestPart) (nullable)
 * @expand: pixels that the picture is to grow at its left, top, right and bottom: "64,0,64,0"
 * @mask_feather: pixels over which the mask's edge passes from repainted to kept
 * @mask_area: only what is so many pixels around the mask is made, in full size; negative: the whole picture
 * @hires, …, @variation, …: as in #LimnGeneration; negative while unknown
 * @guidance: classifier-free scale; @strength: 0…1; negative while unknown
 *
 * Fields that are unknown take the model's defaults.
 */
typedef struct
{
  char  *prompt, *negative;
  char  *model, *model_hash;
  char  *sampler, *schedule;
  char  *picture, *mask, *type;
  char  *hires_upscaler, *expand;
  gint64 seed, steps, width, height, clip_skip;
  gint64 variation_seed, hires_steps, mask_area;
  double guidance, strength;
  double guidance_rescale, guidance_begin, guidance_end, variation, hires, hires_strength, mask_feather;

  GPtrArray *loras, *embeddings, *controls, *parts, *styles;
} LimnRequest;

void limn_request_init (LimnRequest *request);
void limn_request_clear (LimnRequest *request);

/* Makes @request, which holds nothing, the same as @from. */
void limn_request_copy (LimnRequest       *request,
                        const LimnRequest *from);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (LimnRequest, limn_request_clear)

/* Returns: whether limn_request_set() takes @key */
gboolean limn_request_knows (const char *key);

/**
 * limn_request_set:
 * @key: as in the JSON form
 *
 * Gives a field its value from a word of the command line.
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_USAGE if @text is no value for it, %LIMN_APP_ERROR_RANGE if it is out of range
 */
gboolean limn_request_set (LimnRequest *request,
                           const char  *key,
                           const char  *text,
                           GError     **error);

/**
 * limn_request_add_lora:
 * @text: "FILE", or "FILE:WEIGHT"
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_USAGE or %LIMN_APP_ERROR_RANGE
 */
gboolean limn_request_add_lora (LimnRequest *request,
                                const char  *text,
                                GError     **error);

/* @file: a name, or a path */
void limn_request_add_embedding (LimnRequest *request,
                                 const char  *file);

/* Remembers a style that has been applied; see app/styles.h. */
void limn_request_add_style (LimnRequest *request,
                             const char  *name);

/**
 * limn_request_add_control:
 * @text: "KIND:FILE", "KIND=MODEL:FILE", either with ":WEIGHT" and then ":BEGIN-END" behind
 *
 * Returns: %FALSE with %LIMN_APP_ERROR_USAGE or %LIMN_APP_ERROR_RANGE
 */
gboolean limn_request_add_control (LimnRequest *request,
                                   const char  *text,
                                   GError     **error);

/* @text: "NAME=FILE". A part that is there already is replaced. */
gboolean limn_request_add_part (LimnRequest *request,
                                const char  *text,
                                GError     **error);

/**
 * limn_request_load:
 * @path: a JSON file with one object, as `limn info --json` prints it
 *
 * Sets the fields that the file names. Keys that say where a request comes from (dialect, raw, …) are passed over; others that are
 * not known are errors, as are settings that cannot be used yet.
 *
 * Returns: %FALSE with an error that names the key
 */
gboolean limn_request_load (LimnRequest *request,
                            const char  *path,
                            GError     **error);

/* The same from a text of @size bytes; @name is for messages. */
gboolean limn_request_parse (LimnRequest *request,
                             const char  *text,
                             gssize       size,
                             const char  *name,
                             GError     **error);

/* Writes the known fields as members of the object that is open. */
void limn_request_write (const LimnRequest *request,
                         LimnJsonWriter    *writer);

G_END_DECLS
