/** `./run demo-hub [--once] [--keep]`: a hub on PGlite and two daemons on this machine; a task made on one is done by the other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Gateway, startGateway } from '../support/hub/gateway.ts';
import { LiveHome } from '../support/live-daemon.ts';
import { account, connect, linkState, signUp } from '../support/two-machines.ts';
import { until } from '../support/until.ts';
import { demoProject } from './demo-project.ts';
import { follow } from './journey.ts';

const asked = (() => {
  try {
    return parseArgs({ options: { once: { type: 'boolean' }, keep: { type: 'boolean' } } }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nUsage: ./run demo-hub [--once] [--keep]\n`);
    return process.exit(2);
  }
})();

const began = performance.now();
const say = (text = '') => void process.stdout.write(`${text}\n`);
const tell = (who: string, what: string) =>
  say(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${who.padEnd(8)} ${what}`);

const leave = new AbortController();
const { signal } = leave;
const left = new Promise<void>((done) => signal.addEventListener('abort', () => done()));
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => leave.abort());

const folder = mkdtempSync(join(tmpdir(), 'ccm-demo-hub-'));
const station = async (name: string) => {
  const dir = join(folder, name);
  return { name, dir, live: await LiveHome.make('', { at: join(dir, 'home') }) };
};
type Station = Awaited<ReturnType<typeof station>>;
const stations: Station[] = [];
let gateway: Gateway | undefined;

const bring = async (one: Station, hub: Gateway): Promise<void> => {
  await one.live.up({}, { detached: true });
  signal.throwIfAborted();
  const project = await demoProject(one.dir, join(one.dir, `${one.name}-shop`));
  const added = await one.live.ccm('project', 'add', project, '--agent', 'demo');
  if (added.code !== 0) throw new Error(added.stderr.trim());
  tell(one.name, 'the daemon runs; signing in at the hub');
  const said = await connect(hub, one);
  if (said.code !== 0) throw new Error(said.stderr.trim());
  await until(
    `${one.name} to be online`,
    async () => {
      signal.throwIfAborted();
      return ['online', 'executing'].includes(await linkState(one)) ? true : undefined;
    },
    60_000,
  );
  tell(one.name, 'online');
};

const story = async (): Promise<void> => {
  say('A hub and two machines on this computer. No account; nothing leaves it.');
  say(`All of it lies in ${folder}${asked.keep ? '.' : ', and goes with it.'}`);
  say();
  const [laptop, desktop] = [await station('laptop'), await station('desktop')];
  stations.push(laptop, desktop);
  tell('hub', 'starting (PGlite: PostgreSQL inside this process)');
  const hub = await startGateway({ folder: null });
  gateway = hub;
  await signUp(hub);
  tell('hub', `answers at ${hub.url}`);
  signal.throwIfAborted();
  await Promise.all([bring(laptop, hub), bring(desktop, hub)]);
  await until(
    'laptop to know desktop and its project',
    async () => {
      signal.throwIfAborted();
      const found: Array<{ name: string; projects: unknown[] }> = (await laptop.live.api('GET', '/sync/systems')).body.data;
      return found.some(({ name, projects }) => name === 'desktop' && projects.length > 0) ? true : undefined;
    },
    60_000,
  );
  tell('laptop', 'sees desktop and its project desktop-shop');
  say();
  const prompt = 'Roman numerals, with a test';
  say(`On laptop: ccm new desktop-shop "${prompt}" --on desktop`);
  const made = await laptop.live.ccm('new', 'desktop-shop', prompt, '--on', 'desktop', '--json');
  if (made.code !== 0) throw new Error(made.stderr.trim());
  const { id } = (made.json() as { data: { id: string } }).data;
  const ended = await follow(id, laptop, desktop, tell, signal);
  if (ended.status !== 'succeeded') throw new Error(`The task ended as ${ended.status} on laptop.`);
  say();
  say(`Back on laptop: ${ended.result?.summary ?? 'no words'}`);
};

const lookAround = async (): Promise<void> => {
  say();
  say('Look around. Each link logs a browser in once:');
  for (const { name, live } of stations) {
    const link: { url: string } = (await live.api('POST', '/auth/link', {})).body.data;
    say(`${name.padEnd(7)} ${link.url}`);
  }
  say();
  say('Or by the command line:');
  for (const { live } of stations) say(`CCM_HOME=${live.home} ./run ccm ls --all`);
  if (!gateway) return;
  say();
  say('A machine of your own beside them, in a home of its own:');
  say('export CCM_HOME=$(mktemp -d) CCM_PORT=8790; ./run ccm up --detach --no-open');
  say(`./run ccm init --url ${gateway.url} --key ${gateway.key} --email ${account.email} --name mine`);
  say(`It asks for the password: ${account.password}`);
};

const clear = async (): Promise<void> => {
  tell('all', 'ending');
  await Promise.all(stations.map(({ live }) => live.end({ keep: asked.keep === true })));
  await gateway?.close();
  if (!asked.keep) rmSync(folder, { recursive: true, force: true });
  tell('all', `ended${asked.keep ? `; kept in ${folder}` : ' and removed'}`);
};

let code = 0;
try {
  await story();
  if (asked.once !== true) {
    await lookAround();
    say();
    say('Ctrl-C ends both machines and the hub.');
    await left;
  }
} catch (error) {
  code = signal.aborted ? 130 : 1;
  if (!signal.aborted) process.stderr.write(`\ndemo-hub: ${error instanceof Error ? error.message : String(error)}\n`);
}
say();
await clear();
process.exit(code);
