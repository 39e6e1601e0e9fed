/** Runs once before all tests: gives every worker process a WebGPU adapter (tests/support/software-vulkan.ts). */
import { useTestAdapter } from './software-vulkan.ts';

export default function setup(): void {
  useTestAdapter();
}
