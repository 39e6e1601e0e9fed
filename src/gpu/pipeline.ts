/** From a kernel's source to a compute pipeline with an explicit layout; compile errors name the line and show it. */
import { DarkscanError } from '../errors.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { bindGroupLayoutEntries, bindingsWgsl } from './layout.ts';

export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Entry point of every shader. */
export const ENTRY_POINT = 'main';

export async function createPipeline(device: GPUDevice, kernel: Kernel, source: string): Promise<Pipeline> {
  const code = bindingsWgsl(kernel) + source;
  const module = device.createShaderModule({ code, label: kernel.name });
  // `auto` layouts drop bindings the shader does not use, and bind groups naming them are then invalid: say it all.
  const layout = device.createBindGroupLayout({ entries: bindGroupLayoutEntries(kernel), label: kernel.name });
  const pipeline = device.createComputePipelineAsync({
    label: kernel.name,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: ENTRY_POINT },
  });
  pipeline.catch(() => undefined); // the compilation messages below say more
  const { messages } = await module.getCompilationInfo();
  const error = messages.find((message) => message.type === 'error');
  if (error !== undefined) {
    const line = code.split('\n')[error.lineNum - 1]?.trim() ?? '';
    throw new DarkscanError('gpu', `gpu: shader ${kernel.name}: ${error.message.split('\n')[0]} in "${line}"`);
  }
  return { pipeline: await pipeline, layout };
}
