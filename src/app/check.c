/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check.h"

#include "app/assemble.h"
#include "app/check_keys.h"
#include "app/database.h"
#include "reader/profile.h"
#include "reader/questionnaire.h"

#include <stdio.h>

/* The book's index, what the database holds, and the pages. */
#define MEMORY_MAX ((size_t)16 << 20)
#define PAGE_MAX   ((size_t)64 * 1024)

struct checking {
    const struct config *config;
    struct arena *arena;
    struct buf page;
    struct slice why;
    struct schema schema;
    struct store *store;
    bool sound;
};

static enum status look_at_tables(struct checking *checking)
{
    bool sound = false;

    TRY(store_examine(checking->store, checking->arena, &checking->page, &sound,
                      &checking->why));
    checking->sound = checking->sound && sound;
    return STATUS_OK;
}

static enum status look_at_keys(struct checking *checking)
{
    const struct check_keys check = {
        .config = checking->config,
        .store = checking->store,
        .arena = checking->arena,
        .report = &checking->page,
    };
    bool sound = false;

    TRY(check_keys(&check, &sound, &checking->why));
    checking->sound = checking->sound && sound;
    return STATUS_OK;
}

/* What looks at an open database: a line each, a problem clears `sound`. */
static enum status (*const looks[])(struct checking *) = {
    look_at_tables,
    look_at_keys,
};

static enum exit_code refuse(struct slice why, enum exit_code code)
{
    fprintf(stderr, "bookplate: %.*s\n", SLICE_ARG(why));
    return code;
}

static enum exit_code print(const struct checking *checking)
{
    struct slice text = SLICE_EMPTY;

    if (buf_finish(&checking->page, &text) != STATUS_OK ||
        fwrite(text.ptr, 1, text.len, stdout) != text.len ||
        fflush(stdout) != 0) {
        return EXIT_CODE_FAILED;
    }
    return checking->sound ? EXIT_CODE_CLEAN : EXIT_CODE_FAILED;
}

/* What single settings cannot show: patterns, and the book's folder. */
static enum status check_rules(struct checking *checking)
{
    const struct config *config = checking->config;
    /* Any port does for one that is not known yet. */
    uint16_t port = (uint16_t)(config->PORT == 0 ? 1 : config->PORT);
    struct http_rules *rules = NULL;

    TRY(assemble_rules(config, port, checking->arena, &checking->why, &rules));
    http_rules_release(rules);
    return check_key_settings(config, checking->arena, &checking->why);
}

/* A mistake in it stops the start, so it is one of the settings. */
static enum status describe_questionnaire(struct checking *checking)
{
    struct questionnaire questionnaire;
    struct reader reader = {.questionnaire = &questionnaire};
    size_t required = 0;

    TRY(questionnaire_load(checking->config->QUESTIONNAIRE, checking->arena,
                           &checking->why, &questionnaire));
    TRY(profile_claims_name(&reader, checking->config->JWT_ANSWERS,
                            checking->arena, &checking->why));
    for (size_t i = 0; i < questionnaire.count; i++) {
        required += questionnaire.questions[i].required ? 1 : 0;
    }
    buf_format(&checking->page,
               "\nThe questionnaire\n%.*s, version %.*s; questions: %zu, "
               "required: %zu, languages: %zu\n",
               SLICE_ARG(questionnaire.id), SLICE_ARG(questionnaire.version),
               questionnaire.count, required, questionnaire.page_count);
    return STATUS_OK;
}

static enum status look_at_database(struct checking *checking)
{
    TRY(database_open(checking->config, checking->arena, &checking->why,
                      &checking->schema, &checking->store));
    for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++) {
        TRY(looks[i](checking));
    }
    return STATUS_OK;
}

/* That it cannot be reached is a finding, not a wrong setting. */
static enum exit_code check_database(struct checking *checking)
{
    enum status status;

    buf_add(&checking->page, SLICE("\nThe database\n"));
    if (!database_is_there(checking->config)) {
        buf_add(&checking->page, SLICE("not made yet: the first start does\n"));
        return print(checking);
    }
    status = look_at_database(checking);
    database_close(&checking->store);
    if (status == STATUS_INVALID_VALUE) {
        return refuse(checking->why, EXIT_CODE_USAGE);
    }
    if (status != STATUS_OK) {
        checking->sound = false;
        buf_format(&checking->page, "problem: %.*s\n",
                   SLICE_ARG(checking->why));
    }
    return print(checking);
}

static enum exit_code run(struct checking *checking)
{
    if (check_rules(checking) != STATUS_OK ||
        database_schema(checking->config, checking->arena, &checking->why,
                        &checking->schema) != STATUS_OK) {
        return refuse(checking->why, EXIT_CODE_USAGE);
    }
    buf_init(&checking->page, checking->arena, PAGE_MAX);
    config_describe(checking->config, &checking->page);
    if (describe_questionnaire(checking) != STATUS_OK) {
        return refuse(checking->why, EXIT_CODE_USAGE);
    }
    return check_database(checking);
}

enum exit_code check(const struct config *config)
{
    struct arena arena;
    struct checking checking = {
        .config = config,
        .arena = &arena,
        .why = SLICE("out of memory"),
        .sound = true,
    };
    enum exit_code code;

    arena_init(&arena, MEMORY_MAX);
    code = run(&checking);
    arena_release(&arena);
    return code;
}
