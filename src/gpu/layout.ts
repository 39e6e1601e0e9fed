/**
 * The one author of a kernel's memory layout: the WGSL declarations, the bind group layout and the packed uniform bytes
 * all come from the Kernel descriptor, so that they cannot drift. A shader file therefore declares no bindings itself;
 * it uses the names of the descriptor (`efficiency[i]`) and `params.first`, `params.count`, `params.<param>`.
 */
import { DarkscanError } from '../errors.ts';
import type { Kernel, ParamValues } from '../kernels/kernel.ts';

/**
 * Invocations per workgroup; `WORKGROUP_SIZE` in WGSL. One invocation per work item and no barriers (ruinous on CPU
 * drivers), except for kernels that map an item to a workgroup.
 */
export const WORKGROUP_SIZE = 64;
/** Workgroups in one 1D dispatch (WebGPU default limit). */
export const MAX_WORKGROUPS = 65535;

/** Work items one workgroup does. */
export function itemsPerWorkgroup({ mapping = 'invocation' }: Kernel): number {
  return mapping === 'workgroup' ? 1 : WORKGROUP_SIZE;
}
/** Storage buffers per kernel (WebGPU default limit). */
export const MAX_BINDINGS = 8;

const WORD_BYTES = 4;
const UNIFORM_ALIGNMENT = 16;
const COMPUTE_STAGE = 4; // GPUShaderStage.COMPUTE; the numbers are fixed by the WebGPU specification
/**
 * Words in front of every kernel's own params. `zero` is 0 at run time, which the shader compiler cannot know:
 * `bitcast<u32>(s) ^ params.zero` stops drivers from reassociating error-free sums (lavapipe, Metal).
 */
const LEADING_WORDS = ['first', 'count', 'zero'] as const;

/** WGSL text put in front of a kernel's source: `Params`, one variable per binding, the uniform, WORKGROUP_SIZE. */
export function bindingsWgsl(kernel: Kernel): string {
  checkKernel(kernel);
  const members = [...LEADING_WORDS.map((name) => `${name}: u32`), ...kernel.params.map((p) => `${p.name}: ${p.type}`)];
  const storage = kernel.bindings.map((binding, index) => {
    const access = binding.access === 'read' ? 'read' : 'read_write';
    const element = binding.element === 'u32' ? 'u32' : 'f32';
    return `@group(0) @binding(${index}) var<storage, ${access}> ${binding.name}: array<${element}>;`;
  });
  return [
    `const WORKGROUP_SIZE = ${WORKGROUP_SIZE}u;`,
    `struct Params { ${members.join(', ')} }`,
    ...storage,
    `@group(0) @binding(${kernel.bindings.length}) var<uniform> params: Params;`,
    '',
  ].join('\n');
}

export function bindGroupLayoutEntries(kernel: Kernel): GPUBindGroupLayoutEntry[] {
  const storage = kernel.bindings.map((binding, index): GPUBindGroupLayoutEntry => {
    const type = binding.access === 'read' ? 'read-only-storage' : 'storage';
    return { binding: index, visibility: COMPUTE_STAGE, buffer: { type } };
  });
  const uniform = { binding: kernel.bindings.length, visibility: COMPUTE_STAGE, buffer: { type: 'uniform' } } as const;
  return [...storage, uniform];
}

/** Bytes of the uniform struct, padded to 16; all members are 4-byte scalars, so each sits at its index times 4. */
export function uniformBytes(kernel: Kernel): number {
  const bytes = (LEADING_WORDS.length + kernel.params.length) * WORD_BYTES;
  return Math.ceil(bytes / UNIFORM_ALIGNMENT) * UNIFORM_ALIGNMENT;
}

/** The uniform struct for work items [first, first + count). */
export function packParams(kernel: Kernel, params: ParamValues, first: number, count: number): ArrayBuffer {
  const bytes = new ArrayBuffer(uniformBytes(kernel));
  const u32 = new Uint32Array(bytes);
  const f32 = new Float32Array(bytes);
  u32[0] = first;
  u32[1] = count;
  kernel.params.forEach((param, index) => {
    const words = param.type === 'u32' ? u32 : f32;
    words[LEADING_WORDS.length + index] = params[param.name];
  });
  return bytes;
}

function checkKernel(kernel: Kernel): void {
  if (kernel.bindings.length > MAX_BINDINGS) {
    const found = `kernel ${kernel.name} has ${kernel.bindings.length} bindings`;
    throw new DarkscanError('internal', `gpu: ${found}, allowed ${MAX_BINDINGS} storage buffers; join or split them`);
  }
  const taken = kernel.params.find((param) => (LEADING_WORDS as readonly string[]).includes(param.name));
  if (taken !== undefined) {
    const found = `kernel ${kernel.name} declares param ${taken.name}`;
    throw new DarkscanError('internal', `gpu: ${found}, which every kernel has already; rename or remove it`);
  }
}
