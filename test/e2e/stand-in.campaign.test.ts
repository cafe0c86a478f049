/** The whole contract of agent programs on the stand-in, kills of daemon and terminal included: what the real ones are held against. */
import { agentProgramContract } from '../contracts/agent-program/suite.ts';
import { standInProgram } from '../support/program-stand-in.ts';

agentProgramContract('the stand-in', standInProgram);
