/** How Claude Code is started, or continues a conversation. */
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../src/errors.ts';
import type { AgentDriver, LaunchRequest } from '../../../src/ports/agents.ts';
import { lacks } from './access.ts';
import { seed } from './seed.ts';
import { settings } from './settings.ts';

const modes = ['acceptEdits', 'auto', 'bypassPermissions', 'manual', 'dontAsk', 'plan'] as const;
type Mode = (typeof modes)[number];

/** The first alone leaves the catalogue of plugins to be fetched at every start. */
const quiet = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: '1',
  DISABLE_AUTOUPDATER: '1',
};

export const plan: AgentDriver['plan'] = (request) => {
  const { profile, permissions } = request;
  const checked = check(request);
  if (!checked.ok) return checked;
  const mode = checked.value;
  const config = join(request.memory, 'claude');
  const settingsFile = join(request.folder, 'settings.json');
  const [program, ...own] = profile.command;
  const list = (flag: string, values: readonly string[]): string[] => (values.length > 0 ? [flag, ...values] : []);
  return ok({
    argv: [
      program ?? 'claude',
      ...own,
      // Its own default lets a classifier decide.
      '--permission-mode',
      mode,
      ...(request.resume === null ? ['--session-id', request.conversation] : ['--resume', request.resume]),
      ...list('--allowedTools', permissions.allow),
      ...list('--disallowedTools', permissions.deny),
      ...permissions.addDirs.flatMap((folder) => ['--add-dir', folder]),
      // What lies in a checkout is somebody else's: its hooks, servers and settings count only where a person trusts the project.
      ...(request.trusted ? [] : ['--setting-sources', 'user']),
      // Of servers nobody else's either; the person's own stand in their own configuration.
      ...(request.trusted || request.own !== null ? [] : ['--strict-mcp-config']),
      '--settings',
      settingsFile,
    ],
    env: {
      ...(request.own === null ? { CLAUDE_CONFIG_DIR: config } : {}),
      ...(request.telemetry ? {} : quiet),
    },
    files: [
      ...(request.own === null ? [{ path: join(config, '.claude.json'), merge: seed(request) }] : []),
      { path: settingsFile, content: `${JSON.stringify(settings(request, mode), null, 1)}\n` },
    ],
    stdin: null,
  });
};

const check = ({ profile, permissions, env, own }: LaunchRequest): Result<Mode> => {
  const at = `agents.${profile.name}`;
  const wrong = (key: string, sentence: string) => fail('CCM_CONFIG_INVALID', `${at}.${key} ${sentence}`, { field: `${at}.${key}` });
  if (profile.mode !== 'interactive' || profile.prompt !== 'paste')
    return wrong(
      'mode',
      'must be "interactive" with prompt = "paste" for Claude Code: only then can it ask, be answered and be talked to.',
    );
  const asked = permissions.mode === null || permissions.mode === 'default' ? 'manual' : permissions.mode;
  const mode = modes.find((one) => one === asked);
  if (mode === undefined) return wrong('permissions.mode', `is "${asked}"; Claude Code knows ${modes.join(', ')}.`);
  const dashed = [...permissions.allow, ...permissions.deny, ...permissions.addDirs].find((one) => one.startsWith('-'));
  if (dashed !== undefined) return wrong('permissions', `holds "${dashed}", which would be read as an option.`);
  const lack = lacks(profile, env, own !== null);
  if (lack) return fail('CCM_AGENT_LACKS', `${lack.sentence} ${lack.next}`, { field: `${at}.env` });
  return ok(mode);
};
