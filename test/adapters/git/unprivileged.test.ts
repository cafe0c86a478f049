import { chmod } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { asNobody } from '../../support/as-nobody.ts';
import { gitBench } from '../../support/git-repo.ts';

const scenarios = new URL('unprivileged-scenarios.ts', import.meta.url);

describe('file modes, as a user who is not root', () => {
  test('the scenarios really run without privileges', async () => {
    expect(await asNobody(scenarios, 'whoAmI')).toBeGreaterThan(0);
  });

  test('a project that may not be read or written is refused in words', async () => {
    const refused = 'CCM_PATH_UNUSABLE /closed-';
    expect(await asNobody(scenarios, 'closedFolders')).toEqual([
      `${refused}192 may not be read or written by this user.`,
      `${refused}320 may not be read or written by this user.`,
      `${refused}384 may not be read or written by this user.`,
      `${refused}384/inside may not be read or written by this user.`,
    ]);
  });

  test.runIf(process.getuid?.() === 0)("a stranger's repository is a problem in git's words, never a plain folder", async () => {
    const { project } = await gitBench();
    await chmod(project, 0o777);
    expect(await asNobody(scenarios, 'strangersRepository', project)).toMatch(/^CCM_GIT_FAILED .*dubious ownership/);
  });

  test('a file nobody may read is parked, and named when it is discarded', async () => {
    const missing = ['Not in the rescue ref: secret.txt.'];
    expect(await asNobody(scenarios, 'unreadableFile')).toMatchObject({
      parked: { removed: false, reason: 'dirty', notes: missing },
      gone: { removed: true, notes: missing },
      kept: 'precious',
    });
  });

  test('read-only caches do not leave half a worktree behind', async () => {
    expect(await asNobody(scenarios, 'readOnlyCache')).toMatchObject({
      said: { removed: true, notes: [] },
      there: false,
      list: expect.not.stringContaining('k7m2q-1'),
    });
  });

  test('a home that cannot be written is a problem of the catalogue', async () => {
    expect(await asNobody(scenarios, 'closedHome')).toMatchObject({
      ok: false,
      problem: { code: 'CCM_HOME_UNUSABLE', extra: { errno: 'EACCES' } },
    });
  });
});
