/** `./run hub-types`: writes the types of the hub anew, from its migrations applied to a PostgreSQL in this process. */
import { writeFileSync } from 'node:fs';
import { startGateway } from '../support/hub/gateway.ts';
import { hubTypes } from '../support/hub/types.ts';

const file = new URL('../../adapters/supabase/types.ts', import.meta.url);
const gateway = await startGateway({ folder: null });
writeFileSync(file, await hubTypes(gateway.query));
await gateway.close();
console.log(`written: ${file.pathname}`);
