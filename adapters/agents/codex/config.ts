/** The private `config.toml` of a supervised Codex: whom it asks, what it may read of the project, and no question before it begins. */
import { stringify } from 'smol-toml';
import type { Json, LaunchRequest } from '../../../src/ports/agents.ts';
import { hookTrust } from './hooks.ts';

/** The provider's name in that file, e.g. for `-c model_providers.ccm.request_max_retries=1` in a profile's command. */
const PROVIDER = 'ccm';

export const KEY = 'OPENAI_API_KEY';

type Trust = 'trusted' | 'untrusted';

/** What holds whoever's configuration is used. A null `trust` leaves the folder to that. */
export const forcedConfig = (
  { env, workspace, realDir, telemetry }: LaunchRequest,
  trust: Trust | null,
): { readonly [key: string]: Json } => ({
  // A key in the environment alone does not keep its login dialog away: a provider that names its key does.
  ...(env[KEY]
    ? {
        model_provider: PROVIDER,
        model_providers: {
          [PROVIDER]: {
            name: 'OpenAI',
            base_url: env['OPENAI_BASE_URL'] ?? 'https://api.openai.com/v1',
            env_key: KEY,
            wire_api: 'responses',
          },
        },
      }
    : {}),
  ...(telemetry ? {} : { check_for_update_on_startup: false, analytics: { enabled: false }, feedback: { enabled: false } }),
  // Anything else, and it asks at every start whether the folder is to be trusted for ever.
  ...(trust === null ? {} : { projects: { [workspace.dir]: { trust_level: trust }, [realDir]: { trust_level: trust } } }),
});

export const configToml = (request: LaunchRequest, hooksFile: string): string =>
  stringify({
    ...forcedConfig(request, request.trusted ? 'trusted' : 'untrusted'),
    hooks: { state: hookTrust(request, hooksFile) },
    // Nothing is installed in a private home: at every start it would only fetch the catalogue of what could be.
    ...(request.telemetry ? {} : { features: { plugins: false } }),
  });
