/** Two real daemons and a real hub on this machine: A and B, each with a home of its own, one account. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Gateway, type GatewayOptions, startGateway } from './hub/gateway.ts';
import { LiveHome } from './live-daemon.ts';
import { until } from './until.ts';

export const account = { email: 'ada@example.org', password: 'correct horse battery' };
const script = (dir: string) => `
echo "$1" >> ${dir}/starts
printf '%s\\n' "$2" >> ${dir}/prompts
# Where many run, each is over at once.
case "$2" in Number*) exit 0 ;; esac
if [ -f ${dir}/ask ]; then answer=$(ccm report ask "Which colour?" --wait); printf '%s\\n' "$answer" >> ${dir}/answers; fi
ccm report progress "half way"
ccm report done "done on $1"
`;

export type Machine = { live: LiveHome; dir: string; name: string };

const machine = async (name: string): Promise<Machine> => {
  const dir = mkdtempSync(join(tmpdir(), `ccm-${name}-`));
  writeFileSync(join(dir, 'worker.sh'), script(dir));
  const live = await LiveHome.make(
    `concurrency = 20\nspacing = 0\n[agents.worker]\nkind = "custom"\ncommand = ["/bin/sh", "${dir}/worker.sh", "${name}", "{prompt}"]\nmode = "oneshot"\n`,
  );
  return { live, dir, name };
};

export const signUp = async (gateway: Gateway, { email, password } = account): Promise<void> => {
  const reply = await fetch(`${gateway.url}/auth/v1/signup`, {
    method: 'POST',
    headers: { apikey: gateway.key, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!reply.ok) throw new Error(await reply.text());
};

export const connect = (gateway: Pick<Gateway, 'url' | 'key'>, { live, name }: Machine, more: string[] = []) =>
  live.run(
    ['init', '--url', gateway.url, '--key', gateway.key, '--email', account.email, '--password-stdin', '--name', name, '--json', ...more],
    {
      stdin: `${account.password}\n`,
    },
  );

export const linkState = async ({ live }: Machine): Promise<string> => (await live.api('GET', '/sync')).body.data['state'];
export const untilLink = (one: Machine, ...states: string[]): Promise<string> =>
  until(
    `${one.name} to be ${states.join(' or ')}`,
    async () => {
      const state = await linkState(one);
      return states.includes(state) ? state : undefined;
    },
    30_000,
  );

export const twoMachines = async (options: GatewayOptions) => {
  const gateway = await startGateway(options);
  await signUp(gateway);
  const [a, b] = await Promise.all([machine('alpha'), machine('beta')]);
  return {
    gateway,
    a,
    b,
    end: async () => {
      await Promise.all([a.live.end(), b.live.end()]);
      await gateway.close();
      for (const { dir } of [a, b]) rmSync(dir, { recursive: true, force: true });
    },
  };
};
