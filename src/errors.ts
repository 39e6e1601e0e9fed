/**
 * What can go wrong, as one tagged class. Every message is one line: subject, found, allowed; what to do
 * (`card: windows.step is -1, expected a number above 0; give the lattice step in units of the resolution`).
 */

/** Documented exit codes of the command line; the kind of an error decides its code. */
export const EXIT_CODES = {
  ok: 0,
  difference: 1,
  usage: 2,
  card: 3,
  incomplete: 4,
  data: 5,
  conflict: 6,
  gpu: 7,
  numerical: 8,
  resource: 9,
  internal: 70,
  stopped: 75,
  interrupted: 130,
} as const;

export type ErrorKind = Exclude<keyof typeof EXIT_CODES, 'ok'>;

export class DarkscanError extends Error {
  readonly kind: ErrorKind;
  /** Path into the card (`windows.step`) or file position, when there is one. */
  readonly where?: string;

  constructor(kind: ErrorKind, message: string, options: { where?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DarkscanError';
    this.kind = kind;
    this.where = options.where;
  }

  get exitCode(): number {
    return EXIT_CODES[this.kind];
  }
}

/** The one guard callers need: anything else is a bug (exit code 70). */
export function isDarkscanError(error: unknown, kind?: ErrorKind): error is DarkscanError {
  return error instanceof DarkscanError && (kind === undefined || error.kind === kind);
}
