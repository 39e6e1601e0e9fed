/** Runs command lines in this process, in a folder of their own, on one CPU thread. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { run } from '../../../src/cli/main.ts';
import type { OutputStream } from '../../../src/cli/session.ts';
import type { Platform } from '../../../src/engine/choose-backend.ts';

/** No GPU and no workers: the twins run in this thread. */
const PLATFORM: Platform = { cores: 1, loadGpu: async () => ({ reason: 'none in this test' }) };

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Called with every piece of stderr. */
  readonly onError?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** A folder for a test file, removed at its end, and a way to run command lines in it. */
export function workplace(): { folder: string; cli: (line: string, options?: RunOptions) => Promise<Outcome> } {
  const folder = mkdtempSync(join(tmpdir(), 'darkscan-cli-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    async cli(line, options = {}) {
      const [out, err] = [collector(), collector(options.onError)];
      const streams = { stdin: chunks(options.stdin ?? ''), stdout: out.stream, stderr: err.stream };
      const { signal, env = {} } = options;
      const args = line.split(' ').filter((part) => part !== '');
      const code = await run(args, streams, { cwd: folder, env, platform: PLATFORM, ...(signal ? { signal } : {}) });
      return { code, out: out.text(), err: err.text() };
    },
  };
}

function collector(seen?: (text: string) => void): { stream: OutputStream; text: () => string } {
  const parts: Buffer[] = [];
  const write = (part: string | Uint8Array): void => {
    parts.push(Buffer.from(part as string));
    seen?.(String(part));
  };
  return { stream: { write }, text: () => Buffer.concat(parts).toString() };
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** About 80 windows of pseudo-data: a flat background and 20 injected events at (3, 5). */
export const SMALL_CARD = `# a small card
schema: darkscan/card/1
name: small
scan: windows
data: { simulate: true }
x: { column: m, label: "M", unit: GeV }
y: { column: r, label: "R", unit: "GeV^{2}" }
windows:
  resolution: { x: "0.05 + 0*x", y: 0.5, correlation: -0.6 }
  half_axes: 2
  step: 2
  region: { x: [2.5, 3.5], y: [2, 10], where: "y < 3*x" }
background:
  components:
    - { name: flat, density: 1, events: 400, support: { x: [2, 4], y: [0, 12] } }
signal:
  poi: { name: "#sigma", unit: fb }
  luminosity: { value: 10, unit: "fb^{-1}" }
  efficiency: 0.2
nuisances:
  - { name: eff, constraint: normal, on: { efficiency: 0.06 } }
  - { name: bkg, constraint: normal, on: { background: { up: 0.22, down: 0.20 } } }
statistics:
  p0: marginal
  limits: [{ method: bayes, credibility: 0.9, poi_max: 1000 }]
simulation: { inject: [{ x: 3, y: 5, events: 20 }] }
`;
