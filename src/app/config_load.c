/* SPDX-License-Identifier: Apache-2.0 */
#include "app/config.h"

#include "app/config_file.h"
#include "app/refuse.h"

static enum status refuse_open_secret(struct arena *arena, const char *path,
                                      const struct config_pairs *pairs,
                                      struct slice *why)
{
    for (size_t i = 0; i < pairs->count; i++) {
        const struct setting *setting =
            config_setting_find(pairs->items[i].name);

        if (setting != NULL && setting->kind == KIND_SECRET) {
            return refuse(arena, why,
                          "%s: others may read this file, and it holds %.*s; "
                          "chmod 600 makes it private",
                          path, SLICE_ARG(setting->name));
        }
    }
    return STATUS_OK;
}

static enum status gather_file(struct arena *arena, const char *path,
                               struct config_pairs *pairs, struct slice *why)
{
    bool named = path != NULL;
    struct config_file file;
    enum status status;

    path = named ? path : CONFIG_FILE_NAME;
    status = config_file_read(arena, path, &file, why);
    if (status == STATUS_NOT_FOUND) {
        return named ? STATUS_INVALID_VALUE : STATUS_OK;
    }
    TRY(status);
    TRY(config_file_parse(arena, path, file.text, pairs, why));
    return file.others_read ? refuse_open_secret(arena, path, pairs, why)
                            : STATUS_OK;
}

/*
 * The environment is shared with every other program, so unknown names are
 * none of our business, unless they begin like ours: those are misspelt.
 */
static bool is_ours(struct slice name)
{
    return config_setting_find(name) != NULL ||
           slice_starts_with(name, SLICE("BETTER_AUTH_")) ||
           slice_starts_with(name, SLICE("BOOKPLATE_"));
}

static enum status gather(struct arena *arena, struct config_pairs *pairs,
                          const struct config_pair *pair, struct slice *why)
{
    if (pairs->count == CONFIG_PAIRS_MAX) {
        return refuse(arena, why, "%.*s: there are more values than settings",
                      SLICE_ARG(pair->where));
    }
    pairs->items[pairs->count++] = *pair;
    return STATUS_OK;
}

static enum status gather_environment(struct arena *arena,
                                      char *const *environment,
                                      struct config_pairs *pairs,
                                      struct slice *why)
{
    for (; environment != NULL && *environment != NULL; environment++) {
        struct slice text = slice_from_cstr(*environment);
        size_t equals = slice_find(text, '=');
        struct config_pair pair = {slice_head(text, equals),
                                   slice_from(text, equals + 1),
                                   SLICE("environment"), SOURCE_ENVIRONMENT};

        if (is_ours(pair.name)) {
            TRY(gather(arena, pairs, &pair, why));
        }
    }
    return STATUS_OK;
}

enum status config_load(struct arena *arena, const struct config_inputs *inputs,
                        struct config *out, struct slice *why)
{
    struct config_pairs *pairs = ARENA_NEW(arena, struct config_pairs);

    *why = REFUSE_NO_MEMORY;
    TRY_ALLOC(pairs);
    TRY(gather_file(arena, inputs->file, pairs, why));
    TRY(gather_environment(arena, inputs->environment, pairs, why));
    for (size_t i = 0; i < inputs->set_count; i++) {
        TRY(gather(arena, pairs, &inputs->sets[i], why));
    }
    return config_parse(arena, pairs, out, why);
}
