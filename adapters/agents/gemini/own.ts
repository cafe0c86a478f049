/**
 * The person's own configuration of Gemini CLI, used without being touched: a home of the conversation's in which all of theirs is linked, but what
 * the program writes by itself. Hooks of an untrusted folder's settings are not run by it, those of an extension are: ours is laid beside theirs.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { fail, ok, type Result } from '../../../src/errors.ts';
import { mergeJson } from '../../../src/lib/merge-json.ts';
import type { Json, LaunchRequest, PlanFile } from '../../../src/ports/agents.ts';
import { authOf } from './access.ts';
import { forcedSettings, hookFiles, trustFile } from './settings.ts';

const settingsOf = (own: string): string => join(own, '.gemini/settings.json');

/** Read before a start. */
export const ownFiles = (own: string): readonly string[] => [settingsOf(own)];

/** What the program writes: state, talks, and answers to questions it asked here. */
const notLinked = [
  'settings.json',
  'trustedFolders.json',
  'extensions',
  'tmp',
  'history',
  'projects.json',
  'state.json',
  'acknowledgments',
  String.raw`trusted_hooks\.json`,
  'policy_integrity.json',
  'extension_integrity.json',
  String.raw`settings\.json\..*`,
];
const linked = new RegExp(`^(?!(?:${notLinked.join('|')})$)`, 'u');

const known = z.looseObject({ hooksConfig: z.looseObject({ enabled: z.boolean().optional() }).optional() });

/** Comments are allowed there, and nothing else that JSON does not know. */
const parse = (path: string, text: string | undefined): Result<{ readonly [key: string]: Json }> => {
  try {
    const bare = (text ?? '{}').replaceAll(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//gu, (part) => (part.startsWith('"') ? part : ''));
    return ok(z.record(z.string(), z.json()).parse(JSON.parse(bare)));
  } catch {
    return fail('CCM_CONFIG_INVALID', `${path} cannot be read as settings of Gemini CLI. Mend it, or take \`config = "own"\` away.`);
  }
};

/** `home`: the folder that stands in for the person's home. `CCM_CONFIG_INVALID` for settings with which the program could not be followed. */
export const ownFilesOf = (home: string, own: string, request: LaunchRequest): Result<PlanFile[]> => {
  const theirs = parse(settingsOf(own), request.theirs[settingsOf(own)]);
  if (!theirs.ok) return theirs;
  if (known.safeParse(theirs.value).data?.hooksConfig?.enabled === false)
    return fail('CCM_CONFIG_INVALID', `${settingsOf(own)} switches hooks off: nothing would be heard of Gemini CLI then.`);
  const settings = mergeJson(theirs.value, forcedSettings(authOf(request.env), request.telemetry));
  const inside = (...path: string[]): string => join(home, '.gemini', ...path);
  return ok([
    { path: home, mirrors: own, names: /^\.(?:agents|env)$/u },
    { path: inside(), mirrors: join(own, '.gemini'), names: linked },
    { path: inside('extensions'), mirrors: join(own, '.gemini/extensions'), names: /^(?!ccm$)/u },
    { path: inside('settings.json'), content: `${JSON.stringify(settings, null, 1)}\n` },
    { path: inside('trustedFolders.json'), content: `${JSON.stringify(trustFile(request), null, 1)}\n` },
    ...hookFiles(home, request),
  ]);
};
