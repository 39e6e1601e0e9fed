/** What a run records of a GPU that failed on the way, and how to tell these lines from others. */

const LOST = 'gpu: device lost';
const GAVE_UP = 'gpu: gave up on';

export function lostWarning(reason: string, losses: number, allowed: number): string {
  return `${LOST} (${reason}), ${losses} of ${allowed} times in one call`;
}

/** @param cause message of the error that made it so */
export function gaveUpWarning(device: string, cause: string, instead: string): string {
  const reason = cause.replace(/^gpu: |; use --backend cpu.*$/g, '');
  return `${GAVE_UP} ${device} because of ${reason}; going on with ${instead}`;
}

export interface GpuTroubles {
  /** Times that the device was lost. */
  readonly losses: number;
  /** Why the CPU did the rest, if it did. */
  readonly gaveUp?: string;
  /** Warnings about anything else. */
  readonly others: readonly string[];
}

export function gpuTroubles(warnings: readonly string[]): GpuTroubles {
  const gaveUp = warnings.find((warning) => warning.startsWith(GAVE_UP));
  return {
    losses: warnings.filter((warning) => warning.startsWith(LOST)).length,
    gaveUp: gaveUp === undefined ? undefined : / because of (.*); going on with/.exec(gaveUp)?.[1],
    others: warnings.filter((warning) => !warning.startsWith(LOST) && !warning.startsWith(GAVE_UP)),
  };
}
