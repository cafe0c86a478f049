/** The version of this program, from its package.json. */
import { readFileSync } from 'node:fs';

/** Looks upwards: the compiled program lies one folder deeper than its source. */
export const ownVersion = (): string => {
  for (const up of ['../../package.json', '../../../package.json']) {
    try {
      const found: unknown = JSON.parse(readFileSync(new URL(up, import.meta.url), 'utf8'));
      if (typeof found === 'object' && found !== null && 'version' in found && 'name' in found && found.name === 'ccm-orchestrator')
        return String(found.version);
    } catch {
      // Not there: one folder further up.
    }
  }
  return 'unknown';
};
