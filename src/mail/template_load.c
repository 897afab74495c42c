/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/utf8.h"
#include "mail/template_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct loader {
    struct arena *arena;
    struct slice folder;
    struct slice *problem;
};

/* One file of the folder. */
struct file {
    struct slice name;
    struct slice content;
    bool exists;
};

static enum status fail(struct loader *loader, struct slice file, size_t line,
                        const char *what)
{
    TRY(arena_format(loader->arena, loader->problem, "%.*s/%.*s:%zu: %s",
                     SLICE_ARG(loader->folder), SLICE_ARG(file), line, what));
    return STATUS_INVALID_VALUE;
}

static void close_fd(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

static void close_folder(DIR **dir)
{
    if (*dir != NULL) {
        (void)closedir(*dir);
    }
}

static enum status read_content(struct loader *loader, int fd,
                                struct file *file)
{
    char *bytes = arena_alloc_text(loader->arena, MAIL_TEMPLATE_MAX + 1);
    size_t len = 0;
    ssize_t got;

    TRY_ALLOC(bytes);
    do {
        got = read(fd, bytes + len, MAIL_TEMPLATE_MAX + 1 - len);
        len += got > 0 ? (size_t)got : 0;
    } while (got > 0 && len <= MAIL_TEMPLATE_MAX);
    file->content = slice_make(bytes, len);
    if (got < 0) {
        return fail(loader, file->name, 1, "cannot be read");
    }
    if (len > MAIL_TEMPLATE_MAX) {
        return fail(loader, file->name, 1, "is longer than 64 KiB");
    }
    return utf8_is_valid(file->content)
               ? STATUS_OK
               : fail(loader, file->name, 1, "is not UTF-8");
}

static enum status read_file(struct loader *loader, struct slice kind,
                             const char *ending, struct file *out)
{
    CLEANUP(close_fd) int fd = -1;
    struct slice path;

    TRY(arena_format(loader->arena, &out->name, "%.*s%s", SLICE_ARG(kind),
                     ending));
    TRY(arena_format(loader->arena, &path, "%.*s/%.*s",
                     SLICE_ARG(loader->folder), SLICE_ARG(out->name)));
    fd = open(path.ptr, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    out->exists = fd >= 0;
    if (fd < 0 && errno == ENOENT) {
        return STATUS_OK;
    }
    return fd < 0 ? fail(loader, out->name, 1, "cannot be opened")
                  : read_content(loader, fd, out);
}

static size_t line_of(struct slice content, const char *at)
{
    size_t line = 1;

    for (const char *c = content.ptr; c < at; c++) {
        line += *c == '\n';
    }
    return line;
}

static enum status check(struct loader *loader, const struct file *file,
                         struct slice part, int fields)
{
    size_t at = 0;
    const char *wrong = mail_template_check(part, fields, &at);

    return wrong == NULL ? STATUS_OK
                         : fail(loader, file->name,
                                line_of(file->content, part.ptr + at), wrong);
}

static enum status check_link(struct loader *loader, const struct file *file,
                              struct slice part, int fields)
{
    if ((fields & MAIL_HAS_LINK) != 0 &&
        !mail_template_has(part, SLICE("url"))) {
        return fail(
            loader, file->name,
            line_of(file->content, file->content.ptr + file->content.len),
            "the file ends without {{url}}");
    }
    return STATUS_OK;
}

/* "Subject: ...", an empty line perhaps, the text. */
static enum status use_text(struct loader *loader, const struct file *file,
                            int fields, struct mail_template *out)
{
    struct slice rest = file->content;
    struct slice line;

    (void)slice_split(&rest, '\n', &line);
    if (!slice_starts_with(line, SLICE("Subject:"))) {
        return fail(loader, file->name, 1, "does not begin with Subject:");
    }
    out->subject = slice_trim(slice_from(line, 8));
    if (slice_ends_with(out->subject, SLICE("\r"))) {
        out->subject.len--;
    }
    if (slice_starts_with(rest, SLICE("\n"))) {
        rest = slice_from(rest, 1);
    } else if (slice_starts_with(rest, SLICE("\r\n"))) {
        rest = slice_from(rest, 2);
    }
    if (out->subject.len == 0) {
        return fail(loader, file->name, 1, "has an empty subject");
    }
    out->text = rest.ptr == NULL ? SLICE_EMPTY : rest;
    TRY(check(loader, file, out->subject, fields));
    TRY(check(loader, file, out->text, fields));
    return check_link(loader, file, out->text, fields);
}

static enum status load_kind(struct loader *loader, enum mail_kind kind,
                             struct mail_template *out)
{
    struct mail_built_in built_in = mail_built_in_of(kind);
    struct file text = {0};
    struct file html = {0};

    TRY(read_file(loader, built_in.name, ".txt", &text));
    TRY(read_file(loader, built_in.name, ".html", &html));
    if (!text.exists) {
        return html.exists ? fail(loader, html.name, 1,
                                  "needs a .txt beside it, with the subject")
                           : STATUS_OK;
    }
    TRY(use_text(loader, &text, built_in.fields, out));
    out->html = html.exists ? html.content : SLICE_EMPTY;
    if (!html.exists) {
        return STATUS_OK;
    }
    TRY(check(loader, &html, html.content, built_in.fields));
    return check_link(loader, &html, html.content, built_in.fields);
}

static bool is_ours(struct slice name)
{
    for (int kind = 0; kind < MAIL_KINDS; kind++) {
        struct slice known = mail_kind_name((enum mail_kind)kind);
        struct slice ending = slice_from(name, known.len);

        if (slice_starts_with(name, known) &&
            (slice_equal(ending, SLICE(".txt")) ||
             slice_equal(ending, SLICE(".html")))) {
            return true;
        }
    }
    return false;
}

/* A name misspelt would quietly leave the built-in mail in place. */
static enum status check_names(struct loader *loader)
{
    CLEANUP(close_folder) DIR *dir = NULL;
    struct slice path;
    const struct dirent *entry;

    TRY(slice_dup(loader->arena, loader->folder, &path));
    dir = opendir(path.ptr);
    if (dir == NULL) {
        return fail(loader, SLICE(""), 0, "the folder cannot be opened");
    }
    while ((entry = readdir(dir)) != NULL) {
        struct slice name = slice_from_cstr(entry->d_name);

        if ((slice_ends_with(name, SLICE(".txt")) ||
             slice_ends_with(name, SLICE(".html"))) &&
            !is_ours(name)) {
            return fail(loader, name, 1, "there is no mail of that name");
        }
    }
    return STATUS_OK;
}

enum status mail_templates_load(struct arena *arena, struct slice folder,
                                struct slice *problem,
                                struct mail_templates *out)
{
    struct loader loader = {arena, folder, problem};

    for (int kind = 0; kind < MAIL_KINDS; kind++) {
        out->of[kind] = mail_built_in_of((enum mail_kind)kind).template;
    }
    if (folder.len == 0) {
        return STATUS_OK;
    }
    TRY(check_names(&loader));
    for (int kind = 0; kind < MAIL_KINDS; kind++) {
        TRY(load_kind(&loader, (enum mail_kind)kind, &out->of[kind]));
    }
    return STATUS_OK;
}
