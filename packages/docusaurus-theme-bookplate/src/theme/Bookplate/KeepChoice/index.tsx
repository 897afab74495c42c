// SPDX-License-Identifier: Apache-2.0
// Asks whether what was answered and read as a guest goes with the account.
// There is nothing to ask where nothing was.
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import options from '@generated/docusaurus-theme-bookplate/default/options.json';
import { plural, useKept, type Kept } from 'docusaurus-theme-bookplate/client';
import Checkbox from '@theme/Bookplate/Checkbox';

export interface Props {
  checked: boolean;
  onChecked(checked: boolean): void;
}

const answersIn = (count: number) =>
  plural(
    translate({
      id: 'theme.bookplate.keep.answers',
      message: '1 answer|{count} answers',
      description: 'A number of answers; one and many, separated by a bar',
    }),
    count,
    options.locale,
  );

const pagesIn = (count: number) =>
  plural(
    translate({
      id: 'theme.bookplate.keep.pages',
      message: '1 chapter|{count} chapters',
      description: 'A number of chapters; one and many, separated by a bar',
    }),
    count,
    options.locale,
  );

function textOf({ answers, pages }: Kept): string {
  if (answers === 0 || pages === 0) {
    return translate(
      {
        id: 'theme.bookplate.keep.one',
        message: 'Keep {what} on this browser with the account',
        description: 'A checkbox. what: "3 answers" or "2 chapters"',
      },
      { what: pages === 0 ? answersIn(answers) : pagesIn(pages) },
    );
  }
  return translate(
    {
      id: 'theme.bookplate.keep.both',
      message: 'Keep {answers} and {chapters} on this browser with the account',
      description: 'A checkbox. "3 answers" and "2 chapters"',
    },
    { answers: answersIn(answers), chapters: pagesIn(pages) },
  );
}

export default function KeepChoice({ checked, onChecked }: Props): ReactNode {
  const kept = useKept();
  return kept.answers + kept.pages === 0 ? null : (
    <Checkbox name="keep" checked={checked} onChecked={onChecked}>
      {textOf(kept)}
    </Checkbox>
  );
}
