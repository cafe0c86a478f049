import { chmod, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isOlder, programVersions } from '../../src/supervisor/program-version.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { world } from './support/world.ts';

const program = async (folder: string, says: string): Promise<string> => {
  const path = join(folder, 'claude');
  await writeFile(path, `#!/bin/sh\n[ "$1" = --version ] || exec cat\necho asked >> "$0.asked"\n${says}\n`);
  await chmod(path, 0o755);
  return path;
};

test.each([
  ['2.1.299 (Claude Code)', '2.1.300', true],
  ['2.1.300 (Claude Code)', '2.1.300', false],
  ['2.2.0', '2.1.300', false],
  ['1.9.999', '2.1.300', true],
  ['codex-cli 10.0.0', '9.9.9', false],
  ['a development build', '2.1.300', null],
])('%s beside %s', (version, least, older) => expect(isOlder(version, least)).toBe(older));

test('a program is asked once, and again when it was replaced', async () => {
  const path = await program(await tempFolder(), 'echo 1.2.3');
  const versions = programVersions();
  const env = { PATH: process.env['PATH'] ?? '' };
  expect(await versions.of([path], env)).toBe('1.2.3');
  expect(await versions.of([path], env)).toBe('1.2.3');
  await writeFile(path, '#!/bin/sh\necho 4.5.6\n');
  await utimes(path, 1, 1);
  expect(await versions.of([path], env)).toBe('4.5.6');
});

test('one that does not say it is let through', async () => {
  const path = await program(await tempFolder(), 'exit 1');
  expect(await programVersions().check([path], '2.1.300', { PATH: process.env['PATH'] ?? '' })).toMatchObject({ ok: true });
});

test('an old Claude Code is refused in words before anything is started', async () => {
  const w = await world({ env: { ANTHROPIC_API_KEY: 'sk-dummy-0000000000000000' } });
  const path = await program(w.home, 'echo "2.0.14 (Claude Code)"');
  const { result } = await w.begin({ kind: 'claude', command: [path], mode: 'interactive', prompt: 'paste' }, null);
  expect(result).toMatchObject({
    problem: { code: 'CCM_AGENT_TOO_OLD', detail: expect.stringMatching(/2\.0\.14.*2\.1\.300 or newer/u) },
    retry: false,
  });
  expect(await w.terminal.list()).toMatchObject({ value: [] });
});
