/**
 * Writes src/model/card.ts from schema/card.schema.json, the one place where the card is defined.
 * Run: npx tsx scripts/make-card-types.ts (tests/unit/io/card-schema.test.ts fails while the file is out of date).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { compile } from 'json-schema-to-typescript';

const ROOT = new URL('../', import.meta.url);
export const CARD_TYPES_FILE = new URL('src/model/card.ts', ROOT);

const BANNER = `/**
 * Types of the analysis card, generated from schema/card.schema.json by scripts/make-card-types.ts: do not edit.
 * Keys, units and allowed values are described once, in the schema.
 */

/** A number, or the text of a formula (src/model/expression.ts). */
export type Formula = number | string;`;

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * The schema in the dialect json-schema-to-typescript knows: tuples as `items`, arrays without a least length (they
 * would become tuples), and references to objects without the description beside them (they would become new types).
 */
function forTypes(node: Json, definitions: { [key: string]: Json }): Json {
  if (Array.isArray(node)) return node.map((item) => forTypes(item, definitions));
  if (node === null || typeof node !== 'object') return node;
  const { $ref, prefixItems, minItems, ...rest } = node;
  if (typeof $ref === 'string') {
    const target = definitions[$ref.slice('#/$defs/'.length)] as { [key: string]: Json };
    if (target.type === 'object') return { $ref };
  }
  const result: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(rest)) result[key] = forTypes(value, definitions);
  if ($ref !== undefined) result.$ref = $ref;
  if (prefixItems !== undefined) return { ...result, items: forTypes(prefixItems, definitions), minItems: minItems! };
  return result;
}

/** TypeScript text of the card types. */
export async function cardTypes(): Promise<string> {
  const schema = JSON.parse(readFileSync(new URL('schema/card.schema.json', ROOT), 'utf8'));
  const style = JSON.parse(readFileSync(new URL('.prettierrc.json', ROOT), 'utf8'));
  const simplified = forTypes(schema, schema.$defs) as object;
  const text = await compile(simplified, 'AnyCard', { bannerComment: BANNER, additionalProperties: false, style });
  return text.replace(/\n   \*\n   \* This interface was referenced by [^\n]*\n   \* via the [^\n]*/g, '');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(CARD_TYPES_FILE, await cardTypes());
}
