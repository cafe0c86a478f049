/** What cannot be read and what cannot be written now are told where a person looks: which, why, and what to do. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runInside } from '../support/cli-world.ts';
import { furnishedDaemon } from '../support/fake-daemon/furnished.ts';
import { noon } from '../support/fake-daemon/samples.ts';

/** A program that has `file` open, as a shell with a transaction has. */
const opener = async (file: string): Promise<void> => {
  const held = openSync(file, 'a', 0o600);
  const child = spawn('/bin/sh', ['-c', 'echo open; read line'], { stdio: ['pipe', 'pipe', 'ignore', held], env: {} });
  closeSync(held);
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout?.once('data', resolve));
};

it('status and doctor name what is set aside, and who holds the database', async () => {
  const daemon = await furnishedDaemon();
  daemon.house.heldSince = noon + 4 * 60_000;
  const aside = { kind: 'task', title: 'Fix the login redirect' };
  daemon.house.unreadable = {
    count: 22,
    first: [
      { ...aside, id: '0195a000-0000-7000-8000-0000000a1b2c', short: 'a1b2c', reason: 'its state "elsewhere" is not in the chart' },
      { ...aside, id: '0195a000-0000-7000-8000-0000000d1b2c', short: 'd1b2c', reason: 'it was written by version 9, this is 7' },
    ],
  };
  await opener(join(daemon.home, 'ccm.db'));

  const status = (await runInside(['status'], daemon.home)).stdout;
  expect(status.slice(status.indexOf('unreadable'))).toMatchInlineSnapshot(`
    "unreadable  22 cannot be read: ccm doctor tells which
    database    another program has held it for 1m 00s: nothing is stored until it
                lets go (ccm doctor)
    "
  `);
  const { stdout, code } = await runInside(['doctor'], daemon.home);
  const told = stdout.slice(stdout.indexOf('database'), stdout.indexOf('agents  ')).replaceAll(/process \d+/g, 'process 99');
  expect(told).toMatchInlineSnapshot(`
    "database    /bin/sh (process 99) has held it for 1m 00s: nothing is stored
                  until it lets go; what agents say meanwhile waits.
                  → End its transaction, or that program; the daemon goes on by
                  itself.
    ! unreadable  task a1b2c "Fix the login redirect" is set aside, all others go
                  on: its state "elsewhere" is not in the chart.
                  → \`ccm verify 0195a000-0000-7000-8000-0000000a1b2c\` tells what is
                  wrong with it; \`ccm restore\` brings a backup back.
    ! unreadable  task d1b2c "Fix the login redirect" is set aside, all others go
                  on: it was written by version 9, this is 7.
                  → Upgrade CCM Orchestrator: a newer one wrote it.
    ! unreadable  20 more are set aside.
                  → \`ccm verify\` names them all.
    ✓ "
  `);
  expect(code).toBe(1);
});
