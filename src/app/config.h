/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings, typed and checked, drawn from config.def.
 *
 * Read once at the start, and again whole on SIGHUP: there is no global
 * state, and a struct config never changes once it is made. It lives as long
 * as the arena it was read into (256 KiB are enough for any file).
 *
 * Sources, later ones win: defaults, file, environment, --set. Every value is
 * checked, also one that a later source overrides.
 *
 * Fields are named exactly as the operator names the setting, so that one
 * search finds it in code, documents and deployments.
 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "app/setting.h"

/* The file read when no other is named, from the working folder. */
#define CONFIG_FILE_NAME "bookplate.env"

/* From all sources together; three times every setting and room to spare. */
#define CONFIG_PAIRS_MAX ((size_t)512)

enum config_source {
    SOURCE_DEFAULT,
    SOURCE_FILE,
    SOURCE_ENVIRONMENT,
    SOURCE_COMMAND_LINE
};

struct config_pair {
    struct slice name;
    struct slice value;
    struct slice where; /* for people: "bookplate.env:3", "environment" */
    enum config_source source;
};

struct config_pairs {
    struct config_pair items[CONFIG_PAIRS_MAX];
    size_t count;
};

enum config_id {
#define CONFIG(name, kind, initial, min, max, text) SETTING_##name,
#include "app/config.def"
    SETTING_COUNT
};

#define CONFIG_TYPE_TEXT      struct slice
#define CONFIG_TYPE_SECRET    struct slice
#define CONFIG_TYPE_PATH      struct slice
#define CONFIG_TYPE_ADDRESS   struct slice
#define CONFIG_TYPE_INTEGER   int64_t
#define CONFIG_TYPE_DURATION  int64_t /* milliseconds */
#define CONFIG_TYPE_SIZE      int64_t /* bytes */
#define CONFIG_TYPE_BOOLEAN   bool
#define CONFIG_TYPE_CHOICE    int64_t /* the place of the word */
#define CONFIG_TYPE_URL       struct slice
#define CONFIG_TYPE_URL_LIST  struct setting_list
#define CONFIG_TYPE_CIDR_LIST struct setting_list

struct config {
#define CONFIG(name, kind, initial, min, max, text) CONFIG_TYPE_##kind name;
#include "app/config.def"
    /* The pair that won, by enum config_id. */
    struct config_pair origins[SETTING_COUNT];
};

/* The rows of config.def, by enum config_id. */
extern const struct setting config_settings[SETTING_COUNT];

/* NULL when there is none. */
const struct setting *config_setting_find(struct slice name);
/* The one whose name is a slip of the pen away, or NULL. */
const struct setting *config_setting_nearest(struct slice name);

/*
 * Pure. `pairs` come in the order of their sources. On failure *why is one
 * line saying which setting, where, what is wrong and what is allowed.
 */
MUST_USE enum status config_parse(struct arena *arena,
                                  const struct config_pairs *pairs,
                                  struct config *out, struct slice *why);

struct config_inputs {
    const char *file;         /* NULL: CONFIG_FILE_NAME, when it is there */
    char *const *environment; /* as environ; NULL for none */
    const struct config_pair *sets; /* of the command line */
    size_t set_count;
};

/* The same, gathering file and environment. */
MUST_USE enum status config_load(struct arena *arena,
                                 const struct config_inputs *inputs,
                                 struct config *out, struct slice *why);

/* A line for each setting: name, value, and where it came from. */
void config_describe(const struct config *config, struct buf *out);

#endif
