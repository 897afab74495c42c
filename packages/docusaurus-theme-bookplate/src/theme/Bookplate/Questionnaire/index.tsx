// SPDX-License-Identifier: Apache-2.0
// The questions, one screen after another, and what came of them. May stand on
// any page; the screen is part of the page's address.
import { useEffect, useRef, type ReactNode } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import {
  labelIn,
  useStore,
  type Questionnaire as Asked,
} from 'docusaurus-theme-bookplate/client';
import Changes from '@theme/Bookplate/Changes';
import Step from '@theme/Bookplate/Step';

import Consent from './Consent';
import SavedStatus from './SavedStatus';
import { screensOf } from './screens';
import { useAnswering } from './useAnswering';
import { useStep } from './useStep';

export interface Props {
  questionnaire: Asked;
}

/** Whoever goes on hears where they are; whoever arrives is left in peace. */
function useFocusOnChange(step: number) {
  const heading = useRef<HTMLHeadingElement>(null);
  const was = useRef(step);
  useEffect(() => {
    if (was.current !== step) {
      was.current = step;
      heading.current?.focus();
    }
  }, [step]);
  return heading;
}

export default function Questionnaire({ questionnaire }: Props): ReactNode {
  const { i18n } = useDocusaurusContext();
  const { status, profile, local } = useStore();
  const { consent } = questionnaire;
  const asksConsent = local.owner !== null && status !== 'offline';
  const agreed = profile?.consent?.version === consent?.version;
  const screens = screensOf(questionnaire);
  const steps = useStep(screens.length);
  const answering = useAnswering(
    questionnaire,
    status === 'in' && !agreed && consent?.required === true,
  );
  const heading = useFocusOnChange(steps.step);
  const screen = screens[steps.step - 1];
  if (!screen) {
    return (
      <Changes
        questionnaire={questionnaire}
        answering={answering}
        steps={steps}
        heading={heading}
      />
    );
  }
  const isAnswered = Object.keys(answering.before).length > 0;
  return (
    <Step
      key={steps.step}
      screen={screen}
      step={steps.step}
      count={screens.length}
      heading={heading}
      answers={answering.answers}
      errors={answering.errors}
      onAnswer={(id, answer) => void answering.answer({ [id]: answer })}
      onNext={() => steps.go(steps.step + 1)}
      onBack={steps.step > 1 ? steps.back : undefined}
      onSkipAll={() =>
        isAnswered ? steps.go(screens.length + 1) : steps.leave()
      }
      status={<SavedStatus saved={answering.saved} />}
      consent={
        consent &&
        asksConsent &&
        steps.step === 1 && (
          <Consent
            text={labelIn(consent.text, i18n.currentLocale)}
            required={consent.required === true}
            agreed={agreed}
            onAgree={() => answering.agree(consent.version)}
          />
        )
      }
    />
  );
}
