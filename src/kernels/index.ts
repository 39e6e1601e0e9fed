/** Every kernel by name; workers look up here what they are asked to run. */
import type { Kernel } from './kernel.ts';

export const kernels: Readonly<Record<string, Kernel>> = {};
