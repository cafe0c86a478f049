/**
 * Decisions are a person's. An agent has no token that decides, but it runs as the same user and could read the CLI's. Where the peer of a
 * connection can be traced to an agent's window, or the CLI says it runs in one, everything that decides or opens a door is refused: every route
 * of the scope `admin`, each that says `decides`, and typing into a window over the socket.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CcmError, fail, type Problem } from '../../errors.ts';
import type { RouteDeps } from '../routes/deps.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What it does is a person's decision, though its scope is less than `admin`; a function where that depends on what is asked. */
    decides?: true | ((request: FastifyRequest) => boolean);
  }
}

/** The agent of this house in whose window the caller runs, or null. */
export type AgentBehind = (request: FastifyRequest) => Promise<string | null>;

export const agentBehind =
  ({ insideAgent, runtime }: Pick<RouteDeps, 'insideAgent' | 'runtime'>): AgentBehind =>
  async (request) => {
    const told = request.headers['ccm-agent'];
    const { remotePort: port, remoteFamily } = request.socket;
    const traced = port === undefined ? null : ((await insideAgent?.({ port, ipv6: remoteFamily === 'IPv6' })) ?? null);
    // One of ours: a daemon under development may itself run in the window of another house's agent.
    const agent = [told, traced].find((id) => typeof id === 'string' && runtime.state(id)?.kind === 'agent');
    return typeof agent === 'string' ? agent : null;
  };

export const fromAgent = (agent: string): Problem =>
  fail(
    'CCM_FORBIDDEN',
    `This comes from the window of agent ${agent.slice(0, 80)}; an agent decides nothing about itself or others, and opens no door.`,
  ).problem;

/** After the gate, before anything that remembers answers. */
export const refuseAgents = (app: FastifyInstance, behind: AgentBehind): void => {
  // Before a body is judged: what is refused to all agents is not explained to one.
  app.addHook('preValidation', async (request) => {
    const { access, decides = false } = request.routeOptions.config;
    const deciding = typeof decides === 'function' ? decides(request) : decides;
    if (access !== 'admin' && !deciding) return;
    const agent = await behind(request);
    if (agent === null) return;
    request.tracedAgent = agent;
    const { code, detail } = fromAgent(agent);
    throw new CcmError(code, detail);
  });
};
