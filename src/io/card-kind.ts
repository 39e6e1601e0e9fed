/** Which kind of card it is, and what is wrong with that: `scan: windows` or `scan: {kind: spectrum}`. */
import { didYouMean } from '../model/did-you-mean.ts';
import { show } from './card-messages.ts';
import { pathText, valueAt, type CardProblem } from './card-path.ts';
import { cardSchema } from './card-validator.generated.js';

/** Names of the kinds in the schema, and what they write for `scan`. */
const SCANS = { Card: 'windows', SpectrumCard: '{kind: spectrum}' } as const;
export type CardKind = keyof typeof SCANS;

/** A card that does not say what it is, checked or not, is taken for what its keys are. */
export function kindOf(value: unknown): CardKind {
  const scan = valueAt(value, ['scan']);
  if (scan === 'windows' || valueAt(scan, ['kind']) === 'windows') return 'Card';
  const isBlock = typeof scan === 'object' && scan !== null;
  return isBlock || valueAt(value, ['spectra']) !== undefined ? 'SpectrumCard' : 'Card';
}

/** Keys of the other kind of card, told in one line and not as unknown beside what is missing instead. */
export function foreignKeys(value: unknown, kind: CardKind): CardProblem | undefined {
  const other: CardKind = kind === 'Card' ? 'SpectrumCard' : 'Card';
  const keysOf = (name: CardKind) => Object.keys(cardSchema.$defs![name].properties!);
  const own = keysOf(kind);
  const found = Object.keys(Object(value)).filter((key) => !own.includes(key) && keysOf(other).includes(key));
  if (found.length === 0) return undefined;
  const belong = `${found.length === 1 ? 'does' : 'do'} not belong to scan: ${SCANS[kind]}, but to scan: ${SCANS[other]}`;
  const message = `${found.join(', ')} ${belong}; keys here: ${own.join(', ')}`;
  return { path: [found[0]], atKey: true, message };
}

/** Of a value of `scan` that is no kind at all, all kinds are told. */
export function withKinds(problem: CardProblem, value: unknown): CardProblem {
  const scan = valueAt(value, ['scan']);
  const isBlock = typeof scan === 'object' && scan !== null && !Array.isArray(scan);
  if (isBlock || pathText(problem.path) !== 'scan') return problem;
  const words = Object.values(SCANS);
  return {
    ...problem,
    message: `scan is ${show(scan)}, allowed: ${words.join(', ')}${didYouMean(String(scan), words)}`,
  };
}
