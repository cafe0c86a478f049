import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'plist';
import { expect, it, onTestFinished } from 'vitest';
import { inheritedSockets } from '../../../adapters/service/inherited.ts';
import { jobFile, wrongWith } from '../../../adapters/service/launchd-file.ts';
import { mergePaths } from '../../../adapters/service/login-path.ts';
import { render } from '../../../adapters/service/render.ts';
import { unitFiles } from '../../../adapters/service/systemd-units.ts';
import { runProcess } from '../../../src/lib/run-process.ts';
import type { ServiceSpec } from '../../../src/ports/service.ts';

const spec = (more: Partial<ServiceSpec> = {}): ServiceSpec => ({
  home: '/home/me/.local/share/ccm-orchestrator',
  ownHome: false,
  node: '/opt/node/bin/node',
  cli: '/opt/lib/node_modules/ccm-orchestrator/dist/src/cli/main.js',
  port: 8765,
  path: '/home/me/bin:/usr/bin',
  env: { LANG: 'C.UTF-8' },
  ...more,
});
const units = (one: ServiceSpec, ipv6 = true) => {
  const made = unitFiles(one, '/home/me/.config/systemd/user', ipv6);
  if (!made.ok) throw new Error(made.problem.detail);
  return made.value;
};
/** A name that means something to systemd, to sh and to XML. */
const hostile = '/home/me/a b"c%h$HOME\\d<e>&\'f';

it('renders a service and its socket, named after the home where it is not the usual one', () => {
  const [service, socket] = units(spec());
  expect(service?.path).toBe('/home/me/.config/systemd/user/ccm.service');
  expect(service?.text).toContain(
    'ExecStart="/opt/node/bin/node" "/opt/lib/node_modules/ccm-orchestrator/dist/src/cli/main.js" "up" "--no-open"\n',
  );
  expect(service?.text).toContain('Environment="PATH=/home/me/bin:/usr/bin"\n');
  expect(service?.text).not.toContain('CCM_HOME');
  expect(socket?.text).toContain('ListenStream=127.0.0.1:8765\nListenStream=[::1]:8765\n');
  expect(units(spec(), false)[1]?.text).not.toContain('::1');
  const [other] = units(spec({ home: '/srv/ccm', ownHome: true }));
  expect(other?.path).toMatch(/\/ccm-[0-9a-f]{12}\.service$/);
  expect(other?.text).toContain('Environment="CCM_HOME=/srv/ccm"\n');
});

it('quotes what systemd would read as a specifier, a variable or the end of a word, and refuses what it cannot hold', async () => {
  const [service] = units(spec({ node: hostile, home: hostile, ownHome: true }));
  expect(service?.text).toContain('ExecStart="/home/me/a b\\"c%%h$$HOME\\\\d<e>&\'f" ');
  expect(service?.text).toContain('Environment="CCM_HOME=/home/me/a b\\"c%%h$HOME\\\\d<e>&\'f"');
  for (const text of ['/a\nExecStartPre=/bin/rm', '/a\u0000b', '/a\u007fb']) {
    expect(unitFiles(spec({ home: text }), '/u', true)).toMatchObject({ ok: false, problem: { code: 'CCM_SERVICE_FAILED' } });
    expect(unitFiles(spec({ env: { LANG: text } }), '/u', true)).toMatchObject({ ok: false });
  }
});

it('sets nothing that agents would inherit: no filter, no lost privileges, no mask', () => {
  // Shown in a real systemd by the campaign `service`: a window started through the scope inherits each of them.
  const [service] = units(spec());
  expect(service?.text).not.toMatch(
    /^(?:NoNewPrivileges|Restrict\w+|SystemCall\w+|LockPersonality|MemoryDenyWriteExecute|UMask|Protect\w+|Private\w+)=/m,
  );
});

it('writes a launchd file that says what was meant, also with hostile paths', () => {
  const one = spec({ home: hostile, ownHome: true, env: { LANG: hostile } });
  const made = jobFile(one);
  expect(made).toMatchObject({ ok: true });
  expect(made.ok && parse(made.value)).toMatchObject({
    ProgramArguments: [one.node, one.cli, 'up', '--no-open'],
    EnvironmentVariables: { PATH: one.path, LANG: hostile, CCM_HOME: hostile },
    WorkingDirectory: hostile,
    KeepAlive: true,
  });
});

it('refuses a launchd file that is not what launchd would take', () => {
  const made = jobFile(spec());
  if (!made.ok) throw new Error(made.problem.detail);
  expect(wrongWith(made.value, spec())).toBeNull();
  expect(wrongWith(made.value.replace('<key>Label</key>', '<key>Lable</key>'), spec())).toMatch(/Label/);
  expect(wrongWith(made.value.replace('<integer>1</integer>', '<string>1</string>'), spec())).toMatch(/ThrottleInterval/);
  expect(wrongWith(made.value.replace('</dict>', ''), spec())).not.toBeNull();
  expect(wrongWith(made.value, spec({ path: '/elsewhere' }))).toMatch(/differently/);
  expect(jobFile(spec({ home: '/a\u0001b' }))).toMatchObject({ ok: false });
});

it('fills every place of a template and no other', () => {
  expect(() => render('ccm.socket', { name: 'ccm' })).toThrow('{{listen}}');
  expect(() => render('ccm.socket', { name: 'ccm', listen: '', more: '' })).toThrow('more');
});

it('takes over sockets only when they were meant for this process', () => {
  expect(inheritedSockets({ LISTEN_PID: '7', LISTEN_FDS: '2' }, 7)).toEqual([3, 4]);
  expect(inheritedSockets({ LISTEN_PID: '7', LISTEN_FDS: '2' }, 8)).toEqual([]);
  for (const LISTEN_FDS of ['', '0', '-1', '2.5', '900', 'x']) expect(inheritedSockets({ LISTEN_PID: '7', LISTEN_FDS }, 7)).toEqual([]);
});

it('keeps PATH in the order of its first mention, without places that move', () => {
  expect(mergePaths('/a:.:/b', '/b:/c:', 'bin:/a')).toBe('/a:/b:/c');
});

it('systemd itself finds nothing to say about the units', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ccm-units-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = units(spec({ home: folder, node: process.execPath, cli: import.meta.filename }));
  for (const { path, text } of files) writeFileSync(join(folder, path.slice(path.lastIndexOf('/') + 1)), text);
  const env = { PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: folder, SYSTEMD_LOG_LEVEL: 'warning', LC_ALL: 'C' };
  const ran = await runProcess({
    argv: ['systemd-analyze', '--user', 'verify', join(folder, 'ccm.service'), join(folder, 'ccm.socket')],
    cwd: '/',
    env,
    timeoutMs: 20_000,
  });
  // Without systemd there is nobody to ask.
  if (ran.failure === 'ENOENT') return;
  expect(ran.stderr).toBe('');
});
