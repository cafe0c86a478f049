/** What could stand where the cursor is. */
import type { InboxItem, ProfileView, Project, Task, TokenView } from '../api/contract/index.ts';
import type { Cli } from './cli.ts';
import { type Completes, globalOptions, readOption, type Spec } from './spec.ts';
import { specs } from './specs/index.ts';

export type Candidate = { value: string; says: string };

/** Somebody waits with a finger on the tab key. */
const PATIENCE_MS = 800;

/** `words` are those after `ccm`; the last one is being typed and may be empty. */
export const candidates = async (cli: Cli, words: readonly string[]): Promise<Candidate[]> => {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1).filter((word) => !['--json', '--no-color'].includes(word));
  return (await possible(cli, before, typed)).filter(({ value }) => value.startsWith(typed));
};

const possible = async (cli: Cli, before: readonly string[], typed: string): Promise<Candidate[]> => {
  const [first, second] = before;
  if (first === undefined) return typed.startsWith('-') ? optionsOf(null) : verbs();
  const family = specs.filter((spec) => spec.name.startsWith(`${first} `));
  if (family.length > 0 && second === undefined)
    return family.map(({ name, summary }) => ({ value: name.slice(first.length + 1), says: summary }));
  const spec = specs.find(({ name }) => name === (family.length > 0 ? `${first} ${second}` : first));
  if (!spec) return first === 'help' ? verbs() : [];
  const option = spec.options.find((one) => readOption(one).value && readOption(one).names.some((name) => dashed(name) === before.at(-1)));
  if (option) return option.completes ? values(cli, option.completes) : [];
  if (typed.startsWith('-')) return optionsOf(spec);
  return spec.completes ? values(cli, spec.completes) : [];
};

const dashed = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);

/** A family is told by the words it has. */
const verbs = (): Candidate[] => {
  const shown = specs.filter(({ hidden }) => !hidden);
  const words = new Map<string, string>();
  for (const { name, summary } of shown) {
    const [first = ''] = name.split(' ');
    const family = shown.filter((spec) => spec.name.startsWith(`${first} `)).map((spec) => spec.name.slice(first.length + 1));
    words.set(first, shown.find((spec) => spec.name === first)?.summary ?? (family.length > 0 ? family.join(', ') : summary));
  }
  return [...words].map(([value, says]) => ({ value, says }));
};

const optionsOf = (spec: Spec | null): Candidate[] =>
  [...(spec?.options ?? []), ...globalOptions].flatMap((option) =>
    readOption(option)
      .names.filter((name) => name.length > 1)
      .map((name) => ({ value: dashed(name), says: option.text })),
  );

const values = async (cli: Cli, what: Completes): Promise<Candidate[]> => {
  const list = async <T>(path: string, row: (item: T) => Candidate, keep: (item: T) => boolean = () => true): Promise<Candidate[]> =>
    (await cli.api.get<T[]>(path, {}, PATIENCE_MS)).data.filter(keep).map(row);
  const task = (path: string) => list<Task>(path, ({ short, title }) => ({ value: short, says: title }));
  const sources: Readonly<Record<Completes, () => Promise<Candidate[]>>> = {
    task: () => task('/tasks'),
    ended: () => task('/tasks?all=true'),
    project: () => list<Project>('/projects', ({ name, path }) => ({ value: name, says: path })),
    approval: () =>
      list<InboxItem>(
        '/inbox',
        ({ short, text }) => ({ value: short, says: text }),
        ({ kind }) => kind !== 'task',
      ),
    agentProfile: () => list<ProfileView>('/profiles', ({ name, kind }) => ({ value: name, says: kind })),
    token: () => list<TokenView>('/tokens', ({ name, scopes }) => ({ value: name, says: scopes.join(', ') })),
    shell: async () => ['bash', 'zsh', 'fish'].map((value) => ({ value, says: '' })),
    // The shell knows files better.
    file: async () => [],
  };
  return sources[what]();
};
