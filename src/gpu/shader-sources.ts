/**
 * Kernel name -> WGSL text: shared pure functions (shaders/shared/) in front of the kernel's own file. The declarations
 * of bindings and params are not here; src/gpu/layout.ts derives them from the Kernel descriptor.
 */
import { DarkscanError } from '../errors.ts';
import selfTest from '../../shaders/self_test.wgsl';

const PIECES: Readonly<Record<string, readonly string[]>> = {
  self_test: [selfTest],
};

export const shaderNames: readonly string[] = Object.keys(PIECES);

export function shaderSource(kernelName: string): string {
  const pieces = PIECES[kernelName];
  if (pieces === undefined) {
    throw new DarkscanError('internal', `gpu: kernel ${kernelName} has no shader; list it in src/gpu/shader-sources.ts`);
  }
  return pieces.join('\n');
}
