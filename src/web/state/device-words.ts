/** Where the work was done, in the words of the page; one sentence about a GPU that failed. */
import { gpuTroubles } from '../../engine/gpu-warnings.ts';
import type { DeviceReport } from '../engine/api.ts';

/** Why no GPU was used; undefined where one was, or where none was wanted. */
export function noGpuWords({ info, reasons }: DeviceReport): string | undefined {
  const reason = reasons.find((one) => one.startsWith('webgpu: '))?.slice('webgpu: '.length);
  if (info.kind !== 'cpu' || reason === undefined) return undefined;
  return `No GPU is used: ${reason}. CPU workers give the same numbers.`;
}

/** What happened to the GPU on the way, and warnings about it. @param work 'the scan', 'the toys' */
export function deviceNotices({ warnings }: Pick<DeviceReport, 'warnings'>, work = 'the scan'): string[] {
  const { losses, gaveUp, others } = gpuTroubles(warnings);
  const notices = others.map(pageWords);
  if (gaveUp !== undefined) {
    notices.unshift(`The GPU was given up during ${work} (${gaveUp}); CPU workers did the rest, and all numbers hold.`);
  } else if (losses > 0) {
    const often = losses === 1 ? 'once' : `${losses} times`;
    notices.unshift(`The GPU was lost ${often} during ${work}; its work was repeated, and all numbers hold.`);
  }
  return notices;
}

/** Messages of the library speak of options of the command line. */
export function pageWords(message: string): string {
  return message
    .replace(/use --backend cpu( or .*)?$/, "choose 'CPU workers'")
    .replace('use --backend cpu', "choose 'CPU workers'")
    .replace('--backend cpu is faster', 'CPU workers are faster');
}
