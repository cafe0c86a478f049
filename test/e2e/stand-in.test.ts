/** What every agent program must do, on the stand-in: real daemon, real terminal, real driver, and a program without a model. */
import { agentProgramContractAtOnce } from '../contracts/agent-program/suite.ts';
import { standInProgram } from '../support/program-stand-in.ts';

agentProgramContractAtOnce('the stand-in', standInProgram);
