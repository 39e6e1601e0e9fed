/** Who may import whom: rooms of src point one way, and only cli and node know Node. */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** Rooms that a room may import, besides itself, errors.ts and version.ts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  stats: [],
  model: ['stats'],
  kernels: ['stats'],
  gpu: ['kernels'],
  engine: ['kernels', 'gpu'],
  scan: ['model', 'engine', 'kernels', 'stats', 'io'],
  toys: ['scan', 'model', 'engine', 'kernels', 'stats', 'io'],
  io: ['model', 'stats'],
  report: ['model', 'stats'],
  run: ['toys', 'model', 'io', 'report'],
  node: ['run', 'toys', 'engine', 'gpu', 'kernels', 'model', 'io', 'report'],
  cli: ['run', 'scan', 'toys', 'io', 'report', 'engine', 'model', 'node'],
  web: ['run', 'scan', 'toys', 'io', 'report', 'engine', 'kernels', 'model', 'stats'],
};
const KNOW_NODE = ['node', 'cli'];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

const files = fs
  .readdirSync(src, { recursive: true })
  .map(String)
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'));

function importsOf(room: string): Import[] {
  return files
    .filter((file) => file.startsWith(room + path.sep))
    .flatMap((file) => {
      const text = fs.readFileSync(path.join(src, file), 'utf8');
      const found = text.matchAll(/^(?:import|export)\b[^'";]*?'([^']+)'|\bimport\('([^']+)'\)/gm);
      return [...found].map((match) => ({ file, specifier: match[1] ?? match[2] }));
    });
}

/** Room of a relative import, undefined for files directly in src and outside of src. */
function roomOf({ file, specifier }: Import): string | undefined {
  const target = path.relative(src, path.resolve(src, path.dirname(file), specifier));
  return target.startsWith('..') || !target.includes(path.sep) ? undefined : target.split(path.sep)[0];
}

test('every room is listed', () => {
  const rooms = new Set(files.filter((file) => file.includes(path.sep)).map((file) => file.split(path.sep)[0]));
  expect([...rooms].filter((room) => !(room in MAY_IMPORT))).toEqual([]);
});

describe.each(Object.entries(MAY_IMPORT))('%s', (room, allowed) => {
  const imports = importsOf(room);

  test('imports only the rooms it may', () => {
    const relative = imports.filter(({ specifier }) => specifier.startsWith('.'));
    const others = relative.filter((found) => ![room, ...allowed, undefined].includes(roomOf(found)));
    expect(others).toEqual([]);
  });

  if (KNOW_NODE.includes(room)) return;
  test('does not name Node (nor, without types for it, a page)', () => {
    expect(imports.filter(({ specifier }) => specifier.startsWith('node:'))).toEqual([]);
    const code = (file: string) => fs.readFileSync(path.join(src, file), 'utf8').replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
    const own = files.filter((file) => file.startsWith(room + path.sep));
    expect(own.filter((file) => /\bprocess\.\w|\bBuffer\.\w|\brequire\(/.test(code(file)))).toEqual([]);
  });
});

test('only the room gpu names GPUDevice', () => {
  const naming = files.filter((file) => /\bGPUDevice\b/.test(fs.readFileSync(path.join(src, file), 'utf8')));
  expect(naming.map((file) => file.split(path.sep)[0])).toEqual(naming.map(() => 'gpu'));
});
