import { basename } from 'node:path';
import { CcmError } from '../../errors.ts';
import { ask } from '../ask.ts';
import type { Cli } from '../cli.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { hookLines } from '../uninstall/hooks.ts';
import { type Inventory, inventory } from '../uninstall/inventory.ts';
import { takeAway } from '../uninstall/take-away.ts';
import { oneLine, wrap } from '../width.ts';

const lastWords = 'Branches (ccm-…) and rescue refs stay in your repositories. The program itself: npm uninstall -g ccm-orchestrator';

export const run: Run = async (cli, input) => {
  const found = await inventory(cli);
  const [data, discard] = [input.flag('data'), input.flag('discard')];
  if (found.working.length + found.data.length + found.worktrees.length + found.service.length === 0) {
    cli.show({ data: { removed: [], stays: [] } }, () => [`There is nothing of ours in ${cli.home.root}.`]);
    return exits.ok;
  }
  if (!input.flag('yes') || input.flag('dry-run')) {
    cli.show({ data: { dryRun: true, ...found } }, () => [
      ...listed(cli, found, data, discard),
      `Nothing was done. --yes removes it${data ? '' : '; --data your data as well'}.`,
    ]);
    return exits.ok;
  }
  if (cli.env.CCM_AGENT_ID) throw new CcmError('CCM_FORBIDDEN', 'This runs in the window of an agent, which would end with it.');
  const withData = data || (await askForData(cli, found));
  const { removed, stays } = await takeAway(cli, { data: withData, discard });
  cli.show({ data: { removed, stays } }, () => [
    ...removed.map((path) => `  removed  ${oneLine(path)}`),
    ...stays.map(({ path, why }) => `  stays    ${oneLine(path)} (${why})`),
    ...wrap(lastWords, cli.columns()),
  ]);
  return exits.ok;
};

const group = (title: string, paths: readonly string[]): string[] =>
  paths.length === 0 ? [] : [title, ...paths.map((path) => `  ${oneLine(path)}`)];

const listed = (cli: Cli, found: Inventory, data: boolean, discard: boolean): string[] => [
  ...(found.daemon === null ? [] : [`Would stop the daemon (process ${found.daemon}).`]),
  ...(found.processes === 0 ? [] : [`Would end every agent (${found.processes} processes).`]),
  ...group('Would remove the units of the service', found.service),
  ...group('Would remove the hooks of agents (* stands for each)', hookLines(gone(cli, found, data), cli.home)),
  ...group('Would remove files', found.working),
  ...group(
    discard
      ? 'Would remove these worktrees with all they hold'
      : 'Would remove these worktrees, unless they hold work that is nowhere else',
    found.worktrees,
  ),
  ...group(data ? 'Would remove your data' : 'Would keep your data', found.data),
  ...(data ? [] : group('Would keep the hooks of conversations with it: they call nobody then', hookLines(kept(cli, found), cli.home))),
  ...group('Would keep the demo project: it may hold work of yours', found.foreign.filter(isDemo)),
  ...group(
    'Would keep what is not of ours',
    found.foreign.filter((path) => !isDemo(path)),
  ),
  ...wrap(lastWords, cli.columns()),
];

const isDemo = (path: string): boolean => basename(path) === 'demo';

/** Hooks of a start go with the files, those of a conversation with the data. */
const inConversation = ({ home }: Cli, path: string): boolean => path.startsWith(`${home.root}/conversations/`);
const gone = (cli: Cli, { hooks }: Inventory, data: boolean): string[] => hooks.filter((path) => data || !inConversation(cli, path));
const kept = (cli: Cli, { hooks }: Inventory): string[] => hooks.filter((path) => inConversation(cli, path));

/** Asked for at a terminal; elsewhere only `--data` says yes. */
const askForData = async (cli: Cli, { data }: Inventory): Promise<boolean> => {
  if (data.length === 0 || !cli.stdin().isTTY || !cli.live) return false;
  for (const line of group('Your data:', data)) cli.say(line);
  // Ctrl-C and the end of the input are no answer: then nothing at all is removed.
  const answer = await ask(cli, 'Remove it as well: history, settings, conversations, secrets? [y/N]');
  return /^y(es)?$/i.test(answer);
};
