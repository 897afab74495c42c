/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

#include "app/accounts_settings.h"
#include "app/database.h"
#include "app/keys_open.h"
#include "audit/chain.h"
#include "base/clock.h"
#include "base/log.h"
#include "net/fiber.h"
#include "net/hash_pool.h"

#include <stdarg.h>
#include <stdio.h>

/* A page of 10,000 users with all their columns. */
#define ARENA_MAX ((size_t)64 << 20)
/* What migrate would do; only its first line is shown. */
#define REPORT_MAX ((size_t)64 * 1024)
/* One command hashes one password at a time. */
#define HASH_IDLE_MS ((int64_t)1000)

static enum status (*const functions[CLI_COMMAND_COUNT])(struct command *) = {
#define COMMAND(name, words, needs, usage, text) command_##name,
#include "app/command.def"
#undef COMMAND
};

static enum status leave_why(struct command *command, const char *format,
                             va_list args)
{
    char line[512];

    (void)vsnprintf(line, sizeof(line), format, args);
    for (char *at = line; *at != '\0'; at++) {
        *at = (unsigned char)*at < 0x20 || *at == 0x7f ? '?' : *at;
    }
    return slice_dup(command->arena, slice_from_cstr(line), &command->why);
}

enum status command_refuse(struct command *command, const char *format, ...)
{
    enum status status;
    va_list args;

    va_start(args, format);
    status = leave_why(command, format, args);
    va_end(args);
    return status == STATUS_OK ? STATUS_INVALID_VALUE : status;
}

enum status command_fail(struct command *command, const char *format, ...)
{
    enum status status;
    va_list args;

    va_start(args, format);
    status = leave_why(command, format, args);
    va_end(args);
    return status == STATUS_OK ? STATUS_PRECONDITION_FAILED : status;
}

/* The bytes of a control that JSON leaves as it is: DEL, U+0080 to U+009F. */
static size_t control_len(struct slice text)
{
    const unsigned char *s = (const unsigned char *)text.ptr;

    if (s[0] == 0x7f) {
        return 1;
    }
    return text.len > 1 && s[0] == 0xc2 && s[1] < 0xa0 ? 2 : 0;
}

/*
 * Terminals obey those (U+009B begins an escape sequence), and readers wrote
 * them: so they are escaped, as JSON may. Tables have none.
 */
enum status command_print(struct command *command, struct slice text)
{
    size_t at = 0;

    while (at < text.len) {
        size_t len = control_len(slice_from(text, at));

        if (len == 0) {
            (void)putc_unlocked((unsigned char)text.ptr[at], stdout);
            at++;
            continue;
        }
        at += len;
        (void)fprintf(stdout, "\\u%04x", (unsigned char)text.ptr[at - 1]);
    }
    if (fflush(stdout) != 0 || ferror(stdout) != 0) {
        return command_fail(command, "standard output: cannot be written");
    }
    return STATUS_OK;
}

enum status command_print_buf(struct command *command, const struct buf *buf)
{
    struct slice text = SLICE_EMPTY;

    TRY(buf_finish(buf, &text));
    return command_print(command, text);
}

enum status command_start_hashing(struct command *command)
{
    const struct hash_pool_options options = {
        .threads = 1,
        .queue_limit = 1,
        .scrypt = scrypt_options_default(),
        .idle_ms = HASH_IDLE_MS,
    };

    return command->auth.hashes != NULL
               ? STATUS_OK
               : hash_pool_new(&options, &command->auth.hashes);
}

/* What migrate would do, if anything, is a reason to stop. */
static enum status check_tables(struct command *command)
{
    struct slice text;
    struct slice first;
    struct buf report;

    buf_init(&report, command->arena, REPORT_MAX);
    TRY(store_check(command->auth.store, command->arena, &report,
                    &command->why));
    TRY(buf_finish(&report, &text));
    first = slice_head(text, slice_find(text, '\n'));
    return first.len == 0
               ? STATUS_OK
               : command_fail(command,
                              "the database is not up to date (it lacks: "
                              "%.*s); run: bookplate migrate",
                              SLICE_ARG(first));
}

static enum status open_database(struct command *command)
{
    const struct config *config = command->config;

    if (!database_is_there(config)) {
        return command_fail(command,
                            "there is no database yet; start the server once, "
                            "or run: bookplate migrate");
    }
    TRY(accounts_settings(config, 1, command->arena, &command->auth));
    TRY(database_open(config, command->arena, &command->why, &command->schema,
                      &command->auth.store));
    command->auth.schema = &command->schema;
    return check_tables(command);
}

struct running {
    struct command *command;
    struct message start;
    enum status status;
    bool done;
};

static enum status chain_rows(struct command *command,
                              struct audit_names **names,
                              struct audit_chain **chain)
{
    struct slice why;

    TRY(keys_open_names(command->config, command->arena, &why, names));
    TRY(audit_chain_new(command->auth.store, *names, chain));
    return audit_chain_run(*chain);
}

/*
 * What the command did is noted with users' ids; a server that is idle would
 * turn them into pseudonyms only within a minute.
 */
static void chain_audit(struct command *command)
{
    struct audit_names *names = NULL;
    struct audit_chain *chain = NULL;
    enum status status = STATUS_OK;

    if (audit_last_ms() != 0) {
        status = chain_rows(command, &names, &chain);
    }
    if (status != STATUS_OK) { /* the server will */
        log_warn("audit_waits", log_text("status", status_code(status)));
    }
    audit_chain_free(chain);
    audit_names_free(names);
}

static void run_in_fiber(void *arg)
{
    struct running *running = arg;
    struct command *command = running->command;

    command->call = (struct auth_call){
        .auth = &command->auth,
        .arena = command->arena,
        .now = clock_wall_ms(),
        .actor = SLICE("command"),
    };
    command->why = SLICE_EMPTY; /* what opening left there */
    running->status = functions[command->cli->command](command);
    chain_audit(command);
    running->done = true;
    loop_stop(command->loop);
}

static void start_fiber(struct message *message)
{
    struct running *running = CONTAINER_OF(message, struct running, start);

    enum status status =
        fiber_start(running->command->loop, run_in_fiber, running);

    /* One that started may be over by now, and has left its own. */
    if (status != STATUS_OK) {
        running->status = status;
        running->done = true;
        loop_stop(running->command->loop);
    }
}

static enum status run_on_loop(struct command *command)
{
    struct running running = {.command = command};

    running.start.deliver = start_fiber;
    loop_post(command->loop, &running.start);
    while (!running.done) {
        loop_run(command->loop);
    }
    return running.status;
}

static void close_all(struct command *command)
{
    hash_pool_free(command->auth.hashes);
    database_close(&command->auth.store);
    fiber_thread_end();
    if (command->loop != NULL) {
        loop_free(command->loop);
    }
}

static enum status run_with_database(struct command *command)
{
    enum status status = open_database(command);

    if (status == STATUS_OK) {
        status = loop_new(&command->loop);
    }
    if (status == STATUS_OK) {
        status = run_on_loop(command);
    }
    close_all(command);
    return status;
}

static enum status run_with_settings(struct command *command,
                                     char *const *environment)
{
    const struct cli *cli = command->cli;
    struct config_inputs inputs = {
        .file = cli->config_file,
        .environment = environment,
        .sets = cli->sets,
        .set_count = cli->set_count,
    };
    struct config config;

    TRY(config_load(command->arena, &inputs, &config, &command->why));
    command->config = &config;
    command->inputs = &inputs;
    return cli_rows[cli->command].needs == CLI_NEEDS_DATABASE
               ? run_with_database(command)
               : functions[cli->command](command);
}

static enum exit_code finish(const struct command *command, enum status status)
{
    struct slice why = command->why;

    if (status == STATUS_OK) {
        return command->code;
    }
    why = why.len > 0 ? why : status_text(status);
    fprintf(stderr, "bookplate: %.*s\n", SLICE_ARG(why));
    return status == STATUS_INVALID_VALUE ? EXIT_CODE_USAGE : EXIT_CODE_FAILED;
}

static enum status run(struct command *command, char *const *environment)
{
    return cli_rows[command->cli->command].needs == CLI_NEEDS_PAGE
               ? functions[command->cli->command](command)
               : run_with_settings(command, environment);
}

enum exit_code command_run(int argc, char *const *argv,
                           char *const *environment)
{
    static struct cli cli;
    struct arena arena;
    struct command command = {.arena = &arena, .cli = &cli};
    enum exit_code code;
    enum status status;

    arena_init(&arena, ARENA_MAX);
    status = cli_parse(&arena, argc, argv, &cli, &command.why);
    if (status == STATUS_OK) {
        status = run(&command, environment);
    }
    code = finish(&command, status);
    arena_release(&arena);
    return code;
}
