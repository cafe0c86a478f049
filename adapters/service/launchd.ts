/**
 * The daemon as a launchd agent. Written from launchd.plist(5) and launchctl(1), its file checked against a schema of our own; it was never
 * run on a Mac by us. launchd hands no socket over to programs that do not link its library, so the door is closed for the moment of a
 * restart (hooks spool meanwhile), and it knows no watchdog.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';
import { atomicWrite } from '../../src/lib/atomic-write.ts';
import type { Service, ServicePlan, ServiceSpec } from '../../src/ports/service.ts';
import { jobFile } from './launchd-file.ts';
import { launchdLabel } from './names.ts';
import { type Tool, toolOf } from './systemctl.ts';

export type LaunchdOptions = {
  home: string;
  ownHome: boolean;
  env: Readonly<Record<string, string | undefined>>;
  userHome: string;
  tool?: Tool;
};

export const launchdService = (options: LaunchdOptions): Service => {
  const { home, ownHome, userHome } = options;
  const tool = options.tool ?? toolOf(options.env);
  const label = launchdLabel(home, ownHome);
  const path = join(userHome, 'Library/LaunchAgents', `${label}.plist`);
  const domain = `gui/${process.getuid?.() ?? 0}`;
  const target = `${domain}/${label}`;
  const launchctl = (...args: string[]) => tool(['launchctl', ...args], 30_000);
  const must = async (...args: string[]): Promise<Result<void>> => {
    const { code, stderr } = await launchctl(...args);
    return code === 0 ? ok(undefined) : fail('CCM_SERVICE_FAILED', `launchctl ${args.join(' ')}: ${stderr || `status ${code}`}.`);
  };

  const plan = (spec: ServiceSpec): Result<ServicePlan> => {
    const text = jobFile(spec);
    if (!text.ok) return text;
    const commands = [`launchctl bootout ${target}`, `launchctl bootstrap ${domain} ${path}`];
    return ok({ name: label, files: [{ path, text: text.value }], commands, enabled: 'It starts when you log in. (Untested on macOS.)' });
  };

  return {
    installed: () => (existsSync(path) ? [path] : []),
    plan,
    install: async (spec) => {
      const planned = plan(spec);
      if (!planned.ok) return planned;
      try {
        await mkdir(dirname(path), { recursive: true });
      } catch (thrown) {
        return fail('CCM_SERVICE_FAILED', `${dirname(path)} cannot be made: ${ensureError(thrown).message}.`);
      }
      for (const file of planned.value.files) {
        const written = await atomicWrite(file.path, file.text, { mode: 0o600 });
        if (!written.ok) return written;
      }
      await launchctl('bootout', target); // Not loaded before, mostly.
      const loaded = await must('bootstrap', domain, path);
      return loaded.ok ? planned : loaded;
    },
    uninstall: async () => {
      if (!existsSync(path)) return ok([]);
      await launchctl('bootout', target); // Not loaded: then only its file is left.
      await rm(path, { force: true });
      return ok([path]);
    },
    facts: async (spec) => {
      const { code, stdout } = await launchctl('print', target);
      const installed = existsSync(path);
      const planned = spec ? plan(spec) : null;
      const wanted = planned?.ok ? planned.value.files[0]?.text : undefined;
      return ok({
        manager: 'launchd',
        name: label,
        installed,
        enabled: installed,
        state: code === 0 ? (/^\s*state = (.+)$/m.exec(stdout)?.[1] ?? 'loaded') : 'not loaded',
        pid: Number(/^\s*pid = (\d+)$/m.exec(stdout)?.[1]) || null,
        restarts: null,
        says: null,
        linger: null,
        files: installed ? [path] : [],
        outdated: installed && wanted !== undefined && readFileSync(path, 'utf8') !== wanted,
      });
    },
    start: () => must('bootstrap', domain, path),
    restart: () => must('kickstart', '-k', target),
    stop: () => must('bootout', target),
  };
};
