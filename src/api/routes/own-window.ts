/**
 * Decisions are a person's. An agent has no token that decides, but it runs as the same user and could read the CLI's. Where the peer of a
 * connection can be traced to an agent's window, or the CLI says it runs in one, the decision is refused.
 */
import type { FastifyRequest } from 'fastify';
import { CcmError } from '../../errors.ts';
import type { RouteDeps } from './deps.ts';

export const refuseFromAgents =
  ({ insideAgent, runtime }: Pick<RouteDeps, 'insideAgent' | 'runtime'>) =>
  async (request: FastifyRequest): Promise<void> => {
    const told = request.headers['ccm-agent'];
    const { remotePort: port, remoteFamily } = request.socket;
    const traced = port === undefined ? null : ((await insideAgent?.({ port, ipv6: remoteFamily === 'IPv6' })) ?? null);
    // One of ours: a daemon under development may itself run in the window of another house's agent.
    const agent = [told, traced].find((id) => typeof id === 'string' && runtime.state(id)?.kind === 'agent');
    if (typeof agent !== 'string') return;
    request.tracedAgent = agent;
    throw new CcmError(
      'CCM_FORBIDDEN',
      `This comes from the window of agent ${agent.slice(0, 80)}; an agent decides nothing about itself or others, and opens no door.`,
    );
  };
