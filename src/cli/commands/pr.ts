import type { PullRequest } from '../../api/contract/index.ts';
import { act, type Deed } from '../act.ts';
import { pathOf } from '../api.ts';
import type { Cli } from '../cli.ts';
import { quoted } from '../quoted.ts';
import type { Run } from '../spec.ts';
import { oneLine, wrap } from '../width.ts';

export const run: Run = async (cli, input) => {
  const [id = ''] = input.args;
  const [title, text] = [input.text('title'), input.text('body')];
  const deed: Deed = {
    label: id,
    method: 'POST',
    paths: [pathOf('tasks', id, 'pr')],
    body: { draft: input.flag('draft'), ...(title === undefined ? {} : { title }), ...(text === undefined ? {} : { body: text }) },
  };
  return act<PullRequest>(cli, input, deed, (made) => lines(cli, made));
};

/** Addresses and commands are not wrapped: they are there to be copied. */
const lines = (cli: Cli, { opened, url, pushed, branch, base, remote, compare, command, note }: PullRequest): string[] => [
  ...(note === null ? [] : wrap(oneLine(note), cli.columns())),
  ...(opened && url !== null ? [`${oneLine(branch)} → ${oneLine(base)} is open for review:`, url] : []),
  ...(opened || pushed ? [] : ['Push it yourself:', `  ${command.map(quoted).join(' ')}`]),
  ...(opened || compare === null ? [] : ['Then open this page:', `  ${compare}`]),
  ...(opened || compare !== null ? [] : [cli.paint.dim(`No page is known for the host of the remote ${oneLine(remote)}.`)]),
];
