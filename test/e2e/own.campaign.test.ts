/** The real programs with the configuration of the person who uses them. */
import { ownConfigurationContract } from '../contracts/agent-program/own.ts';
import { ownClaude, realClaude } from '../support/program-claude.ts';
import { ownCodex, realCodex } from '../support/program-codex.ts';
import { ownGemini, realGemini } from '../support/program-gemini.ts';

ownConfigurationContract('Claude Code', realClaude, ownClaude);
ownConfigurationContract('Gemini CLI', realGemini, ownGemini);
ownConfigurationContract('Codex', realCodex, ownCodex);
