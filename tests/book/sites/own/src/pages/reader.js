// SPDX-License-Identifier: Apache-2.0
// A page of the author's that asks the theme who reads.
import Layout from '@theme/Layout';
import {
  useBookplate,
  useLevel,
  useProfile,
  useProgress,
} from 'docusaurus-theme-bookplate/client';

export default function Reader() {
  const { status, user } = useBookplate();
  const { answers } = useProfile();
  const level = useLevel();
  const { state, mark } = useProgress('/variants');
  const facts = {
    status,
    name: user?.name ?? 'nobody',
    level: level ?? 'unknown',
    software: answers.software_experience ?? 'unknown',
    chapter: state,
  };
  return (
    <Layout title="Reader">
      <main className="container">
        <h1>Who reads</h1>
        <dl>
          {Object.entries(facts).map(([name, fact]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd id={`fact-${name}`}>{fact}</dd>
            </div>
          ))}
        </dl>
        <button type="button" onClick={() => mark('read')}>
          I know this chapter
        </button>
      </main>
    </Layout>
  );
}
