import { describe, expect, it } from 'vitest';
import { resolveHome } from '../../src/config/home.ts';
import { configTemplate } from '../../src/config/template.ts';
import { configOf } from '../../src/config.ts';

const read = (source: string, env: Record<string, string> = {}) => {
  const home = resolveHome({ env: { CCM_HOME: '/h' }, platform: 'linux', userHome: '/u', cwd: '/' });
  if (!home.ok) throw new Error(home.problem.detail);
  return configOf(source, home.value, { env, demoCommand: ['demo-agent'] });
};
const valid = (source: string, env?: Record<string, string>) => {
  const result = read(source, env);
  if (!result.ok) throw new Error(result.problem.detail);
  return result.value;
};
const refusal = (source: string, env?: Record<string, string>): string => {
  const result = read(source, env);
  return result.ok ? 'accepted' : result.problem.detail;
};

describe('config.toml: a mistake names file, line, key and what was meant', () => {
  it.each([
    ['\n\nprot = 1', '/h/config.toml:3: unknown key "prot" at the top; did you mean "port"?'],
    [
      'zzz = 1',
      '/h/config.toml:1: unknown key "zzz" at the top; known here are "port", "concurrency", "spacing", "allowed_hosts", "default_agent", "policy", "approval_expiry", "prices", "budget", "sync", "journal_age", "secrets", "agents".',
    ],
    ['port = 99999', '/h/config.toml:1: port is 99999, but must be at most 65535.'],
    ['port = "x"', '/h/config.toml:1: port is "x", but must be a number.'],
    ['concurrency = 2.5', '/h/config.toml:1: concurrency is 2.5, but must be a whole number.'],
    ['[agents.shop]\n# a note\ncomand = ["a"]', '/h/config.toml:3: unknown key "comand" in [agents.shop]; did you mean "command"?'],
    [
      '[agents.shop]\nkind = "cladue"',
      '/h/config.toml:2: agents.shop.kind is "cladue", but must be one of "claude", "gemini", "codex", "custom", "demo"; did you mean "claude"?',
    ],
    [
      'port = 1\n[agents.shop]\nkind = "custom"',
      '/h/config.toml:2: [agents.shop] is of kind "custom" and needs a command, such as ["my-agent"].',
    ],
    ['a = [\n', '/h/config.toml:2: this is not TOML: invalid value.'],
    ['spacing = "soon"', '/h/config.toml:1: spacing is "soon", but must be a duration from 0 to 1h, such as "30s" or "10m".'],
    ['spacing = 5', '/h/config.toml:1: spacing is 5, but must be a duration such as "30s" or "10m".'],
    ['default_agent = "cluade"', '/h/config.toml:1: default_agent is "cluade", which is no agent; did you mean "claude"?'],
    [
      '[agents.a]\ncommand = ["x"]\nready = "("',
      '/h/config.toml:3: agents.a.ready is "(", which is not a regular expression: Invalid regular expression: /(/u: Unterminated group.',
    ],
    [
      '[agents.a]\ncommand = ["x"]\n[agents.a.permissions]\nalow = []',
      '/h/config.toml:4: unknown key "alow" in [agents.a.permissions]; did you mean "allow"?',
    ],
    ['concurrency = 0\nfoo = 1', '/h/config.toml:1: concurrency is 0, but must be at least 1. (and 1 more)'],
    [
      '[agents.a]\nenv = { KEY = "{secret:Not A Name}" }',
      '/h/config.toml:2: agents.a.env.KEY is "…", but must name a secret as {secret:NAME} (small letters, digits, ".", "_" and "-").',
    ],
    ['[agents.a]\ncommand = ["x\\u0000"]', '/h/config.toml:2: agents.a.command.0 is "x\\u0000", but must not contain a NUL character.'],
  ])('%j', (source, sentence) => {
    expect(refusal(source)).toBe(sentence);
  });

  it('points behind texts and arrays over several lines', () => {
    const source = [
      '[agents.a]',
      'command = [',
      '  "kind = x",',
      '  "[agents.b]"',
      ']',
      'ready = """',
      'busy = 1',
      '"""',
      'bsy = "x"',
    ].join('\n');
    expect(refusal(source)).toBe('/h/config.toml:9: unknown key "bsy" in [agents.a]; did you mean "busy"?');
  });

  it('keeps values of env out of its sentences', () => {
    const told = refusal('[agents.a]\ncommand = ["x"]\nenv = { TOKEN = 4711 }');
    expect(told).toContain('agents.a.env.TOKEN');
    expect(told).not.toContain('4711');
  });

  it('names CCM_PORT when that is what is wrong', () => {
    expect(refusal('', { CCM_PORT: 'web' })).toBe('CCM_PORT is "web", but must be a port from 1 to 65535.');
  });
});

describe('what config.toml means', () => {
  it('has defaults for everything', () => {
    const config = valid('');
    expect([config.port, config.concurrency, config.spacingMs, config.allowedHosts, config.defaultAgent]).toEqual([8765, 4, 500, [], null]);
    expect(config.profiles.map(({ name }) => name)).toEqual(['claude', 'codex', 'gemini', 'demo']);
    expect(config.profile('demo')?.command).toEqual(['demo-agent']);
  });

  it('lets CCM_PORT go before the file', () => {
    expect(valid('port = 9000', { CCM_PORT: '9100' }).port).toBe(9100);
    expect(valid('port = 9000', { CCM_PORT: '' }).port).toBe(9000);
  });

  it('keeps the order of the file, and secrets out of the profile', () => {
    const config = valid('[agents.zeta]\ncommand = ["z"]\nenv = { KEY = "secret" }\n[agents.claude]\nidle_timeout = "2m"');
    expect(config.profiles.map(({ name }) => name)).toEqual(['zeta', 'claude', 'codex', 'gemini', 'demo']);
    expect(config.profile('claude')).toMatchObject({ kind: 'claude', command: ['claude'], idleMs: 120_000, resumable: true });
    expect(config.profile('zeta')?.envNames).toEqual(['KEY']);
    expect(JSON.stringify(config.profiles)).not.toContain('secret');
    expect(config.profileEnv('zeta')).toEqual({ KEY: 'secret' });
    expect(config.profileEnv('nobody')).toEqual({});
  });

  it('puts the prompt where {prompt} stands, and never pastes into a oneshot', () => {
    const config = valid(
      '[agents.a]\ncommand = ["x", "{prompt}"]\n[agents.b]\ncommand = ["x"]\nmode = "oneshot"\n[agents.c]\ncommand = ["x"]',
    );
    expect(['a', 'b', 'c'].map((name) => config.profile(name)?.prompt)).toEqual(['argument', 'argument', 'paste']);
  });

  it('is frozen all the way down', () => {
    const config = valid('[agents.a]\ncommand = ["x"]');
    expect(Object.isFrozen(config) && Object.isFrozen(config.home) && Object.isFrozen(config.profiles[0]?.command)).toBe(true);
  });

  it('writes a template that is valid, both as it is and with every line switched on', () => {
    expect(valid(configTemplate).port).toBe(8765);
    const on = configTemplate.replaceAll(/^# (\[|[a-z_]+ = )/gm, '$1');
    expect(valid(on).profiles.map(({ name }) => name)).toEqual(['claude', 'tests', 'mine', 'codex', 'gemini', 'demo']);
  });
});
