/** The property list of a home: rendered from the template, read back, and held against what launchd.plist(5) allows before it is written. */
import { join } from 'node:path';
import { parse } from 'plist';
import { z } from 'zod';
import { ensureError, fail, ok, type Result } from '../../src/errors.ts';
import type { ServiceSpec } from '../../src/ports/service.ts';
import { launchdLabel } from './names.ts';
import { render } from './render.ts';

const absolute = z.string().startsWith('/').max(4096);

/** Strict: a key that we did not mean is a key that launchd would ignore in silence. */
const job = z.strictObject({
  Label: z.string().regex(/^[a-z0-9.]{1,100}$/),
  ProgramArguments: z.tuple([absolute, absolute, z.literal('up'), z.literal('--no-open')]),
  EnvironmentVariables: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).refine(({ PATH }) => PATH !== undefined),
  WorkingDirectory: absolute,
  RunAtLoad: z.literal(true),
  KeepAlive: z.literal(true),
  ThrottleInterval: z.int().min(1).max(60),
  AbandonProcessGroup: z.literal(true),
  ProcessType: z.literal('Interactive'),
  StandardOutPath: absolute,
  StandardErrorPath: absolute,
});

export const jobFile = (spec: ServiceSpec): Result<string> => {
  const env = { PATH: spec.path, ...spec.env, ...(spec.ownHome ? { CCM_HOME: spec.home } : {}) };
  const text = render('dev.ccm.daemon.plist', {
    label: launchdLabel(spec.home, spec.ownHome),
    arguments: [spec.node, spec.cli, 'up', '--no-open'].map((word) => `\t\t<string>${xml(word)}</string>`).join('\n'),
    environment: Object.entries(env)
      .map(([name, value]) => `\t\t<key>${xml(name)}</key>\n\t\t<string>${xml(value)}</string>`)
      .join('\n'),
    home: xml(spec.home),
    log: xml(join(spec.home, 'daemon.log')),
  });
  const trouble = wrongWith(text, spec);
  return trouble === null ? ok(text) : fail('CCM_SERVICE_FAILED', `The launchd file would not be valid: ${trouble}.`);
};

/** Null when it says what it should. Control characters are not XML; the reader drops or keeps them as it likes, so they are looked for first. */
export const wrongWith = (text: string, spec: Pick<ServiceSpec, 'home' | 'path'>): string | null => {
  if (/[^\P{Cc}\t\n]/u.test(text)) return 'it contains a control character';
  try {
    const read = job.parse(parse(text));
    if (read.WorkingDirectory !== spec.home || read.EnvironmentVariables['PATH'] !== spec.path)
      return 'it reads differently from what was meant';
    return null;
  } catch (thrown) {
    return ensureError(thrown).message.replaceAll(/\s+/g, ' ').slice(0, 300);
  }
};

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
