/** The daemon as a unit of the systemd user manager. Files are ours by name; everything else is asked of `systemctl`. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { networkInterfaces, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';
import { atomicWrite } from '../../src/lib/atomic-write.ts';
import type { Service, ServiceFacts, ServiceSpec, UnitFile } from '../../src/ports/service.ts';
import { unitName } from './names.ts';
import { type Tool, toolOf } from './systemctl.ts';
import { unitFiles } from './systemd-units.ts';

export type SystemdOptions = {
  home: string;
  ownHome: boolean;
  env: Readonly<Record<string, string | undefined>>;
  /** The person's home folder. */
  userHome: string;
  tool?: Tool;
  ipv6?: boolean;
  /** Folder in which systemd remembers who lingers. */
  lingering?: string;
};

const asked = ['LoadState', 'ActiveState', 'SubState', 'MainPID', 'NRestarts', 'Result', 'StatusText', 'UnitFileState'] as const;

export const systemdService = (options: SystemdOptions): Service => {
  const { home, ownHome, env } = options;
  const tool = options.tool ?? toolOf(env);
  const config = env['XDG_CONFIG_HOME']?.startsWith('/') ? env['XDG_CONFIG_HOME'] : join(options.userHome, '.config');
  const folder = join(config, 'systemd/user');
  const name = unitName(home, ownHome);
  const units = [`${name}.socket`, `${name}.service`] as const;
  const paths = units.map((unit) => join(folder, unit));
  const user = (...args: string[]) => tool(['systemctl', '--user', ...args]);
  const hasIpv6 = options.ipv6 ?? Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

  const must = async (...args: string[]): Promise<Result<void>> => {
    const { code, stderr } = await user(...args);
    if (code === 0) return ok(undefined);
    return fail('CCM_SERVICE_FAILED', `systemctl --user ${args.join(' ')}: ${stderr || `status ${code}`}.`);
  };
  const inTurn = async (steps: ReadonlyArray<readonly string[]>): Promise<Result<void>> => {
    for (const step of steps) {
      const done = await must(...step);
      if (!done.ok) return done;
    }
    return ok(undefined);
  };
  const reachable = async (): Promise<Result<void>> => {
    const { code, stderr } = await tool(['systemctl', '--user', 'show-environment'], 5000);
    if (code === 0) return ok(undefined);
    return fail('CCM_SERVICE_UNAVAILABLE', `The systemd user manager does not answer: ${stderr || `status ${code}`}.`);
  };

  /** The door first: a daemon that finds it open inherits it. `restart`, so that a renewed file counts at once. */
  const after = [['daemon-reload'], ['enable', ...units], ['restart', units[0]], ['restart', units[1]]] as const;

  const plan = (spec: ServiceSpec) => {
    const files = unitFiles(spec, folder, hasIpv6);
    if (!files.ok) return files;
    const commands = after.map((step) => `systemctl --user ${step.join(' ')}`);
    return ok({ name, files: files.value, commands, enabled: enabledWords(lingers(options)) });
  };

  const installed = () => paths.filter((path) => existsSync(path));

  return {
    installed,
    plan,
    install: async (spec) => {
      const planned = plan(spec);
      if (!planned.ok) return planned;
      const there = await reachable();
      if (!there.ok) return there;
      const written = await writeAll(planned.value.files);
      if (!written.ok) return written;
      // The door is renewed while nobody stands in it: a running daemon keeps the old one.
      await user('stop', ...units);
      await user('reset-failed', ...units);
      const started = await inTurn(after);
      return started.ok ? planned : started;
    },
    uninstall: async () => {
      const found = installed();
      if (found.length === 0) return ok([]);
      const there = await reachable();
      if (!there.ok) return there;
      const stopped = await inTurn([
        ['disable', ...units],
        ['stop', ...units],
      ]);
      if (!stopped.ok) return stopped;
      for (const path of found) await rm(path, { force: true });
      const forgotten = await must('daemon-reload');
      await user('reset-failed', ...units); // Nothing has failed, mostly: then it complains.
      return forgotten.ok ? ok(found) : forgotten;
    },
    facts: async (spec) => {
      const there = await reachable();
      if (!there.ok) return there;
      const { stdout } = await user('show', units[1], `--property=${asked.join(',')}`);
      const files = installed();
      const planned = spec ? plan(spec) : null;
      return ok({
        ...readShow(stdout),
        manager: 'systemd',
        name: units[1],
        installed: files.length > 0,
        linger: lingers(options),
        files,
        outdated: files.length > 0 && planned?.ok === true && planned.value.files.some((file) => !holds(file)),
      });
    },
    start: () =>
      inTurn([
        ['start', units[0]],
        ['start', units[1]],
      ]),
    restart: () => must('restart', units[1]),
    stop: () => must('stop', ...units),
  };
};

const enabledWords = (linger: boolean | null): string =>
  linger === false
    ? 'It starts when you log in and ends when you log out. From boot on, and after a logout: `loginctl enable-linger`.'
    : 'It starts at boot.';

/** Null when systemd keeps no such list here. */
const lingers = ({ lingering = '/var/lib/systemd/linger' }: SystemdOptions): boolean | null => {
  if (!existsSync(dirname(lingering))) return null;
  return existsSync(join(lingering, userInfo().username));
};

const holds = ({ path, text }: UnitFile): boolean => {
  try {
    return readFileSync(path, 'utf8') === text;
  } catch {
    return false; // Missing or unreadable: not what it should be.
  }
};

const writeAll = async (files: readonly UnitFile[]): Promise<Result<void>> => {
  for (const { path, text } of files) {
    try {
      await mkdir(dirname(path), { recursive: true });
    } catch (thrown) {
      return fail('CCM_SERVICE_FAILED', `${dirname(path)} cannot be made: ${ensureError(thrown).message}.`);
    }
    const written = await atomicWrite(path, text, { mode: 0o644 });
    if (!written.ok) return written;
  }
  return ok(undefined);
};

type Shown = Pick<ServiceFacts, 'enabled' | 'state' | 'pid' | 'restarts' | 'says'>;

/** The answer of `systemctl show`: `Name=value` lines. */
export const readShow = (text: string): Shown => {
  const values = new Map(text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const));
  const get = (key: (typeof asked)[number]): string => values.get(key) ?? '';
  const failed = get('Result') !== '' && get('Result') !== 'success';
  const said = get('StatusText');
  return {
    enabled: get('UnitFileState') === '' ? null : get('UnitFileState') === 'enabled',
    state: get('LoadState') === 'not-found' ? 'not installed' : [get('ActiveState'), get('SubState')].filter(Boolean).join(' '),
    pid: Number(get('MainPID')) || null,
    restarts: get('NRestarts') === '' ? null : Number(get('NRestarts')),
    says: failed ? `ended by ${get('Result')}` : said === '' ? null : said,
  };
};
