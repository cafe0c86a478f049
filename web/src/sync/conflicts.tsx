/** Edits of this machine that a newer one replaced. Nothing was thrown away unseen: both values stand here. */
import type { SyncConflict } from '../api/types.ts';
import { Age } from '../parts/age.tsx';
import type { Fetched } from '../task/use-fetched.ts';
import { Part } from './part.tsx';
import { valueText } from './words.ts';

export const Conflicts = ({ got }: { got: Fetched<SyncConflict[]> }) => (
  <Part title="Conflicts" what="conflicts" got={got} none="No edit of this machine was replaced.">
    {(conflicts) => (
      <ul class="sync-ops">
        {conflicts.map((one) => (
          <li key={`${one.table} ${one.row} ${one.column} ${one.at}`}>
            <span class="sync-op">
              {one.column} of {one.table} <strong>{one.title}</strong>
            </span>
            <Age at={one.at} how="ago" />
            <dl class="versions">
              <div>
                <dt>Kept, the newer one</dt>
                <dd>
                  <code>{valueText(one.kept)}</code>
                </dd>
              </div>
              <div>
                <dt>Replaced, from this machine</dt>
                <dd>
                  <code>{valueText(one.lost)}</code>
                </dd>
              </div>
            </dl>
          </li>
        ))}
      </ul>
    )}
  </Part>
);
