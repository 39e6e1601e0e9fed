/**
 * What the README shows is run: commands that start with `npx darkscan` here, in order, in an empty folder; npm's own by
 * .ci/run; TypeScript is type-checked against the source and run where the commands have left their files.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, describe, expect, test } from 'vitest';
import { blocksOf, commandsOf, ROOT } from './readme-blocks.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'darkscan-readme-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Commands that neither this test nor .ci/run runs, and why. */
const NOT_RUN: readonly RegExp[] = [
  /^git clone /, // needs a network
  /^cd /,
  /^npm run bench\b/, // minutes, and the numbers are for people
  /^npx darkscan serve$/, // ends at Ctrl-C: a test of its own below
];
const isNotRun = (command: string): boolean => NOT_RUN.some((pattern) => pattern.test(command));

const commands = commandsOf('README.md');
const ours = commands.filter((command) => command.startsWith('npx darkscan') && !isNotRun(command));
const npms = commands.filter((command) => command.startsWith('npm '));

test('the README has commands and TypeScript, and no command of another kind', () => {
  expect(ours.length).toBeGreaterThan(2);
  expect(npms).toEqual(expect.arrayContaining(['npm ci', 'npm start', 'npm test']));
  expect(blocksOf('README.md', 'ts').length).toBeGreaterThan(0);
  expect(
    commands.filter((command) => !ours.includes(command) && !npms.includes(command) && !isNotRun(command)),
  ).toEqual([]);
});

test.each([
  'README.md',
  'examples/alp-diphoton/README.md',
  'examples/dark-higgsstrahlung/README.md',
  'examples/delphi-recoil/README.md',
  'examples/diphoton-2015/README.md',
  'examples/upsilon-counting/README.md',
])('%s is finished, and its local links lead somewhere', (path) => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  expect(text.match(/.*(@@|TODO|TBD|FIXME).*/g) ?? []).toEqual([]);
  const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => join(ROOT, dirname(path), target));
  expect(links.filter((target) => !existsSync(target))).toEqual([]);
});

test.each([...new Set(npms)].filter((command) => !isNotRun(command)))('.ci/run runs %s', (command) => {
  expect(readFileSync(join(ROOT, '.ci/run'), 'utf8')).toMatch(new RegExp(`\\b${command}($| )`, 'm'));
});

describe('blocks, in order', () => {
  test.each(ours)('%s', { timeout: 120_000 }, async (command) => {
    const args = command.split(/\s+/).slice(2);
    // no GPU driver, so that this takes the CPU wherever the command leaves the choice
    const env = { ...process.env, VK_DRIVER_FILES: '', VK_ICD_FILENAMES: '' };
    const { stderr } = await run(process.execPath, [join(ROOT, 'bin/darkscan.mjs'), ...args], { cwd: folder, env });
    expect(stderr).not.toMatch(/internal:|undefined|NaN/);
  });

  test.each(blocksOf('README.md', 'ts').map((text, i) => [i, text] as const))(
    'TypeScript block %i',
    { timeout: 120_000 },
    async (_, text) => {
      // the names of the package, as the source has them
      const source = text
        .replaceAll(`'darkscan/node'`, `'${ROOT}src/node/index.ts'`)
        .replaceAll(`'darkscan'`, `'${ROOT}src/index.ts'`);
      const file = join(folder, 'block.mts');
      writeFileSync(file, source);
      takeFewerWindows(join(folder, 'my-search.yaml')); // all of them were scanned above
      expect(typeErrors(file)).toEqual([]);
      const preload = ['node_modules/tsx/dist/loader.mjs', 'scripts/wgsl-register.mjs'];
      const imports = preload.flatMap((module) => ['--import', join(ROOT, module)]);
      const { stdout } = await run(process.execPath, [...imports, file], { cwd: folder });
      expect(stdout.trim()).not.toBe('');
      expect(stdout).not.toMatch(/NaN|undefined/);
    },
  );
});

test(
  'npx darkscan serve answers with the page that npm run build:web made, until Ctrl-C',
  { timeout: 120_000 },
  async () => {
    expect(commands.indexOf('npx darkscan serve')).toBe(commands.indexOf('npm run build:web') + 1);
    const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
    await run(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: ROOT });
    const serve = [join(ROOT, 'bin/darkscan.mjs'), 'serve', '--port', '0'];
    const child = spawn(process.execPath, serve, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = once(child, 'close');
    try {
      const [address] = await once(child.stdout, 'data');
      const answer = await fetch(String(address).trim());
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await answer.text()).toContain('<title>darkscan</title>');
    } finally {
      child.kill('SIGINT');
    }
    expect(await ended).toEqual([0, null]);
  },
);

function takeFewerWindows(card: string): void {
  const [found, put] = ['step: 2.7', 'step: 20'];
  const text = readFileSync(card, 'utf8');
  if (!text.includes(found)) throw new Error(`${card} has no '${found}'`);
  writeFileSync(card, text.replace(found, put));
}

/** Errors of the type check under the project's own options, seen from a file outside of it. */
function typeErrors(file: string): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include: ['src/**/*.d.ts'] }, ts.sys, ROOT);
  const program = ts.createProgram([file, ...fileNames], {
    ...options,
    noEmit: true,
    rootDir: '/',
    rewriteRelativeImportExtensions: false,
    allowImportingTsExtensions: true,
    typeRoots: [join(ROOT, 'node_modules/@types'), join(ROOT, 'node_modules')],
  });
  // of that file: `npm run check` does the others
  return ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ messageText, file: where }) => {
    return `${where?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}
