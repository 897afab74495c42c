/* SPDX-License-Identifier: Apache-2.0 */
#include "app/import_report.h"

#include "base/clock.h"
#include "base/mem.h"

#include <fcntl.h>
#include <unistd.h>

#define BAR_EACH_MS  ((int64_t)100)
#define LINE_EACH_MS ((int64_t)5000)
#define BAR_WIDTH    30

enum status import_report_open(struct slice name, struct import_report *out)
{
    int fd;

    *out = (struct import_report){.out = stderr,
                                  .is_terminal = isatty(STDERR_FILENO) != 0,
                                  .started_ms = clock_mono_ms()};
    out->next_ms =
        out->started_ms + (out->is_terminal ? BAR_EACH_MS : LINE_EACH_MS);
    out->waiting = mem_alloc(IMPORT_REFUSALS_MAX * sizeof(*out->waiting));
    TRY_ALLOC(out->waiting);
    if (name.len == 0) {
        return STATUS_OK;
    }
    /* Addresses stand in it. */
    fd = open(name.ptr, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    out->out = fd < 0 ? NULL : fdopen(fd, "w");
    return out->out == NULL ? STATUS_UNAVAILABLE : STATUS_OK;
}

/* Makes room for a line where the bar stands. */
static void clear_bar(struct import_report *report)
{
    if (report->shown) {
        fputs("\r\x1b[K", stderr);
        report->shown = false;
    }
}

enum status import_report_close(struct import_report *report)
{
    bool written = true;

    if (report->out != NULL) {
        clear_bar(report);
        import_report_flush(report, INT64_MAX);
        written = fflush(report->out) == 0;
    }
    if (report->out != NULL && report->out != stderr) {
        written = fclose(report->out) == 0 && written;
    }
    mem_free(report->waiting);
    report->waiting = NULL;
    report->out = NULL;
    return written ? STATUS_OK : STATUS_UNAVAILABLE;
}

void import_report_flush(struct import_report *report, int64_t before)
{
    size_t count = 0;

    while (count < report->waiting_count &&
           report->waiting[count].line < before) {
        clear_bar(report);
        fprintf(report->out, "line %lld: %s\n",
                (long long)report->waiting[count].line,
                report->waiting[count].text);
        count++;
    }
    report->waiting_count -= count;
    memmove(report->waiting, report->waiting + count,
            report->waiting_count * sizeof(*report->waiting));
}

void import_report_refuse(struct import_report *report, int64_t line,
                          struct slice address, struct slice reason)
{
    struct import_refusal *all = report->waiting;
    size_t at;

    report->refused++;
    if (report->waiting_count == IMPORT_REFUSALS_MAX) {
        import_report_flush(report, INT64_MAX);
    }
    at = report->waiting_count++;
    while (at > 0 && all[at - 1].line > line) {
        all[at] = all[at - 1];
        at--;
    }
    all[at].line = line;
    (void)snprintf(all[at].text, sizeof(all[at].text), "%.*s%s%.*s",
                   SLICE_ARG(address), address.len > 0 ? ": " : "",
                   SLICE_ARG(reason));
}

static void show_bar(const struct import_report *report, int64_t taken,
                     int64_t total)
{
    int done = total > 0 ? (int)(taken * BAR_WIDTH / total) : 0;
    int percent = total > 0 ? (int)(taken * 100 / total) : 0;

    if (total > 0) {
        fprintf(stderr, "\r\x1b[K[%.*s%*s] %3d%%  ", done,
                "##############################", BAR_WIDTH - done, "",
                percent);
    } else {
        fputs("\r\x1b[K", stderr);
    }
    fprintf(stderr, "%lld imported, %lld refused", (long long)report->imported,
            (long long)report->refused);
}

static void show_line(const struct import_report *report, int64_t taken,
                      int64_t total)
{
    if (total > 0) {
        fprintf(stderr, "%d%%: ", (int)(taken * 100 / total));
    }
    fprintf(stderr, "%lld imported, %lld refused\n",
            (long long)report->imported, (long long)report->refused);
}

void import_report_progress(struct import_report *report, int64_t taken,
                            int64_t total)
{
    int64_t now = clock_mono_ms();

    if (now < report->next_ms) {
        return;
    }
    report->next_ms = now + (report->is_terminal ? BAR_EACH_MS : LINE_EACH_MS);
    if (!report->is_terminal) {
        show_line(report, taken, total);
        return;
    }
    show_bar(report, taken, total);
    (void)fflush(stderr);
    report->shown = true;
}
