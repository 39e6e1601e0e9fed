/** Files that travel with the package: its version, the example cards, the page. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DarkscanError } from '../errors.ts';

/** The example that runs when no card is named. */
export const DEFAULT_EXAMPLE = 'dark-higgsstrahlung';

/** Folder of the package: from src/cli in a checkout and from dist/cli when installed. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    if (dirname(folder) === folder) {
      throw new DarkscanError('internal', 'package.json is missing from the installation; install darkscan again');
    }
    folder = dirname(folder);
  }
  return folder;
}

export function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')).version;
}

/** Names of the examples. */
export function exampleNames(): string[] {
  const folder = join(packageFolder(), 'examples');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'card.yaml')));
}

/** Path of the card of an example. Error (kind usage) naming the examples there are. */
export function exampleCardPath(name: string): string {
  const names = exampleNames();
  if (!names.includes(name)) {
    throw new DarkscanError('usage', `init: no example '${name}'; there are ${names.join(', ')}`);
  }
  return join(packageFolder(), 'examples', name, 'card.yaml');
}

/** Folder of the built page, in a checkout and in an installation. Error (kind data) that says how to get it. */
export function pageFolder(root = packageFolder()): string {
  const folder = join(root, 'dist/web');
  if (existsSync(join(folder, 'index.html'))) return folder;
  const cure = existsSync(join(root, 'src/web')) ? 'build the page with npm run build:web' : 'install darkscan again';
  throw new DarkscanError('data', `serve: dist/web/index.html is missing from ${root}; ${cure}`);
}
