/** The trees in a ROOT file: found in all its directories, chosen by name and cycle. */
import { DarkscanError } from '../../errors.ts';
import { didYouMean } from '../../model/did-you-mean.ts';
import type { RootDirectory, RootFile, RootKey } from './jsroot.generated.js';

export interface TreeKey {
  /** With its directories: `dir/name`. */
  readonly name: string;
  /** Version of the object; the highest is the last one saved. */
  readonly cycle: number;
}

const TREES = ['TTree', 'TNtuple', 'TNtupleD'];
const DIRECTORIES = ['TDirectory', 'TDirectoryFile'];
const MAX_DEPTH = 16;
const MAX_DIRECTORIES = 10_000;

/** Trees in the order of the file, the last cycle of each. */
export async function listTrees(file: RootFile): Promise<TreeKey[]> {
  const latest = new Map<string, TreeKey>();
  let nDirectories = 0;
  const visit = async (directory: RootDirectory, path: string, depth: number): Promise<void> => {
    if (++nDirectories > MAX_DIRECTORIES || depth > MAX_DEPTH) throw new Error('directories do not end');
    for (const key of lastCycles(directory.fKeys)) {
      const name = path + key.fName;
      if (TREES.includes(key.fClassName)) latest.set(name, { name, cycle: key.fCycle });
      if (DIRECTORIES.includes(key.fClassName))
        await visit((await file.readObject(name, key.fCycle)) as RootDirectory, `${name}/`, depth + 1);
    }
  };
  await visit(file, '', 0);
  return [...latest.values()];
}

function lastCycles(keys: readonly RootKey[]): RootKey[] {
  const last = new Map<string, RootKey>();
  for (const key of keys) if (!((last.get(key.fName)?.fCycle ?? 0) > key.fCycle)) last.set(key.fName, key);
  return [...last.values()];
}

/**
 * The tree asked for (`name`, `dir/name`, `name;cycle`), or the only one there is.
 * Errors (kind data): no tree, none of that name, several and none named.
 */
export function chooseTree(trees: readonly TreeKey[], wanted: string | undefined, source: string): TreeKey {
  const names = trees.map(({ name }) => name);
  if (trees.length === 0)
    throw new DarkscanError('data', `${source}: ROOT file without a TTree, expected one; write the events as a TTree`);
  if (wanted === undefined) {
    if (trees.length === 1) return trees[0];
    throw new DarkscanError('data', `${source}: has ${trees.length} trees (${names.join(', ')}); name one as 'tree'`);
  }
  const [, name, cycle] = /^\/?(.*?)(?:;(\d+))?$/s.exec(wanted)!;
  const found = trees.find((tree) => tree.name === name);
  if (found === undefined) {
    const hint = didYouMean(name, names, `the file has ${names.join(', ')}`);
    throw new DarkscanError('data', `${source}: no tree '${name}'${hint}`);
  }
  return cycle === undefined ? found : { name, cycle: Number(cycle) };
}
