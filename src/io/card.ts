/**
 * Reads an analysis card: YAML or JSON text -> a `Card` that satisfies the schema and every rule a schema cannot say.
 * Errors list everything that is wrong, one line each, with line and column:
 * `card.yaml:12:3: windows.stepp is not a known key; did you mean 'step'? allowed: resolution, half_axes, step, region`.
 */
import { DarkscanError } from '../errors.ts';
import type { AnyCard, BayesLimit, Card, SpectrumCard } from '../model/card.ts';
import { kindOf } from './card-kind.ts';
import { valueAt } from './card-path.ts';
import { ruleProblems } from './card-rules.ts';
import { spectrumRuleProblems } from './card-rules-spectrum.ts';
import { schemaProblems } from './card-schema.ts';
import { readCardSource } from './card-source.ts';
import { sha256Hex } from './sha256.ts';

export interface Parsed<C extends AnyCard> {
  readonly card: C;
  /** Name of the source as used in messages. */
  readonly source: string;
  /** The text as written, comments included. */
  readonly text: string;
}

/** Card of a window scan. */
export type ParsedCard = Parsed<Card>;

/** A card of any kind. @param source file name for messages, `-` for standard input */
export function parseAnyCard(text: string, source: string): Parsed<AnyCard> {
  const read = readCardSource(text, source);
  const value = withInfinityAsText(read.value);
  const found = schemaProblems(value);
  const card = value as AnyCard;
  const rules = () => (isSpectrumCard(card) ? spectrumRuleProblems(card) : ruleProblems(card));
  const problems = found.length > 0 ? found : rules();
  if (problems.length > 0) {
    const lines = problems.map(({ path, atKey, message }) => `${read.position(path, atKey)}: ${message}`);
    throw new DarkscanError('card', lines.join('\n'), { where: read.position(problems[0].path, problems[0].atKey) });
  }
  return { card, source, text };
}

/** The card of a window scan; one of sliding-range fits is refused. */
export function parseCard(text: string, source: string): ParsedCard {
  return windowCard(parseAnyCard(text, source));
}

/** Error (kind card) for a card of sliding-range fits. @param what for, in the message */
export function windowCard<P extends Parsed<AnyCard>>(parsed: P, what = 'a scan of windows'): P & ParsedCard {
  if (!isSpectrumCard(parsed.card)) return parsed as P & ParsedCard;
  const message = `${parsed.source}: scan is {kind: spectrum}, expected windows: ${what} needs a card of windows`;
  throw new DarkscanError('card', message, { where: 'scan' });
}

export function isSpectrumCard(card: AnyCard): card is SpectrumCard {
  return kindOf(card) === 'SpectrumCard';
}

/**
 * YAML writes infinity as .inf, JSON cannot. A card holds it as 'inf', in the one place where it is allowed
 * (statistics.limits[].poi_max); elsewhere the schema refuses it.
 */
function withInfinityAsText(value: unknown): unknown {
  const limits = valueAt(value, ['statistics', 'limits']);
  for (const limit of Array.isArray(limits) ? limits : []) {
    if (limit?.poi_max === Infinity) limit.poi_max = 'inf';
  }
  return value;
}

/** JSON with sorted keys and no blanks (RFC 8785 for the values a card can hold: no NaN, no infinity). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonicalJson(part)}`).join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new DarkscanError('internal', `canonical json: ${value} is not a number json can hold`);
  }
  return JSON.stringify(value);
}

/** SHA-256 of the canonical JSON of a card: comments, order and layout do not enter. */
export function hashCard(card: AnyCard): Promise<string> {
  return sha256Hex(new TextEncoder().encode(canonicalJson(card)));
}

/** End of the flat prior in the unit of the POI; Infinity for 'inf'. */
export function poiMaxOf(limit: BayesLimit): number {
  return limit.poi_max === 'inf' ? Infinity : limit.poi_max;
}
