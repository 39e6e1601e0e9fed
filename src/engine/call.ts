/** One call of a kernel, checked the same way by every backend before anything is computed. */
import { DarkscanError } from '../errors.ts';
import type { Kernel, ParamValues } from '../kernels/kernel.ts';
import type { Handle } from './backend.ts';

export interface WorkRange {
  readonly first: number;
  readonly count: number;
}

/** Work items are numbered in u32 on the GPU. */
const MAX_ITEMS = 2 ** 32 - 1;

export function checkCall(
  kernel: Kernel,
  handles: readonly Handle[],
  params: ParamValues,
  { first, count }: WorkRange,
): void {
  const complain = (found: string) => {
    throw new DarkscanError('internal', `backend: kernel ${kernel.name} ${found}`);
  };
  if (handles.length !== kernel.bindings.length) {
    complain(`got ${handles.length} handles, expected ${kernel.bindings.length}`);
  }
  kernel.bindings.forEach(({ name, element, access }, index) => {
    if (handles[index].element !== element) complain(`got ${handles[index].element} for ${name}, expected ${element}`);
    const isShared = handles.some((handle, other) => other !== index && handle === handles[index]);
    if (access !== 'read' && isShared) complain(`got one handle twice, for ${name} too, which it writes`);
  });
  for (const { name, type } of kernel.params) {
    const value = params[name];
    if (typeof value !== 'number') complain(`got no param ${name}, expected ${type}`);
    const isU32 = Number.isInteger(value) && value >= 0 && value < 2 ** 32;
    if (type === 'u32' && !isU32) complain(`got param ${name} = ${value}, expected u32`);
  }
  const unknown = Object.keys(params).find((name) => !kernel.params.some((param) => param.name === name));
  if (unknown !== undefined) complain(`got an unknown param ${unknown}`);
  const isRange = Number.isInteger(first) && Number.isInteger(count) && first >= 0 && count >= 0;
  if (!isRange || first + count > MAX_ITEMS) complain(`got work items ${first} + ${count}, expected integers in u32`);
}

/** Between two parts of a call: the place where Ctrl-C takes effect. */
export function throwIfAborted(signal: AbortSignal | undefined, done: number, count: number): void {
  if (signal?.aborted !== true) return;
  throw new DarkscanError('interrupted', `run: stopped after ${done} of ${count} work items`, { cause: signal.reason });
}
