// SPDX-License-Identifier: Apache-2.0
import { usePluralForm } from '@docusaurus/theme-common';
import { translate } from '@docusaurus/Translate';

export interface News {
  answers: number;
  chapters: number;
}

/** "4 answers and 2 chapters"; empty when there is neither. */
export function useAmount({ answers, chapters }: News): string {
  const { selectMessage } = usePluralForm();
  const both = [
    answers > 0 &&
      selectMessage(
        answers,
        translate(
          {
            id: 'theme.bookplate.offer.answers',
            message: '1 answer|{count} answers',
            description: 'Plural forms, in "Keep 4 answers and 2 chapters?"',
          },
          { count: answers },
        ),
      ),
    chapters > 0 &&
      selectMessage(
        chapters,
        translate(
          {
            id: 'theme.bookplate.offer.chapters',
            message: '1 chapter|{count} chapters',
            description: 'Plural forms, in "Keep 4 answers and 2 chapters?"',
          },
          { count: chapters },
        ),
      ),
  ].filter((text) => text !== false);
  const [first, second] = both;
  return first && second
    ? translate(
        {
          id: 'theme.bookplate.offer.both',
          message: '{answers} and {chapters}',
          description: 'Like "4 answers and 2 chapters"',
        },
        { answers: first, chapters: second },
      )
    : (first ?? '');
}
