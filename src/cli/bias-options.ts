/** Options of `bias` that are read strictly. */
import { InvalidArgumentError } from 'commander';
import { MOST_STRENGTHS } from '../toys/spectrum/bias.ts';
import { toyCount } from './toy-options.ts';

export const DEFAULT_BIAS_TOYS = 1000;
export const DEFAULT_STRENGTHS = [0, 2, 5] as const;

/** Their numbers are kept until an ensemble is done. */
const MOST_BIAS_TOYS = 1e6;
const MOST_STRENGTH = 1000;

/** 2 (an error of a mean needs as many) to a million. */
export function biasToys(text: string): number {
  const count = toyCount(text);
  if (count >= 2 && count <= MOST_BIAS_TOYS) return count;
  throw new InvalidArgumentError(`expected a number of toys from 2 to ${MOST_BIAS_TOYS}, such as 5000 or 1e5`);
}

/** "3,17,40" */
export function hypothesisList(text: string): number[] {
  if (/^\d{1,9}(,\d{1,9})*$/.test(text)) return text.split(',').map(Number);
  throw new InvalidArgumentError('expected numbers of hypotheses separated by commas, such as 3,17,40');
}

/** "0,2,5": all different, in this order. */
export function strengthList(text: string): number[] {
  const words = text.split(',');
  const values = words.map(Number);
  const areGood = words.every((word, i) => /^\d+(\.\d+)?$/.test(word) && values[i] <= MOST_STRENGTH);
  if (areGood && values.length <= MOST_STRENGTHS && new Set(values).size === values.length) return values;
  throw new InvalidArgumentError(
    `expected up to ${MOST_STRENGTHS} different numbers from 0 to ${MOST_STRENGTH} separated by commas, such as 0,2,5`,
  );
}
