/** Progress at a rate that people can read: a message to the page costs more than a chunk of a fast kernel. */
import type { OnProgress } from './api.ts';

const EVERY_MS = 50;

/** Passes on the first report of every stage, the last one, and at most one every 50 ms between them. */
export function throttled(onProgress: OnProgress): OnProgress {
  let [last, stage] = [-Infinity, ''];
  return (progress) => {
    const now = performance.now();
    if (progress.stage === stage && progress.done < progress.total && now - last < EVERY_MS) return;
    [last, stage] = [now, progress.stage];
    onProgress(progress);
  };
}
