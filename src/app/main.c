/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check.h"
#include "app/cli.h"
#include "app/exit.h"
#include "app/migrate.h"
#include "app/serve.h"
#include "crypto/init.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Settings, their sources, and the help pages. */
#define MEMORY_MAX ((size_t)1 << 20)
#define PAGE_MAX   ((size_t)64 * 1024)

extern char **environ;

static enum exit_code refuse(struct slice why)
{
    fprintf(stderr, "bookplate: %.*s\n", SLICE_ARG(why));
    return EXIT_CODE_USAGE;
}

static enum exit_code print(const struct buf *page)
{
    struct slice text = SLICE_EMPTY;

    if (buf_finish(page, &text) != STATUS_OK ||
        fwrite(text.ptr, 1, text.len, stdout) != text.len ||
        fflush(stdout) != 0) {
        return EXIT_CODE_FAILED;
    }
    return EXIT_CODE_CLEAN;
}

static enum exit_code print_page(struct arena *arena,
                                 void (*write)(struct buf *page))
{
    struct buf page;

    buf_init(&page, arena, PAGE_MAX);
    write(&page);
    return print(&page);
}

static enum exit_code run_with_settings(struct arena *arena,
                                        const struct cli *cli)
{
    struct config_inputs inputs = {
        .file = cli->config_file,
        .environment = environ,
        .sets = cli->sets,
        .set_count = cli->set_count,
    };
    struct slice why = SLICE_EMPTY;
    struct config config;

    if (config_load(arena, &inputs, &config, &why) != STATUS_OK) {
        return refuse(why);
    }
    switch (cli->command) {
    case CLI_CHECK:
        return check(&config);
    case CLI_MIGRATE:
        return migrate(&config, cli->dry_run);
    default:
        return serve(&config, &inputs);
    }
}

static void write_version(struct buf *page)
{
    buf_add(page, SLICE("bookplate " BOOKPLATE_VERSION "\n"));
}

static enum exit_code run(struct arena *arena, int argc, char **argv)
{
    static struct cli cli;
    struct slice why = SLICE_EMPTY;

    if (cli_parse(arena, argc, argv, &cli, &why) != STATUS_OK) {
        return refuse(why);
    }
    switch (cli.command) {
    case CLI_HELP:
        return print_page(arena, cli_help);
    case CLI_HELP_CONFIG:
        return print_page(arena, cli_help_config);
    case CLI_VERSION:
        return print_page(arena, write_version);
    default:
        return run_with_settings(arena, &cli);
    }
}

/*
 * A standard stream that was closed leaves its number to the next descriptor,
 * and what is written to the log would go to a client. So the number is taken;
 * the wrong way round, that using it still fails.
 */
static bool take_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;

        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", way) != fd) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct arena arena;
    enum exit_code code;

    if (!take_standard_streams()) {
        return EXIT_CODE_FAILED;
    }
    if (crypto_init() != STATUS_OK) {
        fputs("bookplate: OpenSSL lacks an algorithm it needs\n", stderr);
        return EXIT_CODE_FAILED;
    }
    arena_init(&arena, MEMORY_MAX);
    code = run(&arena, argc, argv);
    arena_release(&arena);
    return (int)code;
}
