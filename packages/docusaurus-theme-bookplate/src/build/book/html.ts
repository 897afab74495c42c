// SPDX-License-Identifier: Apache-2.0
// The few questions asked of a rendered page.
import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';

export type Html = Tree.ChildNode;
export type Element = Tree.Element;

export const isElement = (node: Html): node is Element => 'tagName' in node;

export const isText = (node: Html): node is Tree.TextNode =>
  node.nodeName === '#text';

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value;
}

export function classes(element: Element): string[] {
  return (attribute(element, 'class') ?? '').split(/\s+/);
}

/** The first element below, in the order of the page, that is like this. */
export function find(
  nodes: Html[],
  like: (element: Element) => boolean,
): Element | undefined {
  for (const node of nodes.filter(isElement)) {
    const found = like(node) ? node : find(node.childNodes, like);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** All text below, with the lines that <br> makes. */
export function plainText(node: Html): string {
  if (isText(node)) {
    return node.value;
  }
  if (!isElement(node)) {
    return '';
  }
  return node.tagName === 'br' ? '\n' : node.childNodes.map(plainText).join('');
}

/** The text of a chapter, without what the theme puts around it. */
export function chapterIn(page: string): Element | undefined {
  return find(parse(page).childNodes, (element) =>
    classes(element).includes('theme-doc-markdown'),
  );
}
