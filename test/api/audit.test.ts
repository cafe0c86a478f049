/** Who did what, from which channel: written down for what changes something and for what was refused, and for nothing else. */
import { describe, expect, it } from 'vitest';
import type { AuditRow } from '../../src/api/contract/index.ts';
import { openApiHouse, project } from '../support/api-house.ts';

const opened = async () => {
  const house = await openApiHouse();
  const rows = async (query = ''): Promise<AuditRow[]> => {
    house.clock.advance(200);
    return house.data<AuditRow[]>('GET', `/api/v1/audit${query}`);
  };
  const told = async (query = '') => (await rows(query)).map(({ by, what, outcome }) => `${by}: ${what} ${outcome}`);
  return { ...house, rows, told };
};

describe('the book of who did what', () => {
  it('has what changed something, by whom and from which channel', async () => {
    const { ask, data, told, tokenOf, desk } = await opened();
    await data('POST', '/api/v1/projects', { path: project });
    const key = desk.issueLink().secret;
    const redeemed = await ask('POST', '/api/v1/auth/redeem', { token: null, body: { key } });
    const browser = (redeemed.body.data as { token: string }).token;
    await ask('POST', '/api/v1/tasks', { token: browser, body: { project: 'shop', prompt: 'x' } });
    await ask('POST', '/api/v1/tokens', { body: { name: 'grafana' } });
    await ask('POST', '/api/v1/secrets', { body: { name: 'key', value: 'canary' } });
    await ask('GET', '/api/v1/tasks', { token: tokenOf(['read']) });
    const list = await told();
    expect(list).toEqual([
      'cli: POST /secrets ok',
      'cli: POST /tokens ok',
      'web: POST /tasks ok',
      'nobody: POST /auth/redeem ok',
      'cli: POST /projects ok',
    ]);
    expect(JSON.stringify(list)).not.toContain('canary');
  });

  it('has refusals, the same again as a number', async () => {
    const { ask, rows, clock, tokenOf } = await opened();
    for (let tries = 0; tries < 50; tries += 1) await ask('GET', '/api/v1/tasks', { token: `ccm_${'x'.repeat(43)}` });
    await ask('POST', '/api/v1/shutdown', { token: tokenOf(['read']) });
    clock.advance(61_000);
    const refused = await rows('?refused=true');
    expect(refused.map(({ what, outcome, count }) => [what, outcome, count])).toEqual([
      ['GET /tasks', 'CCM_UNAUTHORIZED', 49],
      ['POST /shutdown', 'CCM_FORBIDDEN', 1],
      ['GET /tasks', 'CCM_UNAUTHORIZED', 1],
    ]);
  });

  it('says from whose window a decision was tried', async () => {
    const { ask, rows } = await opened();
    await ask('POST', '/api/v1/tokens', { body: { name: 'x' }, headers: { 'ccm-agent': 'agent-7' } });
    expect(await rows()).toMatchObject([{ by: 'cli', what: 'POST /tokens', inside: 'agent-7' }]);
  });

  it('has no dry runs, no looks, and no query', async () => {
    const { ask, data, told } = await opened();
    await data('POST', '/api/v1/projects', { path: project });
    await ask('POST', '/api/v1/tasks?dry_run=true', { body: { project: 'shop', prompt: 'x' } });
    await ask('GET', '/api/v1/status');
    await ask('POST', '/api/v1/tokens?password=canary', { body: { name: 'x' } });
    expect(await told()).toEqual(['cli: POST /tokens CCM_BAD_INPUT', 'cli: POST /projects ok']);
  });

  it('keeps two hundred thousand rows and a year at most', async () => {
    const { house } = await opened();
    const { audit } = house.store;
    const row = { by: 'cli', channel: 'cli', what: 'POST /x', outcome: 'ok', inside: null, count: 1 };
    house.store.commit(() => {
      for (let at = 1; at <= 200_050; at += 1) audit.add({ ...row, at });
    });
    expect(audit.prune(10)).toBe(50);
    expect(audit.list({ limit: 1 })[0]?.at).toBe(200_050);
  });
});
