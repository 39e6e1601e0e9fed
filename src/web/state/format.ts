/** Numbers as people read them. */

/** "0.74 s", "12 s", "3 min". */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** "12,300/s". */
export function formatRate(perSecond: number): string {
  return `${Number(perSecond.toPrecision(3)).toLocaleString('en-US')}/s`;
}

/** "3.2 kB", "118 MB". */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const power = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${power === 0 ? bytes : Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]}`;
}

/** "12,300". */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
