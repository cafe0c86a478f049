import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Recording, RecordingPage } from '../../api/contract/index.ts';
import { CcmError, ensureError } from '../../errors.ts';
import { pathOf } from '../api.ts';
import { exits, usageError } from '../exit.ts';
import type { Run } from '../spec.ts';

export const run: Run = async (cli, input) => {
  const [id] = input.args;
  const all = input.flag('all');
  if (all === (id !== undefined))
    throw usageError(all ? 'Give an id or --all, not both.' : 'Which task?', 'Give an id, or --all for the whole home.');
  const path = pathOf('recordings', id ?? 'all');
  const made = input.flag('fixture')
    ? await fixture(cli.api.get<Recording>(path))
    : (await cli.api.get<RecordingPage>(`${path}/page`)).data;
  const target = resolve(cli.cwd, input.text('output') ?? made.name);
  await write(target, made.html);
  const { rows, redactions } = made;
  cli.show({ data: { path: target, bytes: Buffer.byteLength(made.html), rows, redactions }, meta: {} }, () => [
    `Wrote ${target}: ${rows} steps, ${(Buffer.byteLength(made.html) / 1024).toFixed(0)} KB, ${redactions} secrets taken out.`,
    ...(input.flag('fixture') ? [] : ['Open it in any browser. Look through it before you give it away.']),
  ]);
  return exits.ok;
};

const fixture = async (asked: Promise<{ data: Recording }>): Promise<RecordingPage> => {
  const { data } = await asked;
  const redactions = Object.values(data.redactions).reduce((sum, n) => sum + n, 0);
  return { name: `${data.about ?? 'home'}.json`, html: `${JSON.stringify(data, null, 1)}\n`, rows: data.rows.length, redactions };
};

const write = async (path: string, text: string): Promise<void> => {
  try {
    await writeFile(path, text, { mode: 0o600 });
  } catch (thrown) {
    throw new CcmError(
      'CCM_PATH_UNUSABLE',
      `${path} cannot be written: ${ensureError(thrown).message}.`,
      { next: 'Name another file with -o.' },
      thrown,
    );
  }
};
