/**
 * Agents are one user: each may write into the folder where another's reports wait for a daemon that is away. What it lacks is the other's token,
 * and without it nothing it writes there is taken for the other's word.
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tokenDesk } from '../../src/api/auth/tokens.ts';
import { openItem, sealItem } from '../../src/lib/spool-proof.ts';
import { sealed, world } from '../supervisor/support/world.ts';
import { openApiHouse } from '../support/api-house.ts';

test('a report that another agent wrote, changed, copied or left unproven is put aside, and said; its own is heard', async () => {
  const w = await world();
  const { agent: victim } = await w.begin({ command: ['sleep', '60'] });
  const { agent: forger } = await w.begin({ command: ['sleep', '60'] });
  const folder = join(w.home, 'spool', victim);
  await mkdir(folder, { recursive: true });
  const item = (id: string) => ({ report: 'done', text: 'nothing left to do', id, at: 1_000 });
  const own = sealed(victim, item('own'));
  const forged: Record<string, string> = {
    // The forger's token, in the victim's name.
    'another.json': sealItem(victim, `ccm_token_of_${forger}`, JSON.stringify(item('another'))),
    // A true report of the forger about itself, carried over.
    'carried.json': sealed(forger, item('carried')),
    'changed.json': own.replace('nothing left', 'all is lost!'),
    'unproven.json': `${JSON.stringify(item('unproven'))}\n`,
    'empty-proof.json': `${JSON.stringify(item('empty'))}\n\n`,
    'more.json': `${own}${JSON.stringify(item('more'))}\n`,
  };
  for (const [name, text] of Object.entries(forged)) await writeFile(join(folder, name), text);
  await writeFile(join(folder, 'own.json'), own);
  await w.supervisor.reconcile();
  expect(w.actors.of('OBSERVED').map(({ to, detail }) => [to, detail])).toEqual([[victim, 'nothing left to do']]);
  expect((await readdir(folder)).toSorted()).toEqual(
    Object.keys(forged)
      .map((name) => `${name}.bad`)
      .toSorted(),
  );
  expect(w.notes.filter(({ sentence }) => sentence.includes('not of the agent it names'))).toHaveLength(6);
});

test('what an agent wrote before it was given its next token is still its word; another’s token never is', async () => {
  const house = await openApiHouse();
  const desk = tokenDesk({
    tokens: house.house.store.tokens,
    clock: house.clock,
    ids: { next: () => house.runtime.newId() },
    random: () => crypto.getRandomValues(new Uint8Array(32)),
  });
  const first = desk.issueForAgent('a').secret;
  const other = desk.issueForAgent('b').secret;
  desk.issueForAgent('a');
  expect(openItem('a', desk.hashesOfAgent('a'), sealItem('a', first, '{}'))).toBe('{}');
  expect(openItem('a', desk.hashesOfAgent('a'), sealItem('a', other, '{}'))).toBeNull();
  expect(openItem('b', desk.hashesOfAgent('b'), sealItem('a', first, '{}'))).toBeNull();
  // What is stored of a token proves nothing at the door.
  expect(desk.recognise(desk.hashesOfAgent('a')[0] ?? '')).toBeNull();
});
