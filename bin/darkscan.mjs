#!/usr/bin/env node
// In a checkout the command line runs from TypeScript source, in an installed package from dist.
import fs from 'node:fs';

const source = new URL('../src/cli/main.ts', import.meta.url);
const fromSource = fs.existsSync(source);
if (fromSource) await import('../scripts/wgsl-register.mjs');
const { main } = await import(fromSource ? source.href : '../dist/cli/main.js');
process.exitCode = await main(process.argv.slice(2));
