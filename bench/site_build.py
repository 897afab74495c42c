# SPDX-License-Identifier: Apache-2.0
"""Builds the book to measure with Docusaurus, once, under build/bench.

Two folders come out: the plain build, and one with a .gz and a .br beside
each text file.
"""
import importlib.util
import os
import pathlib
import shutil
import subprocess

import servers

SOURCE = pathlib.Path(__file__).resolve().parent / "site"
SITE = servers.WORK / "site"
PLAIN, PACKED = servers.WORK / "plain", servers.WORK / "packed"
COPIED = ("package.json", "docusaurus.config.js", "pages.py")

PACK = """
const fs = require('fs'), zlib = require('zlib'), path = process.argv[1];
for (const name of fs.readdirSync(path, { recursive: true })) {
  const file = path + '/' + name;
  if (!/[.](html|js|css|svg|xml|json)$/.test(name)) continue;
  const bytes = fs.readFileSync(file);
  fs.writeFileSync(file + '.gz', zlib.gzipSync(bytes, { level: 9 }));
  fs.writeFileSync(file + '.br', zlib.brotliCompressSync(bytes));
}
"""


def run(*command):
    quiet = {**os.environ, "DOCUSAURUS_NO_TELEMETRY": "1", "CI": "1"}
    with open(SITE / "build.log", "a") as log:
        done = subprocess.run(command, cwd=SITE, env=quiet, stdout=log,
                              stderr=log, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed: see "
                         f"{(SITE / 'build.log').relative_to(servers.ROOT)}")


def write_pages():
    spec = importlib.util.spec_from_file_location("pages", SOURCE / "pages.py")
    pages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pages)
    pages.write(SITE)


def is_fresh():
    return PACKED.exists() and all(
        (SITE / name).exists() and
        (SITE / name).read_bytes() == (SOURCE / name).read_bytes()
        for name in COPIED)


def build():
    """Makes both folders, unless they are there and nothing has changed."""
    if is_fresh():
        return
    print("book: building the site with Docusaurus (a minute or two)",
          flush=True)
    SITE.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        shutil.copyfile(SOURCE / name, SITE / name)
    write_pages()
    run("npm", "install", "--no-audit", "--no-fund", "--no-save",
        "--omit-lockfile-registry-resolved")
    run("npm", "run", "build")
    for folder in (PLAIN, PACKED):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SITE / "build", PLAIN)
    unfinished = PACKED.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(SITE / "build", unfinished)
    run("node", "-e", PACK, str(unfinished))
    unfinished.rename(PACKED)
