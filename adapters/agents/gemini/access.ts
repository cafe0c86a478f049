/** How Gemini CLI reaches a model, and what is said where it cannot. */
import type { AgentDriver } from '../../../src/ports/agents.ts';

/** Its names for the ways to reach a model. */
export type AuthType = 'gemini-api-key' | 'vertex-ai';

/** A login with a Google account stands in the person's own configuration alone. */
export const authOf = (env: Readonly<Record<string, string>>): AuthType | null => {
  if (env['GOOGLE_GENAI_USE_VERTEXAI'] === 'true') return 'vertex-ai';
  return env['GEMINI_API_KEY'] ? 'gemini-api-key' : null;
};

export const accessSecrets = { GEMINI_API_KEY: 'gemini-api-key' };

export const lacks: NonNullable<AgentDriver['lacks']> = ({ name }, env, own) =>
  own || authOf(env) !== null
    ? null
    : {
        sentence: `Nothing gives agent \`${name}\` a way to reach a model: no key (GEMINI_API_KEY) is known here.`,
        next: 'Make a key in Google AI Studio, then `ccm secret set gemini-api-key`. For Vertex AI set GOOGLE_GENAI_USE_VERTEXAI = "true" in the env of its profile, with what that needs.',
      };
