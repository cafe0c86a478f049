/**
 * Decisions are a person's. An agent has no token that decides, but it runs as the same user and could read the CLI's. Where the peer of a
 * connection can be traced to an agent's window, or the CLI says it runs in one, the decision is refused.
 */
import type { FastifyRequest } from 'fastify';
import { CcmError } from '../../errors.ts';
import type { RouteDeps } from './deps.ts';

export const refuseFromAgents =
  ({ insideAgent }: Pick<RouteDeps, 'insideAgent'>) =>
  async (request: FastifyRequest): Promise<void> => {
    const told = request.headers['ccm-agent'];
    const port = request.socket.remotePort;
    const agent = typeof told === 'string' && told !== '' ? told : port === undefined ? null : ((await insideAgent?.({ port })) ?? null);
    if (agent === null) return;
    throw new CcmError(
      'CCM_FORBIDDEN',
      `This comes from the window of agent ${agent.slice(0, 80)}; an agent does not decide about itself or others.`,
    );
  };
