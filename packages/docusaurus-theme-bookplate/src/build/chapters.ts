// SPDX-License-Identifier: Apache-2.0
// The chapters of a book in the order of its sidebars, from what the docs
// plugins loaded.
import type { AllContent } from '@docusaurus/types';
import type {
  LoadedContent,
  LoadedVersion,
} from '@docusaurus/plugin-content-docs';

import { pageOf } from '../core/pages';
import type { Chapter, Chapters, Module } from '../core/chapters';

type Doc = LoadedVersion['docs'][number];
type Item = LoadedVersion['sidebars'][string][number];

interface Said {
  concepts?: string[];
  needs?: string[];
  minutes?: number;
}

export function saidOf(doc: Doc): Said {
  const { bookplate } = doc.frontMatter as { bookplate?: Said };
  return bookplate ?? {};
}

function chapterOf(doc: Doc, base: string): Chapter {
  const { concepts = [], needs = [], minutes = null } = saidOf(doc);
  const page = pageOf(doc.permalink, base);
  return { page, title: doc.title, minutes, concepts, needs };
}

/** Ids of docs below an item of a sidebar, in order. */
function idsIn(item: Item): string[] {
  if (item.type === 'doc') {
    return [item.id];
  }
  if (item.type !== 'category') {
    return [];
  }
  const { link } = item;
  const own = link?.type === 'doc' ? [link.id] : [];
  return [...own, ...item.items.flatMap(idsIn)];
}

/** A category is a module; what stands beside them is one without a title. */
function modulesOf(version: LoadedVersion, base: string): Module[] {
  const docs = new Map(version.docs.map((doc) => [doc.id, doc]));
  const modules: Module[] = [];
  for (const item of Object.values(version.sidebars).flat()) {
    const chapters = idsIn(item).flatMap((id) => {
      const doc = docs.get(id);
      return doc ? [chapterOf(doc, base)] : [];
    });
    const title = item.type === 'category' ? item.label : '';
    const last = modules.at(-1);
    if (title === '' && last?.title === '') {
      last.chapters.push(...chapters);
    } else if (chapters.length > 0) {
      modules.push({ title, chapters });
    }
  }
  return modules;
}

export function docsOf(allContent: AllContent, ids: string[]): LoadedContent[] {
  const plugins = allContent['docusaurus-plugin-content-docs'] ?? {};
  return ids.flatMap((id) => {
    const content = plugins[id] as LoadedContent | undefined;
    return content ? [content] : [];
  });
}

/** Of each docs plugin its newest version: what a reader goes through. */
export function allChapters(
  allContent: AllContent,
  ids: string[],
  base: string,
): Chapters {
  const modules = docsOf(allContent, ids).flatMap(({ loadedVersions }) => {
    const last = loadedVersions.find(({ isLast }) => isLast);
    return last ? modulesOf(last, base) : [];
  });
  return { modules };
}
