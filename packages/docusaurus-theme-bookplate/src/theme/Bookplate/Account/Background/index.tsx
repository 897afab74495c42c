// SPDX-License-Identifier: Apache-2.0
// What the reader said of themselves, question by question, and why each is
// asked. A change is saved at once.
import type { ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import {
  questionsOf,
  useProfile,
  type Loaded,
  type Questionnaire,
} from 'docusaurus-theme-bookplate/client';
import Said from '@theme/Bookplate/Account/Said';
import Section from '@theme/Bookplate/Account/Section';
import Problem from '@theme/Bookplate/Problem';

import Consent from './Consent';
import History from './History';
import Item from './Item';
import Unused from './Unused';
import { useSaving, type Saving } from './useSaving';

export const backgroundTitle = (): string =>
  translate({
    id: 'theme.bookplate.account.background',
    message: 'Background',
    description: 'Part of the account page: the answers to the questionnaire',
  });

function Outcome({ outcome }: Pick<Saving, 'outcome'>): ReactNode {
  return (
    <Said>
      {outcome === 'saved' && (
        <Translate
          id="theme.bookplate.account.saved"
          description="After name and picture, or an answer, were saved"
        >
          Saved.
        </Translate>
      )}
      {outcome === 'later' && (
        <Translate
          id="theme.bookplate.account.background.later"
          description="After an answer was changed while the server is away"
        >
          It counts in this browser already, and is saved when the server
          answers again.
        </Translate>
      )}
    </Said>
  );
}

function Answers({
  questionnaire,
}: {
  questionnaire: Questionnaire;
}): ReactNode {
  const { answers } = useProfile();
  const { problem, fields, outcome, save } = useSaving(questionnaire);
  return (
    <>
      <Problem problem={problem ?? fields.consent ?? null} />
      <ul className="clean-list">
        {questionsOf(questionnaire).map((question) => (
          <Item
            key={question.id}
            question={question}
            answer={answers[question.id]}
            error={fields[question.id]}
            onAnswer={(answer) => save(question.id, answer)}
          />
        ))}
      </ul>
      <Outcome outcome={outcome} />
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
