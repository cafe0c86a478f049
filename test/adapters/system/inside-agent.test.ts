import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { insideAgent } from '../../../adapters/system/inside-agent.ts';

/** A server that answers each caller with the agent it is in. */
const oracle = async (host = '127.0.0.1', wanted = 0): Promise<number> => {
  let port = 0;
  const look = insideAgent(() => port);
  const server = createServer((request, reply) => {
    const { remotePort = 0, remoteFamily } = request.socket;
    void look({ port: remotePort, ipv6: remoteFamily === 'IPv6' }).then((agent) => reply.end(agent ?? 'a person'));
  });
  await new Promise<void>((resolve) => server.listen(wanted, host, resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
  return port;
};
const ask = (port: number, env: Record<string, string>, wrap: (argv: string[]) => string[] = (argv) => argv): Promise<string> => {
  const script = `fetch('http://127.0.0.1:${port}').then((reply) => reply.text()).then((text) => process.stdout.write(text))`;
  const [program = '', ...args] = wrap([process.execPath, '-e', script]);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (bytes) => {
      text += String(bytes);
    });
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
};

/** Elsewhere the other end cannot be told, and nobody is taken for an agent. */
const told = (agent: string): string => (process.platform === 'linux' ? agent : 'a person');

it('knows the agent by the environment of the caller, or of who started it', async () => {
  const port = await oracle();
  expect(await ask(port, {})).toBe('a person');
  expect(await ask(port, { CCM_AGENT_ID: 'agent-1' })).toBe(told('agent-1'));
  // The agent's shell starts it with an empty environment; the shell itself still carries the mark.
  const cleared = (argv: string[]) => ['/bin/sh', '-c', 'env -i "$@"; true', 'sh', ...argv];
  expect(await ask(port, { CCM_AGENT_ID: 'agent-2' }, cleared)).toBe(told('agent-2'));
});

it('does not take an agent on ::1 for the person whose IPv4 connection has the same number', async () => {
  const port = await oracle();
  await oracle('::1', port);
  const person = connect({ host: '127.0.0.1', port });
  await once(person, 'connect');
  onTestFinished(() => void person.destroy());
  // The agent chooses its own end's number.
  const script = `require('net').connect({ host: '::1', localAddress: '::1', port: ${port}, localPort: ${person.localPort} }).on('data', (d) => { process.stdout.write(d); process.exit() }).write('GET / HTTP/1.0\\r\\n\\r\\n')`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { env: { CCM_AGENT_ID: 'agent-3' } });
  expect(stdout).toContain(told('agent-3'));
});
