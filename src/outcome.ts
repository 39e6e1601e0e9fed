/** A value or an error, as data: errors do not survive the way between threads as what they are. */
import { DarkscanError, isDarkscanError, type ErrorKind } from './errors.ts';

export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly kind: ErrorKind; readonly message: string };

/** What `work` gives, or why not; an error that is not a DarkscanError is a bug and of kind `internal`. */
export async function attempt<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (isDarkscanError(error)) return { ok: false, kind: error.kind, message: error.message };
    return { ok: false, kind: 'internal', message: `internal: ${String(error)}; please report this` };
  }
}

/** The value of an outcome; throws the error it holds. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new DarkscanError(outcome.kind, outcome.message);
}
