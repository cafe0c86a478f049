/** A tool server such as a person has set up for their own agents: one tool, `my_own_tool`. Speaks the Model Context Protocol on its standard streams. */
import { createInterface } from 'node:readline';
import { z } from 'zod';

const call = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  method: z.string(),
  params: z.looseObject({ protocolVersion: z.string().optional() }).optional(),
});

const answerTo = ({ method, params }: z.infer<typeof call>): object | null => {
  if (method === 'initialize')
    return { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'mine', version: '1' } };
  if (method === 'tools/list')
    return { tools: [{ name: 'my_own_tool', description: 'a tool of mine', inputSchema: { type: 'object', properties: {} } }] };
  return method === 'ping' ? {} : null;
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = call.parse(JSON.parse(line));
  if (asked.id === undefined) continue;
  const result = answerTo(asked);
  const reply = result === null ? { error: { code: -32_601, message: 'not known here' } } : { result };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: asked.id, ...reply })}\n`);
}
