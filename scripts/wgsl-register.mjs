// Development entry: `node --import ./scripts/wgsl-register.mjs file.ts` runs TypeScript and shader text from source.
import { register as registerHook } from 'node:module';
import { register as registerTsx } from 'tsx/esm/api';

registerTsx();
registerHook('./wgsl-hooks.mjs', import.meta.url);
