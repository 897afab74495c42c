/* SPDX-License-Identifier: Apache-2.0 */
#include "http/site_type.h"

/*
 * One .EXT.HASH of webpack holds 8 digits; the asset loader's are whole MD5
 * sums. Eight digits behind a dash would also be the dates authors put into
 * the names of their pictures.
 */
#define CHUNK_HASH_DIGITS ((size_t)8)
#define ASSET_HASH_DIGITS ((size_t)32)

struct type {
    struct slice extension;
    struct slice type;
};

#define TYPE(extension, type)                                                  \
    {                                                                          \
        SLICE_INIT(extension), SLICE_INIT(type)                                \
    }
#define TEXT(extension, type) TYPE(extension, type "; charset=utf-8")

static const struct type types[] = {
    TEXT("html", "text/html"),
    TEXT("js", "text/javascript"), /* RFC 9239 */
    TEXT("mjs", "text/javascript"),
    TEXT("css", "text/css"),
    TYPE("json", "application/json"), /* always UTF-8: RFC 8259 */
    TYPE("map", "application/json"),
    TYPE("svg", "image/svg+xml"),
    TYPE("png", "image/png"),
    TYPE("jpg", "image/jpeg"),
    TYPE("jpeg", "image/jpeg"),
    TYPE("gif", "image/gif"),
    TYPE("webp", "image/webp"),
    TYPE("avif", "image/avif"),
    TYPE("ico", "image/x-icon"),
    TYPE("bmp", "image/bmp"),
    TYPE("woff2", "font/woff2"),
    TYPE("woff", "font/woff"),
    TYPE("ttf", "font/ttf"),
    TYPE("otf", "font/otf"),
    TYPE("eot", "application/vnd.ms-fontobject"),
    TEXT("htm", "text/html"),
    TEXT("txt", "text/plain"),
    TEXT("xml", "application/xml"),
    TEXT("xsl", "application/xslt+xml"),
    TEXT("md", "text/markdown"),
    TEXT("mdx", "text/markdown"),
    TEXT("csv", "text/csv"),
    TEXT("vtt", "text/vtt"),
    TEXT("ics", "text/calendar"),
    TEXT("yaml", "application/yaml"),
    TEXT("yml", "application/yaml"),
    TYPE("webmanifest", "application/manifest+json"),
    TYPE("geojson", "application/geo+json"),
    TYPE("ipynb", "application/x-ipynb+json"),
    TYPE("wasm", "application/wasm"),
    TYPE("pdf", "application/pdf"),
    TYPE("epub", "application/epub+zip"),
    TYPE("mp4", "video/mp4"),
    TYPE("webm", "video/webm"),
    TYPE("mov", "video/quicktime"),
    TYPE("mp3", "audio/mpeg"),
    TYPE("ogg", "audio/ogg"),
    TYPE("wav", "audio/wav"),
    TYPE("m4a", "audio/mp4"),
    TYPE("flac", "audio/flac"),
    TYPE("zip", "application/zip"),
    TYPE("gz", "application/gzip"),
    TYPE("tar", "application/x-tar"),
    TYPE("glb", "model/gltf-binary"),
    TYPE("gltf", "model/gltf+json"),
    TYPE("stl", "model/stl"),
};

/* The name before its last dot, and what stands behind it. */
static bool split_extension(struct slice path, struct slice *stem,
                            struct slice *extension)
{
    for (size_t at = path.len; at > 0 && path.ptr[at - 1] != '/'; at--) {
        if (path.ptr[at - 1] == '.') {
            *stem = slice_head(path, at - 1);
            *extension = slice_from(path, at);
            return true;
        }
    }
    return false;
}

struct slice site_type(struct slice path)
{
    struct slice stem;
    struct slice extension;

    if (split_extension(path, &stem, &extension)) {
        for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
            if (slice_equal_nocase(extension, types[i].extension)) {
                return types[i].type;
            }
        }
    }
    return SLICE("application/octet-stream");
}

/* Exactly `digits` lower-case hexadecimal ones at the end, then `mark`. */
static bool ends_with_hash(struct slice stem, char mark, size_t digits)
{
    if (stem.len < digits + 1 || stem.ptr[stem.len - digits - 1] != mark) {
        return false;
    }
    for (size_t i = stem.len - digits; i < stem.len; i++) {
        char c = stem.ptr[i];

        if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'f')) {
            return false;
        }
    }
    return true;
}

bool site_type_is_immutable(struct slice path)
{
    struct slice stem;
    struct slice extension;

    if (!slice_starts_with(path, SLICE("/assets/")) ||
        !split_extension(path, &stem, &extension)) {
        return false;
    }
    if (slice_starts_with(path, SLICE("/assets/js/")) ||
        slice_starts_with(path, SLICE("/assets/css/"))) {
        return ends_with_hash(stem, '.', CHUNK_HASH_DIGITS);
    }
    return ends_with_hash(stem, '-', ASSET_HASH_DIGITS);
}
