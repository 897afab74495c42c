// SPDX-License-Identifier: Apache-2.0
/** Something an author should mend: what is wrong, where, and how to mend it. */
export interface Finding {
  rule: string;
  /** Below the site's folder. */
  file?: string;
  line?: number;
  text: string;
  fix: string;
}

export function written({ file, line, text, fix }: Finding): string {
  const place = file ? `${file}${line ? `:${line}` : ''}: ` : '';
  return `${place}${text}\n    ${fix}`;
}

/** In the order of files and lines; each thing once. */
export function sorted(findings: Finding[]): Finding[] {
  const seen = new Set<string>();
  const once = findings.filter((finding) => {
    const text = written(finding);
    return !seen.has(text) && seen.add(text);
  });
  const place = ({ file = '' }: Finding) => file;
  return once.sort(
    (a, b) =>
      place(a).localeCompare(place(b), 'en') || (a.line ?? 0) - (b.line ?? 0),
  );
}
