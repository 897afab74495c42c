/* SPDX-License-Identifier: Apache-2.0 */
#include "app/migrate.h"

#include "app/database.h"

#include <stdio.h>

/* What is there, the statements, and what was done. */
#define MEMORY_MAX ((size_t)8 << 20)
#define REPORT_MAX ((size_t)64 * 1024)

static enum exit_code complain(struct slice why)
{
    fprintf(stderr, "bookplate: %.*s\n", SLICE_ARG(why));
    return EXIT_CODE_FAILED;
}

static enum exit_code print(const struct buf *report, bool dry_run)
{
    struct slice text = SLICE_EMPTY;
    struct slice line;

    if (buf_finish(report, &text) != STATUS_OK) {
        return EXIT_CODE_FAILED;
    }
    if (text.len == 0) {
        printf("nothing to do: the database is up to date\n");
    }
    while (slice_split(&text, '\n', &line) && line.len > 0) {
        printf("%s%.*s\n", dry_run ? "would " : "", SLICE_ARG(line));
    }
    return fflush(stdout) == 0 ? EXIT_CODE_CLEAN : EXIT_CODE_FAILED;
}

static enum exit_code run(const struct config *config, bool dry_run,
                          struct arena *arena)
{
    struct slice why = SLICE("out of memory");
    struct store *store CLEANUP(database_close) = NULL;
    struct schema schema;
    struct buf report;
    enum status status;

    status = database_open(config, arena, &why, &schema, &store);
    if (status != STATUS_OK) {
        (void)complain(why);
        return status == STATUS_INVALID_VALUE ? EXIT_CODE_USAGE
                                              : EXIT_CODE_FAILED;
    }
    buf_init(&report, arena, REPORT_MAX);
    status = dry_run ? store_check(store, arena, &report, &why)
                     : store_migrate(store, arena, &report, &why);
    return status == STATUS_OK ? print(&report, dry_run) : complain(why);
}

enum exit_code migrate(const struct config *config, bool dry_run)
{
    struct arena arena;
    enum exit_code code;

    if (dry_run && !database_is_there(config)) {
        printf("would make the database, with all its tables\n");
        return fflush(stdout) == 0 ? EXIT_CODE_CLEAN : EXIT_CODE_FAILED;
    }
    arena_init(&arena, MEMORY_MAX);
    code = run(config, dry_run, &arena);
    arena_release(&arena);
    return code;
}
