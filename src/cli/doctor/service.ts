/** The service, where one is installed: runs, starts at boot, finds the programs, is what this version would write. */
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { runProcess } from '../../lib/run-process.ts';
import type { Service, ServiceFacts, ServiceSpec } from '../../ports/service.ts';
import type { Cli } from '../cli.ts';
import { openService } from '../service.ts';
import { broken, type Check, fine, odd } from './check.ts';

export const serviceChecks = async (cli: Cli, { fix }: { fix: boolean }): Promise<Check[]> => {
  if (cli.platform !== 'linux' && cli.platform !== 'darwin') return [];
  const { service, spec } = await openService(cli);
  if (service.installed().length === 0)
    return [fine('service', 'not installed: `ccm up` starts the daemon by hand, `ccm service install` at boot')];
  const planned = await spec();
  const wanted = planned.ok ? planned.value : undefined;
  const facts = await service.facts(wanted);
  if (!facts.ok) return [odd('service', facts.problem.detail, 'Log in as this user, not by su or sudo.')];
  const checks = [
    running(facts.value),
    ...(facts.value.enabled === false ? [odd('boot', 'It does not start by itself.', again)] : []),
    ...(facts.value.linger === false ? [await linger(cli, fix)] : []),
    ...(wanted ? [paths(service, wanted)] : []),
    ...(facts.value.outdated ? [odd('units', 'They are not what an install would write now.', again)] : []),
  ];
  if (!fix || !wanted || !checks.some(({ next }) => next === again)) return checks;
  // The daemon starts anew, its agents go on.
  const done = await service.install(wanted);
  return [
    ...checks.filter(({ next }) => next !== again),
    done.ok ? fine('units', 'written anew') : odd('units', done.problem.detail, again),
  ];
};

const again = '`ccm doctor --fix` or `ccm service install` writes it anew; agents go on.';

const running = ({ name, state, pid, says }: ServiceFacts): Check =>
  pid === null
    ? broken('service', `${name} does not run (${[state, says].filter(Boolean).join(', ')}).`, 'Start it with `ccm up`.')
    : fine('service', `${name}: ${state}`);

const linger = async (cli: Cli, fix: boolean): Promise<Check> => {
  const next = '`ccm doctor --fix` or `loginctl enable-linger` keeps them, from boot on.';
  if (!fix) return odd('linger', 'Daemon and agents end when you log out.', next);
  const { code, stderr } = await runProcess({ argv: ['loginctl', 'enable-linger'], cwd: '/', env: cli.env, timeoutMs: 10_000 });
  return code === 0
    ? fine('linger', 'switched on: daemon and agents stay when you log out')
    : odd('linger', `It could not be switched on${stderr ? `: ${stderr.trim().slice(0, 200)}` : ''}.`, 'Ask an administrator.');
};

/** Agents find their programs by the PATH that was captured at the install. */
const paths = (service: Service, wanted: ServiceSpec): Check => {
  const captured = service.installed().flatMap(capturedIn);
  const missing = wanted.path.split(delimiter).filter((folder) => !captured.includes(folder));
  if (missing.length === 0) return fine('path', `${captured.length} folders captured, as your login has them`);
  return odd('path', `Your PATH has since got ${missing.join(', ')}: agents do not look there.`, again);
};

/** Of a systemd unit or a launchd file. Empty for a file that says none. */
export const capturedIn = (file: string): string[] => {
  try {
    const text = readFileSync(file, 'utf8');
    const found = /^Environment="?PATH=([^"\n]*)/m.exec(text) ?? /<key>PATH<\/key>\s*<string>([^<]*)</.exec(text);
    return (found?.[1] ?? '').replaceAll('%%', '%').split(delimiter).filter(Boolean);
  } catch {
    return []; // Unreadable: `units` tells of it.
  }
};
