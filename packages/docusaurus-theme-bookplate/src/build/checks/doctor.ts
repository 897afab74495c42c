// SPDX-License-Identifier: Apache-2.0
// docusaurus bookplate:doctor: every check of a build, without building, and
// whether the server can be reached.
import type { InitializedPlugin, LoadContext, Plugin } from '@docusaurus/types';
import type { LoadedContent } from '@docusaurus/plugin-content-docs';

import type { Options } from '../../options';
import { written, type Finding } from './finding';
import { policyLines } from './policy';
import { serverFindings } from './server';
import type { Aliases } from './slots';
import type { Checks } from './index';

type Cli = Parameters<NonNullable<Plugin['extendCli']>>[0];

/** The parts of Docusaurus' core that its own commands are made of. */
interface Core {
  initPlugins(context: LoadContext): Promise<InitializedPlugin[]>;
  loadThemeAliases(site: {
    siteDir: string;
    plugins: InitializedPlugin[];
  }): Promise<Aliases>;
}

function coreOf(siteDir: string): Core {
  const load = (part: string) =>
    require(
      require.resolve(`@docusaurus/core/lib/${part}`, { paths: [siteDir] }),
    ) as Core;
  const { initPlugins } = load('server/plugins/init');
  const { loadThemeAliases } = load('webpack/aliases');
  return { initPlugins, loadThemeAliases };
}

async function contentsOf(
  plugins: InitializedPlugin[],
  ids: string[],
): Promise<LoadedContent[]> {
  const docs = plugins.filter(
    ({ name, options }) =>
      name === 'docusaurus-plugin-content-docs' && ids.includes(options.id),
  );
  const contents = await Promise.all(docs.map((one) => one.loadContent?.()));
  return contents as LoadedContent[];
}

export async function diagnose(
  context: LoadContext,
  options: Options,
  checks: Checks,
): Promise<Finding[]> {
  const { siteDir, siteConfig } = context;
  const core = coreOf(siteDir);
  const plugins = await core.initPlugins(context);
  await checks.content(await contentsOf(plugins, options.docs));
  checks.slots(await core.loadThemeAliases({ siteDir, plugins }));
  checks.add(await serverFindings(options, siteConfig.url));
  return checks.findings;
}

interface Asked {
  json?: boolean;
  csp?: string;
}

export function addDoctor(
  cli: Cli,
  examine: () => Promise<Finding[]>,
): void {
  cli
    .command('bookplate:doctor')
    .description('Says what keeps Bookplate from working on this site.')
    .option('--json', 'as JSON, for programs')
    .option('--csp <folder>', 'only the hashes of the inline scripts of a built book')
    .action(async ({ json, csp }: Asked) => {
      if (csp) {
        process.stdout.write(`${policyLines(csp).join('\n')}\n`);
        return;
      }
      const findings = await examine();
      const text = json
        ? JSON.stringify(findings, null, 2)
        : findings.map(written).join('\n') || 'Nothing is wrong.';
      process.stdout.write(`${text}\n`);
      process.exitCode = findings.length > 0 ? 1 : 0;
    });
}
