import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CARD_TYPES_FILE, cardTypes } from '../../../scripts/make-card-types.ts';
import { VALIDATOR_FILE, validatorText } from '../../../scripts/make-validator.ts';

const schema = JSON.parse(readFileSync(new URL('../../../schema/card.schema.json', import.meta.url), 'utf8'));

function objects(node: unknown, path = '#'): { path: string; node: Record<string, unknown> }[] {
  if (node === null || typeof node !== 'object') return [];
  const parts = Object.entries(node).flatMap(([key, value]) => objects(value, `${path}/${key}`));
  return [...(Array.isArray(node) ? [] : [{ path, node: node as Record<string, unknown> }]), ...parts];
}

test('src/model/card.ts is what the schema gives (else run scripts/make-card-types.ts)', async () => {
  expect(readFileSync(CARD_TYPES_FILE, 'utf8')).toBe(await cardTypes());
});

test('the validator is what the schema gives (else run scripts/make-validator.ts)', () => {
  expect(readFileSync(VALIDATOR_FILE, 'utf8') === validatorText()).toBe(true);
});

test('every block of the schema refuses unknown keys', () => {
  const blocks = objects(schema).filter(({ node }) => node.type === 'object');
  expect(blocks.length).toBeGreaterThan(30);
  for (const { path, node } of blocks) expect(node.additionalProperties, path).toBe(false);
});

test('every key of the schema is described, for editors', () => {
  const described = (node: Record<string, unknown>): unknown =>
    node.description ?? schema.$defs[String(node.$ref).split('/').pop()!]?.description;
  let count = 0;
  for (const { path, node } of objects(schema)) {
    for (const group of ['properties', 'patternProperties']) {
      if (path.endsWith('/properties')) continue;
      for (const [key, value] of Object.entries((node[group] ?? {}) as Record<string, Record<string, unknown>>)) {
        expect(described(value), `${path}/${key}`).toBeTruthy();
        count++;
      }
    }
  }
  expect(count).toBeGreaterThan(100);
});
