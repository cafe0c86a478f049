/** How Codex is started, or continues a conversation. */
import { join } from 'node:path';
import { fail, ok, type Result } from '../../../src/errors.ts';
import type { AgentDriver, LaunchRequest, PlanFile } from '../../../src/ports/agents.ts';
import { configToml, KEY } from './config.ts';
import { hooksJson } from './hooks.ts';
import { ownFilesOf } from './own.ts';

const sandboxes = ['read-only', 'workspace-write', 'danger-full-access'] as const;
const approvals = ['on-request', 'never'] as const;
type Limits = { sandbox: (typeof sandboxes)[number]; approval: (typeof approvals)[number] };

export const codexHome = (memory: string): string => join(memory, 'codex');
/** Apart from the private one: what is linked there must not be found by a start that shall not use it. */
export const ownCodexHome = (memory: string): string => join(memory, 'own', 'codex');

export const plan: AgentDriver['plan'] = (request) => {
  const { profile, permissions } = request;
  const checked = check(request);
  if (!checked.ok) return checked;
  const { sandbox, approval } = checked.value;
  const home = request.own === null ? codexHome(request.memory) : ownCodexHome(request.memory);
  const configured = request.own === null ? ok({ files: privateFiles(home, request), flags: [] }) : ownFilesOf(home, request.own, request);
  if (!configured.ok) return configured;
  const [program, ...own] = profile.command;
  return ok({
    argv: [
      program ?? 'codex',
      ...own,
      ...(request.resume === null ? [] : ['resume']),
      ...configured.value.flags,
      // Its history stays in the terminal's scrollback, and it is a program of its own: no server shared with other sessions.
      '--no-alt-screen',
      '--no-daemon',
      // Never left to a default.
      '--sandbox',
      sandbox,
      '--ask-for-approval',
      approval,
      ...permissions.addDirs.flatMap((folder) => ['--add-dir', folder]),
      ...(request.resume === null ? [] : [request.resume]),
    ],
    env: { CODEX_HOME: home },
    files: configured.value.files,
    stdin: null,
  });
};

const privateFiles = (home: string, request: LaunchRequest): PlanFile[] => {
  const hooksFile = join(home, 'hooks.json');
  return [
    { path: hooksFile, content: hooksJson(request) },
    { path: join(home, 'config.toml'), content: configToml(request, hooksFile) },
  ];
};

/** `read-only`, `never`, or both: `read-only never`. */
const limitsIn = (mode: string | null): Limits | null => {
  const words = (mode ?? 'default').split(/[\s,]+/u).filter((word) => word !== '' && word !== 'default');
  const sandbox = sandboxes.find((one) => words.includes(one));
  const approval = approvals.find((one) => words.includes(one));
  if (words.length !== [sandbox, approval].filter((one) => one !== undefined).length) return null;
  return { sandbox: sandbox ?? 'workspace-write', approval: approval ?? 'on-request' };
};

const check = ({ profile, permissions, env, own }: LaunchRequest): Result<Limits> => {
  const at = `agents.${profile.name}`;
  const wrong = (key: string, sentence: string) => fail('CCM_CONFIG_INVALID', `${at}.${key} ${sentence}`, { field: `${at}.${key}` });
  if (profile.mode !== 'interactive' || profile.prompt !== 'paste')
    return wrong('mode', 'must be "interactive" with prompt = "paste" for Codex: only then can it ask, be answered and be talked to.');
  const limits = limitsIn(permissions.mode);
  if (limits === null)
    return wrong(
      'permissions.mode',
      `is "${permissions.mode}"; Codex knows ${sandboxes.join(', ')}, and beside one of them ${approvals.join(' or ')}.`,
    );
  const dashed = permissions.addDirs.find((one) => one.startsWith('-'));
  if (dashed !== undefined) return wrong('permissions', `holds "${dashed}", which would be read as an option.`);
  if (env['CODEX_HOME'])
    return wrong('env', 'sets CODEX_HOME. Each conversation has a private one: without it nothing would be heard of the program.');
  const lack = lacks(profile, env, own !== null);
  return lack ? fail('CCM_AGENT_LACKS', `${lack.sentence} ${lack.next}`, { field: `${at}.env` }) : ok(limits);
};

/** What a person stores once for all profiles of this kind. */
export const accessSecrets = { OPENAI_API_KEY: 'openai-api-key' };

export const lacks: NonNullable<AgentDriver['lacks']> = ({ name, command }, env, own) => {
  // Whoever names a provider on the command line knows where its key comes from; a login of their own is looked for at the start.
  if (own || env[KEY] || command.some((word) => word.includes('model_provider'))) return null;
  return {
    sentence: 'Codex has no way to reach a model.',
    next: `Run \`ccm secret set ${accessSecrets.OPENAI_API_KEY}\`, or set ${KEY} in the env of [agents.${name}].`,
  };
};
