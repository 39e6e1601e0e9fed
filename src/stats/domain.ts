import { DarkscanError } from '../errors.ts';

/** An argument outside the domain of a function: never answered with NaN. */
export function domainError(call: string, allowed: string): DarkscanError {
  return new DarkscanError('numerical', `stats: ${call} is outside the domain, expected ${allowed}`);
}

/** A series or iteration that used up its terms: never answered with its last value. */
export function convergenceError(call: string, terms: number): DarkscanError {
  return new DarkscanError('numerical', `stats: ${call} did not converge in ${terms} terms; report these arguments`);
}
