/** What a command gets from its surroundings, so that tests can run commands without a process of their own. */
import type { Platform } from '../engine/choose-backend.ts';

export interface OutputStream {
  write(text: string | Uint8Array): unknown;
  readonly isTTY?: boolean;
}

export interface Streams {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** Results only. */
  readonly stdout: OutputStream;
  /** Everything else: progress, notes, errors. */
  readonly stderr: OutputStream;
}

export interface Session {
  readonly streams: Streams;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly platform: Platform;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** How much a command says on stderr. */
export interface Verbosity {
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** A line for people on stderr, unless --quiet. */
export function note(session: Session, verbosity: Verbosity, line: string): void {
  if (!verbosity.quiet) session.streams.stderr.write(`${line}\n`);
}

/** A result on stdout. */
export function print(session: Session, text: string): void {
  session.streams.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
