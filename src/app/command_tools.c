/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command_tools.h"

#include "codec/iso_date.h"
#include "codec/text_width.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Ten thousand lines of what a screen takes, or of JSON. */
#define PAGE_MAX ((size_t)32 << 20)
/* "yes" and what somebody types in its place. */
#define ANSWER_MAX ((size_t)64)

enum status command_find_user(struct command *command,
                              struct slice id_or_address, struct record *out)
{
    const struct auth_call *call = &command->call;
    struct slice address;
    enum status status = STATUS_NOT_FOUND;

    if (slice_find(id_or_address, '@') < id_or_address.len) {
        TRY(user_email_lower(call, id_or_address, &address));
        status = user_by_email(call, address, out);
    }
    if (status == STATUS_NOT_FOUND) {
        status = user_by_id(call, id_or_address, out);
    }
    return status == STATUS_NOT_FOUND
               ? command_fail(command, "there is no user '%.*s'",
                              SLICE_ARG(slice_head(id_or_address, 320)))
               : status;
}

static enum status ask(struct command *command, struct slice question)
{
    char answer[ANSWER_MAX];

    fprintf(stderr, "%.*s Type yes: ", SLICE_ARG(question));
    (void)fflush(stderr);
    if (fgets(answer, sizeof(answer), stdin) == NULL ||
        strcmp(answer, "yes\n") != 0) {
        return command_fail(command, "nothing was done");
    }
    return STATUS_OK;
}

enum status command_confirm(struct command *command, struct slice question)
{
    if (command_has(command, CLI_FLAG_YES)) {
        return STATUS_OK;
    }
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO)
               ? ask(command, question)
               : command_refuse(command,
                                "this cannot be undone, and nobody can be "
                                "asked: add --yes");
}

/* Of the terminal, or 0 where there is none. */
static size_t terminal_width(void)
{
    struct winsize size = {0};

    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0
               ? size.ws_col
               : 0;
}

enum status command_print_list(struct command *command,
                               const struct listing *listing)
{
    struct buf page;

    buf_init(&page, command->arena, PAGE_MAX);
    if (command_has(command, CLI_FLAG_JSON)) {
        listing_write_json(listing, &page);
    } else {
        listing_write_table(listing, terminal_width(), &page);
    }
    return command_print_buf(command, &page);
}

enum status command_print_card(struct command *command,
                               const struct listing *listing)
{
    struct buf page;

    buf_init(&page, command->arena, PAGE_MAX);
    if (command_has(command, CLI_FLAG_JSON)) {
        listing_write_json(listing, &page);
    } else {
        listing_write_card(listing, &page);
    }
    return command_print_buf(command, &page);
}

enum status command_say(struct command *command, const char *format, ...)
{
    char line[1024];
    struct buf buf;
    va_list args;

    va_start(args, format);
    (void)vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    buf_init(&buf, command->arena, 3 * sizeof(line) + 1);
    text_add_visible(&buf, slice_from_cstr(line));
    buf_add_byte(&buf, '\n');
    return command_print_buf(command, &buf);
}

void command_hint(const char *format, ...)
{
    va_list args;

    if (!isatty(STDERR_FILENO)) {
        return;
    }
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
}

enum status command_time(struct command *command, int64_t ms, struct slice *out)
{
    char text[ISO_DATE_SIZE];

    iso_date_print(ms, text);
    return arena_format(command->arena, out, "%.10s %.8s", text, text + 11);
}
