/* SPDX-License-Identifier: Apache-2.0 */
/*
 * user import: a few users of a file are one write, and many writes are under
 * way at once, so that the store commits them in groups. Users whose write
 * failed are written one by one. Whatever ends it, a line is imported whole
 * or not at all.
 */
#include "app/command_tools.h"
#include "app/import_report.h"
#include "app/import_row.h"
#include "app/import_source.h"
#include "base/clock.h"
#include "net/fiber.h"

#include <errno.h>

/*
 * Writes under way. The store commits them as one group, which holds the one
 * lock of an SQLite file: with 128 a server's own write waited 190 ms beside
 * an import, with 32 it waits 30.
 */
#define WORKERS 32
/* Of one write: the records, their parts, the statements. */
#define WRITE_MEMORY_MAX ((size_t)16 << 20)

struct import;

struct item {
    int64_t line;
    struct import_row row;
};

struct worker {
    struct task start;
    struct import *import;
    struct arena arena;
    struct auth_call call;
    int64_t line; /* the first it is at work on; 0: none */
    struct item *items[USER_IMPORT_MAX];
    size_t count;
};

struct import {
    struct command *command;
    struct import_source source;
    struct import_header header;
    struct import_report report;
    bool dry_run;
    bool skip_existing;
    enum status stopped; /* why nothing more is begun */
    struct fiber *waiter;
    size_t running;
    struct worker workers[WORKERS];
};

static int64_t first_at_work(const struct import *import)
{
    int64_t first = import->source.line;

    for (size_t i = 0; i < WORKERS; i++) {
        int64_t line = import->workers[i].line;

        first = line > 0 && line < first ? line : first;
    }
    return first;
}

static void refuse(struct worker *worker, const struct item *item,
                   struct slice reason)
{
    import_report_refuse(&worker->import->report, item->line,
                         item->row.user.email, reason);
}

/* *exists: there is an account with the address. */
static enum status look_up(struct worker *worker, const struct item *item,
                           bool *exists)
{
    struct record user;
    enum status status =
        user_by_email(&worker->call, item->row.user.email, &user);

    *exists = status == STATUS_OK;
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static void pass_over(struct worker *worker, const struct item *item)
{
    if (worker->import->skip_existing) {
        worker->import->report.existing++;
    } else {
        refuse(worker, item, SLICE("has an account already"));
    }
}

/* A unique value was there already: which one? */
static enum status tell_taken(struct worker *worker, const struct item *item)
{
    bool exists;

    TRY(look_up(worker, item, &exists));
    if (exists) {
        pass_over(worker, item);
    } else {
        refuse(worker, item,
               SLICE("another user has the same id or unique value"));
    }
    return STATUS_OK;
}

static enum status write_items(struct worker *worker, struct item *const *items,
                               size_t count)
{
    const struct user_import *users[USER_IMPORT_MAX];

    for (size_t i = 0; i < count; i++) {
        users[i] = &items[i]->row.user;
    }
    TRY(user_import(&worker->call, users, count));
    worker->import->report.imported += (int64_t)count;
    return STATUS_OK;
}

static enum status write_alone(struct worker *worker, struct item *item)
{
    enum status status = write_items(worker, &item, 1);

    switch (status) {
    case STATUS_TAKEN:
        return tell_taken(worker, item);
    case STATUS_INVALID_VALUE:
        refuse(worker, item,
               SLICE("the database does not take one of its values"));
        return STATUS_OK;
    default:
        return status;
    }
}

static enum status write_all(struct worker *worker)
{
    enum status status;

    if (worker->count == 0) {
        return STATUS_OK;
    }
    status = write_items(worker, worker->items, worker->count);
    if (status != STATUS_TAKEN && status != STATUS_INVALID_VALUE) {
        return status;
    }
    for (size_t i = 0; i < worker->count; i++) {
        TRY(write_alone(worker, worker->items[i]));
    }
    return STATUS_OK;
}

static void take_out(struct worker *worker, size_t at)
{
    worker->count--;
    memmove(&worker->items[at], &worker->items[at + 1],
            (worker->count - at) * sizeof(struct item *));
}

/* Those that are there already are no news to a write. */
static enum status take_out_existing(struct worker *worker)
{
    size_t at = 0;

    while (at < worker->count) {
        struct item *item = worker->items[at];
        bool exists;

        TRY(look_up(worker, item, &exists));
        if (exists) {
            pass_over(worker, item);
            take_out(worker, at);
        } else {
            at++;
        }
    }
    return STATUS_OK;
}

static enum status add_record(struct worker *worker,
                              const struct import_record *record)
{
    struct import *import = worker->import;
    struct item *item = ARENA_NEW(&worker->arena, struct item);
    enum status status;

    TRY_ALLOC(item);
    item->line = record->line;
    item->row.call = &worker->call;
    if (record->wrong != NULL) {
        refuse(worker, item, slice_from_cstr(record->wrong));
        return STATUS_OK;
    }
    status = import->source.format == IMPORT_CSV
                 ? import_row_csv(&item->row, &import->header, record->text)
                 : import_row_json(&item->row, record->text);
    if (status == STATUS_INVALID_VALUE) {
        refuse(worker, item, item->row.wrong);
        return STATUS_OK;
    }
    TRY(status);
    worker->items[worker->count++] = item;
    return STATUS_OK;
}

/* STATUS_NOT_FOUND at the end of the file. */
static enum status read_one(struct worker *worker)
{
    struct import *import = worker->import;
    struct import_record record;
    enum status status =
        import_source_next(&import->source, &worker->arena, &record);

    if (status == STATUS_UNAVAILABLE) {
        return command_fail(import->command, "%s: %s",
                            command_argument(import->command, 0).ptr,
                            strerror(errno));
    }
    TRY(status);
    worker->line = worker->line > 0 ? worker->line : record.line;
    return add_record(worker, &record);
}

/* What was read is written, also when nothing more can be read. */
static enum status step(struct worker *worker)
{
    struct import *import = worker->import;
    enum status end = STATUS_OK;
    enum status status = STATUS_OK;

    arena_reset(&worker->arena);
    worker->count = 0;
    for (size_t i = 0; i < USER_IMPORT_MAX && end == STATUS_OK; i++) {
        end = read_one(worker);
    }
    if (import->skip_existing || import->dry_run) {
        status = take_out_existing(worker);
    }
    if (import->dry_run) {
        import->report.imported += (int64_t)worker->count;
    } else if (status == STATUS_OK) {
        status = write_all(worker);
    }
    worker->line = 0;
    import_report_flush(&import->report, first_at_work(import));
    import_report_progress(&import->report, import->source.taken,
                           import->source.total);
    return status == STATUS_OK ? end : status;
}

static void work(void *arg)
{
    struct worker *worker = arg;
    struct import *import = worker->import;

    while (import->stopped == STATUS_OK) {
        enum status status = step(worker);
        /* That the file ended is no news when something went wrong. */
        if (status != STATUS_OK && (import->stopped == STATUS_OK ||
                                    import->stopped == STATUS_NOT_FOUND)) {
            import->stopped = status;
        }
    }
    import->running--;
    fiber_wake(import->waiter);
}

/* A fiber is started from the loop alone. */
static void start(struct task *task)
{
    struct worker *worker = CONTAINER_OF(task, struct worker, start);
    struct import *import = worker->import;

    if (fiber_start(import->command->loop, work, worker) != STATUS_OK) {
        import->stopped = STATUS_NO_MEMORY;
        import->running--;
        fiber_wake(import->waiter);
    }
}

static enum status run_workers(struct import *import)
{
    struct command *command = import->command;

    import->waiter = fiber_current();
    for (size_t i = 0; i < WORKERS; i++) {
        struct worker *worker = &import->workers[i];

        worker->import = import;
        worker->call = command->call;
        worker->call.arena = &worker->arena;
        arena_init(&worker->arena, WRITE_MEMORY_MAX);
        import->running++;
        task_init(&worker->start, start);
        loop_soon(command->loop, &worker->start);
    }
    while (import->running > 0) {
        TRY(fiber_park(FIBER_FOREVER));
    }
    return import->stopped == STATUS_NOT_FOUND ? STATUS_OK : import->stopped;
}

static enum status read_header(struct import *import)
{
    struct command *command = import->command;
    struct import_record record;
    struct slice wrong = SLICE("there is no first line with names of columns");
    enum status status;

    if (import->source.format == IMPORT_JSON) {
        return STATUS_OK;
    }
    status = import_source_next(&import->source, command->arena, &record);
    if (status == STATUS_OK && record.wrong != NULL) {
        wrong = slice_from_cstr(record.wrong);
        status = STATUS_INVALID_VALUE;
    } else if (status == STATUS_OK) {
        status = import_header_read(&command->auth, record.text, command->arena,
                                    &import->header, &wrong);
    }
    return status == STATUS_NO_MEMORY || status == STATUS_OK
               ? status
               : command_refuse(command, "%s: %.*s",
                                command_argument(command, 0).ptr,
                                SLICE_ARG(wrong));
}

static enum status choose_format(struct command *command,
                                 enum import_format *out)
{
    struct slice format = command_text(command, CLI_FLAG_FORMAT);
    struct slice name = command_argument(command, 0);

    if (format.len == 0) {
        format = slice_ends_with(name, SLICE(".csv")) ? SLICE("csv")
                 : slice_ends_with(name, SLICE(".json")) ||
                         slice_ends_with(name, SLICE(".jsonl")) ||
                         slice_ends_with(name, SLICE(".ndjson"))
                     ? SLICE("json")
                     : SLICE_EMPTY;
    }
    *out = slice_equal(format, SLICE("json")) ? IMPORT_JSON : IMPORT_CSV;
    return *out == IMPORT_JSON || slice_equal(format, SLICE("csv"))
               ? STATUS_OK
               : command_refuse(command,
                                "say what the file is: --format csv or "
                                "--format json");
}

static enum status open_all(struct import *import)
{
    struct command *command = import->command;
    struct slice report = command_text(command, CLI_FLAG_REPORT);
    struct slice name = command_argument(command, 0);
    enum import_format format;
    enum status status;

    TRY(choose_format(command, &format));
    status = import_source_open(name.ptr, format, &import->source);
    if (status == STATUS_UNAVAILABLE) {
        return command_refuse(command, "%s: %s", name.ptr, strerror(errno));
    }
    TRY(status);
    status = import_report_open(report, &import->report);
    if (status == STATUS_UNAVAILABLE) {
        return command_refuse(command, "%s: %s", report.ptr, strerror(errno));
    }
    TRY(status);
    return read_header(import);
}

static enum status print_summary(struct import *import)
{
    static const struct listing_column columns[] = {
        {SLICE_INIT("imported"), SLICE_INIT("imported"), true},
        {SLICE_INIT("passed over"), SLICE_INIT("existing"), true},
        {SLICE_INIT("refused"), SLICE_INIT("refused"), true},
        {SLICE_INIT("seconds"), SLICE_INIT("seconds"), true},
    };
    const struct import_report *report = &import->report;
    int64_t ms = clock_mono_ms() - report->started_ms;
    struct value values[] = {
        value_integer(report->imported),
        value_integer(report->existing),
        value_integer(report->refused),
        {.kind = VALUE_REAL, .real = (double)ms / 1000},
    };
    struct listing listing;

    listing_init(&listing, import->command->arena, columns,
                 sizeof(columns) / sizeof(*columns));
    TRY(listing_add(&listing, values));
    TRY(command_print_card(import->command, &listing));
    if (import->dry_run) {
        command_hint("Nothing was written: it was a dry run.");
    }
    if (report->imported > 1000 && !import->dry_run) {
        command_hint("The audit's rows are being numbered; stopped now, a "
                     "server does the rest.");
    }
    import->command->code =
        report->refused > 0 ? EXIT_CODE_FAILED : EXIT_CODE_CLEAN;
    return STATUS_OK;
}

static enum status run(struct import *import)
{
    struct command *command = import->command;
    enum status status;

    TRY(open_all(import));
    status = run_workers(import);
    if (import_report_close(&import->report) != STATUS_OK &&
        status == STATUS_OK) {
        status = command_fail(command, "the report could not be written");
    }
    if (status == STATUS_OK) {
        return print_summary(import);
    }
    return command->why.len > 0
               ? status
               : command_fail(command,
                              "stopped after %lld users: %.*s What is "
                              "imported stays; go on with --skip-existing",
                              (long long)import->report.imported,
                              SLICE_ARG(status_text(status)));
}

static void release(struct import *import)
{
    for (size_t i = 0; i < WORKERS; i++) {
        arena_release(&import->workers[i].arena);
    }
    if (import->report.waiting != NULL) {
        (void)!import_report_close(&import->report);
    }
    import_source_close(&import->source);
}

enum status command_user_import(struct command *command)
{
    struct import *import = ARENA_NEW(command->arena, struct import);
    enum status status;

    TRY_ALLOC(import);
    import->command = command;
    import->dry_run = command_has(command, CLI_FLAG_DRY_RUN);
    import->skip_existing = command_has(command, CLI_FLAG_SKIP_EXISTING);
    status = run(import);
    release(import);
    return status;
}
