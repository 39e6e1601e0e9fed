/** The page's end of a line to a worker that answers calls: what it says, and that it has ended. */
import { wrap, type Remote } from 'comlink';
import { DarkscanError } from '../../errors.ts';

export interface Line<Api> {
  readonly worker: Worker;
  readonly api: Remote<Api>;
  /** Rejects when the worker is ended or fails. */
  readonly ended: Promise<never>;
  readonly end: (reason: Error) => void;
}

/** @param name of what the worker holds, in messages */
export function openLine<Api>(worker: Worker, name = 'the engine'): Line<Api> {
  let end: (reason: Error) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = reject;
    worker.addEventListener('error', ({ message }) =>
      reject(new DarkscanError('internal', `internal: ${name} stopped (${message || 'it did not load'})`)),
    );
  });
  ended.catch(() => undefined); // matters only to those who wait for an answer
  return { worker, api: wrap<Api>(worker), ended, end };
}
