import type { TokenView } from '../../api/contract/index.ts';
import { age, duration } from '../age.ts';
import { byText } from '../by.ts';
import { exits } from '../exit.ts';
import type { Run } from '../spec.ts';
import { table } from '../table.ts';

export const run: Run = async (cli) => {
  const reply = await cli.api.get<TokenView[]>('/tokens');
  const now = cli.now();
  cli.show(reply, () =>
    table(
      [
        { title: 'NAME', flex: true },
        { title: 'SCOPES' },
        { title: 'MADE', right: true },
        { title: 'USED', right: true },
        { title: 'EXPIRES' },
        { title: 'ID', spare: 1 },
      ],
      reply.data.map((token) => [
        token.agent === null ? token.name : byText(`agent:${token.agent}`),
        token.scopes.join(','),
        age(now - token.createdAt),
        token.lastUsedAt === null ? 'never' : age(now - token.lastUsedAt),
        token.expiresAt === null ? 'never' : token.expiresAt <= now ? 'expired' : `in ${duration(token.expiresAt - now)}`,
        { text: token.id, paint: cli.paint.dim },
      ]),
      cli.columns(),
      cli.paint.dim,
    ),
  );
  return exits.ok;
};
