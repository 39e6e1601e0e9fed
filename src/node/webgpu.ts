/** WebGPU in Node: the optional package `webgpu` (Dawn), loaded only when asked for. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { GpuSource } from '../gpu/adapter.ts';

/**
 * The object of create() must outlive everything made from it: collected while anything is pending it takes the
 * process down (dawn-gpu/node-webgpu issue 18). So there is one, and it stays for the life of the process.
 */
const PINNED = Symbol.for('darkscan.webgpu');

export interface LoadOptions {
  /** Ask the driver even where nothing says that one is installed (it then complains on stderr). */
  readonly insist: boolean;
}

export async function loadWebGpu({ insist }: LoadOptions): Promise<GpuSource> {
  const store = globalThis as { [PINNED]?: GPU };
  if (store[PINNED] !== undefined) return { gpu: store[PINNED] };
  if (!insist && process.platform === 'linux' && !hasVulkanDriver()) {
    return { reason: 'no Vulkan driver is installed (no icd.d manifest)' };
  }
  try {
    const { create } = await import('webgpu');
    return { gpu: (store[PINNED] = create([])) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    const why = missing
      ? 'is not installed (it is an optional dependency)'
      : `does not load (${message.split('\n')[0]})`;
    return { reason: `the package webgpu ${why}` };
  }
}

/** Whether the places where the Vulkan loader looks for drivers name one; spares a warning from a loader without any. */
function hasVulkanDriver(env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES || env.VK_ADD_DRIVER_FILES) return true;
  const home = os.homedir();
  const roots = [
    env.XDG_CONFIG_HOME ?? path.join(home, '.config'),
    env.XDG_DATA_HOME ?? path.join(home, '.local/share'),
    '/etc',
    ...(env.XDG_CONFIG_DIRS ?? '/etc/xdg').split(':'),
    ...(env.XDG_DATA_DIRS ?? '/usr/local/share:/usr/share').split(':'),
  ];
  return roots.some((root) => {
    const folder = path.join(root, 'vulkan/icd.d');
    return fs.existsSync(folder) && fs.readdirSync(folder).some((name) => name.endsWith('.json'));
  });
}
