/** A real daemon on a home of its own, and the real command line against it. Ends only what it started. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from './until.ts';

const root = new URL('../..', import.meta.url).pathname;
const main = join(root, 'src/cli/main.ts');
const compiled = join(root, 'test/.out/compile-cache');

export type CliResult = { code: number; stdout: string; stderr: string; json: () => unknown };

export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise<void>((done) => server.close(() => done()));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

export class LiveHome {
  readonly home: string;
  readonly port: number;
  #daemon: ChildProcess | undefined;
  readonly demo: boolean;
  output = '';

  private constructor(home: string, port: number, demo: boolean) {
    this.demo = demo;
    this.home = home;
    this.port = port;
  }

  /** `config` is the text of config.toml; a demo task is not started unless `firstRun`; `at`: a home that is yet to be made. */
  static async make(config = '', options: { firstRun?: boolean; at?: string } = {}): Promise<LiveHome> {
    const home = options.at ?? mkdtempSync(join(tmpdir(), 'ccm-e2e-'));
    mkdirSync(home, { recursive: true });
    chmodSync(home, 0o700);
    const live = new LiveHome(home, await freePort(), options.firstRun === true);
    if (!options.firstRun || config) writeFileSync(join(home, 'config.toml'), config || '# nothing\n', { mode: 0o600 });
    return live;
  }

  get env(): Record<string, string> {
    const { PATH = '', HOME = '/root', LANG = 'C.UTF-8' } = process.env;
    return {
      PATH: `${join(process.execPath, '..')}:${PATH}`,
      HOME,
      LANG,
      CCM_HOME: this.home,
      // Never the keychain of whoever runs the tests.
      CCM_SECRETS: 'file',
      CCM_PORT: String(this.port),
      NO_COLOR: '1',
      CI: '1',
      // Shared by all homes: each would compile everything anew.
      NODE_COMPILE_CACHE: compiled,
      ...(this.demo ? {} : { CCM_NO_DEMO: '1' }),
    };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** `detached`: the terminal's Ctrl-C does not reach it. */
  async up(env: Record<string, string> = {}, { detached = false } = {}): Promise<void> {
    const child = spawn(process.execPath, [main, 'up', '--no-open'], {
      env: { ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached,
    });
    this.#daemon = child;
    const collect = (chunk: Buffer) => void (this.output += chunk.toString());
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    await until(
      'the daemon to be ready',
      async () => {
        if (child.exitCode !== null) throw new Error(`the daemon ended with ${child.exitCode}: ${this.output}`);
        const reply = await fetch(`${this.url}/readyz`).catch(() => undefined);
        return reply?.ok ? true : undefined;
      },
      // Two seconds on a free machine; a campaign may share its processors with many.
      90_000,
    );
  }

  /** kill -9, as a crash does it. */
  async crash(): Promise<void> {
    const child = this.#daemon;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
  }

  get pid(): number {
    return this.#daemon?.pid ?? 0;
  }

  ccm(...args: string[]): Promise<CliResult> {
    return this.run(args);
  }

  run(args: string[], options: { stdin?: string; env?: Record<string, string>; cwd?: string } = {}): Promise<CliResult> {
    return new Promise((done) => {
      const child = execFile(
        process.execPath,
        [main, ...args],
        { env: { ...this.env, ...options.env }, maxBuffer: 64 << 20, ...(options.cwd ? { cwd: options.cwd } : {}) },
        (error, stdout, stderr) => {
          const code = error ? (typeof error.code === 'number' ? error.code : 255) : 0;
          done({ code, stdout, stderr, json: () => JSON.parse(stdout) as unknown });
        },
      );
      child.stdin?.end(options.stdin ?? '');
    });
  }

  token(): string {
    return readFileSync(join(this.home, 'token'), 'utf8').trim();
  }

  async api(method: string, path: string, body?: unknown): Promise<{ status: number; body: { data: never; [more: string]: unknown } }> {
    const reply = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token()}`,
        // A connection that is kept may be closed by the other side just when it is written to: then a test fails that has found nothing.
        connection: 'close',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: reply.status, body: (await reply.json()) as { data: never } };
  }

  /** Ends agents, terminal server and daemon, and removes the home unless it is to be kept. */
  async end({ keep = false } = {}): Promise<void> {
    const child = this.#daemon;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((done) => child.once('exit', done));
      await this.ccm('down', '--all');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(timer);
    }
    if (!keep) rmSync(this.home, { recursive: true, force: true });
  }
}
