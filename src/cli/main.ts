/**
 * Entry of the command line: arguments in, exit code out. Every error is one line on stderr (a card with several
 * mistakes: one line each) and its kind is the exit code; anything that is not a DarkscanError is a bug (70).
 */
import { CommanderError } from 'commander';
import { DarkscanError, EXIT_CODES, isDarkscanError } from '../errors.ts';
import { nodePlatform } from '../node/platform.ts';
import { makeProgram } from './program.ts';
import type { Session, Streams } from './session.ts';

/** Runs one command line. @param args without the program name: ['scan', 'card.yaml'] */
export async function run(args: readonly string[], streams: Streams, options: Partial<Session> = {}): Promise<number> {
  const session: Session = {
    streams,
    env: options.env ?? process.env,
    cwd: options.cwd ?? process.cwd(),
    platform: options.platform ?? nodePlatform,
    signal: options.signal ?? new AbortController().signal,
  };
  let exitCode: number = EXIT_CODES.ok;
  const program = makeProgram(session, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, session, args.includes('--verbose'));
  }
}

/** Ctrl-C, and what batch systems send before they kill. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs the command line of this process; Ctrl-C (or SIGTERM) stops after the current chunk, a second one at once. */
export async function main(args: readonly string[]): Promise<number> {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
    controller.abort();
  };
  STOP_SIGNALS.forEach((name) => process.on(name, interrupt));
  // For the life of the process: a write may fail after the command has returned.
  process.stdout.on('error', stopOnClosedPipe);
  try {
    return await run(args, process, { signal: controller.signal });
  } finally {
    STOP_SIGNALS.forEach((name) => process.off(name, interrupt));
  }
}

/** `darkscan export ... | head` closes the pipe early: that is the reader's right, not an error. */
function stopOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT_CODES.ok);
}

function report(error: unknown, session: Session, verbose: boolean): number {
  const { stderr } = session.streams;
  // commander has already written its own line
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  if (session.signal.aborted) {
    stderr.write('interrupted; nothing was written\n');
    return EXIT_CODES.interrupted;
  }
  if (isDarkscanError(error)) {
    stderr.write(`${error.message}\n`);
    if (verbose && error.cause !== undefined) stderr.write(`caused by: ${describe(error.cause)}\n`);
    return error.exitCode;
  }
  const bug = new DarkscanError(
    'internal',
    `internal: ${firstLine(error)}; please report this with the card and --verbose`,
  );
  stderr.write(`${bug.message}\n`);
  if (verbose) stderr.write(`${describe(error)}\n`);
  return bug.exitCode;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
