/** The machines of this user, as the hub knows them. */
import type { System } from '../api/types.ts';
import { Age } from '../parts/age.tsx';
import type { Fetched } from '../task/use-fetched.ts';
import { Part } from './part.tsx';

export const Systems = ({ got }: { got: Fetched<System[]> }) => (
  <Part title="Systems" what="the systems" got={got} none="No machine is known yet; this one tells of itself once the hub is reached.">
    {(systems) => (
      <div class="table-scroll" tabIndex={0} role="region" aria-label="Systems, a table">
        <table class="evidence">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Last seen</th>
              <th scope="col">OS</th>
              <th scope="col">CCM</th>
              <th scope="col">Agents</th>
              <th scope="col">Projects</th>
              <th scope="col">Running</th>
            </tr>
          </thead>
          <tbody>
            {systems.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  {one.name} {one.here && <span class="sync-here">this machine</span>}
                </th>
                <td>{one.lastSeen === null ? 'not yet' : <Age at={one.lastSeen} how="ago" />}</td>
                <td>{one.os ?? '–'}</td>
                <td>{one.version ?? '–'}</td>
                <td>{one.agents.join(', ') || '–'}</td>
                <td>{one.projects.map((p) => p.name).join(', ') || '–'}</td>
                <td>{one.running ?? '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    )}
  </Part>
);
