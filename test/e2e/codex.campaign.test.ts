/** The real Codex in its own interface, against a stub of its model API: nothing leaves this machine. */
import { agentProgramContract } from '../contracts/agent-program/suite.ts';
import { realCodex } from '../support/program-codex.ts';

agentProgramContract('Codex', realCodex);
