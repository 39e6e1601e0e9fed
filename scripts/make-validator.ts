/**
 * Writes src/io/card-validator.generated.js from schema/card.schema.json: ajv's standalone code, so that nothing is
 * compiled from text at run time and ajv is no dependency of users. The file exports, by name, the validators of every
 * definition that is a branch of a choice: the kinds of card, and those card-schema.ts needs for its messages.
 * Run: npx tsx scripts/make-validator.ts (tests/unit/io/card-schema.test.ts fails while the file is out of date).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';

const ROOT = new URL('../', import.meta.url);
export const VALIDATOR_FILE = new URL('src/io/card-validator.generated.js', ROOT);

interface Schema {
  readonly $id: string;
  readonly $defs: Readonly<Record<string, unknown>>;
}

/** Names of the definitions that are branches of an anyOf. */
function branches(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(branches);
  if (node === null || typeof node !== 'object') return [];
  const own = 'anyOf' in node ? (node.anyOf as { $ref?: string }[]) : [];
  const names = own.flatMap(({ $ref }) => ($ref === undefined ? [] : [$ref.slice('#/$defs/'.length)]));
  return [...names, ...Object.values(node).flatMap(branches)];
}

/** The schema without its words for people, which validation does not need. */
function withoutWords(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutWords);
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key, value]) => !(key === 'description' && typeof value === 'string'));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutWords(value)]));
}

/** JavaScript text of the validators and the schema. */
export function validatorText(): string {
  const schema = JSON.parse(readFileSync(new URL('schema/card.schema.json', ROOT), 'utf8')) as Schema;
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    allowUnionTypes: true,
    inlineRefs: false,
    messages: false,
    code: { source: true, esm: true },
  });
  ajv.addSchema(withoutWords(schema) as Schema);
  const exported: Record<string, string> = {};
  for (const name of new Set(branches(schema))) exported[name] = `${schema.$id}#/$defs/${name}`;
  const code = standalone.default(ajv, exported);
  if (code.includes('require(')) throw new Error('the validator needs a runtime module; avoid the keyword that does');
  const head = '// Generated from schema/card.schema.json by scripts/make-validator.ts: do not edit.';
  const small = transformSync(code, { format: 'esm', treeShaking: true, minify: true }).code;
  return `${head}\n${small}export const cardSchema = ${JSON.stringify(schema)};\n`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(VALIDATOR_FILE, validatorText());
}
