// SPDX-License-Identifier: Apache-2.0
// Writes bookplate/book.json after the build, from the pages it made: the text
// is what readers see, and every anchor is there.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Props } from '@docusaurus/types';
import type {
  LoadedContent,
  LoadedVersion,
} from '@docusaurus/plugin-content-docs';
import logger from '@docusaurus/logger';

import { saidOf } from '../chapters';
import type { ClientOptions } from '../../core/options';
import { chapterIn } from './html';
import { piecesOf } from './pieces';
import { hashOf, sectionsOf } from './sections';
import type { Book, BookDocument } from './types';

type Doc = LoadedVersion['docs'][number];

/** Where a page was written, whatever `trailingSlash` says. */
function fileOf(route: string, base: string, outDir: string): string | null {
  const path = decodeURI(route.slice(base.length)).replace(/\/$/, '');
  const files = [join(outDir, path, 'index.html')];
  if (path !== '') {
    files.unshift(join(outDir, `${path}.html`));
  }
  return files.find((file) => existsSync(file)) ?? null;
}

/** A document of a page's HTML. */
export function documentOf(
  page: string,
  known: Omit<BookDocument, 'hash' | 'sections'>,
): BookDocument {
  const pieces = piecesOf(chapterIn(page)?.childNodes ?? []);
  const sections = sectionsOf(known, pieces);
  const { title, description, front_matter } = known;
  const hashes = sections.map(({ id, hash }) => [id, hash]);
  const hash = hashOf([title, description, front_matter, hashes]);
  return { ...known, hash, sections };
}

interface Place {
  plugin: string;
  outDir: string;
  client: ClientOptions;
}

async function read(
  doc: Doc,
  version: string,
  { plugin, outDir, client }: Place,
): Promise<BookDocument[]> {
  const { permalink: route, title, description } = doc;
  const file = fileOf(route, client.localizedBase, outDir);
  if (!file) {
    logger.warn(`bookplate/book.json: there is no page for ${doc.source}`);
    return [];
  }
  const known = {
    id: `${plugin}/${version}/${doc.id}`,
    plugin,
    version,
    locale: client.locale,
    route,
    title,
    description,
    front_matter: {
      bookplate: saidOf(doc),
      tags: doc.tags.map(({ label }) => label),
    },
  };
  return [documentOf(await readFile(file, 'utf8'), known)];
}

const byId = (a: Doc, b: Doc) => (a.id < b.id ? -1 : 1);

async function documentsOf(
  { plugins, outDir }: Pick<Props, 'plugins' | 'outDir'>,
  client: ClientOptions,
): Promise<BookDocument[]> {
  const documents: BookDocument[] = [];
  for (const plugin of client.docs) {
    const found = plugins.find(
      ({ name, options }) =>
        name === 'docusaurus-plugin-content-docs' && options.id === plugin,
    );
    const content = found?.content as LoadedContent | undefined;
    for (const { versionName, docs } of content?.loadedVersions ?? []) {
      // An unlisted page is one that its author wants nobody to be led to.
      const listed = docs.filter(({ unlisted }) => !unlisted).sort(byId);
      for (const doc of listed) {
        const place = { plugin, outDir, client };
        documents.push(...(await read(doc, versionName, place)));
      }
    }
  }
  return documents;
}

export async function writeBook(
  props: Pick<Props, 'plugins' | 'outDir' | 'siteConfig'>,
  client: ClientOptions,
  version: string,
): Promise<void> {
  const book: Book = {
    schema: 1,
    generator: `docusaurus-theme-bookplate ${version}`,
    base_url: client.base,
    url: props.siteConfig.url,
    locale: client.locale,
    documents: await documentsOf(props, client),
  };
  const folder = join(props.outDir, 'bookplate');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'book.json'), `${JSON.stringify(book)}\n`);
}
