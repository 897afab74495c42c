// SPDX-License-Identifier: Apache-2.0
// Answers in the words of their questions.
import { translate } from '@docusaurus/Translate';
import {
  labelIn,
  named,
  type Answer,
  type Question,
} from 'docusaurus-theme-bookplate/client';

const noneOfThese = () =>
  translate({
    id: 'theme.bookplate.account.background.none',
    message: 'None of these',
    description: 'An answer in which no choice was made',
  });

function listed(texts: string[], locale: string): string {
  return texts.length === 0
    ? noneOfThese()
    : new Intl.ListFormat(locale, { type: 'unit' }).format(texts);
}

function onScale(question: Question, answer: Answer, locale: string): string {
  const { max = 5, labels = {} } = question;
  const label = labelIn(labels[String(answer)], locale);
  const place = translate(
    {
      id: 'theme.bookplate.account.background.scale',
      message: '{value} of {max}',
      description: 'An answer on a scale',
    },
    { value: String(answer), max },
  );
  return label === '' ? place : `${place} (${label})`;
}

/** `question` is undefined when it is asked no more. */
export function answerInWords(
  question: Question | undefined,
  answer: Answer,
  locale: string,
): string {
  if (question?.kind === 'scale') {
    return onScale(question, answer, locale);
  }
  const choices = question?.choices ?? [];
  const texts = named(answer).map((id) => {
    const choice = choices.find((one) => one.id === id);
    return choice ? labelIn(choice.label, locale) : id;
  });
  return listed(texts, locale);
}
