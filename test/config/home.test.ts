import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveHome } from '../../src/config/home.ts';
import { prepareHome } from '../../src/config/home-folder.ts';
import { loadConfig } from '../../src/config.ts';
import { tempFolder } from '../support/temp-folder.ts';

const where = (env: Record<string, string>, platform: NodeJS.Platform = 'linux') => {
  const home = resolveHome({ env, platform, userHome: '/u', cwd: '/w' });
  return home.ok ? [home.value.root, home.value.config] : home.problem.detail;
};
const homeIn = (folder: string) => {
  const home = resolveHome({ env: { CCM_HOME: folder }, platform: 'linux', userHome: '/u', cwd: '/' });
  if (!home.ok) throw new Error(home.problem.detail);
  return home.value;
};
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('where the home is', () => {
  it.each([
    [{ CCM_HOME: '/x/y' }, 'linux', ['/x/y', '/x/y/config.toml']],
    [{ CCM_HOME: 'y' }, 'linux', ['/w/y', '/w/y/config.toml']],
    [{ CCM_HOME: '' }, 'linux', ['/u/.local/share/ccm-orchestrator', '/u/.config/ccm-orchestrator/config.toml']],
    [{ XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: '/c' }, 'linux', ['/d/ccm-orchestrator', '/c/ccm-orchestrator/config.toml']],
    [{ XDG_DATA_HOME: 'relative' }, 'linux', ['/u/.local/share/ccm-orchestrator', '/u/.config/ccm-orchestrator/config.toml']],
    [{}, 'darwin', ['/u/Library/Application Support/ccm-orchestrator', '/u/Library/Application Support/ccm-orchestrator/config.toml']],
    [{ CCM_HOME: '/' }, 'linux', 'CCM_HOME is /; it must be a folder of its own, such as /u/.ccm.'],
    [{ CCM_HOME: '/u/' }, 'linux', 'CCM_HOME is /u; it must be a folder of its own, such as /u/.ccm.'],
  ] as const)('%j on %s', (env, platform, expected) => {
    expect(where(env, platform)).toEqual(expected);
  });
});

describe('the home is private', () => {
  it('makes folders 0700, whatever the umask, and repairs what was open', async () => {
    const home = homeIn(join(await tempFolder(), 'deep', 'home'));
    expect(prepareHome(home)).toEqual({ ok: true, value: { repaired: [] } });
    expect([home.root, home.worktrees, home.spool].map(mode)).toEqual(['700', '700', '700']);
    chmodSync(home.root, 0o755);
    writeFileSync(home.token, 'ccm_x', { mode: 0o644 });
    chmodSync(home.token, 0o644);
    const again = prepareHome(home);
    expect(again.ok && again.value.repaired).toEqual([
      `${home.root} was open to others (mode 0755); it is 0700 now.`,
      `${home.token} was open to others (mode 0644); it is 0600 now.`,
    ]);
    expect([mode(home.root), mode(home.token)]).toEqual(['700', '600']);
  });

  it('says in words when a file stands where a folder must be', async () => {
    const folder = await tempFolder();
    writeFileSync(join(folder, 'home'), '');
    const made = prepareHome(homeIn(join(folder, 'home')));
    expect(made.ok).toBe(false);
    expect(!made.ok && made.problem.code).toBe('CCM_HOME_UNUSABLE');
  });

  it.runIf(process.platform === 'linux')('refuses where the system lets nobody make a folder, and does not try for ever', () => {
    expect(prepareHome(homeIn('/proc/ccm/home'))).toMatchObject({
      ok: false,
      problem: { code: 'CCM_HOME_UNUSABLE', detail: expect.stringMatching(/^\/proc\/ccm\/home cannot be used: ENOENT/u) },
    });
  });

  it('follows a link to a folder on another disk, and leaves a linked config.toml as it is', async () => {
    const folder = await tempFolder();
    mkdirSync(join(folder, 'disk'), { mode: 0o755 });
    symlinkSync(join(folder, 'disk'), join(folder, 'home'));
    const home = homeIn(join(folder, 'home'));
    writeFileSync(join(folder, 'settings.toml'), 'port = 9001', { mode: 0o644 });
    symlinkSync(join(folder, 'settings.toml'), home.config);
    expect(prepareHome(home).ok).toBe(true);
    expect([mode(join(folder, 'disk')), mode(join(folder, 'settings.toml'))]).toEqual(['700', '644']);
    const config = loadConfig({ env: { CCM_HOME: home.root }, platform: 'linux', userHome: '/u', cwd: '/', demoCommand: ['d'] });
    expect(config.ok && config.value.port).toBe(9001);
  });
});
