/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a file holds, it is read whole or refused in one short line. */
#include "fuzz.h"

#include "app/config_file.h"

static struct config_pairs pairs;
static struct config config;

static bool is_one_short_line(struct slice why)
{
    return why.len > 0 && why.len <= 512 && !setting_has_control(why);
}

static enum status read_settings(struct arena *arena, struct slice text,
                                 struct slice *why)
{
    pairs.count = 0;
    TRY(config_file_parse(arena, "f", text, &pairs, why));
    return config_parse(arena, &pairs, &config, why);
}

/* A value that was accepted is accepted again where nothing is quoted. */
static void check_values(struct arena *arena)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        union setting_value value;
        struct slice bad;

        must_be_ok(setting_read(arena, &config_settings[i],
                                config.origins[i].value, &value, &bad));
    }
    must(config.PORT >= 0 && config.PORT <= 65535);
    must(config.FRONTEND_URL.count <= 32);
    must(config.TRUSTED_PROXIES.count <= 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct slice why;

    arena_init(&arena, FUZZ_ARENA);
    if (read_settings(&arena, slice_make(data, size), &why) == STATUS_OK) {
        check_values(&arena);
    } else {
        must(is_one_short_line(why));
    }
    arena_release(&arena);
    return 0;
}
