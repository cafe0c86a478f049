/** What cannot be told is kept in files, whatever the daemon that comes back does to their folder meanwhile. */
import { readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spoolItem } from '../../src/cli/spool.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('a folder that is taken away while it is empty takes no report with it', async () => {
  const spool = await tempFolder();
  const folder = join(spool, 'agent-1');
  let taken = 0;
  let done = false;
  const takeAway = (): void => {
    try {
      rmdirSync(folder);
      taken += 1;
    } catch {
      // It holds something, or is not there.
    }
    if (!done) setTimeout(takeAway, 1);
  };
  takeAway();
  const kept: string[] = [];
  for (let n = 0; n < 200; n += 1) {
    const agent = { agent: 'agent-1', token: 'a-token' };
    const written = await spoolItem(spool, agent, { report: 'progress', text: `${n}`, id: `id-${n}`, at: n });
    expect(written).toMatchObject({ ok: true });
    kept.push(...readdirSync(folder));
    // As the daemon does with what it has heard.
    for (const name of readdirSync(folder)) unlinkSync(join(folder, name));
  }
  done = true;
  expect(kept).toHaveLength(200);
  expect(taken).toBeGreaterThan(0);
});
