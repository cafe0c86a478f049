/** What every {@link AgentDriver} keeps to, whatever program it drives. */
import { isAbsolute, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Profile } from '../../machines/effects.ts';
import type { AgentDriver, LaunchRequest } from '../../src/ports/agents.ts';

export type DriverCase = {
  driver: AgentDriver;
  /** A profile of this kind that works, for each mode it can have. */
  profiles: readonly Profile[];
  /** Undoes what this program's box needs a text to be written like. */
  asTyped?: (fed: string) => string;
};

const folder = '/home/somebody/.ccm/launches/agent-1';
const memory = '/home/somebody/.ccm/conversations/01890a5d';
export const requestOf = (profile: Profile, changes: Partial<LaunchRequest> = {}): LaunchRequest => ({
  agent: 'agent',
  task: 'task',
  project: 'project',
  title: 'A title',
  launch: 1,
  profile,
  workspace: { dir: '/home/somebody/project', worktree: null, branch: null, base: null, notes: [] },
  prompt: 'Do it',
  resume: null,
  conversation: '01890a5d-ac96-774b-bcce-b302099a8057',
  folder,
  memory,
  realDir: '/home/somebody/project',
  permissions: { mode: null, allow: [], deny: [], addDirs: [] },
  own: null,
  telemetry: false,
  theirs: {},
  env: { ANTHROPIC_API_KEY: 'sk-a-secret-of-the-profile-0123456789', OPENAI_API_KEY: 'sk-a-secret-of-the-profile-9876543210' },
  trusted: false,
  hooks: { url: 'http://127.0.0.1:8765/api/v1/hooks', command: "'/home/somebody/.ccm/bin/ccm' hook" },
  ...changes,
});

/** What a prompt may hold. */
export const hostilePrompts: Readonly<Record<string, string>> = {
  quotes: `"double" 'single' \`backtick\``,
  'command substitution': '$(touch /tmp/hacked) ${HOME} `id`',
  separators: 'a; rm -rf ~ && b | c > d &',
  'tmux formats': '#{pane_pid} #(id) #[fg=red] %1 @2',
  'a leading dash': '--dangerously-do-anything',
  'a single dash': '-',
  'placeholders of ours': '{prompt} {prompt_file} {conversation}',
  'replacement patterns': '$& $1 $$ $<name>',
  'escape sequences': '\u001b]0;title\u0007\u001b[31mred\u001b[201~after',
  emoji: '👩‍👩‍👧‍👦 🦊',
  'right to left': 'שלום \u202eevil',
  lines: 'one\ntwo\r\nthree\n\n',
  blanks: '  \t ',
};

export const agentDriverContract = (name: string, { driver, profiles, asTyped = (fed) => fed }: DriverCase): void => {
  describe.each(profiles.map((profile) => [`${name}, ${profile.mode} by ${profile.prompt}`, profile] as const))(
    'the driver contract: %s',
    (_, profile) => {
      const plan = (changes: Partial<LaunchRequest> = {}) => {
        const made = driver.plan(requestOf(profile, changes));
        if (!made.ok) throw new Error(made.problem.detail);
        return made.value;
      };

      test('a plan names a program, and files of its own only', () => {
        const { argv, files } = plan();
        expect(argv[0]).toBeTruthy();
        for (const { path } of files) {
          expect(isAbsolute(path)).toBe(true);
          expect(
            [folder, memory].some((own) => path.startsWith(join(own, '/'))),
            `${path} is in no folder of its own`,
          ).toBe(true);
        }
      });

      test('planning twice plans the same: nothing is done, nothing is remembered', () => {
        expect(plan()).toEqual(plan());
      });

      test('a null prompt leaves no placeholder behind', () => {
        expect(plan({ prompt: null }).argv.join(' ')).not.toMatch(/\{prompt/u);
      });

      test.each(Object.entries(hostilePrompts))('a prompt of %s goes in one way, whole', (_name, prompt) => {
        const { argv, stdin, files } = plan({ prompt });
        const fed = driver.feed(profile, prompt);
        const ways = [
          argv.includes(prompt) || argv.includes(` ${prompt}`),
          stdin === prompt,
          files.some((file) => 'content' in file && file.content === prompt),
          // Pasted when it runs.
          profile.prompt === 'paste' && fed.ok && asTyped(fed.value.text).includes(prompt),
        ];
        expect(ways.filter(Boolean).length).toBe(1);
        expect(argv.slice(1).some((word) => word === prompt && prompt.startsWith('-') && !argv.includes('--'))).toBe(false);
      });

      test('a megabyte never stands in an argument or in the environment', () => {
        const prompt = 'x'.repeat(1024 * 1024);
        const { argv, env, stdin, files } = plan({ prompt });
        for (const text of [...argv, ...Object.values(env)]) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(64 * 1024);
        const pasted = profile.prompt === 'paste' ? driver.feed(profile, prompt) : null;
        const ways = [stdin, pasted?.ok && pasted.value.text, ...files.map((file) => 'content' in file && file.content)];
        expect(ways.filter((text) => text === prompt).length).toBe(1);
      });

      test('a secret of the profile stands in no argument and no variable of the driver', () => {
        const { argv, env } = plan();
        expect([...argv, ...Object.values(env)].join(' ')).not.toMatch(/sk-a-secret/u);
      });

      test('a conversation is begun under our id and continued under the same', () => {
        const { conversation } = requestOf(profile);
        if (!driver.listening) return;
        // One that makes ids of its own begins without any.
        expect(plan().argv.includes(conversation)).toBe(driver.listening.nameIn === undefined);
        expect(plan({ resume: conversation, launch: 2 }).argv).toContain(conversation);
        expect(plan({ resume: conversation })).not.toEqual(plan());
        expect(driver.listening.keptAt(memory, conversation, null).below.startsWith(memory)).toBe(true);
      });

      test('what no hook ever said says nothing, and is answered with nothing that decides', () => {
        if (!driver.listening) return;
        for (const payload of [{}, { hook_event_name: 'Unheard' }, { hook_event_name: 7 }, { anything: [] }]) {
          expect(driver.listening.hear(payload, requestOf(profile).permissions, 0)).toEqual({ id: null, signs: [], reply: {} });
          expect(driver.listening.answer(payload, 'allow', null)).toEqual({});
        }
        for (const line of ['', '{', 'null', '[]', '{"type":"user"}', 'x'.repeat(100)]) expect(driver.listening.readLine(line)).toBeNull();
      });

      test.each(['/exit', ' /exit', '@package.json', '!touch x', '-v', '--help'])(
        'what looks like a command is fed as a message: %s',
        (text) => {
          if (profile.prompt !== 'paste') return;
          const fed = driver.feed(profile, text);
          expect(fed.ok && fed.value.text).toMatch(/^(?!\s*[/@!-])[\s\S]*\S/u);
          expect(fed.ok && fed.value.text).toContain(text.trim());
        },
      );

      test('a message is fed with a pause before its Enter', () => {
        expect(driver.feed(profile, 'hello')).toMatchObject({ ok: true, value: { text: 'hello', settleMs: profile.settleMs } });
      });

      test('the ladder asks before it signals, never kills, and is over before the chart does', () => {
        const { ending, interrupt } = driver.controls(profile);
        expect(interrupt.length).toBeGreaterThan(0);
        expect(ending.length).toBeGreaterThan(0);
        expect(ending.map((step) => ('signal' in step ? step.signal : '')).includes('SIGKILL')).toBe(false);
        expect(ending.slice(0, -1).reduce((sum, step) => sum + step.waitMs, 0)).toBeLessThan(9_000);
      });

      test('an empty screen says nothing', () => {
        expect(driver.read({ ...profile, ready: null, busy: null, ask: null }, { text: '', title: '' })).toBeNull();
      });

      test('an expired question is not answered by keys', () => {
        const asked = { kind: 'question', choices: [] } as const;
        expect(driver.reply(profile, asked, 'expire', null)).toBeNull();
        expect(driver.reply(profile, asked, 'answer', 'forty-two')?.at(-1)).toMatchObject({ enter: 'forty-two' });
      });

      test('an unknown end is not called a success', () => {
        expect(driver.explainExit(profile, { code: null, signal: null })).toMatch(/nobody saw how/u);
        expect(driver.explainExit(profile, { code: null, signal: 9 })).toMatch(/SIGKILL/u);
        expect(driver.explainExit(profile, { code: 3, signal: null })).toMatch(/exit code 3/u);
      });
    },
  );
};
