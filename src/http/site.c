/* SPDX-License-Identifier: Apache-2.0 */
#include "http/site.h"

#include "base/mem.h"
#include "http/site_path.h"
#include "http/site_walk.h"

#include <unistd.h>

#define NOT_FOUND_PAGE SLICE("/404.html")

struct site *site_share(struct site *site)
{
    atomic_fetch_add(&site->references, 1);
    return site;
}

void site_free(struct site *site)
{
    if (site == NULL || atomic_fetch_sub(&site->references, 1) > 1) {
        return;
    }
    for (struct site_file *file = site->files; file != NULL;
         file = file->next) {
        if (file->fd >= 0) {
            close(file->fd);
        }
    }
    arena_release(&site->arena);
    mem_free(site);
}

enum status site_find(const struct site *site, struct slice path,
                      const struct site_entry **out)
{
    char room[3 * SITE_PATH_MAX];
    struct slice name;

    if (path.len > sizeof(room)) { /* even if every byte is encoded */
        return STATUS_NOT_FOUND;
    }
    TRY(site_path_decode(path, room, &name));
    *out = map_get(&site->entries, name);
    return *out == NULL ? STATUS_NOT_FOUND : STATUS_OK;
}

const struct site_entry *site_not_found(const struct site *site,
                                        struct slice path)
{
    char room[64]; /* a locale is a short word */
    size_t len = 1 + slice_find(slice_from(path, 1), '/');
    const struct site_entry *entry = NULL;

    if (len < path.len && len + NOT_FOUND_PAGE.len <= sizeof(room)) {
        memcpy(room, path.ptr, len);
        memcpy(room + len, NOT_FOUND_PAGE.ptr, NOT_FOUND_PAGE.len);
        entry =
            map_get(&site->entries, slice_make(room, len + NOT_FOUND_PAGE.len));
    }
    return entry != NULL ? entry : map_get(&site->entries, NOT_FOUND_PAGE);
}

const struct site_variant *site_variant_choose(const struct site_entry *entry,
                                               struct slice accept)
{
    enum encoding encoding = ENCODING_IDENTITY;

    if (entry->encodings != 1U << ENCODING_IDENTITY) {
        encoding = encoding_choose(accept, entry->encodings);
    }
    return &entry->variants[encoding];
}
