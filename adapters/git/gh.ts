/** GitHub's own program. It gets the repository by name and works in an empty folder: nothing an agent wrote into a checkout reaches it. */
import { tmpdir } from 'node:os';
import { findProgram } from '../../src/lib/find-program.ts';
import { runProcess } from '../../src/lib/run-process.ts';

type Wanted = { host: string; owner: string; name: string; branch: string; base: string; title: string; body: string; draft: boolean };

export type Gh = {
  /** Null when it is installed and signed in to this host; otherwise one sentence. */
  ready(host: string): Promise<string | null>;
  /** `note`: it was there already. `why`: its own words. */
  open(wanted: Wanted): Promise<{ url: string; note: string | null } | { why: string }>;
};

const inherited = [
  'HOME',
  'PATH',
  'XDG_CONFIG_HOME',
  'GH_CONFIG_DIR',
  'GH_TOKEN',
  'GITHUB_TOKEN',
  'GH_ENTERPRISE_TOKEN',
  'GH_HOST',
  'DBUS_SESSION_BUS_ADDRESS',
];
const quiet = { GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1', GH_PAGER: 'cat' } as const;

export const githubProgram = (env: Readonly<Record<string, string | undefined>>): Gh => {
  const find = (): Promise<string | null> => findProgram('gh', env['PATH'] ?? '', tmpdir());
  const run = (program: string, args: readonly string[]) =>
    runProcess({
      argv: [program, ...args],
      cwd: tmpdir(),
      env: { ...Object.fromEntries(inherited.map((name) => [name, env[name]])), ...quiet },
      timeoutMs: 60_000,
    });
  return {
    ready: async (host) => {
      const program = await find();
      if (program === null) return 'GitHub\u2019s program `gh` is not installed here, so nothing was sent.';
      const said = await run(program, ['auth', 'status', '--hostname', host]);
      return said.code === 0 ? null : `\`gh\` is not signed in to ${host}, so nothing was sent: \`gh auth login\`.`;
    },
    open: async ({ host, owner, name, branch, base, title, body, draft }) => {
      const program = await find();
      if (program === null) return { why: 'it is not installed any more' };
      const repository = ['--repo', `${host}/${owner}/${name}`];
      // With `=` a text that begins with a dash stays a text.
      const texts = [`--title=${title}`, `--body=${body}`, `--head=${branch}`, `--base=${base}`];
      const said = await run(program, ['pr', 'create', ...repository, ...texts, ...(draft ? ['--draft'] : [])]);
      const url = addressIn(said.stdout);
      if (said.code === 0 && url !== null) return { url, note: null };
      // Asked again for the same branch: it was pushed anew, and the one there is shows that.
      const there = /already exists/i.test(said.stderr) ? addressIn(said.stderr) : null;
      return there === null
        ? { why: said.stderr.trim() || `exit status ${said.code ?? said.signal}` }
        : { url: there, note: 'It was open already; the branch is up to date now.' };
    },
  };
};

const addressIn = (text: string): string | null => /https:\/\/\S+\/pull\/\d+/.exec(text)?.[0] ?? null;
