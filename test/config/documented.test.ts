/** A key that nobody can read about is not there: the page of the configuration and the file of the first start name every one. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { agentTable, budgetTable, configFile, policyRule, pricesTable, priceTable, syncTable } from '../../src/config/schema.ts';
import { configTemplate } from '../../src/config/template.ts';

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const shapes = [configFile, agentTable, agentTable.shape.permissions.unwrap(), policyRule, budgetTable, pricesTable, priceTable, syncTable];
const keys = [...new Set(shapes.flatMap(({ shape }) => Object.keys(shape)))];

it('every key of config.toml stands on its page', () => {
  expect(keys.length).toBeGreaterThan(40);
  const named = (key: string): boolean => new RegExp(`\`\\[*${key}\\b|^${key} =`, 'mu').test(page);
  expect(keys.filter((key) => !named(key))).toEqual([]);
});

it('and in the file that the first start writes', () => {
  expect(keys.filter((key) => !new RegExp(`\\b${key}\\b`, 'u').test(configTemplate))).toEqual([]);
});
