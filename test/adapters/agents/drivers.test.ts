import { describe, expect, test } from 'vitest';
import { agentDrivers } from '../../../adapters/agents/index.ts';
import { agentDriverContract, requestOf } from '../../contracts/agent-driver.ts';
import { profileOf } from '../../supervisor/support/world.ts';

const { custom, demo } = agentDrivers();
if (!custom || !demo) throw new Error('both kinds are shipped');

agentDriverContract('custom', {
  driver: custom,
  profiles: [
    profileOf({ command: ['prog', 'run'], prompt: 'stdin' }),
    profileOf({ command: ['prog', '--', '{prompt}'], prompt: 'argument' }),
    profileOf({ command: ['prog'], prompt: 'argument' }),
    profileOf({ command: ['prog', '--file', '{prompt_file}'], prompt: 'argument' }),
  ],
});
agentDriverContract('demo', {
  driver: demo,
  profiles: [
    profileOf({ kind: 'demo', command: ['demo'] }),
    profileOf({ kind: 'demo', command: ['demo'], mode: 'interactive', prompt: 'argument' }),
  ],
});

describe('a custom command', () => {
  const argv = (command: string[], changes: Parameters<typeof requestOf>[1] = {}) => {
    const made = custom.plan(requestOf(profileOf({ command, prompt: 'argument' }), changes));
    return made.ok ? made.value.argv : made.problem;
  };

  test('placeholders are filled where they stand, also within a word', () => {
    expect(argv(['prog', '--message={prompt}', '--session', '{conversation}'])).toEqual([
      'prog',
      '--message=Do it',
      '--session',
      '01890a5d-ac96-774b-bcce-b302099a8057',
    ]);
    expect(argv(['prog', '{prompt_file}'])).toEqual(['prog', '/home/somebody/.ccm/launches/agent-1/prompt.txt']);
  });

  test('a prompt cannot become an option, and behind -- it stays as it is', () => {
    expect(argv(['prog', '{prompt}'], { prompt: '-x' })).toEqual(['prog', ' -x']);
    expect(argv(['prog', '--', '{prompt}'], { prompt: '-x' })).toEqual(['prog', '--', '-x']);
  });

  test('over 64 KiB the program is told to read a file', () => {
    expect(argv(['prog', '{prompt}'], { prompt: 'é'.repeat(32 * 1024 + 1) })).toEqual([
      'prog',
      'Your task is in the file /home/somebody/.ccm/launches/agent-1/prompt.txt. Read all of it, then carry it out.',
    ]);
    expect(argv(['prog', '{prompt}'], { prompt: 'é'.repeat(32 * 1024) })).toMatchObject({ length: 2 });
  });

  test('a pattern that is none is refused by name before anything starts', () => {
    const made = custom.plan(requestOf(profileOf({ command: ['prog'], busy: '(' })));
    expect(made).toMatchObject({ ok: false, problem: { code: 'CCM_CONFIG_INVALID', extra: { field: 'agents.test.busy' } } });
  });

  test('a NUL cannot be given to any program', () => {
    expect(argv(['prog', '{prompt}'], { prompt: 'a\0b' })).toMatchObject({ code: 'CCM_BAD_INPUT' });
  });
});

describe('patterns of a profile', () => {
  const profile = profileOf({ mode: 'interactive', ready: '^> $', busy: 'thinking', ask: '\\(y/n\\)' });
  test.each([
    ['a question goes before all', 'thinking…\nDelete it? (y/n)\n> ', '', 'asking'],
    ['busy goes before ready', '> \nthinking…', '', 'busy'],
    ['ready', 'done.\n> ', '', 'ready'],
    ['the title counts too', 'a picture', 'thinking hard', 'busy'],
  ])('%s', (_, text, title, fact) => {
    expect(custom.read(profile, { text, title })).toMatchObject({ fact });
  });

  test('what scrolled up long ago does not count', () => {
    expect(custom.read(profile, { text: `thinking\n${'line\n'.repeat(40)}`, title: '' })).toBeNull();
  });
});

test('the demo agent’s own screen is read without any pattern in the profile', () => {
  const profile = profileOf({ kind: 'demo', mode: 'interactive', prompt: 'paste', command: ['demo'] });
  expect(demo.read(profile, { text: 'banner\n\n›', title: '' })).toMatchObject({ fact: 'ready' });
  expect(demo.read(profile, { text: '  ✓ Read the folder\n  ⠹ Run node --test', title: '' })).toMatchObject({ fact: 'busy' });
});

test('the demo starts our script whatever the stored command says, and keeps the options', () => {
  const made = demo.plan(requestOf(profileOf({ kind: 'demo', command: ['/old/node', '/old/place/demo/agent.js', '--fast'] })));
  expect(made.ok && made.value.argv).toMatchObject({ 0: process.execPath, 2: '--fast', length: 3 });
});
