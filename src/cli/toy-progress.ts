/** Progress of a campaign: toys with their rate, or the toys that reach the data where their number ends it. */
import type { Progress } from './progress.ts';
import type { CampaignOptions } from './toy-run.ts';

export function toyProgress(progress: Progress, until?: number): NonNullable<CampaignOptions['onProgress']> {
  const begun = performance.now();
  return (done, total, reached) => {
    const elapsedMs = performance.now() - begun;
    const rate = rateText(done, elapsedMs);
    if (until !== undefined) {
      return progress.update('toys that reach the data', Math.min(reached, until), until, `${done} toys, ${rate}`);
    }
    const seconds = done > 0 ? Math.ceil((elapsedMs * (total - done)) / done / 1000) : 0;
    progress.update('toys', done, total, `${rate}, ${timeText(seconds)} left`);
  };
}

/** "4730 toys/s". */
export function rateText(toys: number, elapsedMs: number): string {
  return `${Number((elapsedMs > 0 ? (1000 * toys) / elapsedMs : 0).toPrecision(3))} toys/s`;
}

function timeText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
