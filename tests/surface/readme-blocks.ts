/** Code blocks of Markdown files and the commands in them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Contents of the fenced blocks of one language, in order. */
export function blocksOf(path: string, language: string): string[] {
  const text = readFileSync(`${ROOT}/${path}`, 'utf8');
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)]
    .filter(([, tag]) => tag === language)
    .map(([, , body]) => body);
}

/** Commands of the `sh` blocks, one each: continued lines joined, comments left out, `a && b` taken apart. */
export function commandsOf(path: string): string[] {
  return blocksOf(path, 'sh')
    .join('')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .flatMap((line) => line.replace(/\s+#.*$|^#.*$/, '').split(' && '))
    .map((command) => command.trim())
    .filter((command) => command !== '');
}
