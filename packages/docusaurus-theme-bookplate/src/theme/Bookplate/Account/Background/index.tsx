// SPDX-License-Identifier: Apache-2.0
// What the reader said of themselves, question by question, and why each is
// asked. A change is saved at once.
import type { ReactNode } from 'react';
import { translate } from '@docusaurus/Translate';
import {
  questionsOf,
  useProfile,
  type Loaded,
  type Questionnaire,
} from 'docusaurus-theme-bookplate/client';
import Section from '@theme/Bookplate/Account/Section';
import Problem from '@theme/Bookplate/Problem';

import Consent from './Consent';
import History from './History';
import Item from './Item';
import Outcome from './Outcome';
import Unused from './Unused';
import { useSaving } from './useSaving';

export const backgroundTitle = (): string =>
  translate({
    id: 'theme.bookplate.account.background',
    message: 'Background',
    description: 'Part of the account page: the answers to the questionnaire',
  });

function Answers({
  questionnaire,
}: {
  questionnaire: Questionnaire;
}): ReactNode {
  const { answers } = useProfile();
  const { problem, fields, outcome, of, save } = useSaving(questionnaire);
  const questions = questionsOf(questionnaire);
  const isAsked = (id: string) => questions.some((one) => one.id === id);
  return (
    <>
      <Problem problem={problem ?? fields.consent ?? null} />
      <ul className="clean-list">
        {questions.map((question) => (
          <Item
            key={question.id}
            question={question}
            answer={answers[question.id]}
            error={fields[question.id]}
            onAnswer={(answer) => save(question.id, answer)}
          >
            {of === question.id && <Outcome outcome={outcome} />}
          </Item>
        ))}
      </ul>
      {of !== null && !isAsked(of) && <Outcome outcome={outcome} />}
      <Unused onRemove={(id) => save(id, undefined)} />
      <Consent questionnaire={questionnaire} />
      <History questionnaire={questionnaire} />
    </>
  );
}

export default function Background({
  questionnaire,
}: {
  questionnaire: Loaded<Questionnaire>;
}): ReactNode {
  return (
    <Section id="background" title={backgroundTitle()}>
      {questionnaire && <Answers questionnaire={questionnaire} />}
    </Section>
  );
}
