/** Progress on stderr: a bar on a terminal, elsewhere a plain line at the end of each stage and every ten seconds. */
import cliProgress from 'cli-progress';
import type { OutputStream, Verbosity } from './session.ts';

export interface Progress {
  /** `done` of `total` steps of `stage`; the detail (a rate) may change at every call. */
  update(stage: string, done: number, total: number, detail?: string): void;
  /** Removes the bar; harmless to call twice. */
  stop(): void;
}

const PLAIN_INTERVAL_MS = 10_000;

export function makeProgress(stderr: OutputStream, verbosity: Verbosity, now: () => number = Date.now): Progress {
  if (verbosity.quiet) return { update: () => {}, stop: () => {} };
  return stderr.isTTY ? barProgress(stderr) : plainProgress(stderr, now);
}

function plainProgress(stderr: OutputStream, now: () => number): Progress {
  let lastStage = '';
  let lastTime = now();
  return {
    update(stage, done, total, detail) {
      if (stage !== lastStage) [lastStage, lastTime] = [stage, now()];
      if (done < total && now() - lastTime < PLAIN_INTERVAL_MS) return;
      lastTime = now();
      stderr.write(`${stage}: ${done} of ${total}${detail === undefined ? '' : ` (${detail})`}\n`);
    },
    stop() {},
  };
}

function barProgress(stderr: OutputStream): Progress {
  const format = '{stage} {bar} {percentage} % {value}/{total} {eta_formatted} {detail}';
  const stream = stderr as NodeJS.WritableStream;
  const bar = new cliProgress.SingleBar({ format, stream, hideCursor: false, clearOnComplete: true, fps: 10 });
  let current: string | undefined;
  return {
    update(stage, done, total, detail = '') {
      if (stage !== current) {
        if (current !== undefined) bar.stop();
        bar.start(total, done, { stage, detail });
        current = stage;
      }
      bar.setTotal(total);
      bar.update(done, { stage, detail });
    },
    stop() {
      if (current !== undefined) bar.stop();
      current = undefined;
    },
  };
}
