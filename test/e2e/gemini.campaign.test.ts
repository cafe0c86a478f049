/** The real Gemini CLI in its own interface, against a stub of its model API: nothing leaves this machine. */
import { agentProgramContract } from '../contracts/agent-program/suite.ts';
import { realGemini } from '../support/program-gemini.ts';

agentProgramContract('Gemini CLI', realGemini);
