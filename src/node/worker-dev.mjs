// Development entry of a worker thread: hooks first, then the TypeScript file. Not part of dist.
import '../../scripts/wgsl-register.mjs';

await import('./worker-main.ts');
