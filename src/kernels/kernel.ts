/**
 * What a kernel is, for every backend: one object beside the CPU twin (src/kernels/x.ts) that both backends use.
 * The WGSL text (shaders/x.wgsl) has the same bindings in the same order, then one uniform struct with `params`
 * preceded by `first` and `count`: work items [first, first + count) are the only ones a call may write.
 */

/** 'f64' is Float64Array on the host and f32 on the GPU (converted inside the WebGPU backend); 'u32' is u32 everywhere. */
export type ElementType = 'f64' | 'u32';
export type KernelArray = Float64Array | Uint32Array;

export interface Binding {
  readonly name: string;
  readonly element: ElementType;
  /** `scratch`: room for work items, each its own part; what is in it before and after a call is undefined. */
  readonly access: 'read' | 'write' | 'scratch';
}

export interface Param {
  readonly name: string;
  readonly type: 'f32' | 'u32';
}

export type ParamValues = Readonly<Record<string, number>>;

export interface Kernel {
  /** snake_case, names shaders/<name>.wgsl and src/kernels/<name>.ts. */
  readonly name: string;
  /** Storage buffers in binding order (at most 8); all but 'read' are read_write in WGSL. */
  readonly bindings: readonly Binding[];
  readonly params: readonly Param[];
  /** Work items per GPU: one per invocation (default) or one per workgroup, whose invocations share it. */
  readonly mapping?: 'invocation' | 'workgroup';
  /** Has no shader: f32 does not suffice. Workers know it, a WebGPU backend refuses it. */
  readonly isCpuOnly?: true;
  /** CPU twin: the same contract in f64. Touches only work items [first, first + count). */
  run(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void;
}
